"""What stands behind a number: the files deposited with it, the laboratory test, the rank of its source."""

import pandas as pd

from mrv.screening.case import STREAM_KEY, Case
from mrv.screening.deposit_list import CARBON, unevidenced
from mrv.screening.repeats import others
from mrv.screening.rows import CHECKS, UNTESTED, filed_instead, fixed, offending
from mrv.screening.rule import Rule, Text
from mrv.screening.thresholds import limit
from schemas.choices import FC_SOURCES, SECTORS
from schemas.vocabulary import FUELS, fuel_of

KEY = [name for name in STREAM_KEY if name != "sector"]
# Documents that stay the same from month to month by their nature.
_LASTING = ("boiler_efficiency", "oxidation_rate")


def no_evidence(case: Case) -> pd.DataFrame:
    rows = unevidenced(case)
    return offending(
        rows,
        parameter=rows["parameter"],
        value=rows["value"],
        expected=rows["documents"],
        table="parameter",
        position=rows["position"],
    )


def untested_coal(case: Case) -> pd.DataFrame:
    tests = case.table("coal_analysis")
    streams = case.streams
    coal = streams[streams["coal"] & (streams["fuel_consumption"] > 0) & streams["plant_id"].isin(tests["plant_id"])]
    methods = case.table("parameter")
    measured = methods[methods["parameter"].isin(CARBON) & (methods["method"] == "measured")]
    coal = coal[pd.MultiIndex.from_frame(coal[KEY]).isin(pd.MultiIndex.from_frame(measured[KEY]))]
    bad = coal[~pd.MultiIndex.from_frame(coal[KEY]).isin(pd.MultiIndex.from_frame(tests[KEY]))]
    route = bad[list(CARBON[:2])].notna().idxmax(axis=1) if len(bad) else ""
    tonnes = fixed(bad["fuel_consumption"], 2)
    return offending(bad, parameter=route, tonnes=tonnes, counterfactual=filed_instead(bad.index, **UNTESTED))


def lowered_source(case: Case) -> pd.DataFrame:
    rows = case.table("parameter")
    rows = rows[(rows["parameter"] == "fuel_consumption") & rows["fc_source"].isin(list(FC_SOURCES))]
    if rows.empty:
        return rows
    ranks = {source: limit("CMP-11", f"rank_{source}") for source in FC_SOURCES}
    rank = rows["fc_source"].map(ranks)
    year = rows["month"].str[:4].astype(int)
    series = [rows[name] for name in ("plant_id", "unit_id", "stream_id")]
    yearly = rows.assign(rank=rank, year=year).sort_values("rank", kind="stable")
    best = yearly.drop_duplicates(["plant_id", "unit_id", "stream_id", "year"]).set_index(
        ["plant_id", "unit_id", "stream_id", "year"]
    )
    before = best.reindex(pd.MultiIndex.from_arrays([*series, year - 1]))
    before_rank = pd.Series(before["rank"].to_numpy(), index=rows.index)
    before_source = pd.Series(before["fc_source"].to_numpy(), index=rows.index)
    scale = _weighed(case, rows)
    unused = scale.notna() & (rank > ranks["belt_scale"]) & rows["stream_id"].map(_is_coal)
    lowered = before_rank < rank
    bad = rows[lowered | unused]
    better = before_source.where(lowered, "belt_scale")[bad.index]
    return offending(
        bad,
        parameter="fuel_consumption",
        value=bad["fc_source"].map(lambda source: FC_SOURCES[source][0]),
        expected=better.map(lambda source: FC_SOURCES[source][0]),
        value_en=bad["fc_source"].map(lambda source: FC_SOURCES[source][1].lower()),
        expected_en=better.map(lambda source: FC_SOURCES[source][1].lower()),
        table="parameter",
        position=bad.index,
        counterfactual=filed_instead(bad.index, fuel_consumption=fixed(scale[bad.index].where(unused[bad.index]), 2)),
    )


def _is_coal(stream: str) -> bool:
    fuel = FUELS.get(fuel_of(stream))
    return fuel is not None and fuel.coal


def _weighed(case: Case, rows: pd.DataFrame) -> pd.Series:
    """The coal that was weighed day by day on its way to the boiler [t]; NaN where no day was."""
    days = case.days
    sums = days.groupby(KEY)["fuel_consumption"].sum(min_count=1)
    return pd.Series(sums.reindex(pd.MultiIndex.from_frame(rows[KEY])).to_numpy(), index=rows.index)


def _used_elsewhere(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """Plant, month and hash of files used in filings that are not among the rows: those of other plants, and of years before."""
    columns = ["plant_id", "month", "evidence_sha256"]
    if case.attachments.empty:
        return pd.DataFrame(columns=columns, dtype="str")
    here = pd.MultiIndex.from_frame(rows[["plant_id", "month"]])
    return case.attachments.loc[~pd.MultiIndex.from_frame(case.attachments[columns[:2]]).isin(here), columns]


def reused_files(case: Case) -> pd.DataFrame:
    evidence = case.table("evidence")
    reports = case.table("coal_analysis")
    columns = ["plant_id", "unit_id", "stream_id", "month", "parameter", "evidence_file", "evidence_sha256"]
    rows = pd.concat(
        [
            evidence[columns].assign(table="evidence", position=evidence.index),
            reports.assign(parameter="evidence_file")[columns].assign(table="coal_analysis", position=reports.index),
        ],
        ignore_index=True,
    )
    known = _used_elsewhere(case, rows)
    rows = rows[(rows["evidence_sha256"] != "") & ~rows["parameter"].isin(_LASTING)]
    uses = pd.concat([rows, known[known["evidence_sha256"].isin(rows["evidence_sha256"])]], ignore_index=True)
    filing = pd.Series(pd.MultiIndex.from_frame(uses[["plant_id", "month"]]).to_flat_index(), index=uses.index)
    first = filing.groupby(uses["evidence_sha256"]).transform("min")
    shared = (filing != first).groupby(uses["evidence_sha256"]).transform("any")
    met = uses[shared].drop_duplicates(["plant_id", "month", "evidence_sha256"])
    elsewhere = others(met, met["evidence_sha256"], met["month"])
    bad = met[met["position"].notna()]
    elsewhere = elsewhere.reindex(bad.index)
    return offending(
        bad,
        parameter=bad["parameter"],
        item=bad["evidence_file"],
        value=bad["evidence_sha256"].str[:12],
        others=elsewhere["others"],
        others_en=elsewhere["others_en"],
        table=bad["table"],
        position=bad["position"].astype(int),
        column="evidence_file",
    )


RULES: tuple[Rule, ...] = (
    Rule(
        code="CMP-05",
        version="2",  # 2: a deposit without an evidence list owes all of its evidence
        title=Text("支撑材料缺失", "Evidence missing"),
        severity="blocks",
        kind="evidence",
        basis=(f"{CHECKS} 表7—表17（存证材料）", "碳排放权交易管理暂行条例 第十一条"),
        needs=("parameter", "evidence"),
        sectors=frozenset(SECTORS),
        body=no_evidence,
        message=Text(
            "{subject}{parameter}（{value} {unit}）没有对应的支撑材料。",
            "{parameter} of {subject} ({value} {unit}) has no evidence.",
        ),
        why=Text("没有原始记录的数据不能通过核查。", "Data without the original record do not pass verification."),
        fix=Text("请上传：{expected}，并在证据清单中登记。", "Upload, and enter in the evidence list: {expected}."),
    ),
    Rule(
        code="SCH-21",
        title=Text("所列附件不在或为空", "A listed file is absent or empty"),
        severity="blocks",
        kind="evidence",
        basis=(f"{CHECKS} 表7—表17（存证材料）",),
        sectors=frozenset(SECTORS),
        message=Text("填报表中所列的附件“{item}”{kind}。", "“{item}”, which the filing names as evidence, {kind}."),
        why=Text(
            "没有内容的附件证明不了任何数据，该行不计为支撑材料。",
            "A file that is not there proves nothing, so the line does not count as evidence.",
        ),
        fix=Text(
            "请把“{item}”放进同一压缩包，或将文件名改为包内的实际名称，再重新提交。",
            "Put “{item}” into the same zip, or write the name that the file has there, and submit again.",
        ),
    ),
    Rule(
        code="CMP-08",
        title=Text("元素碳检测未覆盖", "Coal not covered by a carbon test"),
        severity="must_answer",
        kind="completeness",
        basis=(f"{CHECKS} V12、V14、V17、表8",),
        needs=("parameter.fuel_consumption", "coal_analysis"),
        body=untested_coal,
        message=Text(
            "{subject}本月消耗 {tonnes} t，碳含量填报为实测值，但没有该月的煤样检测报告。",
            "{subject}: {tonnes} t were burned and carbon is filed as measured, but there is no laboratory report for the month.",
        ),
        why=Text(
            "没有检测报告支撑的碳含量不能采用，应按缺省单位热值含碳量计算。",
            "Carbon without a report cannot be used; the default carbon per unit heat applies.",
        ),
        fix=Text(
            "请补充该月煤样检测报告；未检测的，将元素碳改为缺省值。",
            "Add the laboratory report of the month; if nothing was tested, file the default.",
        ),
    ),
    Rule(
        code="CMP-11",
        title=Text("数据获取优先序降低", "Priority of the data source lowered"),
        severity="blocks",
        kind="consistency",
        basis=(f"{CHECKS} V11、表7",),
        needs=("parameter.fuel_consumption",),
        body=lowered_source,
        message=Text(
            "{subject}消耗量采用“{value}”，而优先级更高的“{expected}”已有或上年已采用。",
            "Consumption of {subject} comes from “{value}”, though “{expected}”, which ranks higher, is there or was used last year.",
        ),
        why=Text(
            "有入炉煤计量而采用盘存、结算，或优先序低于上年，均为不符合项。",
            "Stock-taking or settlement where fired coal is weighed, or a lower rank than last year, is a non-conformity.",
        ),
        fix=Text(
            "请改用“{expected}”的计量数据；确有原因的，先修订数据质量控制方案。",
            "Use the data of “{expected}”; if there is a reason not to, revise the control plan first.",
        ),
    ),
    Rule(
        code="FOR-20",
        title=Text("附件复用", "Evidence file used again"),
        severity="blocks",
        kind="evidence",
        basis=("存证文件SHA-256比对 / SHA-256 of the deposited files", f"{CHECKS} 2.2（证据材料真实性）"),
        needs=("evidence",),
        sectors=frozenset(SECTORS),
        body=reused_files,
        message=Text(
            "附件“{item}”与以下存证的附件完全相同：{others}。",
            "The file “{item}” is identical, byte for byte, to one deposited for: {others}.",
        ),
        why=Text(
            "每月的原始记录不可能逐字节相同；同一文件不能证明两个月份的数据。",
            "Original records of two months are never the same byte for byte; one file cannot prove both.",
        ),
        fix=Text(
            "请上传本月的原始记录；文件名传错的，请更换后重新提交。",
            "Upload the record of this month; if the wrong file was attached, replace it and submit again.",
        ),
    ),
)

"""Laboratory reports as documents: numbers, dates, time limits, accreditation, sampling."""

import pandas as pd

from mrv.screening.case import Case
from mrv.screening.daily import UNIT_MONTH, standing
from mrv.screening.repeats import others
from mrv.screening.rows import CHECKS, GUIDE, UNTESTED, filed_instead, fixed, flag, offending, plain
from mrv.screening.rule import Rule, Text
from mrv.screening.thresholds import limit

STEPS = ("sampled_on", "sent_on", "received_on", "tested_on", "issued_on")
SCOPE = ("C", "NCV", "H", "S", "M")
# The five results of one sample: each by any of its columns.
RESULTS = {
    "carbon": ("carbon",),
    "hydrogen_ad": ("hydrogen_ad",),
    "sulphur_ad": ("sulphur_ad",),
    "moisture_ad": ("moisture_ad", "moisture_ar"),
    "net_calorific_value_ar": ("net_calorific_value_ar", "gross_calorific_value_ad"),
}
STREAM = ["plant_id", "unit_id", "stream_id", "month"]


def _reports(case: Case) -> pd.DataFrame:
    """Reports with the scheme under which carbon was filed, and whether they are the only one of their stream and month."""
    rows = case.table("coal_analysis")
    parameter = case.table("parameter")
    filed = parameter[(parameter["carbon_scheme"] != "")].drop_duplicates(STREAM).set_index(STREAM)["carbon_scheme"]
    scheme = filed.reindex(pd.MultiIndex.from_frame(rows[STREAM])).fillna("").to_numpy()
    return rows.assign(scheme=scheme, alone=~rows.duplicated(STREAM, keep=False))


def _report_rows(rows: pd.DataFrame, column: str | pd.Series, **columns: object) -> pd.DataFrame:
    """Offending reports, pointing at one of their cells."""
    return offending(
        rows,
        parameter=column,
        item=rows["report_number"],
        table="coal_analysis",
        position=rows.index,
        column=column,
        **columns,
    )


def _as_untested(rows: pd.DataFrame) -> pd.Series:
    """The month without its only carbon test; no counterfactual where other reports of the month remain."""
    texts = filed_instead(rows.index, **UNTESTED)
    return texts.where(rows["alone"], "")


def repeated_number(case: Case) -> pd.DataFrame:
    rows = case.table("coal_analysis")
    rows = rows[rows.duplicated(["laboratory", "report_number"], keep=False)]
    key = rows["laboratory"] + "\n" + rows["report_number"]
    # One sample of coal that several units of a plant burn in one month is one report under several units.
    content = ["plant_id", "month", "sampled_on", "issued_on", "basis", "carbon", "moisture_ad"]
    different = (
        rows[content].astype(str).agg("\n".join, axis=1).groupby(key).transform("nunique") > 1 if len(rows) else key
    )
    bad = rows[different] if len(rows) else rows
    places = bad["month"] + " " + bad["unit_id"]
    elsewhere = others(bad, key[bad.index], places)
    return _report_rows(
        bad, "report_number", value=bad["report_number"], **{name: elsewhere[name] for name in elsewhere}
    )


def date_order(case: Case) -> pd.DataFrame:
    rows = case.table("coal_analysis")
    latest = pd.Series("", index=rows.index, dtype="str")
    wrong = pd.Series("", index=rows.index, dtype="str")
    after = pd.Series("", index=rows.index, dtype="str")
    for step in STEPS:
        earlier = (rows[step] != "") & (rows[step] < latest) & (wrong == "")
        after = after.where(~earlier, latest)
        wrong = wrong.where(~earlier, step)
        latest = latest.where(latest >= rows[step], rows[step])
    bad = rows[wrong != ""]
    value = pd.Series([bad.at[place, wrong.at[place]] for place in bad.index], index=bad.index, dtype="str")
    return _report_rows(bad, wrong[bad.index], value=value, expected="≥ " + after[bad.index])


def late_report(case: Case) -> pd.DataFrame:
    rows = _reports(case)
    sampled, issued = (
        pd.to_datetime(rows[name], format="%Y-%m-%d", errors="coerce") for name in ("sampled_on", "issued_on")
    )
    days = (issued - sampled).dt.days
    bad = rows[days > limit("FOR-09", "days")]
    return _report_rows(
        bad,
        "issued_on",
        value=fixed(days[bad.index].astype(float), 0),
        expected=f"≤ {plain(limit('FOR-09', 'days'))} d",
        counterfactual=_as_untested(bad),
        sampled=bad["sampled_on"],
        issued=bad["issued_on"],
    )


def accreditation(case: Case) -> pd.DataFrame:
    rows = _reports(case)
    used_on = rows["tested_on"].where(rows["tested_on"] != "", rows["issued_on"])
    unmarked = (rows["cma_number"] == "") & (rows["cnas_number"] == "")
    scopes = {text: not set(SCOPE) <= _scope(text) for text in rows["accreditation_scope"].unique()}
    narrow = (rows["accreditation_scope"] != "") & rows["accreditation_scope"].map(scopes).astype(bool)
    valid_to = rows["accreditation_valid_to"]
    expired = (valid_to != "") & (valid_to < used_on)
    column = pd.Series("", index=rows.index, dtype="str")
    expected = pd.Series("", index=rows.index, dtype="str")
    lacking = [(name, (rows[list(names)] == "").all(axis=1), "> 0") for name, names in RESULTS.items()]
    for name, wrong, words in [
        ("cma_number", unmarked, "CMA / CNAS"),
        ("accreditation_scope", narrow, ";".join(SCOPE)),
        ("accreditation_valid_to", expired, "≥ " + used_on),
        *lacking,
    ]:
        first = wrong & (column == "")
        column = column.where(~first, name)
        expected = expected.where(~first, words)
    bad = rows[column != ""]
    return _report_rows(
        bad,
        column[bad.index],
        expected=expected[bad.index],
        laboratory=bad["laboratory"],
        counterfactual=_as_untested(bad),
    )


def _scope(text: str) -> set[str]:
    for mark in "；,，、/ ":
        text = text.replace(mark, ";")
    return {part.strip().upper() for part in text.split(";") if part.strip()}


def sampled_standing(case: Case) -> pd.DataFrame:
    rows = _reports(case)
    rows = rows[(rows["sampled_on"] != "") & ~rows["scheme"].str.startswith("batch")]
    on_day = standing(case, rows, rows["sampled_on"], whole_days=True)
    rows = rows[on_day]
    # A monthly composite is reduced after its days were sampled: only a month without any coal fired is odd.
    days = case.days
    burned = pd.MultiIndex.from_frame(days.loc[days["fuel_consumption"] > 0, UNIT_MONTH].drop_duplicates())
    composite = rows["scheme"].str.startswith("composite")
    bad = rows[~(composite & pd.MultiIndex.from_frame(rows[UNIT_MONTH]).isin(burned))]
    return _report_rows(bad, "sampled_on", value=bad["sampled_on"])


def sample_mass(case: Case) -> pd.DataFrame:
    days = case.days
    scheme = _reports(case).drop_duplicates(STREAM).set_index(STREAM)["scheme"]
    days = days[(days["fuel_consumption"] > 0) & (days["sample_mass"] > 0)]
    own = pd.Series(scheme.reindex(pd.MultiIndex.from_frame(days[STREAM])).to_numpy(), index=days.index).fillna("")
    days = days[own.str.startswith("composite")]
    grouped = days.groupby(STREAM)
    month_share = grouped["sample_mass"].transform("sum") / grouped["fuel_consumption"].transform("sum")
    deviation = ((days["sample_mass"] / days["fuel_consumption"] / month_share) - 1.0).abs() * 100.0
    enough = grouped["day"].transform("size") >= limit("LAB-01", "days")
    far = days.assign(deviation=deviation)[(deviation > limit("LAB-01", "tolerance")) & enough]
    worst = far.sort_values("deviation", ascending=False, kind="stable").drop_duplicates(STREAM)
    counts = far.groupby(STREAM).size()
    return offending(
        worst,
        parameter="sample_mass",
        value=fixed(worst["sample_mass"], 3),
        expected=fixed(month_share[worst.index] * worst["fuel_consumption"], 3) + " kg",
        table="daily_coal",
        position=worst.index,
        column="sample_mass",
        day=worst["day"],
        days=[str(counts[key]) for key in worst[STREAM].itertuples(index=False, name=None)],
    )


RULES: tuple[Rule, ...] = (
    Rule(
        code="FOR-05",
        title=Text("报告编号重复", "Report number used twice"),
        severity="blocks",
        kind="evidence",
        basis=(f"{CHECKS} V14（检测报告唯一）",),
        needs=("coal_analysis",),
        body=repeated_number,
        message=Text(
            "检测报告编号 {value} 还用于内容不同的另一份报告：{others}。",
            "Report number {value} is also on a report with other content: {others}.",
        ),
        why=Text(
            "同一检测机构的报告编号是唯一的；重复编号说明报告被改动或录入错误。",
            "A laboratory uses a report number once; a second use means an altered report or a slip of the pen.",
        ),
        fix=Text(
            "请对照报告原件核对编号，并附检测机构的确认。",
            "Check the number against the original and attach the laboratory's confirmation.",
        ),
    ),
    Rule(
        code="FOR-07",
        title=Text("采送收检签日期逆序", "Dates of the sample out of order"),
        severity="blocks",
        kind="evidence",
        basis=(f"{CHECKS} V13、V14、表8",),
        needs=("coal_analysis",),
        body=date_order,
        message=Text(
            "检测报告 {item} 的{parameter}为 {value}，早于前一步骤，应 {expected}。",
            "Report {item}: {parameter} {value} lies before the step that precedes it; it should be {expected}.",
        ),
        why=Text(
            "采样、送样、收样、检测、出具报告只能依次发生；日期逆序的报告不可采信。",
            "Sampling, sending, receiving, testing and reporting follow each other; a report whose dates do not cannot be relied on.",
        ),
        fix=Text(
            "请对照采样记录、快递单和报告原件更正日期。",
            "Correct the dates against sampling record, courier slip and report.",
        ),
    ),
    Rule(
        code="FOR-09",
        title=Text("检测超期", "Test later than 40 days"),
        severity="blocks",
        kind="evidence",
        basis=(f"{CHECKS} V13、V17、表8", f"{GUIDE} 元素碳检测时限"),
        needs=("coal_analysis",),
        body=late_report,
        message=Text(
            "检测报告 {item}：{sampled} 采样，{issued} 出具报告，历时 {value} 天，应 {expected}。",
            "Report {item}: sampled on {sampled}, issued on {issued}, {value} days; it should be {expected}.",
        ),
        why=Text(
            "自采样之日起40个自然日内未完成检测并出具报告的，元素碳应采用缺省值计算。",
            "Carbon not tested and reported within 40 natural days of sampling is replaced by the default.",
        ),
        fix=Text(
            "日期有误的请更正；确已超期的，请将该月元素碳改为缺省值。",
            "Correct a wrong date; if it really was late, file the default carbon for the month.",
        ),
    ),
    Rule(
        code="FOR-10",
        title=Text("检测资质或项目不符", "Accreditation, scope or results lacking"),
        severity="blocks",
        kind="evidence",
        basis=(f"{CHECKS} V14、V17、表8",),
        needs=("coal_analysis",),
        body=accreditation,
        message=Text(
            "检测报告 {item}（{laboratory}）的{parameter}不符合要求，应为：{expected}。",
            "Report {item} ({laboratory}): {parameter} does not meet the requirement: {expected}.",
        ),
        why=Text(
            "报告须有CMA或CNAS标识，能力范围覆盖元素碳、低位发热量、氢、全硫、水分，并同时给出五项结果；否则元素碳应采用缺省值。",
            "A report needs the CMA or CNAS mark, a scope of carbon, heat value, hydrogen, sulphur and moisture, and all five "
            "results; otherwise the default carbon applies.",
        ),
        fix=Text(
            "请对照报告原件和机构资质附表补正；确不具备的，请将该月元素碳改为缺省值。",
            "Complete it from the report and the scope of the laboratory; if it has none, file the default carbon for the month.",
        ),
    ),
    Rule(
        code="FOR-19",
        title=Text("停机采样", "Sampled while the unit stood still"),
        severity="must_answer",
        kind="anomaly",
        basis=(f"{CHECKS} 表8（入炉煤采样）",),
        needs=("coal_analysis", "event"),
        body=sampled_standing,
        waivable=True,
        message=Text(
            "检测报告 {item} 的采样日期 {value} 在机组{unit_id}停运期间。",
            "The sample of report {item} was taken on {value}, while unit {unit_id} stood still.",
        ),
        why=flag("停运期间没有入炉煤可采。", "There is no coal on its way to the boiler of a standing unit."),
        fix=Text(
            "请核对采样日期和停机记录，说明煤样来源。",
            "Check sampling date and outage, and say where the sample came from.",
        ),
    ),
    Rule(
        code="LAB-01",
        title=Text("缩分样质量与日煤量不成比例", "Sample mass not in proportion to the coal"),
        severity="must_answer",
        kind="anomaly",
        basis=(f"{CHECKS} V12、表8（日样质量与当日入炉煤量成正比）",),
        needs=("daily_coal", "coal_analysis"),
        body=sample_mass,
        waivable=True,
        message=Text(
            "机组{unit_id} {day} 的留样质量为 {value} kg，按当日煤量应为 {expected} 左右；本月共有 {days} 天不成比例。",
            "Unit {unit_id}: the sample of {day} weighs {value} kg; about {expected} follows from the coal of the day. {days} days of the month differ.",
        ),
        why=flag(
            "月度缩分样由日样按当日煤量比例合成，不成比例时月样不能代表全月。",
            "A monthly composite is made of day samples in proportion to the coal; otherwise it does not stand for the month.",
        ),
        fix=Text("请核对制样记录，说明缩分方法。", "Check the record of sample preparation and explain the reduction."),
    ),
)

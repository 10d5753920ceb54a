"""What a filing must hold and does not: months, parameters, days, units, fuels."""

import pandas as pd

from mrv.screening.case import STREAM_KEY, Case
from mrv.screening.daily import days_of_month, members, missing_days, standing
from mrv.screening.deposit_list import absent_parameters
from mrv.screening.presence import REGISTERS
from mrv.screening.rows import CHECKS, GUIDE, graded, offending
from mrv.screening.rule import Rule, Text
from mrv.screening.thresholds import limit
from schemas.choices import SECTORS
from schemas.vocabulary import ENTERPRISE_UNIT, FUELS, PARAMETERS

NOTICE = "2026年全国碳排放权交易市场有关工作的通知（月度存证，40个自然日）"
ALL = frozenset(SECTORS)
KEY = [name for name in STREAM_KEY if name != "sector"]
# Faults for which a row of the key parameters is not used though its parameter is known.
REFUSING = ("SCH-10", "SCH-11", "SCH-13", "SCH-19", "SCH-20")
_MOST_DAYS_NAMED = 5
_MOST_PLANTS_NAMED = 5


def absent(case: Case) -> pd.DataFrame:
    rows = absent_parameters(case)
    rows = rows[~_refused(case, rows)]
    labels = [" / ".join(PARAMETERS[name].zh for name in group) for group in rows["alternatives"]]
    english = [" / ".join(PARAMETERS[name].en for name in group) for group in rows["alternatives"]]
    # The value cell is what is empty; intake words the same fault of a cell that is there by its column.
    return offending(
        rows,
        parameter=rows["parameter"],
        item="value",
        expected=labels,
        expected_en=english,
        label=labels,
        label_en=english,
    )


def _refused(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Which absent parameters were filed in a row that was refused: the fault of that row, at its cell, says so already."""
    faults = case.faults
    if faults.empty or rows.empty:
        return pd.Series(False, index=rows.index)
    faults = faults[(faults["table"] == "parameter") & faults["code"].isin(REFUSING)]
    filed = set(faults[[*STREAM_KEY, "parameter"]].itertuples(index=False, name=None))
    keys = rows[STREAM_KEY].itertuples(index=False, name=None)
    told = [any((*key, name) in filed for name in group) for key, group in zip(keys, rows["alternatives"], strict=True)]
    return pd.Series(told, index=rows.index, dtype=bool)


def day_gaps(case: Case) -> pd.DataFrame:
    rows = missing_days(case)
    if rows.empty:
        return rows
    missing = rows["needed"] - rows["present"]
    length = rows["month"].map(lambda month: len(days_of_month(month)))
    rows = rows[missing >= limit("CMP-04", "must_answer_days")]
    missing, length = missing[rows.index], length[rows.index]
    return offending(
        rows,
        parameter="fuel_consumption",
        value=rows["present"].astype(str),
        expected=rows["needed"].astype(str),
        severity=graded(missing / length * 100.0 > limit("CMP-04", "blocks_share")),
        days=_named_days(case, rows),
    )


def _named_days(case: Case, rows: pd.DataFrame) -> pd.Series:
    """The first days without coal on which the unit was not declared standing."""
    days = case.days
    days = days[days["plant_id"].isin(rows["plant_id"]) & (days["fuel_consumption"] > 0)]
    there = set(days[["plant_id", "unit_id", "day"]].itertuples(index=False, name=None))
    texts = {}
    for row in rows.itertuples():
        gaps = [day for day in days_of_month(row.month) if (row.plant_id, row.unit_id, day) not in there]
        asked = pd.DataFrame({"plant_id": row.plant_id, "unit_id": row.unit_id, "day": gaps})
        open_days = asked.loc[~standing(case, asked, asked["day"], whole_days=False), "day"].tolist() or gaps
        texts[row.Index] = "、".join(open_days[:_MOST_DAYS_NAMED]) + ("…" if len(open_days) > _MOST_DAYS_NAMED else "")
    return pd.Series(texts, dtype="str").reindex(rows.index)


def omitted_units(case: Case) -> pd.DataFrame:
    part = ["plant_id", "sector", "month"]
    rows = case.focus[part].drop_duplicates().merge(_registered(case), on=["plant_id", "sector"])
    ended = (rows["closed_on"] != "") & (rows["closed_on"].str[:7] < rows["month"])
    begun = rows["commissioned_on"].str[:7] <= rows["month"]  # an empty date: in operation for long
    rows = rows[~ended & begun & (rows["standby"] != "yes")]
    key = [*part, "unit_id"]
    filed = pd.MultiIndex.from_frame(case.table("parameter")[key].drop_duplicates())
    rows = rows[~pd.MultiIndex.from_frame(rows[key]).isin(filed)]
    return offending(rows, expected=rows["unit_id"], name=rows["name"].where(rows["name"] != "", rows["unit_id"]))


def _registered(case: Case) -> pd.DataFrame:
    """What each sector has in its register that files every month; the enterprise as a whole may have nothing to file."""
    columns = ["plant_id", "sector", "unit_id", "name", "standby", "commissioned_on", "closed_on"]
    facilities = case.table("facility")
    parts = [facilities[facilities["unit_id"] != ENTERPRISE_UNIT].assign(standby="")]
    parts += [case.table(table).assign(sector=sector) for sector, table in REGISTERS.items()]
    return pd.concat([rows[columns] for rows in parts]).drop_duplicates(["plant_id", "sector", "unit_id"])


def unknown_plants(case: Case) -> pd.DataFrame:
    known = case.table("plant")["plant_id"]
    if known.empty:  # no register at hand: nobody can say who is missing from it
        return case.focus.iloc[:0]
    rows = case.focus[["plant_id", "sector", "month"]].drop_duplicates()
    # A row without a plant is a fault of its own.
    rows = rows[(rows["plant_id"] != "") & ~rows["plant_id"].isin(known)]
    # A plant file names its own plants; a home of a whole province does not tell one plant the names of the others.
    listed = sorted(set(known))
    expected = "、".join(listed) if len(listed) <= _MOST_PLANTS_NAMED else ""
    return offending(rows, value=rows["plant_id"], expected=expected)


def start_without_oil(case: Case) -> pd.DataFrame:
    starts = case.table("event")
    starts = starts[starts["event"] == "restart"].assign(month=lambda rows: rows["start"].str[:7])
    starts = starts.rename(columns={"unit_id": "member"}).drop_duplicates(["plant_id", "member", "month"])
    streams = case.streams[case.streams["sector"] == "power"]
    fluid = {fuel for fuel, entry in FUELS.items() if entry.state in ("liquid", "gas") and not entry.coal}
    other = streams["fuel"].isin(sorted(fluid))
    rows = streams.assign(
        oil=streams["fuel_consumption"].where(other, 0.0).fillna(0.0),
        burns_coal=streams["coal"] & (streams["fuel_consumption"] > 0),
    )
    units = rows.groupby(["plant_id", "sector", "unit_id", "month"], as_index=False).agg(
        oil=("oil", "sum"), burns_coal=("burns_coal", "any")
    )
    dry = units[units["burns_coal"] & (units["oil"] == 0)].merge(members(case), on=["plant_id", "unit_id"])
    bad = dry.merge(starts[["plant_id", "member", "month", "start"]], on=["plant_id", "member", "month"])
    bad = bad.sort_values("start", kind="stable").drop_duplicates(["plant_id", "unit_id", "month"])
    return offending(bad, parameter="fuel_consumption", value="0", expected="> 0", day=bad["start"])


RULES: tuple[Rule, ...] = (
    Rule(
        code="CMP-01",
        title=Text("月度存证缺失", "Month not deposited"),
        severity="blocks",
        kind="timeliness",
        basis=(NOTICE,),
        needs=("as_of",),
        sectors=ALL,
        message=Text(
            "{period}的关键参数没有存证，已超过期限 {deadline} 共 {days} 天。",
            "The key parameters of {period} were not deposited; the deadline {deadline} passed {days} days ago.",
        ),
        why=Text(
            "关键参数须在每月结束后40个自然日内存证；缺失月份的数据在核查中按保守性原则处理。",
            "Key parameters are deposited within 40 natural days of the end of the month; missing months are estimated conservatively.",
        ),
        fix=Text(
            "请立即补报该月数据和支撑材料，并说明延迟原因。",
            "Deposit the month with its evidence now and explain the delay.",
        ),
    ),
    Rule(
        code="CMP-02",
        title=Text("逾期存证", "Late deposit"),
        severity="must_answer",
        kind="timeliness",
        basis=(NOTICE,),
        needs=("as_of",),
        sectors=ALL,
        message=Text(
            "{period}的关键参数于 {value} 存证，晚于期限 {deadline} 共 {days} 天。",
            "The key parameters of {period} were deposited on {value}, {days} days after the deadline {deadline}.",
        ),
        why=Text(
            "逾期存证的数据可信度降低，主管部门会要求说明。",
            "Late deposits are less credible; the authority asks for a reason.",
        ),
        fix=Text(
            "请说明逾期原因，并保留形成数据当时的原始记录。", "Explain the delay and keep the records made at the time."
        ),
    ),
    Rule(
        code="CMP-03",
        title=Text("必填项缺失", "Required field empty"),
        severity="blocks",
        kind="completeness",
        basis=(f"{GUIDE} 附录C", "填报模板必填项 / required columns of the template"),
        sectors=ALL,
        body=absent,
        message=Text("{subject}缺少必填项“{label}”。", "“{label}” of {subject} is required and absent."),
        why=Text(
            "缺少该项就不能按规定公式核算，或只能采用惩罚性缺省值。",
            "Without it the formula of the guide cannot be applied, or only with penalty defaults.",
        ),
        fix=Text("请补填“{label}”。", "Fill in “{label}”."),
    ),
    Rule(
        code="CMP-04",
        title=Text("日入炉煤缺日", "Days without coal while running"),
        severity="must_answer",
        kind="completeness",
        basis=(f"{CHECKS} V10、表7（逐日计量）",),
        needs=("parameter.fuel_consumption", "parameter.run_hours", "daily_coal"),
        body=day_gaps,
        message=Text(
            "机组{unit_id}按运行小时数至少有 {expected} 天燃煤，每日煤量只有 {value} 天；缺少：{days}。",
            "By its operating hours unit {unit_id} burned coal on {expected} days at least; only {value} days are filed. Absent: {days}.",
        ),
        why=Text(
            "运行日没有煤量记录，月消耗量就不能由每日计量值证明。",
            "Without the coal of each running day the month is not proven by daily weighing.",
        ),
        fix=Text(
            "请补填缺少的日煤量；当日确未燃煤的，请核对运行小时数和机组事件。",
            "Add the days; where no coal was burned, check the operating hours and the unit events.",
        ),
    ),
    Rule(
        code="CMP-06",
        title=Text("在册设施漏报", "Registered facility omitted"),
        severity="blocks",
        kind="completeness",
        basis=(f"{CHECKS} V01、V02",),
        needs=("parameter", "register"),
        sectors=ALL,
        body=omitted_units,
        message=Text(
            "在册{stream}“{name}”（{expected}）本月没有填报。",
            "{stream} “{name}” ({expected}) is registered and not in the filing.",
        ),
        why=Text(
            "核算边界内的每台机组、每条生产线和每道工序都要填报，停运时也应填报零值。",
            "Every unit, line and process inside the boundary is filed, with zeros while it stands still.",
        ),
        fix=Text(
            "请补报；已关停或转为备用的，请先更正登记。",
            "File it; if it was closed or put on stand-by, correct the register first.",
        ),
    ),
    Rule(
        code="CMP-07",
        title=Text("燃料漏报", "Start-up fuel omitted"),
        severity="must_answer",
        kind="completeness",
        basis=(f"{GUIDE} 核算边界（点火用油、气计入）", f"{CHECKS} 表10"),
        needs=("parameter.fuel_consumption", "event"),
        body=start_without_oil,
        message=Text(
            "机组{unit_id}于 {day} 启动，但本月没有填报点火用油或天然气。",
            "Unit {unit_id} was started on {day}, but no start-up oil or gas is filed for the month.",
        ),
        why=Text(
            "燃煤锅炉启动一般需要油或气点火，其排放属于核算范围。",
            "A coal boiler is started with oil or gas as a rule, and its emissions count.",
        ),
        fix=Text(
            "请补报启动用燃料；采用等离子等无油点火的，请说明并附运行记录。",
            "File the start-up fuel; where ignition needs none (plasma), explain and attach the log.",
        ),
    ),
    Rule(
        code="CMP-12",
        title=Text("企业不在名录", "Plant not in the register"),
        severity="blocks",
        kind="consistency",
        basis=("重点排放单位名录 / list of key emitters", f"{CHECKS} V01、V02"),
        sectors=ALL,
        body=unknown_plants,
        message=Text(
            "文件中的企业编号 {value} 不在企业档案中。",
            "The plant {value} of the file is not in the register.",
        ),
        why=Text(
            "没有该企业的机组档案，与机组有关的检查都不能运行；也可能是拿错了文件或填错了企业编号。",
            "Without its register nothing about its units can be checked; it may be the wrong file or a wrong plant number.",
        ),
        fix=Text(
            "请核对企业编号和所选文件；确属新企业的，请先登记企业和机组。",
            "Check the plant number and the file; register a new plant and its units first.",
        ),
    ),
)

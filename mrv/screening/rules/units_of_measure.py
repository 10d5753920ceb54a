"""Numbers in another unit of measure, on another basis, with too many decimals, or beyond what coal can be."""

import numpy as np
import pandas as pd

from emission_factors import NoRuleSet, constant, rule_set
from mrv.accounting.inputs import sorted_codes
from mrv.screening.case import STREAM_KEY, Case
from mrv.screening.own_history import median_of_others
from mrv.screening.rows import CHECKS, GUIDE, filed_instead, fixed, offending, plain
from mrv.screening.rule import Rule, Text
from mrv.screening.slips import scaled, slips
from mrv.screening.thresholds import limit
from schemas.choices import BASES, SECTORS
from schemas.vocabulary import PARAMETERS, UNIT_LABELS, unit_of
from schemas.vocabulary.parameters import counted_as_gas

HISTORY = "本机组其他月份的中位数 / median of the unit's other months"
_KEY = [*STREAM_KEY, "parameter"]
# Below the coals of a power plant by nature: gangue has little heat and carbon, slime much water (CETS-VG-01.01-V02 V05).
_LEAN, _WET = ("coal_gangue",), ("coal_slime",)


def _filed(case: Case, rows: pd.DataFrame) -> pd.Series:
    """The text filed for each row of (key, parameter)."""
    near = case.table("parameter")
    near = near[near["plant_id"].isin(rows["plant_id"])].drop_duplicates(_KEY).set_index(_KEY)["value"]
    return pd.Series(near.reindex(pd.MultiIndex.from_frame(rows[_KEY])).fillna("").to_numpy(), index=rows.index)


def power_of_ten(case: Case) -> pd.DataFrame:
    found = slips(case)
    if found.empty:
        return found
    texts = _filed(case, found)
    better = pd.Series(
        [scaled(text, power) for text, power in zip(texts, found["power"], strict=True)], index=found.index
    )
    units = [unit_of(name, stream) for name, stream in zip(found["parameter"], found["stream_id"], strict=True)]
    words = pd.Series(
        [f"{text} {UNIT_LABELS.get(unit, unit)}" for text, unit in zip(better, units, strict=True)], found.index
    )
    times = ["10" + _superscript(abs(power)) for power in found["power"]]
    return offending(
        found,
        parameter=found["parameter"],
        value=texts,
        expected=words,
        counterfactual=_each(found["parameter"], better),
        factor=[f"{'×' if power > 0 else '÷'}{size}" for power, size in zip(found["power"], times, strict=True)],
    )


def _superscript(number: int) -> str:
    return "" if number == 1 else "⁰¹²³⁴⁵⁶⁷⁸⁹"[number]


def _each(parameters: pd.Series, values: pd.Series) -> pd.Series:
    """Counterfactual of rows that each concern another parameter."""
    parts = [
        filed_instead(values.index[parameters == name], **{str(name): values}) for name in sorted(parameters.unique())
    ]
    return pd.concat(parts).reindex(values.index)


def calorie_slip(case: Case) -> pd.DataFrame:
    rows = case.streams[case.streams["net_calorific_value"] > 0]
    own, others = median_of_others(
        rows["net_calorific_value"], rows.groupby(["plant_id", "unit_id", "stream_id"]).ngroup()
    )
    report = case.reports.groupby(STREAM_KEY_PLAIN)["net_calorific_value_ar"].mean()
    tested = report.reindex(pd.MultiIndex.from_frame(rows[STREAM_KEY_PLAIN])).to_numpy()
    reference = own.where(others >= limit("SCH-04", "months"), pd.Series(tested, index=rows.index))
    joule = float(constant("kj_per_kcal").value)
    ratio = rows["net_calorific_value"] / reference.where(reference > 0)
    tolerance = limit("SCH-04", "tolerance") / 100.0
    too_large, too_small = ((ratio / size - 1.0).abs() <= tolerance for size in (joule, 1.0 / joule))
    bad = rows[too_large | too_small]
    value = bad["net_calorific_value"]
    right = fixed((value / joule).where(too_large[bad.index], value * joule), 3)
    unit = bad["stream_id"].map(lambda stream: UNIT_LABELS[unit_of("net_calorific_value", stream)])
    return offending(
        bad,
        parameter="net_calorific_value",
        expected=right + " " + unit,
        reference=fixed(reference[bad.index], 3),
        counterfactual=filed_instead(bad.index, net_calorific_value=right),
    )


STREAM_KEY_PLAIN = [name for name in STREAM_KEY if name != "sector"]


def basis_mixed(case: Case) -> pd.DataFrame:
    streams = case.streams[case.streams["coal"]]
    wet, dry = streams["moisture_ar"], streams["moisture_ad"]
    apart = limit("SCH-05", "moisture_difference")
    parts = []
    for name, basis, water in (("carbon_content_ad", "ad", dry), ("carbon_content_d", "d", 0.0 * wet)):
        same = (streams["carbon_content_ar"] - streams[name]).abs() < limit("SCH-05", "carbon_difference")
        bad = streams[same & ((wet - water).abs() > apart) & (wet < 100) & (water < 100)]
        right = fixed(bad[name] * (100.0 - wet[bad.index]) / (100.0 - water[bad.index]), 4)
        parts.append(
            offending(
                bad,
                parameter="carbon_content_ar",
                expected=right + " tC/t",
                basis=BASES[basis][0],
                basis_en=BASES[basis][1].lower(),
                other=fixed(bad[name], 4),
                moisture_ar=fixed(wet[bad.index], 2),
                moisture_other=fixed(water[bad.index], 2),
                counterfactual=filed_instead(bad.index, carbon_content_ar=right),
            )
        )
    return pd.concat(parts, ignore_index=True)


def decimals(case: Case) -> pd.DataFrame:
    rows = case.table("parameter")[[*STREAM_KEY, "parameter", "value"]]
    point = rows["value"].str.find(".")
    tail = (rows["value"].str.rstrip("0").str.len() - point - 1).where(point >= 0, 0)
    rows = rows[(tail > 0) & rows["parameter"].isin(list(PARAMETERS))]
    kinds, codes = sorted_codes(rows, ["sector", "month", "parameter", "stream_id"])
    places = [
        _places(sector, month, parameter, counted_as_gas(stream))
        for sector, month, parameter, stream in kinds.itertuples(index=False, name=None)
    ]
    allowed = pd.Series(np.array(places, dtype=float)[codes], index=rows.index)
    bad = rows[tail.loc[rows.index] > allowed]
    return offending(
        bad,
        parameter=bad["parameter"],
        value=bad["value"],
        expected=allowed[bad.index].astype(int).astype(str),
        table="parameter",
        position=bad.index,
    )


def _places(sector: str, month: str, parameter: str, gas: bool) -> float:
    """Decimals the rule set asks for; no limit where it sets none."""
    try:
        return rule_set(sector, month).decimals(parameter, gas=gas)
    except (NoRuleSet, KeyError, ValueError):
        return float("inf")


def hard_domain(case: Case) -> pd.DataFrame:
    # Coal is coal in every sector; carbon contents are filed for power units alone.
    coal = case.streams[case.streams["coal"]]
    lean, wet = coal["fuel"].isin(_LEAN), coal["fuel"].isin(_WET)
    parts = []
    for parameter, name, no_low, no_high in (
        ("carbon_content_ar", "carbon", lean, None),
        ("net_calorific_value", "net_calorific_value", lean, None),
        ("moisture_ar", "moisture", None, wet),
    ):
        low, high = limit("SCH-11", f"{name}_low"), limit("SCH-11", f"{name}_high")
        value = coal[parameter]
        below = (value < low) & (True if no_low is None else ~no_low)
        above = (value > high) & (True if no_high is None else ~no_high)
        bad = coal[below | above]
        unit = UNIT_LABELS[PARAMETERS[parameter].unit]
        expected = f"{plain(low)}–{plain(high)} {unit}"
        parts.append(
            offending(
                bad,
                parameter=parameter,
                expected=expected,
                kind="range",
                label=PARAMETERS[parameter].zh,
                label_en=PARAMETERS[parameter].en,
            )
        )
    found = pd.concat(parts, ignore_index=True)
    return found[~_explained(case, found)] if len(found) else found


def _explained(case: Case, found: pd.DataFrame) -> pd.Series:
    """Whether a slip of a power of ten or of calories already says what is wrong with a value."""
    plants = found["plant_id"]
    known = pd.concat([slips(case, plants)[_KEY], calorie_slip(case).reindex(columns=_KEY)])
    return pd.Series(pd.MultiIndex.from_frame(found[_KEY]).isin(pd.MultiIndex.from_frame(known)), index=found.index)


RULES: tuple[Rule, ...] = (
    Rule(
        code="SCH-03",
        title=Text("单位数量级错误", "Power-of-ten slip of the unit"),
        severity="blocks",
        kind="unit",
        basis=(HISTORY, f"{CHECKS} 2.2（与以前年度比较并解释波动）"),
        needs=("parameter", "history"),
        sectors=frozenset(SECTORS),
        body=power_of_ten,
        message=Text(
            "{subject}{parameter}填报 {value} {unit}，与其他月份的水平相差 {factor} 倍，应为 {expected} 左右。",
            "{parameter} of {subject}: {value} {unit} is {factor} the level of the other months; about {expected} is expected.",
        ),
        why=Text(
            "数值恰为其他月份的十倍、千倍（气体可为万倍）或其倒数，通常是 kWh 与 MWh、kg 与 t、Nm³ 与 10⁴Nm³ 混用，会使排放量或配额成倍改变。",
            "The value is a power of ten away from the other months: kWh for MWh, kg for t or Nm³ for 10⁴Nm³, as a rule. "
            "Emissions or allowances change by as much.",
        ),
        fix=Text(
            "请核对原始记录的计量单位，按 {unit} 填报；如数值属实，请附原始记录说明。",
            "Check the unit of the original record and file in {unit}; if the value is right, attach the record and explain.",
        ),
    ),
    Rule(
        code="SCH-04",
        title=Text("卡焦混用", "Calories for joules"),
        severity="blocks",
        kind="unit",
        basis=("1 kcal = 4.1868 kJ", HISTORY),
        needs=("parameter.net_calorific_value",),
        body=calorie_slip,
        message=Text(
            "{subject}低位发热量填报 {value} {unit}，参照值为 {reference}，两者之比恰为 4.1868；应为 {expected} 左右。",
            "Net calorific value of {subject}: {value} {unit} against {reference}; the ratio is 4.1868. About {expected} is expected.",
        ),
        why=Text(
            "化验单以千卡（kcal）表示热值时须换算为千焦；未换算会使热量和采用缺省值时的排放量相差四倍。",
            "A heat value in kcal must be converted to kJ; without it heat, and emissions from defaults, are off by a factor of four.",
        ),
        fix=Text(
            "请核对化验单的单位，按 1 kcal = 4.1868 kJ 换算后以 {unit} 填报。",
            "Check the unit of the laboratory sheet, convert with 1 kcal = 4.1868 kJ and file in {unit}.",
        ),
    ),
    Rule(
        code="SCH-05",
        title=Text("基准混淆", "Bases of carbon mixed up"),
        severity="blocks",
        kind="unit",
        basis=(f"{GUIDE} 公式(2)(3)", f"{CHECKS} V12、表8", "GB/T 483"),
        needs=("parameter.carbon_content_ar", "parameter.moisture_ar"),
        body=basis_mixed,
        message=Text(
            "{subject}收到基元素碳含量填报 {value} tC/t，与{basis}的 {other} tC/t 相同，而全水 {moisture_ar} % 与该基水分 {moisture_other} % 不同；"
            "换算后应为 {expected}。",
            "Carbon as received of {subject} is filed as {value} tC/t, the same as {other} tC/t on the {basis} basis, though total "
            "moisture {moisture_ar} % differs from {moisture_other} % of that basis; converted it is {expected}.",
        ),
        why=Text(
            "不同基准的碳含量水分不同，不经换算直接填报，会使排放量系统性偏离。",
            "Bases differ by their water; a value carried over without conversion shifts the emissions by the same share each month.",
        ),
        fix=Text(
            "请按 Car = Cad×(100−Mar)/(100−Mad) 或 Car = Cd×(100−Mar)/100 换算后填报。",
            "Convert with Car = Cad×(100−Mar)/(100−Mad) or Car = Cd×(100−Mar)/100 and file the result.",
        ),
    ),
    Rule(
        code="SCH-07",
        title=Text("修约不符", "More decimals than the rule"),
        severity="note",
        kind="format",
        basis=(f"{GUIDE} 数据修约",),
        sectors=frozenset(SECTORS),
        body=decimals,
        message=Text(
            "{subject}{parameter}填报 {value}，小数位数多于规定的 {expected} 位。",
            "{parameter} of {subject} is filed as {value}, with more than the {expected} decimals of the guide.",
        ),
        why=Text(
            "核算按填报的数值进行；与规定位数不同会使复算结果有细微差别。",
            "The value is used as filed; other decimals than the guide's make a recalculation differ slightly.",
        ),
        fix=Text("请四舍五入保留 {expected} 位小数。", "Round half up to {expected} decimals."),
    ),
    Rule(
        code="SCH-11",
        title=Text("超硬性范围", "Beyond the hard range"),
        severity="blocks",
        kind="unit",
        basis=("数据字典取值范围 / ranges of the data dictionary", f"{CHECKS} V26"),
        sectors=frozenset(SECTORS),
        body=hard_domain,
        message=Text(
            "{whose}“{label}”填报 {value}，超出可能范围 {expected}。",
            "“{label}”{whose} is filed as {value}, outside the possible range {expected}.",
        ),
        why=Text(
            "该数值在物理上不可能，通常是单位、小数点或列填错。",
            "The value is physically impossible; as a rule the unit, the decimal point or the column is wrong.",
        ),
        fix=Text(
            "请核对原始记录的数值和计量单位后更正。", "Check value and unit against the original record and correct it."
        ),
    ),
    Rule(
        code="SCH-19",
        title=Text("计量单位不符", "Not the expected unit of measure"),
        severity="blocks",
        kind="unit",
        basis=("数据字典计量单位 / units of the data dictionary", f"{GUIDE} 附录C"),
        sectors=frozenset(SECTORS),
        message=Text(
            "{subject}{parameter}的计量单位填写为“{value}”，应为 {expected}。",
            "The unit of {parameter} of {subject} is “{value}”; {expected} is expected.",
        ),
        why=Text(
            "系统从不自行换算单位，因此该行没有采用。",
            "Units are never converted silently, so the row was not used.",
        ),
        fix=Text(
            "请将数值换算为 {expected}，并把计量单位改为 {expected}。",
            "Convert the value to {expected} and state {expected} as the unit.",
        ),
    ),
)

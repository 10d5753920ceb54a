"""Natural gas quality and the share of biomass."""

import pandas as pd

from mrv.screening.case import Case
from mrv.screening.rows import CHECKS, filed_instead, fixed, flag, graded, offending, plain
from mrv.screening.rule import Rule, Text
from mrv.screening.silence import unless_slipped
from mrv.screening.thresholds import limit

_QUALITY = (("carbon_content_ar", "carbon", "tC/10⁴Nm³"), ("net_calorific_value", "net_calorific_value", "GJ/10⁴Nm³"))


@unless_slipped
def gas_quality(case: Case) -> pd.DataFrame:
    streams = case.streams
    rows = streams[(streams["sector"] == "power") & (streams["fuel"] == "natural_gas")]
    margin = limit("PHY-25", "blocks_margin") / 100.0
    parts = []
    for parameter, name, unit in _QUALITY:
        low, high = limit("PHY-25", f"{name}_low"), limit("PHY-25", f"{name}_high")
        value = rows[parameter]
        bad = rows[(value < low - 1e-9) | (value > high + 1e-9)]
        far = (value < low * (1.0 - margin)) | (value > high * (1.0 + margin))
        parts.append(
            offending(
                bad,
                parameter=parameter,
                expected=f"{plain(low)}–{plain(high)} {unit}",
                severity=graded(far[bad.index], far[bad.index] & False),
            )
        )
    return pd.concat(parts, ignore_index=True)


@unless_slipped
def biomass_share(case: Case) -> pd.DataFrame:
    rows = case.groups
    share = rows["biomass_heat_share"]
    needed = rows["boiler_heat"] / (rows["boiler_efficiency"].where(rows["boiler_efficiency"] > 0) / 100.0)
    computed = (needed - rows["fossil_heat"]) / needed.where(needed > 0) * 100.0
    differs = (share - computed).abs() > limit("PHY-24", "tolerance") + 1e-9
    unknown = (share > 0) & computed.isna()
    bad = rows[differs | unknown]
    right = fixed(computed[bad.index].where(computed[bad.index] >= 0), 2)
    return offending(
        bad,
        parameter="biomass_heat_share",
        expected=(right + " %").where(right != "", "boiler_heat, boiler_efficiency"),
        severity=graded(unknown[bad.index] & False, differs[bad.index]),
        counterfactual=filed_instead(bad.index, biomass_heat_share=right),
    )


def much_biomass(case: Case) -> pd.DataFrame:
    line = limit("PHY-24", "share")
    bad = case.groups[case.groups["biomass_heat_share"] > line]
    return offending(bad, parameter="biomass_heat_share", expected=f"≤ {plain(line)} %")


RULES = (
    Rule(
        code="PHY-24",
        title=Text("生物质热量占比较高", "High share of biomass"),
        severity="note",
        kind="anomaly",
        basis=(f"{CHECKS} 表13", f"{CHECKS} V27"),
        needs=("parameter.biomass_heat_share",),
        message=Text(
            "{period} 机组{unit_id}的生物质热量占比为 {value}%，高于 {expected}。",
            "{period}: the biomass share of unit {unit_id} is {value} %, not {expected}.",
        ),
        why=flag(
            "掺烧占比较高的机组可能不属于配额管理范围，且生物质排放不计入，须有充分证据。",
            "Such a unit may lie outside the allocation, and its biogenic emission does not count, so the evidence "
            "must be good.",
        ),
        fix=Text(
            "准备生物质购入、计量和检测记录，核对机组是否应按掺烧机组管理。",
            "Have records of purchase, weighing and tests ready and see whether the unit counts as co-firing.",
        ),
        body=much_biomass,
        waivable=True,
    ),
    Rule(
        code="PHY-25",
        title=Text("天然气参数超出经验范围", "Natural gas outside the experience range"),
        severity="note",
        kind="anomaly",
        basis=(f"{CHECKS} V18", f"{CHECKS} V19"),
        message=Text(
            "{period} {subject}的{parameter}为 {value} {unit}，经验范围为 {expected}。",
            "{period}: {parameter} of {subject} is {value} {unit}; experience says {expected}.",
        ),
        why=flag(
            "天然气组成稳定，偏离多为单位（每Nm³与每10⁴Nm³）、参比状态或小数点错误。",
            "Natural gas varies little; a departure is mostly a unit (per Nm³ or per 10⁴ Nm³), reference state or "
            "decimal slip.",
        ),
        fix=Text(
            "核对检测报告的单位和参比条件（101.325 kPa、20℃），换算为每10⁴Nm³后改正。",
            "Check unit and reference state of the report (101.325 kPa, 20 °C) and convert to 10⁴ Nm³.",
        ),
        body=gas_quality,
        waivable=True,
    ),
    Rule(
        code="V27",
        title=Text("生物质热量占比与复算不符", "Biomass share does not follow from the heats"),
        severity="must_answer",
        kind="calculation",
        basis=(f"{CHECKS} V27", f"{CHECKS} 表13"),
        needs=("parameter.biomass_heat_share",),
        message=Text(
            "{period} 机组{unit_id}的生物质热量占比填报 {value}%，按锅炉产热量、锅炉效率和化石燃料热量复算："
            "{expected}。",
            "{period}: the biomass share of unit {unit_id} is filed as {value} %; from boiler heat, boiler efficiency "
            "and fossil "
            "heat: {expected}.",
        ),
        why=Text(
            "生物质热量占比=（锅炉产热量÷锅炉效率-化石燃料热量）÷（锅炉产热量÷锅炉效率），须能复算。",
            "The share is (boiler heat / efficiency - fossil heat) / (boiler heat / efficiency) and must be "
            "reproducible.",
        ),
        fix=Text(
            "补报锅炉产热量与锅炉效率（CMA/CNAS检测或最大负荷设计值），按公式重算占比。",
            "File boiler heat and efficiency (CMA/CNAS test, or the design value at full load) and recompute the "
            "share.",
        ),
        body=biomass_share,
    ),
)

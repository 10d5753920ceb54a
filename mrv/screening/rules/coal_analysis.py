"""One laboratory report in itself: definitions that must close, and what kind of coal the numbers speak of."""

import numpy as np
import pandas as pd

from emission_factors import constant
from mrv.screening.case import Case
from mrv.screening.rows import CHECKS, fixed, flag, graded, offending, plain
from mrv.screening.rule import Rule, Text
from mrv.screening.thresholds import limit

RANKS = ("anthracite", "bituminous_coal", "lignite")


def _report_rows(rows: pd.DataFrame, column: str, decimals: int, **columns: object) -> pd.DataFrame:
    """Offending reports, pointing at one of their cells."""
    return offending(
        rows,
        parameter=column,
        item=rows["item"],
        value=fixed(rows[column], decimals),
        table="coal_analysis",
        position=rows["position"],
        column=column,
        **columns,
    )


def rank(case: Case) -> pd.DataFrame:
    rows = case.reports[case.reports["fuel"].isin(RANKS)].copy()
    combustible = (100.0 - rows["moisture_ad"] - rows["ash_ad"]).where(lambda share: share > 0)
    volatile = rows["volatile_ad"] / combustible * 100.0
    carbon = rows["carbon_ad"] / combustible * 100.0
    bed = (100.0 - rows["moisture_ar"]) / (100.0 - rows["moisture_ad"])  # from air dry to as received
    moist_free = (100.0 - rows["ash_ad"] * bed).where(lambda share: share > 0)
    gross = rows["gross_calorific_value_ad"] * bed / moist_free * 100.0
    heat_limit = limit("PHY-04", "lignite_gross_calorific_value_max")
    parts = []
    for fuel in RANKS:
        own = rows["fuel"] == fuel
        low, high = _volatile_range(fuel)
        if fuel == "bituminous_coal":  # above the limit only the light transmittance tells it from lignite
            high = 100.0
        parts.append(_outside(rows[own], volatile[own], low, high, "volatile_ad", "Vdaf"))
        low, high = limit("PHY-04", f"carbon_daf_{fuel}_low"), limit("PHY-04", f"carbon_daf_{fuel}_high")
        parts.append(_outside(rows[own], carbon[own], low, high, "carbon", "Cdaf"))
    lignite = rows[(rows["fuel"] == "lignite") & (gross > heat_limit)]
    parts.append(
        _report_rows(
            lignite,
            "gross_calorific_value_ad",
            3,
            quantity="Qgr,maf",
            derived=fixed(gross[lignite.index], 2) + " MJ/kg",
            expected=f"≤ {plain(heat_limit)} MJ/kg",
            severity="note",
        )
    )
    return pd.concat(parts, ignore_index=True)


def _volatile_range(fuel: str) -> tuple[float, float]:
    anthracite, lignite = limit("PHY-04", "anthracite_volatile_max"), limit("PHY-04", "lignite_volatile_min")
    ranges = {"anthracite": (0.0, anthracite), "bituminous_coal": (anthracite, lignite), "lignite": (lignite, 100.0)}
    return ranges[fuel]


def _outside(rows: pd.DataFrame, share: pd.Series, low: float, high: float, column: str, quantity: str) -> pd.DataFrame:
    beyond = np.maximum(low - share, share - high)
    bad = rows[beyond > 1e-9]
    far = beyond[bad.index] > limit("PHY-04", "must_answer_margin")
    return _report_rows(
        bad,
        column,
        2,
        quantity=quantity,
        derived=fixed(share[bad.index], 2) + " %",
        expected=f"{plain(low)}–{plain(high)} %",
        severity=graded(far & False, far),
    )


def dulong(case: Case) -> pd.DataFrame:
    rows = case.reports
    rest = rows["moisture_ad"] + rows["ash_ad"] + rows["carbon_ad"] + rows["hydrogen_ad"] + rows["sulphur_ad"]
    oxygen = (100.0 - rest - limit("PHY-05", "nitrogen")).clip(lower=0.0)
    factor = {name: float(constant(f"dulong_{name}").value) for name in ("carbon", "hydrogen", "sulphur")}
    hydrogen = rows["hydrogen_ad"] - oxygen / float(constant("dulong_oxygen_divisor").value)
    heat = factor["carbon"] * rows["carbon_ad"] + factor["hydrogen"] * hydrogen + factor["sulphur"] * rows["sulphur_ad"]
    difference = rows["gross_calorific_value_ad"] - heat
    bad = rows[difference.abs() > limit("PHY-05", "difference")]
    return _report_rows(
        bad,
        "gross_calorific_value_ad",
        3,
        expected=fixed(heat[bad.index], 2) + " MJ/kg",
        difference=fixed(difference[bad.index], 2),
    )


def closure(case: Case) -> pd.DataFrame:
    rows = case.reports
    total = rows["moisture_ad"] + rows["ash_ad"] + rows["volatile_ad"] + rows["fixed_carbon_ad"]
    bad = rows[(total - 100.0).abs() > limit("PHY-06", "closure") + 1e-9]
    right = (bad["fixed_carbon_ad"] + 100.0 - total[bad.index]).where(lambda value: value >= 0)
    return _report_rows(
        bad, "fixed_carbon_ad", 2, total=fixed(total[bad.index], 2), expected=("FCad " + fixed(right, 2) + " %")
    )


def moisture_order(case: Case) -> pd.DataFrame:
    reports = case.reports[case.reports["moisture_ar"] < case.reports["moisture_ad"]]
    streams = case.streams
    filed = streams[(streams["sector"] == "power") & (streams["moisture_ar"] < streams["moisture_ad"])]
    key = ["plant_id", "unit_id", "stream_id", "month"]
    told = pd.MultiIndex.from_frame(reports[key]).isin(pd.MultiIndex.from_frame(filed[key]))
    reports = reports[~told]
    of_filing = offending(
        filed, parameter="moisture_ar", value=fixed(filed["moisture_ar"], 2), expected=_at_least(filed["moisture_ad"])
    )
    of_reports = _report_rows(reports, "moisture_ar", 2, expected=_at_least(reports["moisture_ad"]))
    return pd.concat([of_filing, of_reports], ignore_index=True)


def _at_least(moisture: pd.Series) -> pd.Series:
    return "≥ " + fixed(moisture, 2) + " %"


def gross_to_net(case: Case) -> pd.DataFrame:
    rows = case.reports
    hydrogen, moisture = float(constant("latent_heat_hydrogen").value), float(constant("latent_heat_moisture").value)
    bed = (100.0 - rows["moisture_ar"]) / (100.0 - rows["moisture_ad"]).where(lambda share: share > 0)
    net = (rows["gross_calorific_value_ad"] * 1000.0 - hydrogen * rows["hydrogen_ad"]) * bed
    net -= moisture * rows["moisture_ar"]
    difference = rows["net_calorific_value_ar"] * 1000.0 - net
    bad = rows[difference.abs() > limit("PHY-09", "must_answer") + 1e-6]
    return _report_rows(
        bad,
        "net_calorific_value_ar",
        3,
        expected=fixed(net[bad.index] / 1000.0, 3) + " MJ/kg",
        difference=fixed(difference[bad.index], 0),
        severity=graded(difference[bad.index].abs() > limit("PHY-09", "blocks") + 1e-6),
    )


RULES = (
    Rule(
        code="PHY-04",
        title=Text("煤种与检测指标不符", "The rank of the coal does not fit its analysis"),
        severity="must_answer",
        kind="anomaly",
        basis=(f"{CHECKS} V03", f"{CHECKS} V15", "GB/T 5751"),
        needs=("coal_analysis",),
        message=Text(
            "{period} 机组{unit_id}检测报告{item}的 {quantity} 为 {derived}，不在所填煤种“{stream}”的范围 {expected} 内。",
            "{period}: report {item} of unit {unit_id} gives {quantity} = {derived}, outside {expected} of the coal filed, {stream}.",
        ),
        why=flag(
            "煤种填错会使经验值核对和缺省值判断失去依据；Cdaf越界往往是元素碳基准用错。",
            "A wrong rank voids the checks against experience values; a Cdaf out of range is often carbon on another "
            "basis.",
        ),
        fix=Text(
            "核对煤种（GB/T 5751）以及报告中的挥发分、灰分、元素碳和基准；混煤请说明配比。",
            "Check the rank (GB/T 5751) and volatile matter, ash, carbon and basis on the report; explain the mix of "
            "blends.",
        ),
        body=rank,
        waivable=True,
    ),
    Rule(
        code="PHY-05",
        title=Text("高位发热量与元素分析不符", "Gross heat value does not fit the ultimate analysis"),
        severity="note",
        kind="anomaly",
        basis=("Dulong formula",),
        needs=("coal_analysis",),
        message=Text(
            "{period} 检测报告{item}的空气干燥基高位发热量为 {value} {unit}；按碳、氢、氧、硫由杜隆公式估算约 "
            "{expected}，相差 {difference} MJ/kg。",
            "{period}: report {item} gives a gross heat value of {value} {unit}; Dulong's formula gives about "
            "{expected} from "
            "carbon, hydrogen, oxygen and sulphur, {difference} MJ/kg apart.",
        ),
        why=flag(
            "发热量由碳、氢、硫燃烧放出，元素分析与发热量应当互相印证。",
            "Heat comes from burning carbon, hydrogen and sulphur, so the two analyses should confirm each other.",
        ),
        fix=Text(
            "核对报告的碳、氢、硫和高位发热量是否同一煤样、同一基准；有误请向检测机构索取更正报告。",
            "Check that carbon, hydrogen, sulphur and gross heat value are of one sample and one basis; ask the "
            "laboratory "
            "for a corrected report if not.",
        ),
        body=dulong,
        waivable=True,
    ),
    Rule(
        code="PHY-06",
        title=Text("工业分析不闭合", "The proximate analysis does not close"),
        severity="blocks",
        kind="calculation",
        basis=("GB/T 212",),
        needs=("coal_analysis",),
        message=Text(
            "{period} 检测报告{item}的水分、灰分、挥发分、固定碳之和为 {total}%，应为100%（此处应为 {expected}）。",
            "{period}: moisture, ash, volatile matter and fixed carbon of report {item} add up to {total} %, not 100 % "
            "({expected} would close it).",
        ),
        why=Text(
            "固定碳按定义由100%减去其余三项得出，和不为100%说明至少一项抄录错误或被改动。",
            "Fixed carbon is 100 % less the other three by definition; another sum means that one of them was "
            "miscopied or changed.",
        ),
        fix=Text(
            "对照报告原件逐项核对空气干燥基水分、灰分、挥发分和固定碳，改正录错的一项。",
            "Compare air-dry moisture, ash, volatile matter and fixed carbon with the original report and correct the "
            "wrong one.",
        ),
        body=closure,
    ),
    Rule(
        code="PHY-07",
        title=Text("全水小于空气干燥基水分", "Total moisture below air-dry moisture"),
        severity="blocks",
        kind="consistency",
        basis=("GB/T 211", "GB/T 212"),
        needs=("parameter.moisture_ar",),
        message=Text(
            "{period} {subject}：收到基全水为 {value}%，小于空气干燥基水分，应 {expected}。",
            "{period} {subject}: total moisture of {value} % is below the air-dry moisture; it must be {expected}.",
        ),
        why=Text(
            "全水包含空气干燥基水分，不可能更小；两者颠倒会使收到基元素碳被高估或低估。",
            "Total moisture contains the air-dry moisture and cannot be less; swapping them distorts the carbon as "
            "received.",
        ),
        fix=Text(
            "核对两个水分是否填反：全水取本厂每日测定的加权值，空气干燥基水分取检测报告值。",
            "See whether the two were swapped: total moisture is the plant's own weighted daily value, air-dry "
            "moisture stands "
            "on the laboratory report.",
        ),
        body=moisture_order,
    ),
    Rule(
        code="PHY-09",
        title=Text("高低位发热量换算不符", "Gross to net conversion does not hold"),
        severity="must_answer",
        kind="calculation",
        basis=("GB/T 213", "GB/T 483", f"{CHECKS} V16"),
        needs=("coal_analysis",),
        message=Text(
            "{period} 检测报告{item}的收到基低位发热量为 {value} {unit}，由高位发热量、氢和水分换算应为 {expected}，"
            "相差 {difference} J/g。",
            "{period}: report {item} gives a net calorific value of {value} {unit}; gross value, hydrogen and moisture "
            "give "
            "{expected}, {difference} J/g apart.",
        ),
        why=Text(
            "换算公式是确定的，偏差说明全水、氢或基准用错，低位发热量进入煤耗核对和缺省值计算。",
            "The conversion is fixed; a difference means a wrong moisture, hydrogen or basis, and the net value enters "
            "coal "
            "rates and default carbon.",
        ),
        fix=Text(
            "按 Qnet,ar=(Qgr,ad-206Had)×(100-Mt)/(100-Mad)-23Mt 重算，核对所用全水与氢值后改正。",
            "Recompute Qnet,ar = (Qgr,ad - 206 Had)(100 - Mt)/(100 - Mad) - 23 Mt with the right moisture and "
            "hydrogen.",
        ),
        body=gross_to_net,
    ),
)

"""Carbon content as filed: against heat, the tested basis, the laboratory report and the state of the coal."""

import numpy as np
import pandas as pd

from emission_factors import factors
from mrv.screening.case import STREAM_KEY, Case
from mrv.screening.rows import CHECKS, GUIDE, UNTESTED, filed_instead, fixed, flag, offending
from mrv.screening.rule import Rule, Text
from mrv.screening.silence import unless_slipped
from mrv.screening.thresholds import limit
from schemas.choices import STATES

CARBON = {"ar": "carbon_content_ar", "ad": "carbon_content_ad", "d": "carbon_content_d"}
EXPERIENCE = ("bituminous_coal", "anthracite", "lignite")


def _converted(streams: pd.DataFrame) -> pd.Series:
    """Carbon as received from the basis it was tested on [tC/t]; NaN where only the received basis was filed."""
    dry = 1.0 - streams["moisture_ar"] / 100.0
    air_dry = 1.0 - streams["moisture_ad"] / 100.0
    from_air_dry = streams["carbon_content_ad"] * dry / air_dry.where(air_dry > 0)
    return from_air_dry.fillna(streams["carbon_content_d"] * dry)


def _coal(case: Case) -> pd.DataFrame:
    """Coal streams of power plants with `converted`, `car` (filed, else converted), `default` and `ratio`.

    `default`: the carbon was declared untested. `ratio`: carbon per heat [tC/GJ] where both values are possible.
    """
    streams = case.streams
    rows = streams[streams["coal"] & (streams["sector"] == "power")].copy()
    rows["converted"] = _converted(rows)
    rows["car"] = rows["carbon_content_ar"].fillna(rows["converted"])
    filed = case.table("parameter")
    filed = filed[filed["parameter"].isin(list(CARBON.values()))]
    untested = (filed["method"] == "default") | (filed["carbon_scheme"] == "not_measured")
    keys = pd.MultiIndex.from_frame(filed.loc[untested, STREAM_KEY])
    # Only `calculated` from heat with nothing tested beside it: the plant says that it took the default.
    by_heat = filed[(filed["parameter"] == CARBON["ar"]) & (filed["method"] == "calculated")]
    computed = pd.MultiIndex.from_frame(by_heat[STREAM_KEY])
    place = pd.MultiIndex.from_frame(rows[STREAM_KEY])
    nothing_tested = rows["carbon_content_ad"].isna() & rows["carbon_content_d"].isna()
    rows["default"] = place.isin(keys) | (place.isin(computed) & nothing_tested)
    heat = rows["net_calorific_value"]
    possible = rows["car"].between(limit("SCH-11", "carbon_low"), limit("SCH-11", "carbon_high")) & heat.between(
        limit("SCH-11", "net_calorific_value_low"), limit("SCH-11", "net_calorific_value_high")
    )
    rows["ratio"] = (rows["car"] / heat).where(possible)
    return rows


@unless_slipped
def carbon_per_heat(case: Case) -> pd.DataFrame:
    rows = _coal(case)
    rows = rows[rows["ratio"].notna() & ~rows["default"]]
    ratio = rows["ratio"]
    names = ("blocks_low", "must_answer_low", "must_answer_high", "blocks_high")
    lowest, low, high, highest = (limit("PHY-03", name) for name in names)
    usual = rows["fuel"].map({fuel: limit("PHY-03", f"experience_{fuel}") for fuel in EXPERIENCE}).astype(float)
    severity = np.select(
        [(ratio < lowest) | (ratio > highest), (ratio < low) | (ratio > high)],
        ["blocks", "must_answer"],
        np.where((ratio / usual - 1.0).abs() * 100.0 > limit("PHY-03", "experience_tolerance"), "note", ""),
    )
    rows = rows.assign(severity=severity, expected=f"{low:.4f}–{high:.4f} tC/GJ")
    rows["expected"] = rows["expected"].where(rows["severity"] != "note", fixed(usual, 5) + " tC/GJ")
    penalty = _penalty(case, rows)
    # A carbon that is the heat value times the penalty value, to the last digit, was not tested.
    same = (rows["car"] - rows["net_calorific_value"] * penalty).abs() <= 0.5e-4
    rows.loc[same, "severity"] = "must_answer"
    rows.loc[same, "expected"] = "≠ " + fixed(penalty, 5)[same] + " tC/GJ"
    rows = rows[rows["severity"] != ""]
    # Below any coal the emission is understated: without an explanation the carbon counts as untested.
    removal = filed_instead(rows.index, **UNTESTED).where(rows["ratio"] < lowest, "")
    parameter = np.where(rows["carbon_content_ar"].notna(), CARBON["ar"], CARBON["ad"])
    parameter = np.where((parameter == CARBON["ad"]) & rows["carbon_content_ad"].isna(), CARBON["d"], parameter)
    return offending(
        rows,
        parameter=parameter,
        expected=rows["expected"],
        ratio=fixed(rows["ratio"], 5),
        severity=rows["severity"],
        counterfactual=removal,
    )


def _penalty(case: Case, rows: pd.DataFrame) -> pd.Series:
    """The default carbon per heat that an untested coal of this unit and month would take [tC/GJ]."""
    key = ["plant_id", "unit_id", "month"]
    asked = rows[[*key, "sector", "fuel"]].merge(case.groups[[*key, "unit_class"]], on=key, how="left")
    asked["unit_class"] = asked["unit_class"].fillna("").replace("", "conventional_coal")
    values, _ = factors().default_many(asked.assign(parameter="carbon_per_heat"))
    return pd.Series(pd.to_numeric(pd.Series(values), errors="coerce").to_numpy(dtype=float), index=rows.index)


def basis_conversion(case: Case) -> pd.DataFrame:
    rows = _coal(case)
    difference = (rows["carbon_content_ar"] - rows["converted"]).abs()
    bad = difference * 100.0 > limit("PHY-08", "difference") + 1e-9
    # The tested value copied into the received basis is the basis mix-up, told by SCH-05.
    tested = rows["carbon_content_ad"].fillna(rows["carbon_content_d"])
    mixed = (rows["carbon_content_ar"] - tested).abs() < limit("SCH-05", "carbon_difference")
    wet = (rows["moisture_ar"] - rows["moisture_ad"].fillna(0.0)).abs() > limit("SCH-05", "moisture_difference")
    rows = rows[bad & ~(mixed & wet)]
    return offending(
        rows,
        parameter=CARBON["ar"],
        expected=fixed(rows["converted"], 4) + " tC/t",
        difference=fixed((rows["carbon_content_ar"] - rows["converted"]) * 100.0, 2),
        counterfactual=filed_instead(rows.index, carbon_content_ar=fixed(rows["converted"], 4)),
    )


def report_and_filing(case: Case) -> pd.DataFrame:
    """Filed carbon and air-dry moisture against the reports of the month: equal to one, within the range of several."""
    reports, streams = case.reports, _coal(case)
    streams = streams[~streams["default"]]
    key = ["plant_id", "unit_id", "stream_id", "month"]
    parts = []
    last = limit("XRC-17", "last_digit")
    for basis, parameter in [*CARBON.items(), ("", "moisture_ad")]:
        column, scale, places = ("carbon", 100.0, 4) if basis else ("moisture_ad", 1.0, 2)
        own = reports[reports["basis"] == basis] if basis else reports
        values = own[column] / scale
        found = own[key].assign(low=values, high=values, item=own["item"]).dropna(subset=["low"])
        found = found.groupby(key, as_index=False).agg(low=("low", "min"), high=("high", "max"), item=("item", "first"))
        one = found["low"] == found["high"]
        rows = streams.merge(found.assign(item=found["item"].where(one, "")), on=key)
        slack = last * 10.0**-places + 1e-9
        filed = rows[parameter]
        rows = rows[(filed < rows["low"] - slack) | (filed > rows["high"] + slack)]
        low, high = fixed(rows["low"], places), fixed(rows["high"], places)
        right = low.where(rows["low"] == rows["high"], "")
        others = {name: None for name in CARBON.values() if basis and name != parameter}
        parts.append(
            offending(
                rows,
                parameter=parameter,
                item=rows["item"],
                expected=low.where(rows["low"] == rows["high"], low + "–" + high) + (" tC/t" if basis else " %"),
                counterfactual=filed_instead(rows.index, **{parameter: right}, **others),
            )
        )
    return pd.concat(parts, ignore_index=True)


def one_state(case: Case) -> pd.DataFrame:
    filed = case.table("parameter")
    wanted = [*CARBON.values(), "net_calorific_value", "fuel_consumption"]
    rows = filed[filed["parameter"].isin(wanted) & (filed["state"] != "") & (filed["sector"] == "power")]
    rows = rows[rows["method"] != "default"]
    states = rows.groupby(STREAM_KEY)["state"].agg(["nunique", "min"]).reset_index()
    mixed = rows.merge(states[states["nunique"] > 1], on=STREAM_KEY)
    consumption = mixed[mixed["parameter"] == "fuel_consumption"][[*STREAM_KEY, "state"]]
    others = mixed[mixed["parameter"] != "fuel_consumption"]
    others = others.merge(consumption, on=STREAM_KEY, how="left", suffixes=("", "_fc"))
    others["wanted"] = others["state_fc"].fillna(others["min"])
    others = others[others["state"] != others["wanted"]]
    filed_as, wanted_as = ([STATES[code] for code in others[name]] for name in ("state", "wanted"))
    return offending(
        others,
        parameter=others["parameter"],
        value=[zh for zh, _ in filed_as],
        expected=[zh for zh, _ in wanted_as],
        value_en=[en.lower() for _, en in filed_as],
        expected_en=[en.lower() for _, en in wanted_as],
    )


RULES = (
    Rule(
        code="PHY-03",
        title=Text("单位热值含碳量异常", "Unusual carbon per unit heat"),
        severity="must_answer",
        kind="anomaly",
        basis=(f"{CHECKS} V15", f"{GUIDE} 附录A"),
        needs=("parameter.net_calorific_value",),
        message=Text(
            "{period} {subject}：元素碳与低位发热量之比为 {ratio} tC/GJ，参考 {expected}。",
            "{period} {subject}: carbon over net calorific value is {ratio} tC/GJ; reference {expected}.",
        ),
        why=flag(
            "同类煤的单位热值含碳量变化很小；偏低会少算排放，恰等于缺省值而填实测则需说明。经验值不是符合性判据。",
            "Carbon per heat varies little within a kind of coal. Too low understates the emission; the very penalty "
            "value "
            "filed as measured needs an explanation. Experience values are no criterion of conformity.",
        ),
        fix=Text(
            "核对元素碳与低位发热量是否同一状态、同一基准、同一月份；未实测的请将取值方式改为缺省值。",
            "Check that carbon and heat value are of one state, basis and month; where carbon was not tested file the "
            "method "
            "as default.",
        ),
        body=carbon_per_heat,
        waivable=True,
    ),
    Rule(
        code="PHY-08",
        title=Text("元素碳基准换算不符", "Conversion of the carbon basis does not hold"),
        severity="must_answer",
        kind="calculation",
        basis=(f"{CHECKS} V12", "GB/T 483"),
        needs=("parameter.carbon_content_ar", "parameter.moisture_ar"),
        message=Text(
            "{period} {subject}：收到基元素碳填报 {value} {unit}，由检测基和水分换算应为 {expected}，相差 {difference} "
            "个百分点。",
            "{period} {subject}: carbon as received is filed as {value} {unit}; the tested basis and the moistures give "
            "{expected}, {difference} points apart.",
        ),
        why=Text(
            "核算用收到基元素碳由检测报告换算得出，换算错误直接改变排放量。",
            "The accounts use carbon as received, converted from the report; a wrong conversion changes the emission "
            "directly.",
        ),
        fix=Text(
            "用本厂实测全水和检测报告的空气干燥基水分重算：Car=Cad×(100-Mar)/(100-Mad) 或 Car=Cd×(100-Mar)/100。",
            "Recompute with the plant's own total moisture and the report's air-dry moisture: Car = Cad (100 - "
            "Mar)/(100 - Mad) "
            "or Car = Cd (100 - Mar)/100.",
        ),
        body=basis_conversion,
    ),
    Rule(
        code="XRC-17",
        title=Text("填报值与检测报告不一致", "Filed value differs from the laboratory report"),
        severity="blocks",
        kind="consistency",
        basis=(f"{CHECKS} V12", f"{CHECKS} 表8"),
        needs=("coal_analysis",),
        message=Text(
            "{period} {subject}：{parameter}填报 {value} {unit}，检测报告为 {expected}。",
            "{period} {subject}: {parameter} is filed as {value} {unit}; the report says {expected}.",
        ),
        why=Text(
            "元素碳和空气干燥基水分必须取检测报告值，任何差异都使核算结果失去依据。",
            "Carbon and air-dry moisture must be those of the laboratory report; any difference leaves the result "
            "without a basis.",
        ),
        fix=Text(
            "按检测报告改正填报值（报告以%计，元素碳须除以100）；报告录入有误的，改正煤样检测表。",
            "File the value of the report (a report in % is divided by 100); if the report was copied wrongly, correct "
            "the "
            "coal analysis sheet.",
        ),
        body=report_and_filing,
    ),
    Rule(
        code="V12",
        title=Text("煤样状态不一致", "Values of one coal are on different states"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V12", f"{CHECKS} 表8", f"{CHECKS} 表9"),
        message=Text(
            "{period} {subject}：{parameter}的煤样状态为“{value}”，与消耗量的状态“{expected}”不一致。",
            "{period} {subject}: {parameter} is of coal {value}, not {expected} like the consumption.",
        ),
        why=Text(
            "消耗量、元素碳和低位发热量必须同为入炉煤或同为入厂煤，否则水分和损耗会混入结果。",
            "Consumption, carbon and heat value must all be as fired or all as delivered; otherwise moisture and "
            "losses slip in.",
        ),
        fix=Text(
            "改用与消耗量同一状态（入炉或入厂）的检测值，或更正状态标注。",
            "Use values tested on the state of the consumption (as fired or delivered), or correct the label of the "
            "state.",
        ),
        body=one_state,
    ),
)

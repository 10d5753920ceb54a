"""Checks that plant-years close, written a second time with exact fractions and without the simulator's own formulas."""

from decimal import Decimal
from fractions import Fraction

import pandas as pd

from mrv.simulation import PlantYears

STREAM_KEY = ["plant_id", "unit_id", "stream_id", "month"]
UNIT_KEY = ["plant_id", "unit_id", "month"]


def rounded(value: Fraction, places: int) -> Decimal:
    scaled = value * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-places)


def wide(years: PlantYears, key: list[str]) -> pd.DataFrame:
    """Exact fractions of the power plants, a column per parameter; None where not filed."""
    rows = years.tables["parameter"]
    rows = rows[(rows["sector"] == "power") & ((rows["stream_id"] != "") == ("stream_id" in key))]
    table = rows.assign(value=rows["value"].map(Fraction)).pivot(index=key, columns="parameter", values="value")
    return table.astype(object).where(table.notna(), None).reset_index()


def coal_faults(years: PlantYears) -> list[str]:
    """Where daily coal, laboratory sheets and monthly coal parameters do not agree."""
    daily = years.tables["daily_coal"]
    numbers = ["fuel_consumption", "moisture_ar", "net_calorific_value"]
    daily = daily.assign(month=daily["day"].str[:7], **{name: daily[name].map(Fraction) for name in numbers})
    reports = years.tables["coal_analysis"].set_index(STREAM_KEY)
    assert reports.index.is_unique
    filed = wide(years, STREAM_KEY).set_index(STREAM_KEY)
    found = []
    groups = {tuple(key): rows for key, rows in daily.groupby(STREAM_KEY)}
    coal = filed[filed["carbon_content_ad"].map(lambda value: value is not None)]
    assert set(groups) == set(coal.index) == set(reports.index)
    for key, month in coal.iterrows():
        rows, report = groups[key], reports.loc[key]
        total = sum(rows["fuel_consumption"])
        checks = {
            "sum of days": total == month["fuel_consumption"],
            "weighted moisture": _mean(rows, "moisture_ar", 2) == month["moisture_ar"],
            "weighted heat": _mean(rows, "net_calorific_value", 3) == month["net_calorific_value"],
            "report carbon": Fraction(report["carbon"]) / 100 == month["carbon_content_ad"],
            "report moisture": Fraction(report["moisture_ad"]) == month["moisture_ad"],
            "basis": rounded(_as_received(month), 4) == month["carbon_content_ar"],
            "emission": rounded(_emission(month), 2) == month["reported_emission"],
        }
        found += [f"{key}: {name}" for name, good in checks.items() if not good]
    return found


def _mean(rows: pd.DataFrame, column: str, places: int) -> Decimal:
    return rounded(sum(rows[column] * rows["fuel_consumption"]) / sum(rows["fuel_consumption"]), places)


def _as_received(month: pd.Series) -> Fraction:
    return month["carbon_content_ad"] * (100 - month["moisture_ar"]) / (100 - month["moisture_ad"])


def _emission(month: pd.Series) -> Fraction:
    oxidised = month["carbon_content_ar"] * month["oxidation_rate"] / 100
    return month["fuel_consumption"] * oxidised * Fraction(44, 12)


def report_faults(years: PlantYears) -> list[str]:
    """Where a laboratory sheet contradicts itself."""
    found = []
    for row in years.tables["coal_analysis"].to_dict("records"):
        value = {name: Fraction(text) for name, text in row.items() if name.endswith(("_ad", "_ar", "carbon"))}
        parts = [value[name] for name in ("moisture_ad", "ash_ad", "volatile_ad", "fixed_carbon_ad")]
        dry = (100 - value["moisture_ar"]) / (100 - value["moisture_ad"])
        net = (value["gross_calorific_value_ad"] * 1000 - 206 * value["hydrogen_ad"]) * dry - 23 * value["moisture_ar"]
        burning = 100 - value["moisture_ad"] - value["ash_ad"]
        oxygen = burning - value["carbon"] - value["hydrogen_ad"] - value["sulphur_ad"] - Fraction("0.0135") * burning
        dulong = (
            Fraction("0.3383") * value["carbon"]
            + Fraction("1.443") * (value["hydrogen_ad"] - oxygen / 8)
            + Fraction("0.0942") * value["sulphur_ad"]
        )
        dates = [row[name] for name in ("sampled_on", "sent_on", "received_on", "tested_on", "issued_on")]
        checks = {
            "closure": sum(parts) == 100,
            "moisture order": value["moisture_ar"] > value["moisture_ad"],
            "gross to net": rounded(net / 1000, 3) == Decimal(row["net_calorific_value_ar"]),
            "Dulong": abs(value["gross_calorific_value_ad"] - dulong) < Fraction("0.5"),
            "rank": 74 <= value["carbon"] / burning * 100 <= 92 and 10 < value["volatile_ad"] / burning * 100 <= 37,
            "dates": dates == sorted(dates),
            "40 days": (pd.Timestamp(dates[-1]) - pd.Timestamp(dates[0])).days <= 40,
            "accreditation": row["accreditation_valid_to"] >= dates[-1],
        }
        found += [f"{row['report_number']}: {name}" for name, good in checks.items() if not good]
    return found


def meter_faults(years: PlantYears) -> list[str]:
    """Where readings do not give the filed quantity, or do not continue without a record of replacement."""
    totals = years.tables["meter_total"]
    limits = years.tables["meter"].set_index(["plant_id", "meter_id"])["register_limit"]
    filed = years.tables["parameter"].set_index([*STREAM_KEY, "parameter"])["value"]
    events = years.tables["event"]
    replaced = set(
        zip(
            events["plant_id"],
            events["item"],
            events["start"].str[:7],
            events["event"] == "meter_replacement",
            strict=True,
        )
    )
    found, closing = [], {}
    for row in totals.sort_values(["plant_id", "meter_id", "month"]).to_dict("records"):
        meter, opening = (row["plant_id"], row["meter_id"]), Decimal(row["opening_reading"])
        difference = Decimal(row["closing_reading"]) - opening
        if difference < 0 and limits[meter]:
            difference += Decimal(limits[meter])
        key = (row["plant_id"], row["unit_id"], row["stream_id"], row["month"], row["parameter"])
        if difference * Decimal(row["multiplier"]) != Decimal(filed[key]):
            found.append(f"{key}: quantity")
        if meter in closing and closing[meter] != opening and (*meter, row["month"], True) not in replaced:
            found.append(f"{key}: continuity")
        closing[meter] = Decimal(row["closing_reading"])
        if not row["calibrated_on"] <= f"{row['month']}-01" <= row["calibration_valid_to"]:
            found.append(f"{key}: calibration")
    return found

"""Planted faults: each is there, only there, and no more than a person would do."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from mrv.simulation import PlantedFault, PlantYears, plant_faults, readme
from mrv.simulation.build import month_of
from mrv.simulation.editing import Editor, Place
from mrv.simulation.model import DEPOSITED
from schemas.validation import validate

PAGE = Path(__file__).parents[2] / "data" / "demo" / "README.md"
STREAM = ["plant_id", "unit_id", "stream_id", "month"]


class Here:
    """What was filed at the place of a fault."""

    def __init__(self, years: PlantYears, fault: PlantedFault) -> None:
        self.tables, self.fault = years.tables, fault
        self.place = Place(fault.plant_id, fault.unit_id, fault.stream_id, fault.month)

    def rows(self, table: str, **more: str) -> pd.DataFrame:
        frame = self.tables[table]
        key = {name: value for name, value in self.place._asdict().items() if name in frame.columns} | more
        keep = pd.Series(True, index=frame.index)
        for name, value in key.items():
            keep &= frame[name] == value
        return frame[keep]

    def value(self, parameter: str, **more: str) -> Decimal:
        return Decimal(self.rows("parameter", parameter=parameter, **more)["value"].iloc[0])

    def median(self, parameter: str) -> float:
        rows = self.tables["parameter"]
        keep = (rows[STREAM[:3]] == list(self.place[:3])).all(axis=1) & (rows["parameter"] == parameter)
        return float(rows.loc[keep, "value"].astype(float).median())

    def report(self) -> pd.Series:
        return self.rows("coal_analysis").iloc[0]

    def days(self) -> pd.DataFrame:
        daily = self.rows("daily_coal")
        daily = daily[daily["day"].str.startswith(self.fault.month)]
        return daily.assign(mass=daily["fuel_consumption"].map(Decimal), heat=daily["net_calorific_value"].map(Decimal))

    def meter(self, meter_id: str, month: str = "") -> pd.Series:
        return self.rows("meter_total", meter_id=meter_id, **({"month": month} if month else {})).iloc[0]


def basis_gap(here: Here) -> Decimal:
    names = ("carbon_content_ad", "moisture_ar", "moisture_ad", "carbon_content_ar")
    carbon, water, air_dry, filed = map(here.value, names)
    return filed - carbon * (100 - water) / (100 - air_dry)


def emission_gap(here: Here) -> Decimal:
    names = ("fuel_consumption", "carbon_content_ar", "oxidation_rate", "reported_emission")
    consumption, carbon, oxidation, filed = map(here.value, names)
    return filed - consumption * carbon * oxidation * 44 / 1200


def net_gap(here: Here) -> Decimal:
    names = ("gross_calorific_value_ad", "hydrogen_ad", "moisture_ar", "moisture_ad", "net_calorific_value_ar")
    gross, hydrogen, water, air_dry, net = (Decimal(here.report()[name]) for name in names)
    return net * 1000 - ((gross * 1000 - 206 * hydrogen) * (100 - water) / (100 - air_dry) - 23 * water)


def pair(here: Here, month: str) -> tuple[Decimal, ...]:
    names = ("carbon_content_ar", "net_calorific_value")
    return tuple(here.value(name, month=month) for name in names)


def stock_gap(here: Here) -> Decimal:
    opening, bought, closing = map(here.value, ("stock_opening", "quantity_purchased", "stock_closing"))
    return (opening + bought - closing) / here.value("fuel_consumption") - 1


def days_between(here: Here) -> int:
    return (pd.Timestamp(here.report()["issued_on"]) - pd.Timestamp(here.report()["sampled_on"])).days


def proximate(here: Here) -> Decimal:
    return sum(Decimal(here.report()[name]) for name in ("moisture_ad", "ash_ad", "volatile_ad", "fixed_carbon_ad"))


def heat_share(here: Here) -> Decimal:
    """Heat of the first delivery per tonne, against the same line a month later."""
    flows = here.tables["heat_flow"]
    own = flows[(flows["plant_id"] == "DEMO02") & (flows["delivery"] == "工业蒸汽一线")].set_index("month")
    rate = own["heat"].astype(float) / own["mass"].astype(float)
    return Decimal(rate["2026-01"] / rate["2026-02"])


def fired_while_stopped(here: Here) -> bool:
    stops = here.rows("event", event="stop") if not here.fault.stream_id else pd.DataFrame()
    stops = stops[stops["start"].str.startswith(here.fault.month)]
    daily = here.tables["daily_coal"]
    daily = daily[(daily["plant_id"] == here.fault.plant_id) & (daily["unit_id"] == here.fault.unit_id)]
    return any(
        daily["day"].between(first, last).any() for first, last in zip(stops["start"], stops["end"], strict=True)
    )


FOUND: dict[str, Callable[[Here], bool]] = {
    "SCH-03": lambda here: 700 < float(here.value("fuel_consumption")) / here.median("fuel_consumption") < 1400,
    "SCH-04": lambda here: (
        abs(float(here.value("net_calorific_value")) / here.median("net_calorific_value") * 4.1868 - 1) < 0.02
    ),
    "SCH-05": lambda here: here.value("carbon_content_ar") == here.value("carbon_content_ad"),
    "SCH-06": lambda here: abs(emission_gap(here)) > Decimal("0.005"),
    "SCH-08": lambda here: here.days()["mass"].sum() != here.value("fuel_consumption"),
    "SCH-09": lambda here: (
        abs((here.days()["mass"] * here.days()["heat"]).sum() / here.days()["mass"].sum() - here.value("net_calorific_value"))
        > Decimal("0.005")
    ),
    "SCH-12": lambda here: here.value("oxidation_rate") != 99,
    "PHY-06": lambda here: proximate(here) != 100,
    "PHY-07": lambda here: Decimal(here.report()["moisture_ar"]) < Decimal(here.report()["moisture_ad"]),
    "PHY-08": lambda here: abs(basis_gap(here)) > Decimal("0.0005"),
    "PHY-09": lambda here: abs(net_gap(here)) > 300,
    "PHY-14": lambda here: here.value("power_generation") / (300 * here.value("run_hours")) > Decimal("1.05"),
    "PHY-15": lambda here: here.value("run_hours") > 744,
    "PHY-16": lambda here: heat_share(here) > Decimal("1.05"),
    "XRC-01": lambda here: abs(stock_gap(here)) > Decimal("0.05"),
    "XRC-03": lambda here: (
        (Decimal(here.meter("U2-E1")["closing_reading"]) - Decimal(here.meter("U2-E1")["opening_reading"]))
        * Decimal(here.meter("U2-E1")["multiplier"])
        != here.value("power_generation")
    ),
    "XRC-04": lambda here: here.meter("U3-E1")["opening_reading"] != here.meter("U3-E1", "2026-02")["closing_reading"],
    "XRC-05": lambda here: (
        abs(here.value("grid_electricity_settled") / here.value("grid_electricity_exported") - 1) > Decimal("0.02")
    ),
    "TMP-03": lambda here: pair(here, "2026-01") == pair(here, "2026-02"),
    "TMP-10": fired_while_stopped,
    "FOR-05": lambda here: (
        here.tables["coal_analysis"].query("report_number == @number", local_dict={"number": here.report()["report_number"]}).shape[0] > 1
    ),
    "FOR-07": lambda here: here.report()["tested_on"] < here.report()["received_on"],
    "FOR-09": lambda here: days_between(here) > 40,
    "FOR-10": lambda here: here.report()["accreditation_valid_to"] < here.report()["tested_on"],
    "FOR-11": lambda here: here.meter("U1-C1")["calibration_valid_to"] < "2026-02-01",
    "CMP-01": lambda here: not (
        here.tables["parameter"][["plant_id", "month"]] == [here.fault.plant_id, here.fault.month]
    ).all(axis=1).any(),
    "CMP-05": lambda here: here.rows("evidence", parameter="fuel_consumption").empty,
    "CMP-07": lambda here: here.rows("parameter").empty,
}  # fmt: skip


def of_power(faults: list[PlantedFault]) -> list[PlantedFault]:
    """The faults of the power plants; those of industry are looked at in `test_industry_faults`."""
    return [fault for fault in faults if fault.plant_id <= "DEMO06"]


def test_each_fault_is_there_and_was_not_before(clean: PlantYears, planted) -> None:
    years, faults = planted
    faults = of_power(faults)
    assert {fault.rule for fault in faults} == set(FOUND)
    for fault in faults:
        assert not FOUND[fault.rule](Here(clean, fault)), fault
        assert FOUND[fault.rule](Here(years, fault)), fault


def test_how_many_and_where(planted) -> None:
    faults = of_power(planted[1])
    assert 22 <= len(faults) <= 28
    assert len({fault.rule for fault in faults}) == len(faults)
    assert {fault.plant_id for fault in faults} == {"DEMO01", "DEMO02", "DEMO03", "DEMO05", "DEMO06"}
    assert sum(fault.plant_id == "DEMO01" and fault.month < "2026" for fault in faults) == 1
    assert all(fault.zh and fault.en for fault in faults)


def test_only_the_months_named_change(clean: PlantYears, planted) -> None:
    years, faults = planted
    named = {(fault.plant_id, fault.month) for fault in faults}
    for name in DEPOSITED:
        marked = [frame.assign(_month=month_of(name, frame)) for frame in (clean.tables[name], years.tables[name])]
        joined = marked[0].merge(marked[1], how="outer", indicator=True)
        changed = joined[joined["_merge"] != "both"]
        if name == "meter_total":  # the register of a meter that jumped stays ahead in all later months
            changed = changed[~((changed["meter_id"] == "U3-E1") & (changed["plant_id"] == "DEMO05"))]
        assert set(zip(changed["plant_id"], changed["_month"], strict=True)) <= named, name


def test_faulty_tables_keep_their_shape_and_the_clean_ones_stay_clean(clean: PlantYears, planted) -> None:
    before = {name: frame.copy() for name, frame in clean.tables.items()}
    years, faults = plant_faults(clean)
    assert faults == planted[1]
    for name, frame in years.tables.items():
        assert validate(name, frame).empty, name
        assert frame.equals(planted[0].tables[name]) and clean.tables[name].equals(before[name])


def test_copied_month_hides_well(planted) -> None:
    """Only carbon and heat repeat: fewer than three measured fields equal the month before."""
    years, _ = planted
    rows = years.tables["parameter"]
    own = rows[(rows[["plant_id", "stream_id", "method"]] == ["DEMO03", "bituminous_coal", "measured"]).all(axis=1)]
    months = own.pivot(index="parameter", columns="month", values="value")
    same = months[months["2026-01"] == months["2026-02"]].index
    assert set(same) == {"carbon_content_ad", "net_calorific_value"}


def test_an_edit_that_misses_is_an_error(clean: PlantYears) -> None:
    editor = Editor(clean)
    with pytest.raises(LookupError):
        editor.value(Place("DEMO01", "U9", "", "2025-01"), "run_hours")
    with pytest.raises(LookupError):
        editor.put("unit", "capacity", "1", plant_id="DEMO05")


def test_page_of_the_demonstration_is_current(planted) -> None:
    assert PAGE.read_text(encoding="utf-8") == readme(planted[1])

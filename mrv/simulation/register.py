"""The register: the plant, its units, its data quality control plan."""

import numpy as np

from mrv.simulation.industry_specs import IndustrySpec
from mrv.simulation.meters import MeterDays
from mrv.simulation.model import Book
from mrv.simulation.specs import GroupSpec, PlantSpec, table

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714


def credit_code(division: str, serial: str) -> str:
    """A unified social credit code (18 characters) with both check digits right.

    `division` [6 digits] of the administrative region, `serial` [8 digits or capitals] of the organisation.
    """
    values = [int(mark, 36) for mark in serial]
    check = (11 - sum(weight * value for weight, value in zip(BODY_WEIGHTS, values, strict=True)) % 11) % 11
    body = f"91{division}{serial}{'X' if check == 10 else check}"
    total = sum(CREDIT_ALPHABET.index(mark) * pow(3, place, 31) for place, mark in enumerate(body))
    return body + CREDIT_ALPHABET[(31 - total % 31) % 31]


def write_register(book: Book, plant: PlantSpec, meters: list[MeterDays], months: tuple[str, ...]) -> None:
    """Rows of `plant`, `unit` and `control_plan`."""
    laboratories = {
        table("laboratories")[stream.laboratory]["laboratory"]
        for group in plant.groups
        for stream in group.streams
        if stream.sources
    }
    write_plant(book, plant, "power", ";".join(sorted(laboratories)))
    for group in plant.groups:
        _units(book, group)
        for version, since, until in _versions(plant, months):
            _plan(book, group, meters, version, since, until)


def write_plant(book: Book, plant: PlantSpec | IndustrySpec, sector: str, laboratories: str = "") -> None:
    """The row of `plant` for one sector; an enterprise with parts in two sectors has two, under one credit code."""
    book.write(
        "plant", sector=sector, name=plant.name, credit_code=credit_code(plant.division, f"MAXUN{plant.plant_id[-2:]}0"),
        province=plant.province, address=f"{plant.province}示例市示例路{int(plant.plant_id[-2:])}号（虚构）", longitude=plant.longitude,
        latitude=plant.latitude, altitude=plant.altitude, legal_representative="示例法人", contact="示例联系人",
        reporting_authority="示例市生态环境局（虚构）", laboratories=laboratories, grid_region=plant.grid_region,
    )  # fmt: skip


def _units(book: Book, group: GroupSpec) -> None:
    fuels = [stream.stream_id for stream in group.streams] + (["diesel"] if group.diesel else [])
    for unit in group.units:
        number = int(unit.unit_id[1:])
        book.write(
            "unit", unit_id=unit.unit_id, name=f"{number}号机组", unit_class=unit.unit_class, product_class=unit.product_class,
            capacity=str(unit.capacity), boiler_type=unit.boiler_type, cooling_mode=unit.cooling_mode, fuels=";".join(fuels),
            merged_with=group.group_id if group.merged else "", standby="no", boiler_code=f"MF{number:04d}",
            turbine_code=f"MF{number + 20:04d}", generator_code=f"MF{number + 40:04d}", pressure_class=unit.pressure_class,
            commissioned_on=unit.commissioned_on,
        )  # fmt: skip


def _versions(plant: PlantSpec, months: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Versions of the plan (name, valid from, valid to): one a year, and one more where a meter got a new number."""
    starts = sorted(
        {f"{year}-01" for year in {month[:4] for month in months}}
        | {month for _, month, renumbered in plant.replaced_meters if renumbered and month in months}
    )
    found = []
    for position, start in enumerate(starts):
        number = sum(other[:4] == start[:4] for other in starts[: position + 1])
        following = starts[position + 1] if position + 1 < len(starts) else ""
        found.append(
            (f"{start[:4]}-V{number}", f"{start}-01", str(np.datetime64(f"{following}-01") - 1) if following else "")
        )
    return found


def _plan(book: Book, group: GroupSpec, meters: list[MeterDays], version: str, since: str, until: str) -> None:
    common = {
        "version": version,
        "valid_from": since,
        "valid_to": until,
        "calibration_frequency": "每年一次",
        "missing_data_treatment": "按保守性原则处理",
        "department": "生产技术部",
    }

    def line(unit_id: str, stream_id: str, parameter: str, method: str, frequency: str, **rest: str) -> None:
        book.write(
            "control_plan", unit_id=unit_id, stream_id=stream_id, parameter=parameter, method=method, frequency=frequency,
            **common, **rest,
        )  # fmt: skip

    def meter_of(unit_id: str, parameter: str, stream_id: str = "") -> str:
        found = [m for m in meters if (m.unit_id, m.parameter, m.stream_id) == (unit_id, parameter, stream_id)]
        return found[-1 if version.endswith("V2") else 0].meter_id

    name = group.group_id
    for stream in group.streams:
        fuel = stream.stream_id
        meter = meter_of(name, "fuel_consumption", fuel)
        line(name, fuel, "fuel_consumption", "measured", "每日", meter_id=meter, fc_source=stream.fc_source)
        line(name, fuel, "net_calorific_value", "measured", "每日" if stream.sources else "每月")
        if stream.sources:
            line(name, fuel, "carbon_content_ar", "measured", "每月", carbon_scheme=stream.carbon_scheme)
            line(name, fuel, "moisture_ar", "measured", "每日")
        elif fuel != "biomass":
            line(name, fuel, "carbon_per_heat", "default", "每年")
    if group.diesel:
        line(name, "diesel", "fuel_consumption", "measured", "每月", fc_source="stock_balance")
        line(name, "diesel", "net_calorific_value", "default", "每年")
        line(name, "diesel", "carbon_per_heat", "default", "每年")
    for unit in group.units:
        meter = meter_of(unit.unit_id, "power_generation")
        line(unit.unit_id, "", "power_generation", "measured", "连续", meter_id=meter)
        line(unit.unit_id, "", "run_hours", "measured", "连续")
    line(name, "", "load_factor", "calculated", "每月")
    if group.heat:
        line(name, "", "heat_supplied", "measured", "连续")
    if any(stream.stream_id == "biomass" for stream in group.streams):
        line(name, "", "boiler_heat", "measured", "连续")
        line(name, "", "boiler_efficiency", "measured", "每年")

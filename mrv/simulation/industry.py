"""An industrial plant over its months: every document of its sector, then the register that follows from them."""

from collections.abc import Callable

import numpy as np

from mrv.simulation.aluminium_documents import write_aluminium
from mrv.simulation.cement_documents import write_cement
from mrv.simulation.industry_pen import Pen
from mrv.simulation.industry_specs import FacilitySpec, IndustrySpec, SteelSpec
from mrv.simulation.model import Book, Row
from mrv.simulation.numbers import generator
from mrv.simulation.register import write_plant
from mrv.simulation.steel_documents import write_steel

# Sector → who writes a month of it. A new sector is one more line.
WRITERS: dict[str, Callable[[Pen, IndustrySpec, int], None]] = {
    "cement": write_cement,
    "aluminium": write_aluminium,
    "steel": write_steel,
}
FREQUENCIES = {"default": "每年", "measured": "每月", "calculated": "每月"}


def industry_book(plant: IndustrySpec, months: tuple[str, ...], seed: int) -> Book:
    """All documents of one industrial plant over consecutive months (`YYYY-MM`); same arguments, same book."""
    book = Book(plant.plant_id)
    pen = Pen(book, plant.sector, generator(seed, "industry", plant.plant_id, plant.sector))
    for month in months:
        pen.month = month
        first = np.datetime64(month, "M")
        days = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(int)
        WRITERS[plant.sector](pen, plant, int(days))
    write_plant(book, plant, plant.sector)
    _facilities(book, plant)
    for year in sorted({month[:4] for month in months}):
        _plan(book, plant, year, max(months)[:4])
    return book


def facilities_of(plant: IndustrySpec) -> tuple[FacilitySpec, ...]:
    """The lines and processes of a plant, and the enterprise itself."""
    own: list[FacilitySpec] = [FacilitySpec("ENT", "企业层级", "enterprise")]
    for part in plant.parts:
        own += part.facilities if isinstance(part, SteelSpec) else [part.facility]
    return tuple(own)


def _facilities(book: Book, plant: IndustrySpec) -> None:
    for facility in facilities_of(plant):
        streams = _streams(book.rows["parameter"], facility.unit_id)
        book.write(
            "facility", sector=plant.sector, unit_id=facility.unit_id, name=facility.name, process=facility.process,
            fuels=";".join(stream for stream, parameters in streams.items() if "net_calorific_value" in parameters or
                           parameters & {"fuel_input", "fuel_output", "fuel_consumption"}),
            materials=";".join(stream for stream, parameters in streams.items() if parameters &
                               {"material_consumption", "substitute_consumption", "carbon_product_output"}),
            capacity=facility.capacity, capacity_unit=facility.capacity_unit, commissioned_on="2012-05-01",
            **dict(facility.columns),
        )  # fmt: skip


def _streams(rows: list[Row], unit_id: str) -> dict[str, set[str]]:
    """Streams of a unit with the parameters that were filed of them, in alphabetical order."""
    found: dict[str, set[str]] = {}
    for row in rows:
        if row["unit_id"] == unit_id and row["stream_id"]:
            found.setdefault(row["stream_id"], set()).add(row["parameter"])
    return dict(sorted(found.items()))


def _plan(book: Book, plant: IndustrySpec, year: str, last: str) -> None:
    """One version of the control plan a year: each parameter as it is filed, with its meter."""
    meters = {(row["unit_id"], row["stream_id"], row["parameter"]): row["meter_id"] for row in book.rows["meter"]}
    known: dict[tuple[str, str, str], Row] = {}
    for row in book.rows["parameter"]:
        if row["month"].startswith(year):
            known.setdefault((row["unit_id"], row["stream_id"], row["parameter"]), row)
    for key, row in known.items():
        book.write(
            "control_plan", sector=plant.sector, version=f"{year}-V1", valid_from=f"{year}-01-01", valid_to="" if year == last else f"{year}-12-31",
            unit_id=key[0], stream_id=key[1], parameter=key[2], method=row["method"], meter_id=meters.get(key, ""),
            fc_source=row.get("fc_source", ""), frequency=FREQUENCIES[row["method"]], calibration_frequency="每年一次",
            missing_data_treatment="按保守性原则处理", department="生产技术部",
        )  # fmt: skip

"""Puts plants together: truth first, then every document written from it."""

from collections.abc import Sequence

import pandas as pd

from mrv.simulation.coal_documents import ReportNumbers, write_coal, write_other_fuel
from mrv.simulation.demo_plants import DEMO_MONTHS, DEMO_PLANTS, NOT_YET_DEPOSITED
from mrv.simulation.industry import industry_book
from mrv.simulation.industry_plants import DEMO_INDUSTRY
from mrv.simulation.industry_specs import IndustrySpec
from mrv.simulation.meters import hourly_readings, write_meters
from mrv.simulation.model import DEPOSITED, Book, PlantYears, canonical_frame
from mrv.simulation.register import write_register
from mrv.simulation.specs import PlantSpec, months_between
from mrv.simulation.truth import group_days
from mrv.simulation.unit_documents import write_units


def simulate(
    plants: Sequence[PlantSpec], months: Sequence[str], seed: int, industry: Sequence[IndustrySpec] = ()
) -> PlantYears:
    """Honest plant-years of power plants and of industrial ones over consecutive months (`YYYY-MM`); same arguments, same frames.

    A plant that stands in both is one enterprise with parts in two sectors: its filings go together.
    """
    ordered = tuple(months)
    books, readings = [], []
    coals = [
        (plant.plant_id, group.group_id, stream.stream_id)
        for plant in plants
        for group in plant.groups
        for stream in group.streams
        if stream.sources
    ]
    for plant in plants:
        book = Book(plant.plant_id)
        meters = []
        for group in plant.groups:
            truth = group_days(plant, group, plant.days(ordered), seed)
            fuels = []
            for stream in truth.streams:
                if stream.quality is None:
                    fuels.append(write_other_fuel(book, truth, stream))
                    continue
                slot = coals.index((plant.plant_id, group.group_id, stream.spec.stream_id))
                fuels.append(write_coal(book, truth, stream, ReportNumbers(slot, len(coals)), seed))
            write_units(book, truth, fuels, seed)
            counted = write_meters(book, truth, seed)
            meters += counted
            for unit in truth.units:
                if unit.spec.unit_id in plant.hourly:
                    readings += hourly_readings(truth, counted, unit.spec.unit_id, seed)
        write_register(book, plant, meters, ordered)
        books.append(book)
    books += [industry_book(plant, ordered, seed) for plant in industry]
    return PlantYears(_frames(books, readings))


def _frames(books: list[Book], readings: list[pd.DataFrame]) -> dict[str, pd.DataFrame]:
    tables = {name: canonical_frame(name, [row for book in books for row in book.rows[name]]) for name in Book("").rows}
    empty = canonical_frame("meter_reading", [])
    joined = pd.concat([empty, *readings], ignore_index=True)
    tables["meter_reading"] = joined.sort_values(
        ["plant_id", "meter_id", "timestamp"], kind="stable", ignore_index=True
    )
    return tables


def demo(seed: int = 20261015) -> PlantYears:
    """The demonstration plants of all four sectors, 2025-01 to 2026-09, honest and clean.

    Some plants have not deposited the last month yet: it is due on 2026-11-09.
    """
    months = months_between(*DEMO_MONTHS)
    years = simulate(DEMO_PLANTS, months, seed, DEMO_INDUSTRY)
    for name in DEPOSITED:
        frame = years.tables[name]
        late = frame["plant_id"].isin(NOT_YET_DEPOSITED) & (month_of(name, frame) == months[-1])
        years.tables[name] = frame[~late].reset_index(drop=True)
    return years


def month_of(table: str, frame: pd.DataFrame) -> pd.Series:
    """The month whose deposit carries each row of a filing table."""
    column = {"daily_coal": "day", "flue_gas_daily": "day", "event": "start"}.get(table, "month")
    return frame[column].str[:7]

"""What an industrial report takes from registers and lists: facilities, meters, flue-gas days, auxiliary and unlisted quantities."""

from typing import Any

import numpy as np
import pandas as pd

from mrv.accounting.decimals import to_decimal
from mrv.reporting import annual_words as words
from mrv.reporting.annual_context import lines_of, reasons_of
from mrv.reporting.annual_grid import KEY, Rows, as_text, mean_of, places_of, present, rounded, sum_of
from mrv.reporting.annual_series import Series, write
from mrv.reporting.industry_context import Industry
from mrv.reporting.industry_lines import year_marks
from schemas import TABLES
from schemas.vocabulary import ENTERPRISE_UNIT, FUELS, MATERIALS, fuel_of, unit_of

UNLISTED = "UNLISTED"
COMMON = ("name", "process", "fuels", "materials", "capacity", "capacity_unit")
DATES = ("commissioned_on", "closed_on")
# What a facility may well not have.
OPTIONAL = {"closed_on", "alternative_fuels", "co_processing", "coke_oven_kind", "materials", "fuels"}
METER = (
    "parameter",
    "reading_kind",
    "unit",
    "specified_accuracy",
    "calibrated_accuracy",
    "calibrated_on",
    "calibration_valid_to",
    "certificate",
)
DAYS = (
    "co2_share",
    "co2_mass_concentration",
    "flue_gas_temperature",
    "flue_gas_velocity",
    "flue_gas_moisture",
    "oxygen_share",
    "flue_gas_flow",
    "co2_mass",
    "load",
)
ADDITIVE = frozenset({"t", "MWh", "GJ", "h"})
# The year of an auxiliary item that cannot be added up is the mean weighted by another item.
WEIGHTS = {
    "moisture_ar": "fuel_consumption",
    "load_factor": "run_hours",
    "line_current": "run_hours",
    "operating_cells": "run_hours",
    "generation_intensity": "power_generation",
    "heat_intensity": "heat_supplied",
    "process_intensity": "process_product_output",
    "clinker_cao": "clinker_output",
    "clinker_mgo": "clinker_output",
    "clinker_cao_noncarbonate": "clinker_output",
    "clinker_mgo_noncarbonate": "clinker_output",
    "carbide_slag_ratio": "clinker_output",
}


def facilities(rows: Rows, context: Industry, table: str, about: tuple[str, ...]) -> None:
    """Adds what the register says of each line or process, and of each that was filed for but is not registered."""
    known = context.units.drop_duplicates(["plant_id", "unit_id"])
    everywhere = context.reporting_grid.keys
    # The enterprise is no line or process, unless it is registered as one.
    keys = everywhere[(everywhere["unit_id"] != ENTERPRISE_UNIT) | everywhere["unit_id"].isin(known["unit_id"])]
    keys = keys.reset_index(drop=True)
    cells = keys[["plant_id", "unit_id"]].merge(known, on=["plant_id", "unit_id"], how="left", indicator=True)
    registered = (cells["_merge"] == "both").to_numpy()
    cells = cells.drop(columns="_merge").fillna("")
    for number, item in enumerate((*COMMON, *about, *DATES), start=1):
        texts = cells[item].to_numpy(dtype=object)
        due = "" if item in OPTIONAL else words.NOT_IN_REGISTER
        absent = np.where(registered, due, words.FACILITY_NOT_REGISTERED)
        reason = np.where(texts == "", absent, "").astype(object)
        unit = TABLES["facility"].by_name[item].unit
        rows.add(table, f"{number:02d}", item, keys, texts, unit=unit, reason=reason)


def meters(rows: Rows, context: Industry, table: str) -> None:
    """Adds each registered meter with its calibration, then training, of which nothing is held."""
    here = set(context.reporting_grid.keys[["plant_id", "unit_id"]].itertuples(index=False, name=None))
    pairs = context.meters[["plant_id", "unit_id"]].itertuples(index=False, name=None)
    mine = context.meters[np.array([pair in here for pair in pairs], dtype=bool)]
    keys = mine[["plant_id", "unit_id"]].assign(stream_id=mine["meter_id"]).reset_index(drop=True)
    for number, item in enumerate(METER, start=1):
        texts = mine[item].to_numpy(dtype=object)
        reason = np.where(texts == "", words.NOT_IN_REGISTER, "").astype(object)
        rows.add(table, f"A.{number:02d}", item, keys, texts, unit=TABLES["meter"].by_name[item].unit, reason=reason)
    plants = lines_of(context.reporting_grid.keys.assign(unit_id="", stream_id=""), context.year).keys
    without = plants[~plants["plant_id"].isin(mine["plant_id"])]
    blank: Any = {"reason": words.NOT_IN_REGISTER}
    rows.add(table, "A.00", "meters", without, np.full(len(without), "", dtype=object), **blank)
    for code, item in (("T.01", "training"), ("T.02", "trained_staff")):
        rows.add(table, code, item, plants, np.full(len(plants), "", dtype=object), **blank)


def flue_gas(rows: Rows, context: Industry, table: str) -> None:
    """Adds the daily means of flue-gas monitoring as filed; the periods are days. Voluntary: no rows where nothing was filed."""
    frame = context.flue_gas.sort_values(["plant_id", "unit_id", "day"])
    if frame.empty:
        return
    keys = frame[["plant_id", "unit_id"]].assign(stream_id="").reset_index(drop=True)
    days = frame["day"].to_numpy(dtype=object)
    for number, item in enumerate(DAYS, start=1):
        column = TABLES["flue_gas_daily"].by_name[item]
        exact = to_decimal(frame[item].to_numpy(dtype=object))
        values = rounded(exact, context.rules, item) if item in context.rules.roundings else exact
        there = present(values)
        cells = as_text(values)[there]
        rows.add(table, f"{number:02d}", item, keys[there], cells, days[there], unit=column.unit, method="measured")


def auxiliary(rows: Rows, context: Industry, table: str) -> None:
    """Adds the auxiliary parameters of the rule set as filed; they are not verified."""
    filed = context.parameter[context.parameter["parameter"].isin(context.rules.auxiliary)]
    for number, name in enumerate(context.rules.auxiliary, start=1):
        mine = filed[filed["parameter"] == name]
        if len(mine):
            _filed(rows, context, table, f"{number:02d}", name, mine)


def unlisted(rows: Rows, context: Industry) -> None:
    """Adds what was filed of materials and fuels that the list of the sector does not hold; they are not counted."""

    def counts(stream: str) -> bool:
        material = MATERIALS.get((context.sector, fuel_of(stream)))
        return fuel_of(stream) in FUELS or (material is not None and material.role != "unlisted")

    frame = context.parameter[context.parameter["stream_id"] != ""]
    known = {stream: counts(stream) for stream in frame["stream_id"].unique()}
    frame = frame[np.array([not known[stream] for stream in frame["stream_id"]], dtype=bool)]
    for number, name in enumerate(sorted(frame["parameter"].unique()), start=1):
        _filed(rows, context, UNLISTED, f"{number:02d}", name, frame[frame["parameter"] == name], words.NOT_LISTED)


def _filed(
    rows: Rows, context: Industry, table: str, code: str, name: str, frame: pd.DataFrame, said: str = ""
) -> None:
    grid = lines_of(frame[KEY], context.year)
    exact = context.value(grid, name)
    values = rounded(exact, context.rules, name)
    units = np.array([unit_of(name, stream) for stream in grid.keys["stream_id"]], dtype=object)
    additive = units[0] in ADDITIVE or units[0] == "1e4Nm3"
    if additive:
        year = sum_of(values)
    elif name in WEIGHTS:
        year = rounded(mean_of(values, context.value(grid, WEIGHTS[name])), context.rules, name)
    else:
        year = np.full(len(grid), None, dtype=object)
    marks = year_marks(context, grid, np.full(values.shape, "no", dtype=object))
    shorter = present(exact) & (exact != values)
    places = places_of(context.rules, name)
    told = np.frompyfunc(lambda text: words.shortened(text, places), 1, 1)(as_text(exact))
    reason = words.both_many(
        reasons_of(context.state_of(grid), values, words.STREAM_NOT_FILED), np.where(shorter, told, "").astype(object)
    )
    if said:
        reason = np.where(present(values), said, reason).astype(object)
        marks["year_reason"] = words.both_many(marks["year_reason"], said)
    series = Series(
        name,
        values,
        year,
        units,
        context.text(grid, name, "method"),
        context.documents(grid, name),
        reason,
        **marks,
    )
    write(rows, table, code, grid, series)

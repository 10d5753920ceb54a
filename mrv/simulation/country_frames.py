"""Integers of a country as canonical frames, column by column."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from mrv.simulation.country_register import Fleet
from mrv.simulation.integers import texts
from schemas import TABLES
from schemas.vocabulary import FUELS, unit_of

CALCULATED = {"carbon_content_ar", "reported_emission", "load_factor", "power_supplied"}
DEFAULTED = {"oxidation_rate", "carbon_per_heat"}
Values = dict[str, np.ndarray]


@dataclass
class Block:
    """Filed integers of some unit-months: `rows` (n,) their numbers, `values` by parameter (n,), `places` by parameter."""

    stream_id: str
    rows: np.ndarray
    values: Values
    places: dict[str, int]


@dataclass(frozen=True)
class Filed:
    """One parameter of one stream: `rows` (n,) numbers of its unit-months, `values` (n,) text, `marks` the further columns."""

    stream_id: str
    parameter: str
    rows: np.ndarray
    values: np.ndarray
    marks: dict[str, str]


@dataclass(frozen=True)
class Places:
    """Unit-months of one sector in the order of their keys: `plant` and `unit` number (units,) the texts, `of` (n,) the units."""

    sector: str
    plant_ids: list[str]
    plant: np.ndarray
    unit_ids: list[str]
    unit: np.ndarray
    of: np.ndarray
    month: np.ndarray


def _names(values: Sequence[str] | np.ndarray, codes: np.ndarray) -> pa.Array:
    return pa.array(list(values), pa.large_string()).take(pa.array(codes))


def filed_frame(places: Places, filed: Sequence[Filed]) -> pd.DataFrame:
    """The table `parameter` of one sector, sorted by its key."""
    row = np.concatenate([one.rows for one in filed])
    kind = np.repeat(np.arange(len(filed)), [len(one.rows) for one in filed])
    value = np.concatenate([one.values for one in filed])
    rank = np.argsort(np.argsort([f"{one.stream_id}|{one.parameter}" for one in filed], kind="stable"), kind="stable")
    streams = sorted({one.stream_id for one in filed})
    stream = np.array([streams.index(one.stream_id) for one in filed])
    month_code, months = pd.factorize(places.month, sort=True)
    order = np.lexsort((rank[kind], month_code[row], stream[kind], places.of[row]))
    row, kind, value = row[order], kind[order], value[order]
    unit = places.of[row]
    marks = sorted({name for one in filed for name in one.marks})
    filled: dict[str, pa.Array] = {
        "plant_id": _names(places.plant_ids, places.plant[unit]),
        "sector": _names([places.sector], np.zeros(len(row), dtype=np.int64)),
        "unit_id": _names(places.unit_ids, places.unit[unit]),
        "stream_id": _names([one.stream_id for one in filed], kind),
        "month": _names(months, month_code[row]),
        "parameter": _names([one.parameter for one in filed], kind),
        "value": pa.array(value, pa.large_string()),
        "unit": _names([unit_of(one.parameter, one.stream_id) for one in filed], kind),
        **{name: _names([one.marks.get(name, "") for one in filed], kind) for name in marks},
    }
    return _frame("parameter", filled, len(row))


def parameter_frame(units: Fleet, unit: np.ndarray, month: np.ndarray, blocks: list[Block]) -> pd.DataFrame:
    """The table `parameter` of the power plants."""
    boiler = units.fuel[unit] != "natural_gas"
    filed = []
    for block in blocks:
        for parameter in sorted(block.values):
            chosen = block.rows
            ints = block.values[parameter]
            if parameter == "boiler_heat":  # a gas turbine has none
                chosen, ints = chosen[boiler], ints[boiler]
            value = texts(ints, block.places[parameter])
            filed.append(Filed(block.stream_id, parameter, chosen, value, _marks(block.stream_id, parameter)))
    return filed_frame(
        Places("power", units.plant_ids, units.plant, ["U1", "U2"], units.number - 1, unit, month), filed
    )


def _marks(stream_id: str, parameter: str) -> dict[str, str]:
    optional = {name: _mark(name, stream_id, parameter) for name in ("origin", "state", "fc_source", "carbon_scheme")}
    return {"method": _method(parameter), "source_document": _source(parameter), **optional}


def _mark(column: str, stream_id: str, parameter: str) -> str:
    """What a parameter row says in its optional columns."""
    if not stream_id:
        return ""
    coal, consumed = FUELS[stream_id].coal, parameter == "fuel_consumption"
    tested = coal and parameter in ("carbon_content_ar", "carbon_content_ad")
    return {
        "origin": "purchased" if consumed else "",
        "state": "as_fired" if coal and (consumed or tested or parameter == "net_calorific_value") else "",
        "fc_source": ("belt_scale" if coal else "flow_meter") if consumed else "",
        "carbon_scheme": "composite_commissioned" if tested else "",
    }[column]


def _method(parameter: str) -> str:
    if parameter in DEFAULTED:
        return "default"
    return "calculated" if parameter in CALCULATED else "measured"


def _source(parameter: str) -> str:
    return "全国碳排放管理平台导出" if parameter == "oxidation_rate" else "生产月报"


def _frame(table: str, filled: dict[str, pa.Array], count: int) -> pd.DataFrame:
    """A canonical frame from arrow columns; the columns left out are empty."""
    nothing = _names([""], np.zeros(count, dtype=np.int64))
    columns = {}
    for column in TABLES[table].columns:
        columns[column.name] = (
            pa.array(np.zeros(count, dtype=np.int64)) if column.kind == "integer" else filled.get(column.name, nothing)
        )
    frame = pa.table(columns).to_pandas()
    strings = {column.name: "str" for column in TABLES[table].columns if column.kind != "integer"}
    return frame.astype(strings)


def daily_frame(
    units: Fleet, unit: np.ndarray, month: np.ndarray, mass: np.ndarray, waters: np.ndarray, heats: np.ndarray
) -> pd.DataFrame:
    row, day = np.nonzero(mass)
    dates = month.astype("datetime64[M]").astype("datetime64[D]")[row] + day.astype("timedelta64[D]")
    code, known = pd.factorize(dates, sort=True)
    filled = {
        "plant_id": _names(units.plant_ids, units.plant[unit[row]]),
        "unit_id": _names(["U1", "U2"], units.number[unit[row]] - 1),
        "stream_id": pa.array(units.fuel[unit[row]], pa.large_string()),
        "day": _names(np.datetime_as_string(known, unit="D"), code),
        "fuel_consumption": pa.array(texts(mass[row, day], 2), pa.large_string()),
        "moisture_ar": pa.array(texts(waters[row, day], 2), pa.large_string()),
        "net_calorific_value": pa.array(texts(heats[row, day], 3), pa.large_string()),
    }
    return _frame("daily_coal", filled, len(row))

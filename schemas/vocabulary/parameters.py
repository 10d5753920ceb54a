"""Parameters a plant reports, with label, unit, decimals and hard range."""

import csv
from dataclasses import dataclass
from decimal import Decimal

from schemas.vocabulary.fuels import FUELS, HERE, fuel_of


@dataclass(frozen=True)
class Parameter:
    """One reported quantity.

    `unit`, `decimals`, `low`, `high` hold for solid and liquid streams and for unit-level quantities; the `gas_`
    twins hold for streams counted in 10^4 Nm3.
    """

    parameter: str
    level: str  # stream or unit
    sectors: frozenset[str]
    zh: str
    en: str
    unit: str
    gas_unit: str
    decimals: int
    gas_decimals: int
    low: Decimal | None
    high: Decimal | None
    gas_low: Decimal | None
    gas_high: Decimal | None
    negative_in: frozenset[str]  # sectors in which the quantity is a net one and may be below zero
    basis: str
    source: str


def _limit(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _load() -> dict[str, Parameter]:
    with (HERE / "parameters.csv").open(encoding="utf-8", newline="") as handle:
        return {
            row["parameter"]: Parameter(
                parameter=row["parameter"],
                level=row["level"],
                sectors=frozenset(row["sectors"].split()),
                zh=row["zh"],
                en=row["en"],
                unit=row["unit"],
                gas_unit=row["gas_unit"],
                decimals=int(row["decimals"]),
                gas_decimals=int(row["gas_decimals"]),
                low=_limit(row["low"]),
                high=_limit(row["high"]),
                gas_low=_limit(row["gas_low"]),
                gas_high=_limit(row["gas_high"]),
                negative_in=frozenset(row["negative_in"].split()),
                basis=row["basis"],
                source=row["source"],
            )
            for row in csv.DictReader(handle)
        }


PARAMETERS: dict[str, Parameter] = _load()


def counted_as_gas(stream_id: str) -> bool:
    """Whether a stream is counted in 10^4 Nm3 (refinery gas is a gas but counted in t)."""
    fuel = FUELS.get(fuel_of(stream_id))
    return fuel is not None and fuel.unit == "1e4Nm3"


def unit_of(parameter: str, stream_id: str) -> str:
    """The one canonical unit of a parameter for a stream; KeyError when the parameter is not in the vocabulary."""
    entry = PARAMETERS[parameter]
    return entry.gas_unit if counted_as_gas(stream_id) else entry.unit

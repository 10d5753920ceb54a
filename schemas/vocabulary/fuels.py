"""Fuels and materials that a stream may be made of."""

import csv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Fuel:
    """One fuel: code, labels, physical state and the unit its consumption is counted in."""

    fuel: str
    zh: str
    en: str
    state: str  # solid, liquid, gas
    unit: str  # t or 1e4Nm3
    coal: bool  # a coal in the sense of the power guide: untested, it takes the penalty values


@dataclass(frozen=True)
class Material:
    """One carbon-bearing material or product of the industrial sectors, counted in t."""

    material: str
    zh: str
    en: str
    sector: str
    role: str
    unit: str


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


FUELS: dict[str, Fuel] = {
    row["fuel"]: Fuel(row["fuel"], row["zh"], row["en"], row["state"], row["unit"], row["coal"] == "yes")
    for row in _rows("fuels.csv")
}

MATERIALS: dict[tuple[str, str], Material] = {
    (row["sector"], row["material"]): Material(**row) for row in _rows("materials.csv")
}


def materials_of(sector: str, role: str) -> list[str]:
    """Codes of the materials of a sector that play a role, in the order of the vocabulary."""
    return [material for (name, material), entry in MATERIALS.items() if name == sector and entry.role == role]


def fuel_of(stream_id: str) -> str:
    """The fuel or material code of a stream: `bituminous_coal#2` is a second stream of `bituminous_coal`."""
    return stream_id.partition("#")[0]


def stream_state(stream_id: str) -> str:
    """Physical state of a stream: `solid`, `liquid` or `gas`; `solid` for materials, empty for no stream."""
    if not stream_id:
        return ""
    fuel = FUELS.get(fuel_of(stream_id))
    return fuel.state if fuel else "solid"


def stream_label(stream_id: str) -> tuple[str, str]:
    """Label of a fuel or material in Chinese and English: 烟煤#2 for `bituminous_coal#2`; the code itself when it is neither."""
    base = fuel_of(stream_id)
    suffix = stream_id[len(base) :]
    if base in FUELS:
        return FUELS[base].zh + suffix, FUELS[base].en + suffix
    for (_, material), entry in MATERIALS.items():
        if material == base:
            return entry.zh + suffix, entry.en + suffix
    return stream_id, stream_id

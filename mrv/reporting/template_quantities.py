"""One line of the parameter sheets, and the register it is read from."""

from dataclasses import dataclass
from typing import Literal

from pandas import DataFrame

Group = Literal["fuel", "material", "production", "auxiliary", "cross_check"]


@dataclass(frozen=True)
class TemplateRow:
    """A quantity of a unit, or of one stream of a unit. `kind`: under which name the rule set lists what it wants of it, empty
    where that follows from the stream alone."""

    unit_id: str
    stream_id: str
    parameter: str
    required: bool
    group: Group
    kind: str = ""


@dataclass(frozen=True)
class TemplateRegister:
    """What a workbook takes from the register: canonical `unit` and `facility` frames of one plant."""

    units: DataFrame
    facilities: DataFrame


def streams_of(cell: str) -> list[str]:
    """The streams of a register cell, in its order: `bituminous_coal; diesel` has two."""
    return list(dict.fromkeys(part.strip() for part in cell.replace("；", ";").split(";") if part.strip()))


def working(register: DataFrame, month: str) -> DataFrame:
    """The units or facilities in service at some time in a month; all of them when `month` is empty."""
    if not month:
        return register
    opened = register["commissioned_on"].str[:7].le(month)
    open_still = register["closed_on"].eq("") | register["closed_on"].str[:7].ge(month)
    return register[opened & open_still]

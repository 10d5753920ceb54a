"""What the simulated plants of cement, aluminium and steel are made of."""

from dataclasses import dataclass, field
from decimal import Decimal

from mrv.simulation.specs import table

Columns = tuple[tuple[str, str], ...]  # register columns of a facility beyond those every facility has


@dataclass(frozen=True)
class FacilitySpec:
    """One line, process or enterprise as it stands in the register."""

    unit_id: str
    name: str
    process: str
    capacity: str = ""
    capacity_unit: str = ""
    columns: Columns = ()


@dataclass(frozen=True)
class KilnSpec:
    """A clinker line: `daily` clinker [t/d], kiln `heat` [GJ/t], `raw_meal` [t/t], `electricity` [kWh/t], carbide `slag` [t/t]."""

    facility: FacilitySpec
    daily: float
    heat: float
    raw_meal: float
    electricity: float
    net_calorific_value: float  # GJ/t of the kiln coal, as tested
    slag: float = 0.0
    monitored: bool = False  # flue-gas CO2 monitoring on the stack


@dataclass(frozen=True)
class PotlineSpec:
    """An electrolysis line: mean `current` [kA], operating `cells`, current `efficiency`, `direct` current electricity [kWh/t]."""

    facility: FacilitySpec
    current: float
    cells: float
    efficiency: float
    direct: float
    net_anode: float  # kg/t
    analysed: bool = False  # sulphur and ash of the anodes are measured; else the defaults hold


@dataclass(frozen=True)
class SteelSpec:
    """A steel works by its `route` (`long` or `short`) and its daily output [t/d]: hot metal of the one, steel of the other."""

    route: str
    daily: float
    facilities: tuple[FacilitySpec, ...]


@dataclass(frozen=True)
class IndustrySpec:
    """One industrial plant, or the industrial part of an enterprise that has a power plant too."""

    plant_id: str
    sector: str
    name: str
    name_en: str
    province: str
    division: str
    grid_region: str
    longitude: str
    latitude: str
    altitude: str
    parts: tuple[KilnSpec | PotlineSpec | SteelSpec, ...]
    description: tuple[str, str] = field(default=("", ""))


def default(sector: str, subject: str, parameter: str) -> Decimal:
    """A value of the guides that plants copy into their filings; LookupError where the table beside this file has none."""
    for row in table("industry_defaults"):
        if (row["sector"], row["subject"], row["parameter"]) == (sector, subject, parameter):
            return Decimal(row["value"])
    raise LookupError(f"no default: {sector} {subject} {parameter}")

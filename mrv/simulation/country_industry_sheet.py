"""What the industrial plants of a country file, as integers: units and months of one sector, and the entries written for them."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mrv.simulation.country_frames import Filed, Places, filed_frame
from mrv.simulation.country_months import days_in, number_in_year
from mrv.simulation.industry_pen import GUIDE
from mrv.simulation.industry_specs import default
from mrv.simulation.integers import divide_half_up, texts, ticks
from mrv.simulation.numbers import MOLAR

PLACES = {
    "fuel_consumption": 2, "fuel_consumption_dry": 2, "fuel_input": 2, "fuel_output": 2, "net_calorific_value": 3,
    "moisture_ar": 2, "reported_emission": 2, "material_consumption": 2, "substitute_consumption": 2,
    "carbon_product_output": 2, "crude_steel_output": 2, "process_product_output": 2, "hot_metal_carbon": 2, "run_hours": 2,
    "clinker_output": 2, "clinker_stock_opening": 2, "clinker_purchased": 2, "clinker_sold": 2, "clinker_used": 2,
    "clinker_stock_closing": 2, "carbide_slag_ratio": 2, "raw_meal_consumption": 2, "process_electricity": 3,
    "purchased_electricity": 3, "aluminium_output": 2, "anode_consumption": 2, "anode_net_consumption": 2,
    "anode_sulphur": 2, "anode_ash": 2, "line_current": 3, "operating_cells": 2, "dc_electricity": 3, "ac_electricity": 3,
}  # fmt: skip
CARBON_DIOXIDE, CARBON = (int(mass) for mass in MOLAR)
REPORT = "生产月报"


@dataclass
class Entry:
    """One parameter of one stream: `rows` (n,) numbers of unit-months, `ints` (n,) filed, counted in 10^-`places`."""

    stream_id: str
    parameter: str
    rows: np.ndarray
    ints: np.ndarray
    places: int
    marks: dict[str, str]


@dataclass
class Sheet:
    """The unit-months of one sector, and what is filed for them.

    `there` (plants, names) says which plant has which of the units `names`, in alphabetical order; a unit-month has the number
    unit × months + month, so that numbers follow the order of keys.
    """

    sector: str
    plant_ids: list[str]
    names: list[str]
    there: np.ndarray
    months: list[str]
    rng: np.random.Generator
    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.plant, self.unit = np.nonzero(self.there)

    def rows(self, *names: str) -> np.ndarray:
        """Numbers (n,) of all months of the units with some names, in their order."""
        units = np.flatnonzero(np.isin(self.unit, [self.names.index(name) for name in names]))
        return (units[:, None] * len(self.months) + np.arange(len(self.months))).ravel()

    def unit_of(self, rows: np.ndarray) -> np.ndarray:
        """Number of the unit of each unit-month."""
        return rows // len(self.months)

    def plant_of(self, rows: np.ndarray) -> np.ndarray:
        """Number of the plant of each unit-month."""
        return self.plant[self.unit_of(rows)]

    def month_of(self, rows: np.ndarray) -> np.ndarray:
        """Month `YYYY-MM` of each unit-month."""
        return np.array(self.months, dtype=object)[rows % len(self.months)]

    def days(self, rows: np.ndarray) -> np.ndarray:
        """Days in the month of each unit-month."""
        return days_in(np.array(self.months, dtype=object))[rows % len(self.months)]

    def season(self, rows: np.ndarray) -> np.ndarray:
        """0 for January … 11 for December, of each unit-month."""
        return number_in_year(np.array(self.months, dtype=object))[rows % len(self.months)]

    def habit(self, rows: np.ndarray, low: float, high: float, noise: float = 0.0) -> np.ndarray:
        """A mean that each unit keeps, within bounds, and a relative deviation from month to month, cut at two of `noise`."""
        means = self.rng.uniform(low, high, len(self.plant))
        return means[self.unit_of(rows)] * self.spread(len(rows), noise)

    def spread(self, count: int, noise: float) -> np.ndarray:
        """Factors (count,) around one, cut at two standard deviations."""
        return 1 + np.clip(self.rng.normal(0, 1, count), -2, 2) * noise

    def coin(self, rows: np.ndarray, share: float) -> np.ndarray:
        """The same answer for all months of a unit: true for a share of the units."""
        return (self.rng.random(len(self.plant)) < share)[self.unit_of(rows)]

    def file(
        self, stream: str, parameter: str, rows: np.ndarray, ints: np.ndarray, method: str = "measured", **marks: str
    ) -> None:
        """Write integers down in the decimals that plants use."""
        marks |= {"method": method, "source_document": REPORT}
        self.entries.append(Entry(stream, parameter, rows, ints, PLACES[parameter], marks))

    def observe(self, stream: str, parameter: str, rows: np.ndarray, values: np.ndarray, **marks: str) -> np.ndarray:
        """Write floats (n,) down as measured; returns the integers."""
        ints = ticks(values, PLACES[parameter])
        self.file(stream, parameter, rows, ints, **marks)
        return ints

    def default(self, stream: str, subject: str, parameter: str, rows: np.ndarray) -> tuple[int, int]:
        """Copy a default of the guide into the filing; returns the integer and its decimals."""
        value = default(self.sector, subject, parameter)
        places = max(0, -int(value.as_tuple().exponent))
        whole = int(value.scaleb(places))
        marks = {"method": "default", "source_document": GUIDE}
        self.entries.append(Entry(stream, parameter, rows, np.full(len(rows), whole), places, marks))
        return whole, places

    def fuel(
        self, stream: str, rows: np.ndarray, used: np.ndarray, net: np.ndarray | None, oxidised: bool, fc_source: str
    ) -> None:
        """A purchased fuel: consumption in 0.01 t or 0.01·1e4Nm3, tested heat value in 0.001 GJ (None: the default), emission."""
        self.file(stream, "fuel_consumption", rows, used, origin="purchased", fc_source=fc_source)
        places = PLACES["net_calorific_value"]
        if net is None:
            heat, places = self.default(stream, stream, "net_calorific_value", rows)
            net = np.full(len(rows), heat)
        else:
            self.file(stream, "net_calorific_value", rows, net)
        per_heat, more = self.default(stream, stream, "carbon_per_heat", rows)
        scale = CARBON * 10 ** (places + more)
        above = used * net * per_heat * CARBON_DIOXIDE
        if oxidised:
            rate, decimals = self.default(stream, stream, "oxidation_rate", rows)
            above, scale = above * rate, scale * 10 ** (2 + decimals)
        self.file(stream, "reported_emission", rows, divide_half_up(above, scale), "calculated")

    def tested_or_default(
        self, stream: str, rows: np.ndarray, used: np.ndarray, net: np.ndarray, tested: np.ndarray, oxidised: bool
    ) -> None:
        """A fuel from the pipe whose heat value is tested by some plants (`tested` (n,) bool); the others take the default."""
        self.fuel(stream, rows[tested], used[tested], net[tested], oxidised, "settlement")
        self.fuel(stream, rows[~tested], used[~tested], None, oxidised, "settlement")

    def sum_of_plants(self, rows: np.ndarray, ints: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Sum over the units of a plant in each month, for the unit-months `at` of its enterprise."""
        months = len(self.months)
        totals = np.zeros(len(self.plant_ids) * months, dtype=np.int64)
        np.add.at(totals, self.plant_of(rows) * months + rows % months, ints)
        return totals[self.plant_of(at) * months + at % months]

    def frame(self) -> pd.DataFrame:
        """The table `parameter`."""
        of, month = np.divmod(np.arange(len(self.plant) * len(self.months)), len(self.months))
        places = Places(
            self.sector,
            self.plant_ids,
            self.plant,
            self.names,
            self.unit,
            of,
            np.array(self.months, dtype=object)[month],
        )
        filed = [
            Filed(one.stream_id, one.parameter, one.rows, texts(one.ints, one.places), one.marks)
            for one in self.entries
            if len(one.rows)
        ]
        return filed_frame(places, filed)

"""What a rule may look at: the canonical tables of a batch, the computed emissions, and wide views of both.

Views are floats (screening only) and computed once per batch, whatever the number of rules.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mrv.accounting.accounts import Accounts
from mrv.accounting.inputs import each_distinct, sorted_codes
from schemas import TABLES
from schemas.vocabulary import FUELS, PARAMETERS, fuel_of

if TYPE_CHECKING:
    from mrv.screening.presence import Presence

STREAM_KEY = ["plant_id", "sector", "unit_id", "stream_id", "month"]
UNIT_KEY = ["plant_id", "sector", "unit_id", "month"]


def empty(table: str) -> pd.DataFrame:
    """An empty canonical frame."""
    return pd.DataFrame({name: pd.Series(dtype="str") for name in TABLES[table].names})


def numbers(texts: pd.Series) -> pd.Series:
    """Canonical text as floats, NaN where absent."""
    return pd.to_numeric(texts, errors="coerce").astype(float)


@dataclass
class Case:
    """One batch under screening.

    Attributes
    ----------
    tables : canonical frames of accepted rows, history included
    accounts : the emissions computed from them
    focus : columns plant_id, sector, month: the filings being judged; rows elsewhere are history
    as_of : the day of judgement, None in an offline check without one
    faults : what intake and the schema check found
    attachments : SHA-256 values of evidence files at hand, by (plant_id, month)
    evidence_owed : whether the filings are deposits, which owe their evidence: one without an evidence list has an empty list
    """

    tables: dict[str, pd.DataFrame]
    accounts: Accounts
    focus: pd.DataFrame
    as_of: date | None = None
    faults: pd.DataFrame = field(default_factory=pd.DataFrame)
    attachments: pd.DataFrame = field(default_factory=pd.DataFrame)
    evidence_owed: bool = False

    def table(self, name: str) -> pd.DataFrame:
        """A canonical frame with a fresh 0..n-1 index (so that the index is the `position` of a finding)."""
        if name not in self._fresh:
            self._fresh[name] = self.tables[name].reset_index(drop=True) if name in self.tables else empty(name)
        return self._fresh[name]

    def of(self, sectors: frozenset[str]) -> "Case":
        """The case with nothing but the filings of some sectors: parameters, accounts and focus.

        Rows keep their index, so that a `position` found in a view is one of the whole case. Views are made once; where
        nothing is left out the view is the case itself.
        """
        if sectors not in self._views:
            filed = self.table("parameter")
            inside = filed["sector"].isin(sectors)
            judged = self.focus["sector"].isin(sectors)
            if inside.all() and judged.all():
                return self
            parts = {name: self._part(name, sectors) for name in ("lines", "unit_months", "unit_years", "plant_months")}
            view = replace(self, accounts=Accounts(**parts), focus=self.focus[judged])
            view._fresh.update(self._fresh)
            view._fresh["parameter"] = filed[inside]
            self._views[sectors] = view
        return self._views[sectors]

    def _part(self, name: str, sectors: frozenset[str]) -> pd.DataFrame:
        frame: pd.DataFrame = getattr(self.accounts, name)
        return frame[frame["sector"].isin(sectors)]

    @cached_property
    def _views(self) -> dict[frozenset[str], "Case"]:
        return {}

    @cached_property
    def _fresh(self) -> dict[str, pd.DataFrame]:
        return {}

    def _wide(self, level: str, key: list[str]) -> pd.DataFrame:
        parameter = self.table("parameter")
        names = [name for name, entry in PARAMETERS.items() if entry.level == level]
        rows = parameter.loc[parameter["parameter"].isin(names), [*key, "parameter", "value"]]
        wide, codes = sorted_codes(rows, key)
        values = numbers(rows["value"]).to_numpy()
        kind, kinds = pd.factorize(rows["parameter"])
        which = pd.Index(names).get_indexer(pd.Index(kinds))[kind] if len(kinds) else kind
        grid = np.full((len(wide), len(names)), np.nan)
        grid[codes, which] = values
        return pd.concat([wide, pd.DataFrame(grid, columns=names)], axis=1)

    @cached_property
    def presence(self) -> "Presence":
        """What each judged filing has of what rules need: `mrv.screening.presence`."""
        from mrv.screening.presence import Presence

        return Presence(self)

    @cached_property
    def streams(self) -> pd.DataFrame:
        """One row per plant, sector, unit, stream, month: every stream-level parameter as float, and `fuel`, `coal`."""
        wide = self._wide("stream", STREAM_KEY)
        wide["fuel"] = each_distinct(wide["stream_id"], fuel_of)
        wide["coal"] = each_distinct(wide["fuel"], lambda fuel: fuel in FUELS and FUELS[fuel].coal).astype(bool)
        return wide

    @cached_property
    def units(self) -> pd.DataFrame:
        """One row per plant, sector, unit, month: unit-level parameters as float, joined with the register.

        Register columns: `unit_class`, `product_class`, `boiler_type`, `cooling_mode`, `merged_with`, `standby` (text) and
        `capacity` [MW]; absent for a unit that is not registered. `hours_in_month` [h].
        """
        wide = self._wide("unit", UNIT_KEY)
        register = self.table("unit").drop_duplicates(["plant_id", "unit_id"])
        texts = ["unit_class", "product_class", "boiler_type", "cooling_mode", "merged_with", "standby", "fuels"]
        joined = wide.merge(
            register[["plant_id", "unit_id", "capacity", *texts]], on=["plant_id", "unit_id"], how="left"
        )
        joined["registered"] = joined["capacity"].notna()
        joined["capacity"] = numbers(joined["capacity"])
        joined[texts] = joined[texts].fillna("")
        joined["hours_in_month"] = hours_in_month(joined["month"])
        return joined

    @cached_property
    def heat(self) -> pd.DataFrame:
        """One row per plant, sector, unit, month: fuel heat `fuel_heat` [GJ] of all streams of the unit."""
        streams = self.streams.assign(fuel_heat=self.streams["fuel_consumption"] * self.streams["net_calorific_value"])
        return streams.groupby(UNIT_KEY, as_index=False)["fuel_heat"].sum(min_count=1)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Power units as they burn fuel, merged units taken together: `mrv.screening.groups.power_groups`."""
        from mrv.screening.groups import power_groups

        return power_groups(self)

    @cached_property
    def facilities(self) -> pd.DataFrame:
        """Lines, processes and enterprises of the industrial sectors: `mrv.screening.facilities.facility_months`."""
        from mrv.screening.facilities import facility_months

        return facility_months(self)

    @cached_property
    def reports(self) -> pd.DataFrame:
        """Laboratory reports as floats: `mrv.screening.analyses.laboratory_reports`."""
        from mrv.screening.analyses import laboratory_reports

        return laboratory_reports(self)

    @cached_property
    def days(self) -> pd.DataFrame:
        """Daily coal as floats: `mrv.screening.daily.days_of_coal`."""
        from mrv.screening.daily import days_of_coal

        return days_of_coal(self)

    @cached_property
    def meters(self) -> pd.DataFrame:
        """Monthly meter rows as floats, corrected where due: `mrv.screening.month_meters.meter_rows`."""
        from mrv.screening.month_meters import meter_rows

        return meter_rows(self)

    @cached_property
    def plan(self) -> pd.DataFrame:
        """Lines of the control plan in force in each judged filing: `mrv.screening.plan_lines.in_force`."""
        from mrv.screening.plan_lines import in_force

        return in_force(self)

    @cached_property
    def slips(self) -> pd.DataFrame:
        """Values a power of ten off, over the whole batch: `mrv.screening.slips.slips`."""
        from mrv.screening.slips import slips

        return slips(self)


def hours_in_month(months: pd.Series) -> pd.Series:
    """Hours of each calendar month [h]; NaN for text that is no month."""
    return pd.to_datetime(months, format="%Y-%m", errors="coerce").dt.days_in_month * 24.0

"""Which filings have what a rule needs: one boolean per judged filing and need, each need looked up once."""

from functools import cached_property

import numpy as np
import pandas as pd

from mrv.accounting.inputs import sorted_codes
from mrv.screening.case import Case
from mrv.screening.rule import Rule

FOCUS = ["plant_id", "sector", "month"]
# What holds beyond the month it was filed in, and the table it stands in.
LASTING = {"facility": "facility", "meter": "meter", "control_plan": "control_plan", "event": "event"}
# The register of a sector's units; a sector that is not named here has lines and processes.
REGISTERS = {"power": "unit"}


class Presence:
    """Needs of a case, over its judged filings: `filings` has `FOCUS` columns, one row each, sorted.

    A filing has a thing when its plant and month have it; a parameter, when its plant, month and sector have it.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.filings = case.focus[FOCUS].drop_duplicates().sort_values(FOCUS, ignore_index=True)
        self._plant, self._plants = _coded(self.filings["plant_id"])
        self._month, self._months = _coded(self.filings["month"])
        self._sector, self._sectors = _coded(self.filings["sector"])
        self._known: dict[str, np.ndarray] = {}

    def of(self, need: str) -> np.ndarray:
        """Which filings have one thing: booleans (filings,)."""
        if need not in self._known:
            self._known[need] = self._look_up(need)
        return self._known[need]

    def all_of(self, needs: tuple[str, ...]) -> np.ndarray:
        """Which filings have everything: booleans (filings,)."""
        result = np.ones(len(self.filings), dtype=bool)
        for need in needs:
            result &= self.of(need)
        return result

    def any_of(self, rule: Rule) -> bool:
        """Whether any filing of the rule's sectors has everything that it needs."""
        concerned = self.filings["sector"].isin(rule.sectors).to_numpy()
        return bool((concerned & self.all_of(rule.needs)).any())

    def _look_up(self, need: str) -> np.ndarray:
        if need == "as_of":
            return np.full(len(self.filings), self.case.as_of is not None)
        if need == "evidence" and self.case.evidence_owed:
            return np.full(len(self.filings), True)
        if need == "register":
            own = [REGISTERS.get(sector, "facility") for sector in self._sectors]
            found = self._nothing.copy()
            for table in set(own):
                of_table = np.isin(self._sector, [code for code, name in enumerate(own) if name == table])
                found |= of_table & self._lasting(table)
            return found
        if need in LASTING:
            return self._lasting(LASTING[need])
        if need == "attachments":
            attached = self.case.attachments
            return self._with(attached["plant_id"], attached["month"]) if len(attached) else self._nothing
        if need == "history":
            return self._history
        if need.startswith("parameter."):
            return self._parameters.get(need.removeprefix("parameter."), self._nothing)
        rows = self.case.table(need)
        return self._with(rows["plant_id"], rows["month"] if "month" in rows.columns else rows["day"].str[:7])

    def _lasting(self, table: str) -> np.ndarray:
        return np.isin(self._plant, self._places(self.case.table(table)["plant_id"], self._plants))

    @property
    def _nothing(self) -> np.ndarray:
        return np.zeros(len(self.filings), dtype=bool)

    @cached_property
    def _parameters(self) -> dict[str, np.ndarray]:
        """By parameter name, the filings that filed it."""
        rows = self.case.table("parameter")
        kind, kinds = _coded(rows["parameter"])
        pair, sector = self._pairs(rows["plant_id"], rows["month"]), self._places(rows["sector"], self._sectors)
        known = (pair >= 0) & (sector >= 0)
        size = len(self._plants) * len(self._months)
        held = np.zeros((len(kinds), len(self._sectors) * size), dtype=bool)
        held[kind[known], (sector * size + pair)[known]] = True
        own = self._sector * size + self._plant * len(self._months) + self._month
        return {name: held[place, own] for place, name in enumerate(kinds)}

    @cached_property
    def _history(self) -> np.ndarray:
        """Filings of plants that have parameters of more than one month."""
        months = sorted_codes(self.case.table("parameter"), ["plant_id", "month"])[0]["plant_id"]
        return np.isin(self._plant, self._places(months[months.duplicated()], self._plants))

    def _with(self, plants: pd.Series, months: pd.Series) -> np.ndarray:
        return np.isin(self._plant * len(self._months) + self._month, self._pairs(plants, months))

    def _pairs(self, plants: pd.Series, months: pd.Series) -> np.ndarray:
        """Number of each plant and month among those of the filings, -1 elsewhere."""
        plant, month = self._places(plants, self._plants), self._places(months, self._months)
        return np.where((plant >= 0) & (month >= 0), plant * len(self._months) + month, -1)

    @staticmethod
    def _places(texts: pd.Series, known: pd.Index) -> np.ndarray:
        code, names = _coded(texts)
        return known.get_indexer(names)[code] if len(names) else code


def _coded(texts: pd.Series) -> tuple[np.ndarray, pd.Index]:
    code, names = pd.factorize(texts)
    return code, pd.Index(names, dtype=object)

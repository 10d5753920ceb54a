"""What the tables of an industrial report start from: the lines and processes of the year, and every value as it was filed."""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import pandas as pd

from emission_factors import Factors
from mrv.accounting.accounts import Accounts
from mrv.accounting.decimals import to_decimal
from mrv.reporting import annual_words as words
from mrv.reporting.annual_context import Context, context, empty
from mrv.reporting.annual_grid import MONTHS, Grid
from schemas.vocabulary import ENTERPRISE_UNIT, PARAMETERS, PROCESSES

LINE = "line"
KEY = ("plant_id", "unit_id", "stream_id", "parameter", "month")
TEXTS = ("value", "method", "source_document", "origin")


@dataclass(frozen=True, eq=False)
class Industry(Context):
    """The plants of one industrial sector in a report year. `units` are the registered lines and processes.

    tables : the canonical tables of the whole batch, as accounting was given them
    """

    meters: pd.DataFrame
    flue_gas: pd.DataFrame
    tables: dict[str, pd.DataFrame]

    @cached_property
    def members(self) -> pd.DataFrame:
        """Registered facilities; none of them is merged with another."""
        frame = self.units[["plant_id", "unit_id"]].drop_duplicates()
        return frame.assign(group=frame["unit_id"])

    @cached_property
    def cells(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """What was filed: value, method, source document and origin by plant, unit, stream, parameter and month."""
        frame = self.tables["parameter"]
        frame = frame[(frame["sector"] == self.sector) & (frame["month"].str[:4] == self.year)]
        keys = frame[list(KEY)].itertuples(index=False, name=None)
        return dict(zip(keys, frame[list(TEXTS)].itertuples(index=False, name=None), strict=True))

    @cached_property
    def files(self) -> dict[tuple[str, ...], str]:
        """Names of the evidence files by the key of `cells`."""
        result: dict[tuple[str, ...], list[str]] = {}
        for *key, name in self.evidence[[*KEY, "evidence_file"]].itertuples(index=False, name=None):
            result.setdefault(tuple(key), []).append(name)
        return {key: "; ".join(dict.fromkeys(names)) for key, names in result.items()}

    def text(self, grid: Grid, parameter: str, column: str) -> np.ndarray:
        """A column of `TEXTS` on a grid, or `files`; (n, 12), empty where not filed. Quantities of a unit have no stream."""
        result = np.full((len(grid), MONTHS), "", dtype=object)
        of_stream = parameter in PARAMETERS and PARAMETERS[parameter].level == "stream"
        for line, (plant, unit, stream) in enumerate(grid.keys.itertuples(index=False, name=None)):
            for month, period in enumerate(grid.periods):
                key = (plant, unit, stream if of_stream else "", parameter, period)
                if column == "files":
                    result[line, month] = self.files.get(key, "")
                elif key in self.cells:
                    result[line, month] = self.cells[key][TEXTS.index(column)]
        return result

    def value(self, grid: Grid, parameter: str) -> np.ndarray:
        """The filed numbers of a parameter on a grid, (n, 12)."""
        return to_decimal(self.text(grid, parameter, "value").ravel()).reshape(len(grid), MONTHS)

    def documents(self, grid: Grid, parameter: str) -> np.ndarray:
        """Documents named in the filing and evidence files, (n, 12)."""
        named, files = self.text(grid, parameter, "source_document"), self.text(grid, parameter, "files")
        both = (named != "") & (files != "") & (named != files)
        return np.where(both, named + "; " + files, np.where(named == "", files, named)).astype(object)

    @cached_property
    def state(self) -> np.ndarray:
        """Why a unit has no data in a month, in the words of the industrial sectors; shape (units, 12)."""
        state = super().state  # a cached property of the parent: read once, kept here
        state = np.where(state == words.NOT_COMMISSIONED, words.NOT_IN_OPERATION, state)
        return np.where(state == words.CLOSED, words.SHUT_DOWN, state).astype(object)

    def state_of(self, grid: Grid) -> np.ndarray:
        """The state of the unit of each line of a grid, (n, 12)."""
        index = pd.MultiIndex.from_frame(self.reporting_grid.keys[["plant_id", "unit_id"]])
        return self.state[index.get_indexer(pd.MultiIndex.from_frame(grid.keys[["plant_id", "unit_id"]]))]

    @cached_property
    def _owing(self) -> np.ndarray:
        """Which units owe every month: lines, whatever filed for itself, and the enterprise where the guide asks it; (units,)."""
        filed = set(self.parameter[["plant_id", "unit_id"]].itertuples(index=False, name=None))
        kinds = self.units.set_index(["plant_id", "unit_id"])["process"].to_dict()
        enterprise = bool(self.rules.required_of("enterprise"))

        def owes(plant: str, unit: str) -> bool:
            if unit == ENTERPRISE_UNIT:
                return enterprise
            kind = PROCESSES.get(kinds.get((plant, unit), ""))
            return (plant, unit) in filed or (kind is not None and kind.role == LINE)

        pairs = self.reporting_grid.keys[["plant_id", "unit_id"]].itertuples(index=False, name=None)
        return np.array([owes(*pair) for pair in pairs], dtype=bool)

    def plant_state(self, plants: Grid) -> tuple[np.ndarray, np.ndarray]:
        """Why the plant as a whole has no or no full number in a month (n, 12), and how many months lack something (n,)."""
        states = np.full((len(plants), MONTHS), "", dtype=object)
        missing = np.zeros(len(plants), dtype=int)
        of_plant = self.reporting_grid.keys["plant_id"].to_numpy(dtype=object)
        for line, plant in enumerate(plants.keys["plant_id"]):
            mine = self.state[(of_plant == plant) & self._owing]
            if not len(mine):
                continue
            lacking = (mine == words.NOT_DEPOSITED).any(axis=0)
            nothing = (mine != "").all(axis=0)
            missing[line] = int(lacking.sum())
            states[line] = np.where(nothing, mine[0], np.where(lacking, words.LINES_PARTLY_DEPOSITED, ""))
        return states, missing


def industry(
    tables: dict[str, pd.DataFrame],
    accounts: Accounts,
    findings: pd.DataFrame,
    year: str,
    factors: Factors,
    sector: str,
) -> Industry:
    """Cuts what the pipeline knows to the plants that filed anything for an industrial sector in a year."""
    here = context(tables, accounts, findings, year, factors, sector)
    plants = set(here.parameter["plant_id"])

    def mine(name: str) -> pd.DataFrame:
        frame = tables[name] if name in tables and len(tables[name]) else empty(name)
        return frame[frame["plant_id"].isin(plants)].reset_index(drop=True).astype(object)

    facilities, register = mine("facility"), mine("plant")
    known = {field.name: getattr(here, field.name) for field in fields(here)}
    known["units"] = facilities[facilities["sector"] == sector].reset_index(drop=True)
    # A plant that is registered for another of its sectors only is still the same enterprise.
    known["plants"] = pd.concat([here.plants, register]).drop_duplicates("plant_id")
    flue_gas = mine("flue_gas_daily")
    return Industry(**known, meters=mine("meter"), flue_gas=flue_gas[flue_gas["day"].str[:4] == year], tables=tables)

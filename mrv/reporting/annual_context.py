"""What every table of a report starts from: the units and fuels of the year, and which months are there."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from re import split

import numpy as np
import pandas as pd

from emission_factors import Factors, RuleSet, fuel_group, rule_set
from mrv.accounting.accounts import Accounts
from mrv.accounting.register import groups, reporting_units
from mrv.reporting.annual_grid import KEY, MONTHS, Filed, Grid
from mrv.reporting.annual_words import CLOSED, NOT_COMMISSIONED, NOT_DEPOSITED, months_missing
from schemas import TABLES
from schemas.vocabulary import fuel_of

SECTOR = "power"
FILED_COLUMNS = [*KEY, "sector", "month", "parameter", "value", "method", "source_document", "carbon_scheme"]
ANALYSED = ("carbon_content_ar", "carbon_content_ad", "carbon_content_d")  # what a laboratory report is the source of


def empty(table: str) -> pd.DataFrame:
    """A canonical frame without rows."""
    return pd.DataFrame({name: pd.Series(dtype="str") for name in TABLES[table].names})


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """Sort key under which U2 stands before U10."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in split(r"(\d+)", text))


def lines_of(frame: pd.DataFrame, year: str) -> Grid:
    """The grid of the different plants, units and streams of a frame, in natural order."""
    keys = list(frame[KEY].drop_duplicates().itertuples(index=False, name=None))
    keys.sort(key=lambda key: tuple(natural(part) for part in key))
    return Grid(pd.DataFrame(keys, columns=KEY, dtype="str"), year)


@dataclass(frozen=True, eq=False)
class Context:
    """The plants of one sector in a report year: tables, accounts and findings, each cut to the year, sector and plants."""

    year: str
    sector: str
    factors: Factors
    parameter: pd.DataFrame
    plants: pd.DataFrame
    units: pd.DataFrame
    evidence: pd.DataFrame
    accounts: Accounts
    findings: pd.DataFrame

    @cached_property
    def rules(self) -> RuleSet:
        """The rule set that shapes the report: the one in force at the end of the year."""
        return rule_set(self.sector, f"{self.year}-12")

    @cached_property
    def members(self) -> pd.DataFrame:
        """Registered units with the reporting unit each belongs to (`mrv.accounting.register.groups`)."""
        return groups(self.units)

    @cached_property
    def reporting(self) -> pd.DataFrame:
        """Class, capacity, boiler and cooling of each reporting unit."""
        return reporting_units(self.units, self.plants)

    @cached_property
    def _group_of(self) -> dict[tuple[str, str], str]:
        return self.members.set_index(["plant_id", "unit_id"])["group"].to_dict()

    def grouped(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A frame with each unit under its reporting unit."""
        pairs = zip(frame["plant_id"], frame["unit_id"], strict=True)
        return frame.assign(unit_id=[self._group_of.get(pair, pair[1]) for pair in pairs])

    @cached_property
    def streams(self) -> Grid:
        """Fossil fuels of each unit, as filed."""
        rows = self.parameter[self.parameter["stream_id"] != ""]
        rows = rows[KEY].drop_duplicates()
        fossil = [fuel_group(fuel_of(stream)) is not None for stream in rows["stream_id"]]
        return lines_of(rows[np.array(fossil, dtype=bool)], self.year)

    @cached_property
    def reporting_grid(self) -> Grid:
        """Reporting units: registered ones, and whatever was filed for."""
        registered = self.members.assign(unit_id=self.members["group"])
        both = pd.concat([registered[["plant_id", "unit_id"]], self._filed_months[["plant_id", "unit_id"]]])
        return lines_of(both.assign(stream_id=""), self.year)

    @cached_property
    def filed_units(self) -> Filed:
        """Unit-level rows on the grid of reporting units."""
        return Filed(self.reporting_grid, self.grouped(self.parameter[self.parameter["stream_id"] == ""]))

    @cached_property
    def filed_streams(self) -> Filed:
        """Fuel rows on the grid of streams."""
        return Filed(self.streams, self.parameter[self.parameter["stream_id"] != ""])

    @cached_property
    def _filed_months(self) -> pd.DataFrame:
        """Reporting units and months with a row of any kind."""
        return self.grouped(self.parameter[["plant_id", "unit_id", "month"]].drop_duplicates()).assign(stream_id="")

    @cached_property
    def state(self) -> np.ndarray:
        """Why a reporting unit has no data in a month: a reason, empty where it deposited something; shape (units, 12)."""
        grid = self.reporting_grid
        rows = self._filed_months
        deposited = grid.put(grid.place(rows), np.ones(len(rows), dtype=object), 0).astype(bool)
        state = np.where(deposited, "", NOT_DEPOSITED)
        begin, end = self._service()
        months = np.array(grid.periods)[None, :]
        state = np.where(~deposited & (months < begin[:, None]), NOT_COMMISSIONED, state)
        return np.where(~deposited & (months > end[:, None]), CLOSED, state).astype(object)

    def _service(self) -> tuple[np.ndarray, np.ndarray]:
        """First and last month of service of each reporting unit, as far as the register says."""
        keys = list(self.reporting_grid.keys[["plant_id", "unit_id"]].itertuples(index=False, name=None))
        dates = self.grouped(self.units)
        begin = dict.fromkeys(keys, "9999-99")
        end = dict.fromkeys(keys, "")
        columns = ["plant_id", "unit_id", "commissioned_on", "closed_on"]
        for plant, unit, commissioned, closed in dates[columns].itertuples(index=False, name=None):
            if (plant, unit) in begin:
                begin[plant, unit] = min(begin[plant, unit], commissioned[:7])
                end[plant, unit] = max(end[plant, unit], closed[:7] or "9999-99")
        first = np.array([begin[key] if begin[key] != "9999-99" else "" for key in keys], dtype=object)
        return first, np.array([end[key] or "9999-99" for key in keys], dtype=object)

    @cached_property
    def missing(self) -> np.ndarray:
        """Number of months in which a reporting unit in service deposited nothing, shape (units,)."""
        return (self.state == NOT_DEPOSITED).sum(axis=1)

    def year_state(self, missing: np.ndarray, provisional: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Reason and provisional mark of yearly numbers: incomplete, or resting on a provisional month. Shapes (n,)."""
        reasons = np.array([months_missing(count) if count else "" for count in missing], dtype=object)
        unsure = (missing > 0) | (provisional == "yes").any(axis=1)
        return reasons, np.where(unsure, "yes", "no").astype(object)

    @cached_property
    def unit_of_stream(self) -> np.ndarray:
        """Position in `reporting_grid` of the unit of each line of `streams`."""
        keys = self.grouped(self.streams.keys[["plant_id", "unit_id"]])
        index = pd.MultiIndex.from_frame(self.reporting_grid.keys[["plant_id", "unit_id"]])
        return index.get_indexer(pd.MultiIndex.from_frame(keys))

    @cached_property
    def _evidence_of_units(self) -> Filed:
        return Filed(self.reporting_grid, self.grouped(self.evidence))

    @cached_property
    def _evidence_of_streams(self) -> Filed:
        return Filed(self.streams, self.evidence)

    def sources(self, filed: Filed, parameters: Sequence[str]) -> np.ndarray:
        """Where the months of a row come from: the documents named in the filing and the evidence files, (n, 12)."""
        named = filed.first_text(parameters, "source_document")
        evidence = self._evidence_of_units if filed is self.filed_units else self._evidence_of_streams
        files = evidence.all_texts(parameters, "evidence_file")
        both = (named != "") & (files != "") & (named != files)
        return np.where(both, named + "; " + files, np.where(named == "", files, named))


def context(
    tables: dict[str, pd.DataFrame],
    accounts: Accounts,
    findings: pd.DataFrame,
    year: str,
    factors: Factors,
    sector: str = SECTOR,
) -> Context:
    """Cuts what the pipeline knows to the plants that filed anything for a sector in a year."""

    def table(name: str) -> pd.DataFrame:
        return tables[name] if name in tables and len(tables[name]) else empty(name)

    everything = table("parameter")
    everything = everything[everything["month"].str[:4] == year]
    parameter = everything[everything["sector"] == sector][FILED_COLUMNS]
    parameter = parameter.astype(
        object
    )  # taking parts of object columns is an order of magnitude faster than of Arrow text
    plants = set(parameter["plant_id"])

    def mine(frame: pd.DataFrame, period: str = "") -> pd.DataFrame:
        kept = frame["plant_id"].isin(plants)
        if "sector" in frame:
            kept &= frame["sector"] == sector
        if period:
            kept &= frame[period].astype("str").str[:4] == year
        return frame[kept].reset_index(drop=True).astype(object)

    analyses = table("coal_analysis")
    reports = [analyses.assign(parameter=name) for name in ANALYSED]
    columns = [*KEY, "month", "parameter", "evidence_file"]
    evidence = pd.concat([frame[columns] for frame in (table("evidence"), *reports)])
    years = accounts.unit_years
    register = table("plant")
    about = findings[findings["plant_id"].isin(plants) & findings["period"].str[:4].isin([year, ""])]
    return Context(
        year,
        sector,
        factors,
        parameter.reset_index(drop=True),
        mine(register),
        mine(table("unit")),
        mine(evidence[evidence["evidence_file"] != ""], "month"),
        Accounts(
            mine(accounts.lines, "month"),
            mine(accounts.unit_months, "month"),
            mine(years, "year"),
            mine(accounts.plant_months, "month"),
        ),
        _of_sector(about, everything, sector),
    )


def _of_sector(findings: pd.DataFrame, parameter: pd.DataFrame, sector: str) -> pd.DataFrame:
    """Findings without those of units that the same plant files for another sector only."""
    if "sector" in findings:
        return findings[findings["sector"].isin([sector, ""])]
    pairs = parameter[["plant_id", "unit_id", "sector"]].drop_duplicates()
    here = set(pairs.loc[pairs["sector"] == sector, ["plant_id", "unit_id"]].itertuples(index=False, name=None))
    there = set(pairs.loc[pairs["sector"] != sector, ["plant_id", "unit_id"]].itertuples(index=False, name=None))
    others = there - here
    if not others:
        return findings
    units = findings[["plant_id", "unit_id"]].itertuples(index=False, name=None)
    return findings[np.array([pair not in others for pair in units], dtype=bool)]


def reasons_of(state: np.ndarray, values: np.ndarray, otherwise: str | np.ndarray) -> np.ndarray:
    """Why a month is blank: the state of the unit, else `otherwise` (a text, or (n, 1)); empty where there is a value."""
    blank = np.frompyfunc(lambda value: value is None, 1, 1)(values).astype(bool)
    return np.where(blank, np.where(state == "", otherwise, state), "").astype(object)


def matrix(texts: str, like: np.ndarray) -> np.ndarray:
    """A matrix full of one text."""
    return np.full((len(like), MONTHS), texts, dtype=object)

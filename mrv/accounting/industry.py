"""What the industrial sectors share: lines of the account, and factor rows chosen by the rule set of each month."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from emission_factors import Factors, RuleSet, co2_per_carbon, fuel_group, rule_set
from mrv.accounting import process
from mrv.accounting.accounts import LINE_COLUMNS
from mrv.accounting.combustion import HUNDRED, fuel_heat
from mrv.accounting.inputs import STREAM_KEY, choose, each_distinct, only, present, sorted_codes, wide
from mrv.accounting.power import rounded_rows
from schemas.vocabulary import MATERIALS, fuel_of, stream_state

Input = tuple[str, np.ndarray]
FUEL_PARAMETERS = ("fuel_consumption", "fuel_input", "fuel_output", "net_calorific_value", "carbon_per_heat")
FUEL_TEXTS = (("net_calorific_value", "method"), ("carbon_per_heat", "method"), ("fuel_consumption", "origin"))


@dataclass(frozen=True)
class Sectoral:
    """One industrial sector in a batch: its accepted rows, its facilities, the rule set of each month, the factors."""

    sector: str
    parameter: pd.DataFrame
    facilities: pd.DataFrame
    sets: dict[str, RuleSet]
    factors: Factors

    @classmethod
    def of(cls, sector: str, parameter: pd.DataFrame, facilities: pd.DataFrame, factors: Factors) -> "Sectoral":
        mine = facilities[facilities["sector"] == sector]
        sets = {month: rule_set(sector, month) for month in parameter["month"].unique()}
        return cls(sector, parameter, mine, sets, factors)

    def of_months(self, wanted: str, name: str) -> list[str]:
        """Months whose rule set takes the method `wanted` for a subject."""
        return [month for month, rules in self.sets.items() if rules.method(name) == wanted]

    def facility(self, frame: pd.DataFrame, column: str) -> np.ndarray:
        """A register column of the unit of each row, empty where the unit is not registered."""
        known = self.facilities.drop_duplicates(["plant_id", "unit_id"])[["plant_id", "unit_id", column]]
        found = frame[["plant_id", "unit_id"]].merge(known, on=["plant_id", "unit_id"], how="left")
        return found[column].fillna("").to_numpy(dtype=object)

    def factor(
        self, frame: pd.DataFrame, subjects: np.ndarray | pd.Series, parameter: str
    ) -> tuple[np.ndarray, np.ndarray]:
        """Process factor of each row's subject: value and row id, None and empty where no row holds."""
        asked = frame[["month"]].assign(sector=self.sector, subject=np.asarray(subjects), parameter=parameter)
        asked["candidate"] = self._candidates(asked["month"], asked["subject"], parameter)
        return self.factors.as_of_many("process_factors", asked)

    def fuel_default(self, frame: pd.DataFrame, parameter: str) -> tuple[np.ndarray, np.ndarray]:
        """Default of a fuel property: value and row id. Cement takes the oxidation rate of the equipment first."""
        asked = frame[["month", "fuel"]].assign(sector=self.sector, parameter=parameter)
        asked["candidate"] = self._candidates(asked["month"], asked["fuel"], parameter)
        if parameter == "oxidation_rate":
            return self.factors.oxidation_many(asked.assign(boiler_type=frame["equipment"], altitude=""))
        return self.factors.as_of_many("fuels", asked)

    def _candidates(self, months: pd.Series, subjects: pd.Series, parameter: str) -> np.ndarray:
        # Asked once per month and subject, never row by row.
        pairs, codes = sorted_codes(pd.DataFrame({"month": months, "subject": subjects}), ["month", "subject"])
        found = [
            self.factors.candidate(self.sets[month], subject, parameter)
            for month, subject in pairs.itertuples(index=False, name=None)
        ]
        return np.array(found, dtype=object)[codes]

    def fuels(self) -> pd.DataFrame:
        """Fossil streams with what was filed of them; `fuel`, `state`, `equipment`."""
        frame = wide(self.parameter, STREAM_KEY, FUEL_PARAMETERS, FUEL_TEXTS)
        frame["fuel"] = each_distinct(frame["stream_id"], fuel_of)
        fossil = each_distinct(frame["fuel"], lambda fuel: fuel_group(fuel) is not None).astype(bool)
        frame = frame[fossil].reset_index(drop=True)
        frame["state"] = each_distinct(frame["stream_id"], stream_state)
        frame["equipment"] = self.facility(frame, "combustion_equipment")
        return frame

    def materials(self, roles: Sequence[str], *parameters: str) -> pd.DataFrame:
        """Streams of materials that play one of some roles in this sector, with what was filed of them; `material`."""
        frame = wide(self.parameter, STREAM_KEY, parameters)
        frame["material"] = each_distinct(frame["stream_id"], fuel_of)

        def plays(material: str) -> bool:
            entry = MATERIALS.get((self.sector, material))
            return entry is not None and entry.role in roles

        return frame[each_distinct(frame["material"], plays).astype(bool)].reset_index(drop=True)


def measured(frame: pd.DataFrame, parameter: str) -> np.ndarray:
    """A filed value that is not declared to be the default: a default is always the one of the table."""
    return only(frame[f"{parameter}:method"] != "default", frame[parameter])


def lines_of(
    sectoral: Sectoral,
    frame: pd.DataFrame,
    source: str,
    formula: str | np.ndarray,
    inputs: Sequence[Input],
    emission: np.ndarray,
    ids: Sequence[np.ndarray] = (),
    level: str = "total",
    gas: str = "CO2",
    tonnes: np.ndarray | None = None,
    **columns: np.ndarray,
) -> pd.DataFrame:
    """Lines of the account, one per row of a frame that has the stream key.

    emission : unrounded [tCO2e]; a row without one (a factor is not known) gives a line without a number. inputs : what the
    formula multiplies, in its order. ids : factor row ids of each input that came from a table, empty where it was filed.
    tonnes : of the gas itself, where that is not CO2. columns : further columns of a line.
    """
    result = frame[STREAM_KEY].reset_index(drop=True)
    for name in LINE_COLUMNS:
        if name not in result:
            result[name] = None
    result["source"], result["level"], result["gas"], result["formula"] = source, level, gas, formula
    names = [name for name, _ in inputs]
    pairs = zip(*(values for _, values in inputs), strict=True)
    result["inputs"] = [
        tuple((name, value) for name, value in zip(names, values, strict=True) if value is not None) for values in pairs
    ]
    result["activity"] = inputs[0][1]
    for name, values in columns.items():
        result[name] = values
    result["tco2"] = rounded_rows(emission, frame["month"], sectoral.sets)
    result["tonnes"] = result["tco2"] if tonnes is None else tonnes
    result["factors"] = [" ".join(part for part in parts if part) for parts in zip(*ids, strict=True)] if ids else ""
    result["substituted"] = ""
    result["rule_set"] = each_distinct(frame["month"], lambda month: sectoral.sets[month].id).to_numpy(dtype=object)
    result["provisional"] = False
    return result[LINE_COLUMNS]


def fuel_lines(
    sectoral: Sectoral,
    frame: pd.DataFrame,
    quantity: str,
    heat: tuple[np.ndarray, np.ndarray],
    carbon: tuple[np.ndarray, np.ndarray],
    oxidation: tuple[np.ndarray, np.ndarray],
    formula: str,
    source: str = "combustion",
    level: str = "total",
    sign: int = 1,
) -> pd.DataFrame:
    """Lines of fuels. heat, carbon, oxidation : value and row id of each; sign −1 for what leaves a process."""
    amount = frame[quantity].to_numpy()
    emission = process.balance_emission(amount, heat[0], carbon[0], oxidation[0], co2_per_carbon())
    if sign < 0:
        emission = np.array([None if value is None else -value for value in emission], dtype=object)
    balance = np.array([rate == HUNDRED for rate in oxidation[0]], dtype=bool)
    inputs = [(quantity, amount), ("net_calorific_value", heat[0]), ("carbon_per_heat", carbon[0])]
    # A balance has no oxidation rate: 100 % is not an input that anybody stated.
    inputs.append(("oxidation_rate", only(~balance, oxidation[0])))
    return lines_of(
        sectoral, frame, source, formula, inputs, emission, (heat[1], carbon[1], oxidation[1]), level,
        net_calorific_value=heat[0], carbon_per_heat=carbon[0], oxidation_rate=oxidation[0],
        heat=fuel_heat(amount, heat[0]),
    )  # fmt: skip


def filed_or_default(filed: np.ndarray, default: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The filed value, else the default; the row id is empty where the filed value is used."""
    return choose(filed, default[0]), np.where(present(filed), "", default[1])


def combustion_lines(sectoral: Sectoral, formula: str, equipment: str = "") -> pd.DataFrame:
    """Lines of all fuels of a sector that burns them with an oxidation rate: filed properties, else the defaults.

    equipment : what a fuel is burnt in where the register does not say, for sectors whose rate depends on it
    """
    frame = sectoral.fuels()
    frame = frame[present(frame["fuel_consumption"])].reset_index(drop=True)
    if frame.empty:
        return frame
    frame["equipment"] = frame["equipment"].where(frame["equipment"] != "", equipment)
    heat, carbon = (
        filed_or_default(measured(frame, name), sectoral.fuel_default(frame, name))
        for name in ("net_calorific_value", "carbon_per_heat")
    )
    oxidation = sectoral.fuel_default(frame, "oxidation_rate")
    return fuel_lines(sectoral, frame, "fuel_consumption", heat, carbon, oxidation, formula)


def joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Lines put together, sorted by their key; `LINE_COLUMNS` when there are none."""
    there = [part for part in parts if len(part)]
    if not there:
        return pd.DataFrame(columns=LINE_COLUMNS)
    return pd.concat(there, ignore_index=True).sort_values(
        [*STREAM_KEY, "level", "source", "gas", "formula"], ignore_index=True, kind="stable"
    )


def full(count: int, value: Decimal | str) -> np.ndarray:
    """An object array (count,) of one value."""
    return np.full(count, value, dtype=object)

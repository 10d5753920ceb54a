"""The one as-of look-up: which row of a table holds for a key in a month."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache

import numpy as np
import pandas as pd

from emission_factors.grouping import distinct, fold_month, fold_number
from emission_factors.rule_set import RuleSet
from emission_factors.table import MONTH, NUMBER, SPECS, Entry, FactorRow, entries_of, overlaps, package_rows, row_of


class NoFactor(KeyError):
    """No row of a table holds for the key in the month."""

    def __str__(self) -> str:
        return str(self.args[0])


class Factors:
    """All tables, with the rows of the package and those an operator imported.

    `extra` maps a table to further rows (column name → text, the columns of the table's CSV), for example
    `{"oxidation": import_oxidation(path).rows}`. The package itself keeps no state. ValueError when two rows would
    answer the same question, naming both ids, or when a row is badly formed; raised on the first use of the table.

    `choices` maps `subject.parameter` to the candidate to take instead of the one the rule set picks: what the result would be
    if another document held. Nothing that is reported is ever computed with choices.
    """

    def __init__(
        self,
        extra: Mapping[str, Iterable[Mapping[str, str]]] | None = None,
        choices: Mapping[str, str] | None = None,
    ) -> None:
        self._choices = dict(choices or {})
        self._extra = {table: tuple(dict(row) for row in rows) for table, rows in (extra or {}).items()}
        unknown = sorted(set(self._extra) - set(SPECS))
        if unknown:
            raise KeyError(f"no table {unknown[0]!r}; there are {', '.join(SPECS)}")
        self._rows: dict[str, tuple[FactorRow, ...]] = {}
        self._index: dict[str, dict[tuple[str, ...], list[Entry]]] = {}

    def rows(self, table: str) -> tuple[FactorRow, ...]:
        """All rows of a table, superseded ones included, in file order; imported rows last."""
        if table not in self._rows:
            rows = (*package_rows(table), *(row_of(table, cells) for cells in self._extra.get(table, ())))
            ids = Counter(row.id for row in rows)
            for row in rows:
                if ids[row.id] > 1:
                    raise ValueError(f"{table}: the id {row.id!r} is used twice")
                if row.superseded_by and row.superseded_by not in ids:
                    raise ValueError(f"{table}: row {row.id!r} is superseded by {row.superseded_by!r}, which is absent")
            entries = [entry for row in rows for entry in entries_of(row)]
            for one, other in overlaps(table, entries):
                raise ValueError(f"{table}: rows {one.id!r} and {other.id!r} are valid at the same time for one key")
            index: dict[tuple[str, ...], list[Entry]] = {}
            for entry in entries:
                index.setdefault(entry.key, []).append(entry)
            self._rows[table], self._index[table] = rows, index
        return self._rows[table]

    def row(self, row_id: str) -> FactorRow:
        """The row with an id, whatever its table; NoFactor when there is none. For explaining a stored number."""
        for table in SPECS:
            for row in self.rows(table):
                if row.id == row_id:
                    return row
        raise NoFactor(f"no factor row has the id {row_id!r}")

    def find(self, table: str, month: str, **key: str) -> FactorRow | None:
        """The row that holds in `month` (YYYY-MM), or None.

        The key columns of each table stand in `SPECS`; the oxidation table also takes `altitude` [m], exact decimal
        text, empty when unknown (then only a row for every altitude answers). TypeError for a wrong set of keys,
        ValueError for a month that is none.
        """
        spec = SPECS[table]
        key = dict(spec.defaults) | key
        expected = {*spec.keys, *([spec.range_key] if spec.range_key else [])}
        if set(key) != expected:
            raise TypeError(f"{table} is looked up by {sorted(expected)}, not by {sorted(key)}")
        if not MONTH.fullmatch(month):
            raise ValueError(f"a month is written YYYY-MM, not {month!r}")
        return self._find(table, month, tuple(key[name] for name in spec.keys), key.get(spec.range_key, ""))

    def _find(self, table: str, month: str, words: tuple[str, ...], number: str) -> FactorRow | None:
        self.rows(table)
        spec, index = SPECS[table], self._index[table]
        position = Decimal(number) if NUMBER.fullmatch(number) else None
        any_word = tuple("" if name in spec.wild else word for name, word in zip(spec.keys, words, strict=True))
        for key in dict.fromkeys((words, any_word)):
            for entry in index.get(key, ()):
                if entry.row.holds_in(month) and entry.covers(position):
                    return entry.row
        return None

    def _entries(self, table: str) -> list[Entry]:
        self.rows(table)
        return [entry for filed in self._index[table].values() for entry in filed]

    def as_of(self, table: str, month: str, **key: str) -> FactorRow:
        """Like `find`, but NoFactor when no row holds."""
        row = self.find(table, month, **key)
        if row is None:
            words = ", ".join(f"{name}={value!r}" for name, value in key.items())
            raise NoFactor(f"{table} has no row for {words} in {month}")
        return row

    def as_of_many(self, table: str, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """The value and the row id for each row of a frame.

        Parameters: `frame` holds text columns `month` (YYYY-MM) and the key columns of the table (`altitude` [m] too
        for oxidation); other columns are ignored. Returns two object arrays of the frame's length, in its order:
        values as `Decimal` in the unit of the rows, None where no row holds; row ids, empty there. A malformed month
        finds no row. KeyError when a column is absent.
        """
        return self.first_of_many((table,), frame)

    def first_of_many(self, tables: Sequence[str], frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Like `as_of_many`, asking each table in turn until one answers."""
        names = list(dict.fromkeys(name for table in tables for name in ("month", *_columns(table))))
        entries = {table: self._entries(table) for table in tables}
        folds = {"month": fold_month(entry for found in entries.values() for entry in found)}
        folds |= {SPECS[table].range_key: fold_number(found) for table, found in entries.items()}
        left_out = {name: word for table in tables for name, word in SPECS[table].defaults if name not in frame}
        frame = frame.assign(**left_out)
        codes, questions = distinct(frame, names, folds)
        values = np.empty(len(questions), dtype=object)
        ids = np.full(len(questions), "", dtype=object)
        for position, question in enumerate(questions):
            asked = dict(zip(names, question, strict=True))
            if not MONTH.fullmatch(asked["month"]):
                continue
            for table in tables:
                spec = SPECS[table]
                words = tuple(asked[name] for name in spec.keys)
                row = self._find(table, asked["month"], words, asked.get(spec.range_key, ""))
                if row is not None:
                    values[position], ids[position] = row.value, row.id
                    break
        return values[codes], ids[codes]

    def default_many(self, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Default NCV or carbon per unit heat of streams without a compliant test, as `as_of_many`.

        `frame`: month, sector, fuel, parameter (`net_calorific_value` [GJ/t, GJ/1e4Nm3], `carbon_per_heat` [tC/GJ]),
        unit_class. A coal of a power unit takes the penalty values, never a coal row of the industrial sectors.
        """
        return self.first_of_many(("substitution", "fuels"), frame)

    def oxidation_many(self, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Carbon oxidation rate [%] of streams, as `as_of_many`.

        `frame`: month, sector, fuel, boiler_type, altitude [m]. From 2026 a power stream has a rate only where the
        national database was imported; elsewhere the value is None and the id empty.
        """
        return self.first_of_many(("oxidation", "fuels"), frame.assign(parameter="oxidation_rate"))

    def choosing(self, choices: Mapping[str, str]) -> "Factors":
        """The same tables with other candidates taken where documents disagree."""
        return Factors(self._extra, choices)

    def candidate(self, rules: RuleSet, subject: str, parameter: str) -> str:
        """The candidate that holds for a subject under a rule set."""
        return self._choices.get(f"{subject}.{parameter}") or rules.candidate(subject, parameter)

    def threshold(self, rule: str, name: str, month: str = "9999-12") -> FactorRow:
        """The limit a rule uses; the newest one unless a month is given."""
        return self.as_of("thresholds", month, rule=rule, name=name)

    def constant(self, name: str) -> FactorRow:
        """A physical or definitional constant; constants hold in every month."""
        return self.as_of("constants", "9999-12", name=name)


def _columns(table: str) -> tuple[str, ...]:
    spec = SPECS[table]
    return (*spec.keys, spec.range_key) if spec.range_key else spec.keys


@cache
def factors() -> Factors:
    """The tables as they ship, without imported rows."""
    return Factors()


def find(table: str, month: str, **key: str) -> FactorRow | None:
    """`Factors.find` on the tables as they ship."""
    return factors().find(table, month, **key)


def as_of(table: str, month: str, **key: str) -> FactorRow:
    """`Factors.as_of` on the tables as they ship."""
    return factors().as_of(table, month, **key)


def as_of_many(table: str, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """`Factors.as_of_many` on the tables as they ship."""
    return factors().as_of_many(table, frame)


def threshold(rule: str, name: str, month: str = "9999-12") -> FactorRow:
    """`Factors.threshold` on the tables as they ship."""
    return factors().threshold(rule, name, month)


def constant(name: str) -> FactorRow:
    """`Factors.constant` on the tables as they ship."""
    return factors().constant(name)


def co2_per_carbon() -> tuple[Decimal, Decimal]:
    """Numerator and denominator of 44/12 [tCO2/tC]: multiply by the first, then divide by the second."""
    return constant("co2_per_carbon_numerator").value, constant("co2_per_carbon_denominator").value

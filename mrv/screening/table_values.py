"""Filed factors beside the value of the factor tables that holds for them, exactly as decimals."""

import numpy as np
import pandas as pd

from emission_factors import factors
from mrv.accounting.decimals import to_decimal
from mrv.screening.case import Case
from mrv.screening.deposit_list import rules_of
from mrv.screening.rows import filed_instead, offending

Values = np.ndarray


def process_values(rows: pd.DataFrame, subjects: pd.Series) -> Values:
    """The process factor of each row (columns sector, month, parameter) for its subject: object array, None where none holds."""
    return _asked("process_factors", rows.assign(subject=subjects), "subject")


def fuel_values(rows: pd.DataFrame) -> Values:
    """The default of each row's fuel (columns sector, month, parameter, fuel): object array, None where none holds."""
    return _asked("fuels", rows, "fuel")


def candidates(rows: pd.DataFrame, subject: str) -> list[str]:
    """The candidate that the rule set of each row takes, asked once per distinct question."""
    names = ["sector", "month", subject, "parameter"]
    known = {}
    for sector, month, name, parameter in rows[names].drop_duplicates().itertuples(index=False, name=None):
        rules = rules_of(sector, month)
        known[sector, month, name, parameter] = factors().candidate(rules, name, parameter) if rules else ""
    return [known[key] for key in rows[names].itertuples(index=False, name=None)]


def _asked(table: str, rows: pd.DataFrame, subject: str) -> Values:
    if rows.empty:
        return np.empty(0, dtype=object)
    return factors().as_of_many(table, rows.assign(candidate=candidates(rows, subject)))[0]


def of_method(rows: pd.DataFrame, subject: str, wanted: str) -> pd.Series:
    """Which rows stand in a month whose rule set takes the method `wanted` for a subject."""
    pairs = rows[["sector", "month"]].drop_duplicates().itertuples(index=False, name=None)
    known = {(sector, month) for sector, month in pairs if _method(sector, month, subject) == wanted}
    keys = zip(rows["sector"], rows["month"], strict=True)
    return pd.Series([key in known for key in keys], index=rows.index, dtype=bool)


def _method(sector: str, month: str, subject: str) -> str:
    rules = rules_of(sector, month)
    return rules.method(subject) if rules else ""


def filed_rows(case: Case, *parameters: str) -> pd.DataFrame:
    """Rows of the `parameter` table with one of some parameters; the index is the position."""
    rows = case.table("parameter")
    return rows[rows["parameter"].isin(parameters)]


def off_table(rows: pd.DataFrame, right: Values) -> pd.DataFrame:
    """Filed rows whose value is not the one of the table, with that value as `expected` and as what would have been filed.

    rows : rows of the `parameter` table, index = position. right : Decimal or None for each (None is not judged).
    """
    differs = np.array(
        [
            wanted is not None and value is not None and value != wanted
            for value, wanted in zip(to_decimal(rows["value"]), right, strict=True)
        ],
        dtype=bool,
    )
    bad = rows[differs]
    texts = pd.Series([f"{value:f}" for value in right[differs]], index=bad.index, dtype="str")
    result = offending(
        bad,
        parameter=bad["parameter"],
        value=bad["value"],
        expected=texts,
        table="parameter",
        position=bad.index,
        counterfactual="",
    )
    for name in bad["parameter"].unique():
        mine = bad.index[bad["parameter"] == name]
        result.loc[mine, "counterfactual"] = filed_instead(mine, **{str(name): texts[mine]})
    return result

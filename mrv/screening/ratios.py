"""Quantities per tonne of product held against an experience range, and the declaration of a rule that does so."""

import pandas as pd

from mrv.screening.rows import fixed, flag, offending, plain
from mrv.screening.rule import Body, Rule, Text
from mrv.screening.thresholds import limit

EPSILON = 1e-9  # binary floats; never decides about a digit that was filed


def over(amount: pd.Series, base: pd.Series) -> pd.Series:
    """Quotient; NaN where the base is absent or not above zero."""
    return amount / base.where(base > 0)


def outside_range(
    rows: pd.DataFrame,
    rule: str,
    ratio: pd.Series,
    parameter: str,
    unit: str,
    places: int,
    low_holds: pd.Series | None = None,
) -> pd.DataFrame:
    """Rows whose ratio lies outside the thresholds `low` and `high` of a rule (both inclusive).

    low_holds : where the lower limit means anything (elsewhere only the upper one is asked). Adds `ratio` and `expected`.
    """
    low, high = limit(rule, "low"), limit(rule, "high")
    below = ratio < low - EPSILON
    if low_holds is not None:
        below &= low_holds
    bad = rows[below | (ratio > high + EPSILON)]
    return offending(
        bad, parameter=parameter, ratio=fixed(ratio[bad.index], places), expected=f"{plain(low)}–{plain(high)} {unit}"
    )


def ratio_rule(
    code: str,
    severity: str,
    sectors: frozenset[str],
    title: Text,
    what: Text,
    unit: str,
    body: Body,
    needs: tuple[str, ...],
    basis: str,
    fix: Text,
) -> Rule:
    """The rule of a body that ends in `outside_range`; `what` names the ratio within a sentence, `unit` stands behind its value."""
    return Rule(
        code=code,
        title=title,
        severity=severity,
        kind="anomaly",
        basis=(basis,),
        sectors=sectors,
        needs=needs,
        body=body,
        waivable=True,
        message=Text(
            f"{{period}} {{unit_id}}的{what.zh}为 {{ratio}} {unit}，经验范围为 {{expected}}。",
            f"{{period}}: {what.en} of {{unit_id}} is {{ratio}} {unit}; experience says {{expected}}.",
        ),
        why=flag(
            f"{what.zh}由工艺和原料决定，偏离多为单位、小数点、漏报或归错月份。",
            f"Process and materials set {what.en}; a departure is mostly a unit, a decimal point, an omission or the wrong month.",
        ),
        fix=fix,
    )

"""Thresholds of the rules, read from the threshold table: a limit is a named row with source, never a literal."""

from functools import cache

from emission_factors.lookup import threshold


@cache
def limit(rule: str, name: str) -> float:
    """The threshold `name` of a rule as float (screening only). NoFactor when the table has no such row."""
    return float(threshold(rule, name).value)

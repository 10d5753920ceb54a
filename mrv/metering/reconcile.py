"""Monthly quantities from meters beside the values filed for the same unit, stream and parameter."""

from decimal import Decimal

import pandas as pd

from mrv.metering import exact

_KEY = ["plant_id", "unit_id", "stream_id", "parameter", "month"]
COLUMNS = [
    *_KEY, "sector", "meters", "metered", "metered_unit", "filed", "filed_unit", "difference", "status",
    "hours_expected", "hours_present", "longest_gap", "file_sha256", "sheet", "cell",
]  # fmt: skip


def reconcile(meter_month: pd.DataFrame, parameter: pd.DataFrame) -> pd.DataFrame:
    """Pair metered with filed quantities, one row per plant, unit, stream, parameter and month that either side has.

    Takes the canonical tables `meter_month` and `parameter`; of the latter only quantities that some meter of the
    same plant and unit measures. Meters of one quantity are added up. Returns text: `meters` (identifiers joined by
    `;`), `metered`, `filed`, `difference` = metered - filed (exact), `status`: `both`, `metered_only`, `filed_only`,
    or `other_unit` when units differ, in which case nothing is compared, because a unit is never converted; the
    fewest hours present and longest gap of the meters; where the filed value stands. Absent is `""`. Sorted by key.
    """
    metered = _sums(meter_month)
    measured = metered[["plant_id", "unit_id", "stream_id", "parameter"]].drop_duplicates()
    filed = parameter.merge(measured, how="inner")
    filed = filed.rename(columns={"value": "filed", "unit": "filed_unit"})
    filed = filed[[*_KEY, "sector", "filed", "filed_unit", "file_sha256", "sheet", "cell"]]
    pairs = metered.merge(filed, on=_KEY, how="outer").fillna("").astype("str")
    compared = [
        _compare(*values)
        for values in zip(pairs["metered"], pairs["filed"], pairs["metered_unit"], pairs["filed_unit"], strict=True)
    ]
    pairs["status"] = pd.Series([status for status, _ in compared], dtype="str")
    pairs["difference"] = pd.Series([difference for _, difference in compared], dtype="str")
    return pairs[COLUMNS].sort_values([*_KEY, "sector", "cell"], ignore_index=True)


def _compare(metered: str, filed: str, metered_unit: str, filed_unit: str) -> tuple[str, str]:
    """The status of one pair and its difference."""
    if not filed:
        return "metered_only", ""
    if not metered_unit:
        return "filed_only", ""
    if metered_unit != filed_unit or not metered:
        return "other_unit", ""
    return "both", _total([metered, "-" + filed if filed[0] != "-" else filed[1:]])


def _total(texts: list[str]) -> str:
    """Sum of decimal texts, of any number of digits."""
    numbers = [exact.whole(Decimal(text)) for text in texts]
    places = max(digits for _, digits in numbers)
    return exact.plain(sum(number * 10 ** (places - digits) for number, digits in numbers), places)


def _sums(meter_month: pd.DataFrame) -> pd.DataFrame:
    """Meters of one quantity added up; without a sum where they count in different units."""
    rows = []
    for key, group in meter_month.sort_values("meter_id").groupby(_KEY, sort=True):
        units = sorted(set(group["unit"]))
        rows.append(
            {
                **dict(zip(_KEY, key, strict=True)),
                "meters": ";".join(group["meter_id"]),
                "metered": _total(list(group["quantity"])) if len(units) == 1 else "",
                "metered_unit": ";".join(units),
                "hours_expected": max(group["hours_expected"], key=Decimal),
                "hours_present": min(group["hours_present"], key=Decimal),
                "longest_gap": max(group["longest_gap"], key=Decimal),
            }
        )
    names = [*_KEY, "meters", "metered", "metered_unit", "hours_expected", "hours_present", "longest_gap"]
    return pd.DataFrame(rows, columns=names, dtype="str")

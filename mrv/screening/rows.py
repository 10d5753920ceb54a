"""Small helpers that rule bodies share: offending rows, numbers as texts, severities, counterfactuals, words."""

import json
from typing import Any

import numpy as np
import pandas as pd

from mrv.screening.rule import Text

GUIDE = "CETS-AG-01.01-V04-2026"
CHECKS = "CETS-VG-01.01-V02-2026"
_KEY = ("plant_id", "sector", "unit_id", "stream_id", "month")


def offending(rows: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    """The key columns of `rows` with further columns: a series on the same index, an array, or one value for all."""
    return rows[[name for name in _KEY if name in rows.columns]].assign(**columns)


def fixed(values: pd.Series, decimals: int) -> pd.Series:
    """Floats as texts with so many decimals; NaN as the empty text."""
    texts = [f"{value:.{decimals}f}" if np.isfinite(value) else "" for value in values.to_numpy(dtype=float)]
    return pd.Series(texts, index=values.index, dtype="str")


def plain(value: float) -> str:
    """A limit as a short text: `0.5`, `95.5`, `300`."""
    return f"{value:.10g}"


def graded(blocks: pd.Series, must_answer: pd.Series | None = None) -> pd.Series:
    """Severity of each row: `blocks`, else `must_answer`; with a second mask, `note` where neither holds."""
    rest: Any = "must_answer" if must_answer is None else np.where(must_answer, "must_answer", "note")
    return pd.Series(np.where(blocks, "blocks", rest), index=blocks.index, dtype="str")


def filed_instead(index: pd.Index, **parameters: Any) -> pd.Series:
    """Counterfactual of each row as JSON: per parameter a series of texts, one text, or None (the row is taken away).

    A row whose series holds the empty text has no counterfactual.
    """
    texts = []
    for place in index:
        one = {name: entry.at[place] if isinstance(entry, pd.Series) else entry for name, entry in parameters.items()}
        texts.append("" if "" in one.values() else json.dumps(one, sort_keys=True, separators=(",", ":")))
    return pd.Series(texts, index=index, dtype="str")


# As if no carbon test had been made: accounting then takes the penalty values.
UNTESTED: dict[str, None] = {"carbon_content_ad": None, "carbon_content_ar": None, "carbon_content_d": None}


def flag(zh: str, en: str) -> Text:
    """Why a screening flag matters, closed by what a flag is not."""
    return Text(f"{zh}提示不等于错误，说明清楚即可。", f"{en} A flag is not a proof of an error.")


def relative(value: pd.Series, reference: pd.Series) -> pd.Series:
    """Difference of `value` from `reference` [% of the reference]; NaN where the reference is 0 or absent."""
    return (value - reference) / reference.where(reference != 0) * 100.0

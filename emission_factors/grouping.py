"""Few questions from many rows: the different keys of a frame, months and altitudes that no row tells apart folded.

A table changes in few months and at few altitudes; a plant-year asks with thousands of them. Texts that lie between the
same limits get the same answer, so one of them is asked for all.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping
from decimal import Decimal

import numpy as np
import pandas as pd

from emission_factors.table import MONTH, NUMBER, Entry

Fold = Callable[[str], Hashable]


def fold_month(entries: Iterable[Entry]) -> Fold:
    """Where a month lies among the first and last months of the rows; a malformed month stands for itself."""
    rows = {entry.row.id: entry.row for entry in entries}.values()
    starts, ends = sorted(row.valid_from for row in rows), sorted(row.valid_to for row in rows if row.valid_to)
    return lambda text: (bisect_right(starts, text), bisect_left(ends, text)) if MONTH.fullmatch(text) else text


def fold_number(entries: Iterable[Entry]) -> Fold:
    """Where a number lies among the limits of the rows; all texts that are no number are alike."""
    entries = list(entries)
    lows = sorted(entry.low for entry in entries if entry.low is not None)
    highs = sorted(entry.high for entry in entries if entry.high is not None)

    def fold(text: str) -> Hashable:
        if not NUMBER.fullmatch(text):
            return None
        number = Decimal(text)
        return bisect_right(lows, number), bisect_right(highs, number)

    return fold


def distinct(
    frame: pd.DataFrame, names: list[str], folds: Mapping[str, Fold]
) -> tuple[np.ndarray, list[tuple[str, ...]]]:
    """The position of each row's question in the list of different questions, and that list.

    A question is the texts of the columns `names`; an absent value counts as empty. Texts that the fold of their
    column does not tell apart are replaced by the first of them.
    """
    codes = np.zeros(len(frame), dtype=np.int64)
    questions: list[tuple[str, ...]] = [()] if len(frame) else []
    for name in names:
        found, words = pd.factorize(frame[name], use_na_sentinel=False)
        texts = ["" if pd.isna(word) else str(word) for word in words]
        fold = folds.get(name, str)
        place, first = np.empty(len(texts), dtype=np.int64), dict[Hashable, int]()
        for position, text in enumerate(texts):
            place[position] = first.setdefault(fold(text), position)
        codes, pairs = pd.factorize(codes * max(len(texts), 1) + place[found])
        questions = [(*questions[pair // len(texts)], texts[pair % len(texts)]) for pair in pairs.tolist()]
    return codes, questions

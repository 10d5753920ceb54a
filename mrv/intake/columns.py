"""One column of texts as written → canonical texts, with what was normalised and what could not be read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd

from mrv.intake.dates import fast_timestamps, read_date, read_month, read_timestamp
from mrv.intake.reading import NOTHING, PLAIN_NUMBER, Reading, folded, read_number
from mrv.intake.words import choice_reader, read_parameter, read_stream, read_unit
from schemas.column import Column

_BY_NAME: dict[str, Callable[[str], Reading]] = {
    "parameter": read_parameter,
    "stream_id": read_stream,
    "unit": read_unit,
}
FEW = 5000
_MAY_BE_NOTHING = frozenset({"decimal", "date", "month", "choice"})


@dataclass
class ReadColumn:
    """`values`: canonical text of each line; `notes`, `faults`: kind by line position, only where there is one."""

    values: pd.Series
    notes: dict[int, str] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)


def _reader(column: Column, date1904: bool) -> Callable[[str], Reading] | None:
    if column.kind == "choice":
        return choice_reader(column)
    readers: dict[str, Callable[[str], Reading]] = {
        "decimal": read_number,
        "date": partial(read_date, date1904=date1904),
        "month": partial(read_month, date1904=date1904),
        "timestamp": read_timestamp,
    }
    return readers.get(column.kind, _BY_NAME.get(column.name))


def _distinct_values(column: Column, distinct: list[str], reader: Callable[[str], Reading]) -> list[Reading]:
    quick = [""] * len(distinct)
    if column.kind == "timestamp":
        quick = fast_timestamps(pd.Series(distinct, dtype="str")).tolist()
    readings = []
    for text, known in zip(distinct, quick, strict=True):
        if known:
            readings.append(Reading(known))
        elif not column.required and column.kind in _MAY_BE_NOTHING and folded(text) in NOTHING:
            readings.append(Reading("", "nothing_mark"))
        else:
            readings.append(reader(text))
    return readings


def _read_few(column: Column, written: pd.Series, reader: Callable[[str], Reading]) -> ReadColumn:
    texts = [text.strip() for text in written.tolist()]
    distinct = list(dict.fromkeys(texts))
    readings = dict(zip(distinct, _distinct_values(column, distinct, reader), strict=True))
    return ReadColumn(
        pd.Series([readings[text].value for text in texts], index=written.index, dtype="str"),
        {line: readings[text].note for line, text in enumerate(texts) if readings[text].note},
        {line: readings[text].fault for line, text in enumerate(texts) if readings[text].fault},
    )


def read_column(column: Column, written: pd.Series, date1904: bool = False) -> ReadColumn:
    """Canonical texts of one column.

    Each distinct text is read once; numbers already in canonical form, the bulk of any large file, are not touched.
    A short column goes through plain lists, which cost less than vector operations to set up; both ways read the same.
    """
    reader = _reader(column, date1904)
    if reader is not None and len(written) <= FEW:
        return _read_few(column, written, reader)
    texts = written.str.strip()
    if reader is None:
        return ReadColumn(texts)
    if column.kind == "decimal":
        odd = np.flatnonzero(~(texts.str.fullmatch(PLAIN_NUMBER) | (texts == "")).to_numpy(dtype=bool))
    else:
        odd = np.arange(len(texts))
    if not len(odd):
        return ReadColumn(texts)
    codes, distinct = pd.factorize(texts.iloc[odd])
    readings = _distinct_values(column, list(distinct), reader)
    fresh = pd.array([reading.value for reading in readings], dtype="str").take(codes)
    if len(odd) == len(texts):
        values = pd.Series(fresh, index=texts.index)
    else:
        values = texts.copy()
        values.iloc[odd] = pd.Series(fresh)
    result = ReadColumn(values)
    for attribute, found in (("note", result.notes), ("fault", result.faults)):
        kinds = np.array([getattr(reading, attribute) for reading in readings], dtype=object)
        lines = np.flatnonzero(kinds[codes] != "")
        found.update(zip(odd[lines].tolist(), kinds[codes[lines]].tolist(), strict=True))
    return result


def settle_percents(read: ReadColumn, written: pd.Series, percent: np.ndarray) -> None:
    """A percent sign is fine where the unit is % (`percent` true); elsewhere the value stays as written, a fault."""
    for line, kind in list(read.notes.items()):
        if kind == "percent" and not percent[line]:
            del read.notes[line]
            read.faults[line] = "percent_in_other_unit"
            read.values.iloc[line] = written.iloc[line].strip()

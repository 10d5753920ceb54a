"""Text file → grid: encoding, delimiter, records with the physical line each begins on."""

import codecs
import csv
import io
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from mrv.intake.grid import Grid
from mrv.intake.refusal import Deadline, RefusedError
from mrv.intake.result import Limits
from mrv.intake.sniff import obvious_utf16

DELIMITERS = (",", ";", "\t", "|")
_CHECK_EVERY = 1 << 15


def decode(data: bytes) -> tuple[str, str]:
    """Text and the encoding it was in: byte-order mark, else strict UTF-8, else GB18030; never a guess by frequency.

    Raises RefusedError `unknown_encoding`.
    """
    if data.startswith(codecs.BOM_UTF8):
        candidates: tuple[str, ...] = ("utf-8-sig",)
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ("utf-16",)
    elif b"\0" in data[:4096]:
        candidates = (obvious_utf16(data[:4096]),)
    else:
        candidates = ("utf-8", "gb18030")
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" not in text:
            return text, encoding
    raise RefusedError("unknown_encoding")


def _plain(text: str, delimiter: str, width: int) -> pd.DataFrame | None:
    """The fast way, for text without quotes or blank lines where every line has `width` fields; else None."""
    names = [str(column) for column in range(width)]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(text.encode()),
            read_options=arrow_csv.ReadOptions(column_names=names),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter, quote_char=False),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    frame = table.to_pandas().astype("str")
    frame.columns = pd.RangeIndex(width)
    return frame


def _records(
    text: str, delimiter: str, limits: Limits, deadline: Deadline, quoting: Literal[0, 3] = csv.QUOTE_MINIMAL
) -> tuple[list[list[str]], list[int]]:
    """The exact way: records that are not blank, and the line each begins on."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=quoting == csv.QUOTE_MINIMAL
    )
    records, numbers, start = [], [], 1
    for record in reader:
        if any(record):
            records.append(record)
            numbers.append(start)
            if len(record) > limits.csv_columns:
                raise RefusedError("too_many_columns", limit=limits.csv_columns)
            if len(records) > limits.csv_rows:
                raise RefusedError("too_many_rows", limit=limits.csv_rows)
            if len(records) % _CHECK_EVERY == 0:
                deadline.check()
        start = reader.line_num + 1
    return records, numbers


def _exact(text: str, delimiter: str, limits: Limits, deadline: Deadline) -> tuple[pd.DataFrame, np.ndarray]:
    try:
        records, numbers = _records(text, delimiter, limits, deadline)
    except csv.Error:
        # A stray or unclosed quotation mark would swallow lines; every line then stands for itself, marks and all.
        try:
            records, numbers = _records(text, delimiter, limits, deadline, csv.QUOTE_NONE)
        except csv.Error as error:
            raise RefusedError("cell_too_long", limit=limits.cell_characters, where="CSV") from error
    width = max((len(record) for record in records), default=0)
    padded = (record + [""] * (width - len(record)) for record in records)
    columns = {column: pd.Series(values, dtype="str") for column, values in enumerate(zip(*padded, strict=True))}
    return pd.DataFrame(columns), np.array(numbers, dtype=np.int64)


def read_text(text: str, delimiter: str, sheet: str, limits: Limits, deadline: Deadline) -> Grid:
    """Records of a delimited text as a grid. `sheet` is empty, or the member's name inside a zip.

    Raises RefusedError: `too_many_rows`, `too_many_columns`, `cell_too_long`, `too_slow`.
    """
    text = text.rstrip("\r\n")
    lines = text.count("\n") + 1
    if lines > limits.csv_rows + 1 and '"' not in text:
        raise RefusedError("too_many_rows", limit=limits.csv_rows)
    first = text[: text.find("\n")] if "\n" in text else text
    width = first.count(delimiter) + 1
    if width > limits.csv_columns:
        raise RefusedError("too_many_columns", limit=limits.csv_columns)
    frame = None
    if '"' not in text and "\n\n" not in text and "\n\r" not in text and text.count("\r") in {0, text.count("\r\n")}:
        frame = _plain(text, delimiter, width)
    if frame is not None and len(frame) == lines:
        numbers = np.arange(1, len(frame) + 1)
    else:
        frame, numbers = _exact(text, delimiter, limits, deadline)
    deadline.check()
    for column in range(frame.shape[1]) if len(text) > limits.cell_characters else ():
        if len(frame) and frame[column].str.len().max() > limits.cell_characters:
            raise RefusedError("cell_too_long", limit=limits.cell_characters, where=f"C{column + 1}")
    return Grid(sheet, frame, numbers)

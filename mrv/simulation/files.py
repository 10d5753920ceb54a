"""Plant-years as the files a plant sends: filing CSV, filing zip, meter CSV. Same tables, same bytes."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from mrv.simulation.build import month_of
from mrv.simulation.evidence import content
from mrv.simulation.model import DEPOSITED
from schemas import TABLES

FILING_HEADER = (
    "plant_id", "sector", "unit_id", "stream_id", "month", "parameter", "value", "unit", "method", "source_document",
    "origin", "state", "fc_source", "carbon_scheme",
)  # fmt: skip
READING_HEADER = ("plant_id", "meter_id", "timestamp", "value", "unit", "quality")


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return target.getvalue().encode()


def _frame_csv(frame: pd.DataFrame, header: Sequence[str]) -> bytes:
    return _csv(header, frame[list(header)].itertuples(index=False, name=None))


def _chosen(table: str, frame: pd.DataFrame, plant_id: str | None, months: Sequence[str] | None) -> pd.DataFrame:
    keep = pd.Series(True, index=frame.index)
    if plant_id is not None:
        keep &= frame["plant_id"] == plant_id
    if months is not None:
        keep &= month_of(table, frame).isin(list(months))
    return frame[keep]


def filing_csv(
    tables: dict[str, pd.DataFrame], plant_id: str | None = None, months: Sequence[str] | None = None
) -> bytes:
    """The filing CSV (UTF-8, no BOM) of one plant or of all, of some months or of all."""
    return _frame_csv(_chosen("parameter", tables["parameter"], plant_id, months), FILING_HEADER)


def filing_zip(tables: dict[str, pd.DataFrame], plant_id: str, month: str) -> bytes:
    """The filing zip of one plant and month: `filing.csv`, one CSV per further table, and the evidence files.

    Entries are stored, not compressed, with a fixed date: the bytes depend on the tables only.
    """
    entries = {"filing.csv": filing_csv(tables, plant_id, [month])}
    for name in DEPOSITED[1:]:
        header = [column.name for column in TABLES[name].columns if column.template]
        entries[f"{name}.csv"] = _frame_csv(_chosen(name, tables[name], plant_id, [month]), header)
    listed = _chosen("evidence", tables["evidence"], plant_id, [month])["evidence_file"]
    for name in sorted(set(listed)):
        entries[name] = content(plant_id, month, name)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return target.getvalue()


def meter_csv(readings: pd.DataFrame, plant_id: str, month: str) -> bytes:
    """Meter readings of one plant and month, ISO 8601 at +08:00, labelled by the end of the interval.

    00:00 belongs to the day before. The very first reading of a register goes with the month it opens.
    """
    rows = readings[readings["plant_id"] == plant_id]
    local = rows["timestamp"].str.rstrip("Z").to_numpy().astype("datetime64[s]") + np.timedelta64(8, "h")
    labels = (local - np.timedelta64(1, "s")).astype("datetime64[M]").astype(str)
    start = np.datetime64(f"{month}-01", "s")
    opens = ~rows["meter_id"].duplicated().to_numpy() & (local == start)
    keep = (labels == month) | opens
    stamps = np.char.add(np.datetime_as_string(local[keep]), "+08:00")
    frame = rows[keep].assign(timestamp=stamps)
    return _frame_csv(frame, READING_HEADER)

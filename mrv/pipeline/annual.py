"""Annual reports: from the results of the night to one workbook and one JSON document per plant and sector."""

import json
from pathlib import Path

import pandas as pd

from mrv.reporting.annual_workbook import annual_document, annual_workbook
from mrv.storage import durable
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from schemas.choices import SECTORS

REPORTS = "reports"


def report_rows(home: Home, plant_id: str, year: str) -> pd.DataFrame:
    """The canonical `annual_report` rows of one plant and year; empty when the night has not computed any."""
    rows = Lake(home.lake).read("annual_report", [int(year)], [plant_id])
    return rows[rows["year"] == year].reset_index(drop=True)


def report_bytes(rows: pd.DataFrame, plant_id: str, year: str, suffix: str, lang: str) -> bytes:
    """The report as `.xlsx` or `.json`; the same rows give the same bytes. ValueError for another suffix."""
    if suffix == ".xlsx":
        return annual_workbook(rows, year, plant_id, lang)
    if suffix == ".json":
        return (json.dumps(annual_document(rows), ensure_ascii=False, indent=2) + "\n").encode()
    raise ValueError(f"no such form of report: {suffix}")


def by_sector(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows of one plant and year, report by report, in the order of the sectors."""
    filed = set(rows["sector"])
    return {sector: rows[rows["sector"] == sector].reset_index(drop=True) for sector in SECTORS if sector in filed}


def annual(home: Home, year: str) -> list[Path]:
    """Writes the report of every plant with results for a year to `reports/<year>/` of the home, as xlsx and JSON.

    A plant of several sectors has one report of each; the sector then stands in the name of the file.
    """
    rows = Lake(home.lake).read("annual_report", [int(year)])
    folder = home.path / REPORTS / year
    durable.make_directories(folder)
    written = []
    for plant_id, of_plant in rows[rows["year"] == year].groupby("plant_id", sort=True):
        reports = by_sector(of_plant)
        for sector, mine in reports.items():
            name = f"{plant_id}-{sector}" if len(reports) > 1 else str(plant_id)
            for suffix in (".xlsx", ".json"):
                path = folder / f"{name}{suffix}"
                durable.write(path, report_bytes(mine, str(plant_id), year, suffix, "zh"))
                written.append(path)
    return written

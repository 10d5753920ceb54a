"""Two small simulated plants for the tests of the use cases: quick to read, quick to judge."""

import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from emission_factors import Factors, factors
from mrv.pipeline.check import CheckOutcome, File, check
from mrv.pipeline.documents import check_document
from mrv.simulation import PlantYears, filing_csv, filing_zip
from mrv.simulation.build import simulate
from mrv.simulation.demo_plants import CONDENSING, GAS

REGISTERED = ("plant", "unit", "meter", "control_plan", "plan_section")
MONTHS = ("2026-01", "2026-02")
JANUARY, FEBRUARY = MONTHS
COAL, FIRST_GAS, SECOND_GAS = "DEMO01", "DEMO04", "GAS02"
AS_OF = date(2026, 3, 5)


@cache
def years() -> PlantYears:
    """One coal plant and two gas plants, January and February 2026, honest."""
    return simulate((CONDENSING, GAS, replace(GAS, plant_id=SECOND_GAS, name="二号示例燃气（虚构）")), MONTHS, 7)


def tables() -> dict[str, pd.DataFrame]:
    return years().tables


def register(*plants: str) -> dict[str, pd.DataFrame]:
    """Register frames of some plants, or of all."""
    frames = {name: tables()[name] for name in REGISTERED}
    return {
        name: frame[frame["plant_id"].isin(plants)].reset_index(drop=True) if plants else frame
        for name, frame in frames.items()
    }


def filing(plant: str = FIRST_GAS, month: str = JANUARY, name: str = "") -> File:
    """The filing zip of one plant and month."""
    return name or f"{plant}-{month}.zip", filing_zip(tables(), plant, month)


def lay(path: Path, data: bytes) -> None:
    """Puts a file where it has been lying for long, whatever moment a test pretends."""
    path.write_bytes(data)
    os.utime(path, (0, 0))


def changed(data: bytes, old: str, new: str) -> bytes:
    """CSV bytes with one text replaced, which must be there."""
    assert old.encode() in data, old
    return data.replace(old.encode(), new.encode(), 1)


def csv_of(plant: str | None = FIRST_GAS, months: Iterable[str] = (JANUARY,)) -> bytes:
    return filing_csv(tables(), plant, list(months))


def line_of(data: bytes, *words: str) -> int:
    """The number of the one line of a CSV that holds all these words (the header is line 1)."""
    lines = [number for number, text in enumerate(data.decode().splitlines(), 1) if all(word in text for word in words)]
    assert len(lines) == 1, lines
    return lines[0]


def value_of(parameter: str, plant: str = FIRST_GAS, month: str = JANUARY) -> str:
    """The one value of a parameter in the filing of a plant."""
    frame = tables()["parameter"]
    rows = frame[(frame["plant_id"] == plant) & (frame["month"] == month) & (frame["parameter"] == parameter)]
    assert len(rows) == 1
    return str(rows["value"].iloc[0])


def judged(*files: File, known: dict[str, pd.DataFrame] | None = None, **options: Any) -> CheckOutcome:
    """The check of some files against the register of the three plants."""
    return check(files, tables_of_factors(), register() if known is None else known, as_of=AS_OF, **options)


@cache
def tables_of_factors() -> Factors:
    return factors()


def documents(outcome: CheckOutcome) -> list[dict[str, Any]]:
    """What `--json` prints, always as a list."""
    document = check_document(outcome)
    return document if isinstance(document, list) else [document]


def codes(document: dict[str, Any]) -> set[str]:
    return {finding["rule"] for finding in document["findings"]}


PLACE = ("sheet", "cell")


def by_filing(outcome: CheckOutcome) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Findings, rules not run and emissions of each filing, without where they stood; several files of a filing add up."""
    result: dict[tuple[str, str, str], dict[str, Any]] = {}
    for document in documents(outcome):
        filed = document["filing"]
        entry = result.setdefault((filed["plant_id"], filed["sector"], filed["period"]), {"findings": {}})
        for finding in document["findings"]:
            entry["findings"][finding["id"]] = {name: text for name, text in finding.items() if name not in PLACE}
        entry["not_run"] = document["not_run"]
        entry["emissions"] = document["emissions"]
        entry["rule_set"] = filed["rule_set"]
    return result


def edited(
    value: str, parameter: str, plant: str = FIRST_GAS, stream: str = "", month: str = JANUARY
) -> dict[str, pd.DataFrame]:
    """All tables with one filed value replaced."""
    frame = tables()["parameter"].copy()
    place = (frame["plant_id"] == plant) & (frame["month"] == month) & (frame["parameter"] == parameter)
    place &= frame["stream_id"] == stream
    assert place.sum() == 1
    frame.loc[place, "value"] = value
    return tables() | {"parameter": frame}

"""What every method of the national benchmark works on: a seeded country, all of it or a sample of its plants."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mrv.intake.result import FAULT_COLUMNS
from mrv.pipeline.batch import Batch
from mrv.simulation import national
from schemas import TABLES

SEED = 20261015
SAMPLE_SHARE = 0.01


@dataclass(frozen=True)
class Outcome:
    """What a method found, so that methods can be held against each other."""

    rows: int
    shape_failures: int
    tco2: str
    findings: int


def country(plants: int, months: int) -> dict[str, pd.DataFrame]:
    """Canonical frames of `plants` plants over the first `months` months of 2025."""
    return national(plants, [f"2025-{month:02d}" for month in range(1, months + 1)], SEED).tables


def sample(tables: dict[str, pd.DataFrame], share: float = SAMPLE_SHARE) -> list[str]:
    """A seeded sample of plants, at least one, sorted."""
    names = tables["plant"]["plant_id"].to_numpy(dtype=object)
    count = max(1, round(len(names) * share))
    return sorted(np.random.default_rng(SEED).choice(names, count, replace=False))


def of_plants(tables: dict[str, pd.DataFrame], plants: list[str]) -> dict[str, pd.DataFrame]:
    """The rows of some plants."""
    return {name: frame[frame["plant_id"].isin(plants)].reset_index(drop=True) for name, frame in tables.items()}


def by_sector(tables: dict[str, pd.DataFrame]) -> dict[str, dict[str, int]]:
    """How many plants and filed values each sector has: sector → `plants`, `values`."""
    plants, values = (tables[name]["sector"].value_counts() for name in ("plant", "parameter"))
    return {name: {"plants": int(plants[name]), "values": int(values.get(name, 0))} for name in plants.index}


def batch_of(tables: dict[str, pd.DataFrame]) -> Batch:
    """The frames as a batch of filings: accepted rows, no faults of intake."""
    keys = ["file_sha256", "plant_id", "sector", "month"]
    return Batch(
        tables={name: tables[name] for name in TABLES if name in tables},
        faults=pd.DataFrame(columns=[*FAULT_COLUMNS, "file_sha256"], dtype="str"),
        filings=tables["parameter"][keys].drop_duplicates(ignore_index=True),
        attachments=pd.DataFrame(columns=["plant_id", "month", "evidence_sha256"], dtype="str"),
    )

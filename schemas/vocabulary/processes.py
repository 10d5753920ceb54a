"""What a production facility of an industrial sector may be: an enterprise as a whole, a line, a process, a power unit."""

import csv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ENTERPRISE_UNIT = "ENT"  # the unit under which quantities of the whole enterprise are filed


@dataclass(frozen=True)
class Process:
    """One kind of facility.

    `role`: `enterprise` (the whole), `line` (adds up to the whole), `process` and `cofiring` (a breakdown of the whole, shown
    beside it and never added to it).
    """

    process: str
    sectors: frozenset[str]
    role: str
    zh: str
    en: str
    product_zh: str
    product_en: str


def _load() -> dict[str, Process]:
    with (HERE / "processes.csv").open(encoding="utf-8", newline="") as handle:
        return {
            row["process"]: Process(
                row["process"],
                frozenset(row["sectors"].split()),
                row["role"],
                row["zh"],
                row["en"],
                row["product_zh"],
                row["product_en"],
            )
            for row in csv.DictReader(handle)
        }


PROCESSES: dict[str, Process] = _load()

"""What the texts of a data quality control plan speak of: sections and items, by sector."""

import csv
from dataclasses import dataclass

from schemas.vocabulary.fuels import HERE

# The parts of a plan (附录B). B.4 and B.5 are tables of parameters; B.7 is the optional part of the steel guide.
PLAN_SECTIONS = {
    "B.1": ("方案版本与修订", "Version and revisions"),
    "B.2": ("单位基本情况", "Enterprise"),
    "B.3": ("核算边界与主要设施", "Boundary and main facilities"),
    "B.4": ("燃料与活动数据", "Fuels and activity data"),
    "B.5": ("生产数据与其他参数", "Production data and other parameters"),
    "B.6": ("内部质量控制与质量保证", "Internal quality assurance"),
    "B.7": ("烟气二氧化碳监测（可选）", "Flue-gas CO₂ monitoring (optional)"),
}


@dataclass(frozen=True)
class PlanItem:
    """One text of a plan: where it stands, for which sectors, and whether a plan is whole without it."""

    item: str
    section: str
    sectors: frozenset[str]
    required: bool
    zh: str
    en: str
    hint_zh: str
    hint_en: str


def _load() -> dict[str, PlanItem]:
    with (HERE / "plan_items.csv").open(encoding="utf-8", newline="") as handle:
        return {
            row["item"]: PlanItem(
                row["item"],
                row["section"],
                frozenset(row["sectors"].split()),
                row["required"] == "yes",
                row["zh"],
                row["en"],
                row["hint_zh"],
                row["hint_en"],
            )
            for row in csv.DictReader(handle)
        }


PLAN_ITEMS: dict[str, PlanItem] = _load()


def plan_items(sector: str, section: str) -> list[PlanItem]:
    """The items of a section in a sector's guide, in the order of the guide."""
    return [entry for entry in PLAN_ITEMS.values() if entry.section == section and sector in entry.sectors]

"""A plant or a sector that the register does not know ends a command in words: nothing found for it is no clean bill."""

from collections.abc import Mapping
from typing import NoReturn

import pandas as pd

from emission_factors import NoRuleSet
from mrv.cli.common import refuse
from mrv.pipeline.deposit import registers
from mrv.reporting.template_rows import template_rows
from mrv.storage.control import Control
from schemas.choices import SECTORS


def require_plant(control: Control, plant: str, lang: str, as_json: bool) -> dict[str, pd.DataFrame]:
    """The register frames of a plant; ends the command where there is none."""
    known = registers(control)
    own = {name: frame[frame["plant_id"] == plant] for name, frame in known.items()}
    if own["plant"].empty:
        names = list(known["plant"]["plant_id"].unique()[:5])
        zh, en = ("、".join(names) or "尚无企业", ", ".join(names) or "no plant yet")
        more = len(known["plant"]["plant_id"].unique()) > len(names)
        refuse(
            lang,
            as_json,
            "unknown_plant",
            f"没有企业 {plant} 的档案，请核对企业编号。档案中有：{zh}{'……' if more else ''}",
            f"No register of plant {plant}; check its id. The register holds: {en}{', …' if more else ''}",
        )
    return own


def require_sector(
    own: Mapping[str, pd.DataFrame], plant: str, sector: str, month: str, lang: str, as_json: bool
) -> None:
    """Ends the command where the register frames of a plant hold nothing of a sector in a month."""
    try:
        rows = template_rows(own["unit"], sector, month, own["facility"])
    except (NoRuleSet, ValueError):  # what it owes cannot be told; that is said by whoever needs it
        return
    if not rows:
        no_sector(plant, sector, lang, as_json)


def no_sector(plant: str, sector: str, lang: str, as_json: bool) -> NoReturn:
    """Ends the command: the plant has nothing of the sector."""
    label = SECTORS[sector]
    refuse(
        lang,
        as_json,
        "unknown_plant",
        f"企业 {plant} 的档案中没有“{label[0]}”行业的机组、生产线或工序",
        f"The register of plant {plant} holds no unit, line or process of the sector {label[1]}",
    )

"""How units are written, and the one spelling the canonical tables keep.

Only different spellings of the *same* unit are unified. A different unit (kWh for MWh) is never converted: the row is
refused and the finding names the unit that was expected.
"""

import re
import unicodedata

UNIT_LABELS: dict[str, str] = {
    "t": "t",
    "1e4Nm3": "10⁴Nm³",
    "GJ": "GJ",
    "GJ/t": "GJ/t",
    "GJ/1e4Nm3": "GJ/10⁴Nm³",
    "tC/t": "tC/t",
    "tC/1e4Nm3": "tC/10⁴Nm³",
    "tC/GJ": "tC/GJ",
    "tCO2": "tCO₂",
    "tCO2e": "tCO₂e",
    "tCO2/t": "tCO₂/t",
    "tCO2e/t": "tCO₂e/t",
    "tCO2/MWh": "tCO₂/MWh",
    "tCO2/GJ": "tCO₂/GJ",
    "tce/MWh": "tce/MWh",
    "tce/GJ": "tce/GJ",
    "1e4Nm3/MWh": "10⁴Nm³/MWh",
    "1e4Nm3/GJ": "10⁴Nm³/GJ",
    "%": "%",
    "MWh": "MWh",
    "h": "h",
    "kg/tAl": "kg/tAl",
    "min/(cell·d)": "min/(槽·日)",
    "kA": "kA",
    "cells": "台",
    "t/tAl": "t/t铝",
    "t/d": "t/d",
    "1e4Nm3/d": "10⁴Nm³/d",
}

_SPELLINGS: dict[str, str] = {
    "吨": "t",
    "万立方米": "1e4Nm3",
    "万标立方米": "1e4Nm3",
    "万标方": "1e4Nm3",
    "万nm3": "1e4Nm3",
    "万m3": "1e4Nm3",
    "10^4nm3": "1e4Nm3",
    "104nm3": "1e4Nm3",
    "1e4nm3": "1e4Nm3",
    "兆瓦时": "MWh",
    "小时": "h",
    "吉焦": "GJ",
    "百分比": "%",
    "吨二氧化碳": "tCO2",
}


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


_CANONICAL = {_folded(unit): unit for unit in UNIT_LABELS} | {
    _folded(label): unit for unit, label in UNIT_LABELS.items()
}


def canonical_unit(text: str) -> str | None:
    """The canonical spelling of a unit as written, or None when it is no known unit.

    `GJ/万Nm3`, `GJ/10^4Nm3` and `GJ/10⁴Nm³` are all `GJ/1e4Nm3`; `kWh` is not `MWh` and stays unknown.
    """
    folded = _folded(text)
    if folded in _CANONICAL:
        return _CANONICAL[folded]
    numerator, slash, denominator = folded.partition("/")
    parts = [_SPELLINGS.get(part, part) for part in (numerator, denominator)]
    return _CANONICAL.get(_folded(parts[0] + slash + parts[1]))

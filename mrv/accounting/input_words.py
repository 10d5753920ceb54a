"""Names and units of what goes into an emission line: filed parameters, and the few inputs that nobody files."""

from schemas.vocabulary import PARAMETERS
from schemas.vocabulary.parameters import unit_of

# name → (Chinese, English, unit)
NOT_FILED: dict[str, tuple[str, str, str]] = {
    "gwp": ("全球变暖潜势", "Global warming potential", "1"),
    "anode_net_rate": ("吨铝炭阳极净耗", "Net anode consumption per tonne of aluminium", "t/tAl"),
    "process_before_floor": ("扣减后的过程排放（低于零）", "Process emission after the deduction (below zero)", "tCO2"),
    "grid_factor": ("电网排放因子", "Grid emission factor", "tCO2/MWh"),
}


def input_words(name: str) -> tuple[str, str]:
    """Chinese and English name of an input; the name itself when nothing knows it."""
    if name in PARAMETERS:
        return PARAMETERS[name].zh, PARAMETERS[name].en
    return NOT_FILED[name][:2] if name in NOT_FILED else (name, name)


def input_unit(name: str, stream_id: str) -> str:
    """Canonical unit of an input for a stream; KeyError for a name that nothing knows."""
    return unit_of(name, stream_id) if name in PARAMETERS else NOT_FILED[name][2]

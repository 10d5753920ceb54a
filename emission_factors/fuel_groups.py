"""Which fuels a document means when it says coal, coke, oil or gas."""

FUEL_GROUPS: dict[str, tuple[str, ...]] = {
    "coal": (
        "anthracite",
        "bituminous_coal",
        "lignite",
        "washed_coking_coal",
        "other_washed_coal",
        "coal_gangue",
        "coal_slime",
        "other_coal_products",
        "coal_water_slurry",
    ),
    "coke": ("coke", "petroleum_coke", "semi_coke"),
    "oil": (
        "crude_oil",
        "fuel_oil",
        "gasoline",
        "diesel",
        "kerosene",
        "other_petroleum_products",
        "lng",
        "lpg",
        "coal_tar",
        "refinery_gas",  # listed among the liquids of Appendix A, counted in t
    ),
    "gas": ("natural_gas", "blast_furnace_gas", "converter_gas", "coke_oven_gas", "other_gas"),
}

_GROUP_OF = {fuel: group for group, fuels in FUEL_GROUPS.items() for fuel in fuels}


def fuel_group(fuel: str) -> str | None:
    """The group of a fuel code (`coal`, `coke`, `oil`, `gas`); None for biomass and anything that is no fossil fuel."""
    return _GROUP_OF.get(fuel)


def fuels_meant(word: str) -> tuple[str, ...]:
    """The fuel codes that a group name or a single fuel code stands for; empty when it is neither."""
    if word in FUEL_GROUPS:
        return FUEL_GROUPS[word]
    return (word,) if word in _GROUP_OF else ()

"""Which quantities a plant reports each month, read from its register: one function per sector."""

from collections.abc import Callable, Hashable, Iterator
from functools import partial

from pandas import DataFrame

from mrv.reporting.template_quantities import Group, TemplateRegister, TemplateRow, streams_of, working
from mrv.reporting.template_rows_industry import industry_rows
from schemas import empty
from schemas.choices import SECTORS
from schemas.vocabulary import FUELS, fuel_of

COAL = ("fuel_consumption", "carbon_content_ad", "moisture_ar", "moisture_ad", "net_calorific_value", "oxidation_rate")
COAL_OPTIONAL = ("carbon_content_d", "carbon_per_heat")  # dry basis on the report; coal whose carbon is not tested
COAL_CROSS_CHECKS = (
    "stock_opening",
    "quantity_purchased",
    "quantity_sold",
    "stock_closing",
    "quantity_weighed",
    "quantity_invoiced",
    "net_calorific_value_delivered",
    "fuel_feeder",
    "fuel_statistics",
    "reported_emission",
)
OIL_OR_GAS = ("fuel_consumption", "net_calorific_value", "carbon_per_heat", "oxidation_rate")
OIL_OR_GAS_OPTIONAL = ("carbon_content_ar",)
OIL_CROSS_CHECKS = (
    "stock_opening",
    "quantity_purchased",
    "quantity_sold",
    "stock_closing",
    "fuel_statistics",
    "reported_emission",
)
GAS_CROSS_CHECKS = ("quantity_invoiced", "fuel_statistics", "reported_emission")
BIOMASS = ("fuel_consumption", "net_calorific_value")
HEAT_ROUTES = ("heat_boiler_direct", "heat_turbine_direct", "heat_turbine_indirect")
AUXILIARY = ("auxiliary_power", "power_supplied", "grid_electricity_exported", "purchased_electricity")


# A required quantity that need not be filed once one of these is: carbon is reported on one basis only.
ALTERNATIVES = {
    "carbon_content_ad": ("carbon_content_d", "carbon_content_ar", "carbon_per_heat"),
    "moisture_ad": ("carbon_content_d", "carbon_content_ar", "carbon_per_heat"),
    "moisture_ar": ("carbon_content_ar", "carbon_per_heat"),
    "carbon_per_heat": ("carbon_content_ar",),
    "fuel_input": ("fuel_output",),
    "fuel_output": ("fuel_input",),
}


def _stream_rows(unit_id: str, stream_id: str) -> Iterator[TemplateRow]:
    fuel = FUELS.get(fuel_of(stream_id))
    if fuel is None:
        raise ValueError(f"unit {unit_id}: {stream_id!r} is not a fuel of the vocabulary")
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    if fuel.fuel == "biomass":
        optional = BIOMASS
    elif fuel.coal:
        required, optional, checks = COAL, COAL_OPTIONAL, COAL_CROSS_CHECKS
    else:
        required, optional = OIL_OR_GAS, OIL_OR_GAS_OPTIONAL
        checks = GAS_CROSS_CHECKS if fuel.state == "gas" else OIL_CROSS_CHECKS
    yield from (TemplateRow(unit_id, stream_id, name, True, "fuel") for name in required)
    yield from (TemplateRow(unit_id, stream_id, name, False, "fuel") for name in optional)
    yield from (TemplateRow(unit_id, stream_id, name, False, "cross_check") for name in checks)


def _unit_rows(unit_id: str, heat: bool, biomass: bool) -> Iterator[TemplateRow]:
    def rows(names: tuple[str, ...], required: bool, group: Group) -> Iterator[TemplateRow]:
        return (TemplateRow(unit_id, "", name, required, group) for name in names)

    yield from rows(("power_generation", "run_hours"), True, "production")
    if heat:
        yield from rows(("heat_supplied",), True, "production")
        yield from rows(HEAT_ROUTES, False, "production")
    if biomass:
        yield from rows(("boiler_heat", "boiler_efficiency", "biomass_heat_share"), True, "production")
    yield from rows(AUXILIARY + (("boiler_heat",) if heat and not biomass else ()), False, "auxiliary")
    yield from rows(("generation_statistics", "grid_electricity_settled"), False, "cross_check")
    if heat:
        yield from rows(("heat_settled", "heat_statistics"), False, "cross_check")


def power_rows(register: TemplateRegister, month: str) -> list[TemplateRow]:
    """Rows of power units (V04 tables C.3, C.4, C.6): fuel and load factor of merged units stand with their group."""
    rows: list[TemplateRow] = []
    units = working(register.units, month)
    records = units.sort_values("unit_id", kind="stable").to_dict("records")
    groups: dict[str, list[dict[Hashable, str]]] = {}
    for unit in records:
        groups.setdefault(unit["merged_with"] or unit["unit_id"], []).append(unit)
    for group_id, members in groups.items():
        streams = streams_of(";".join(unit["fuels"] for unit in members))
        for stream_id in streams:
            rows.extend(_stream_rows(group_id, stream_id))
        biomass = any(fuel_of(stream_id) == "biomass" for stream_id in streams)
        for unit in members:
            rows.extend(_unit_rows(unit["unit_id"], unit["product_class"] == "chp", biomass))
        rows.append(TemplateRow(group_id, "", "load_factor", True, "production"))
    order = {"fuel": 0, "production": 0, "auxiliary": 1, "cross_check": 2}
    return sorted(rows, key=lambda row: order[row.group])  # stable: the unit order stays within each part


SECTOR_ROWS: dict[str, Callable[[TemplateRegister, str], list[TemplateRow]]] = {
    "power": power_rows,
    **{sector: partial(industry_rows, sector) for sector in ("cement", "aluminium", "steel")},
}


def template_rows(
    units: DataFrame, sector: str, month: str = "", facilities: DataFrame | None = None
) -> list[TemplateRow]:
    """What a plant reports in a month in one of its sectors.

    `units` and `facilities` are canonical `unit` and `facility` frames of one plant; those closed before the month
    (YYYY-MM) or commissioned after it are left out. For power the month may be empty: then all units count. Raises
    `ValueError` for a sector without a monthly workbook and for a fuel or material outside the vocabulary.
    """
    if sector not in SECTOR_ROWS:
        label = SECTORS[sector][0] if sector in SECTORS else sector
        raise ValueError(
            f"no monthly workbook for sector {sector} ({label}); there is one for: {', '.join(SECTOR_ROWS)}"
        )
    register = TemplateRegister(units, empty("facility") if facilities is None else facilities)
    return SECTOR_ROWS[sector](register, month)

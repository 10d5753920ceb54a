"""Which rows each table of an industrial report has, sector by sector: data for the writers, nothing else."""

from collections.abc import Callable
from functools import partial

import pandas as pd

from emission_factors import Factors
from mrv.accounting.accounts import Accounts
from mrv.reporting import annual_closing, annual_register, industry_closing
from mrv.reporting.annual_context import empty
from mrv.reporting.annual_grid import Rows
from mrv.reporting.industry_context import Industry, industry
from mrv.reporting.industry_lines import CO2_EQUIVALENT, Block, write_block
from mrv.reporting.industry_register import auxiliary, facilities, flue_gas, meters, unlisted
from mrv.reporting.industry_totals import (
    Sum,
    output_and_intensity,
    plant_sums,
    summary,
    unit_figures,
    unit_sums,
)

Writer = Callable[[Rows, Industry, str], None]
CONSTANTS = ("co2_per_carbon_numerator", "co2_per_carbon_denominator")
BREAKDOWN = ("process", "cofiring")
FUEL, MATERIAL, PRODUCT = ("steel.balance",), ("steel.material",), ("steel.product",)
CLINKER = ("cement.clinker", "cement.oxides", "cement.raw_meal")
DEDUCTED, FLOOR = ("cement.substitute",), ("cement.floor",)
CEMENT_FUEL, ALUMINIUM_FUEL = ("cement.combustion",), ("aluminium.combustion",)
ANODE, PFC, CARBONATE = ("aluminium.anode", "aluminium.anode_rate"), ("aluminium.pfc",), ("aluminium.carbonate",)


def blocks(*parts: Block) -> Writer:
    """A writer of blocks of lines."""

    def write(rows: Rows, context: Industry, table: str) -> None:
        for block in parts:
            write_block(rows, context, table, block)

    return write


def together(*writers: Writer) -> Writer:
    """Several writers of one table."""

    def write(rows: Rows, context: Industry, table: str) -> None:
        for one in writers:
            one(rows, context, table)

    return write


STEEL: dict[str, Writer] = {
    "C.1": annual_register.plant,
    "C.2": partial(facilities, about=("coke_oven_kind", "flue_gas_monitoring")),
    "C.3": together(
        blocks(
            Block("A", FUEL, "combustion_emission"),
            Block("B", MATERIAL, "material_emission"),
            Block("C", PRODUCT, "product_deduction", sign=-1),
        ),
        partial(
            plant_sums,
            sums=(
                Sum("T.01", "fuel_total", FUEL),
                Sum("T.02", "material_total", MATERIAL),
                Sum("T.03", "product_total", PRODUCT, sign=-1),
                Sum("T.10", "enterprise_emission"),
            ),
        ),
        partial(output_and_intensity, product="crude_steel_output"),
    ),
    "C.4": together(
        blocks(
            Block("A", ("steel.fuel_input",), "input_emission"),
            Block("B", ("steel.fuel_output",), "output_deduction", sign=-1),
            Block("C", ("steel.cofiring",), "combustion_emission"),
        ),
        partial(unit_sums, sums=(Sum("T.10", "facility_emission", enterprise=False, levels=BREAKDOWN),)),
        partial(unit_figures, parameters=("power_generation", "heat_supplied"), product="process_product_output"),
    ),
    "C.5": summary,
    "C.6": auxiliary,
    "C.7": meters,
    "C.8": flue_gas,
}
CEMENT: dict[str, Writer] = {
    "C.1": annual_register.plant,
    "C.2": partial(
        facilities,
        about=(
            "clinker_kind",
            "clinker_variety",
            "kiln_size",
            "combustion_equipment",
            "carbide_slag_line",
            "gypsum_acid_line",
            "alternative_fuels",
            "co_processing",
        ),
    ),
    "C.3": together(
        blocks(
            Block("A", CEMENT_FUEL, "combustion_emission", enterprise=False),
            Block("B", CLINKER, "clinker_emission"),
            Block("C", DEDUCTED, "substitute_deduction", sign=-1),
            Block("D", FLOOR, "floor_emission"),
        ),
        partial(
            unit_sums,
            sums=(
                Sum("T.01", "fuel_total", CEMENT_FUEL, enterprise=False),
                Sum("T.02", "process_total", (*CLINKER, *DEDUCTED, *FLOOR)),
                Sum("T.10", "facility_emission", enterprise=False),
            ),
        ),
        partial(unit_figures, parameters=(), product="clinker_output"),
    ),
    "C.4": together(
        blocks(Block("A", CEMENT_FUEL, "combustion_emission", enterprise=True)),
        partial(
            plant_sums,
            sums=(
                Sum("T.01", "lines_emission", enterprise=False),
                Sum("T.02", "other_fuel_emission", CEMENT_FUEL, enterprise=True),
            ),
            total=Sum("T.70", "total_emission"),
        ),
        partial(output_and_intensity, product="clinker_output"),
    ),
    "C.5": auxiliary,
}
ALUMINIUM: dict[str, Writer] = {
    "C.1": annual_register.plant,
    "C.2": partial(facilities, about=("design_current", "design_voltage", "cells", "rectifiers")),
    "C.3": together(
        blocks(
            Block("A", ANODE, "anode_emission"),
            Block("B", PFC, "cf4_emission", gas="CF4"),
            Block("C", PFC, "c2f6_emission", gas="C2F6"),
        ),
        partial(
            unit_sums,
            sums=(
                Sum("T.01", "pfc_emission", PFC, unit=CO2_EQUIVALENT),
                Sum("T.10", "facility_emission", enterprise=False, unit=CO2_EQUIVALENT),
            ),
        ),
        partial(unit_figures, parameters=(), product="aluminium_output"),
    ),
    "C.4": together(
        blocks(Block("A", ALUMINIUM_FUEL, "combustion_emission"), Block("B", CARBONATE, "material_emission")),
        partial(
            plant_sums,
            sums=(
                Sum("T.01", "lines_emission", (*ANODE, *PFC), unit=CO2_EQUIVALENT),
                Sum("T.02", "fuel_total", ALUMINIUM_FUEL),
                Sum("T.03", "carbonate_total", CARBONATE),
            ),
            total=Sum("T.70", "total_emission", unit=CO2_EQUIVALENT),
        ),
        partial(output_and_intensity, product="aluminium_output"),
    ),
    "C.5": auxiliary,
}


def industry_rows(
    writers: dict[str, Writer],
    sector: str,
    tables: dict[str, pd.DataFrame],
    accounts: Accounts,
    findings: pd.DataFrame,
    year: str,
    factors: Factors,
) -> pd.DataFrame:
    """The reports of one industrial sector: its tables in the order of the rule set, then what stands behind them.

    KeyError when the rule set of the year names a table that nothing writes.
    """
    here = industry(tables, accounts, findings, year, factors, sector)
    if here.parameter.empty:
        return empty("annual_report")
    rows = Rows(year, sector)
    for table in here.rules.report_tables:
        writers[table.code](rows, here, table.code)
    industry_closing.allocation(rows, here)
    annual_closing.factors_used(rows, here, CONSTANTS, uncertain_roundings(here))
    industry_closing.alternatives(rows, here)
    unlisted(rows, here)
    annual_closing.pending(rows, here)
    return rows.frame()


def uncertain_roundings(context: Industry) -> tuple[str, ...]:
    """Decimals of the rule set that are not established."""
    unsure = annual_closing.UNSURE
    return tuple(name for name, rounding in context.rules.roundings.items() if rounding.certainty in unsure)

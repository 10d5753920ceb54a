"""What holds for any plant of any sector: lines add up to the enterprise, months to the year, order and splitting change nothing."""

from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from mrv.accounting.account import account
from mrv.accounting.accounts import TOTAL, total_of
from tests.accounting.filing import row, tables

MONTHS = ("2026-01", "2026-02", "2026-03")


def amounts(low: int = 0, high: int = 10_000_000) -> st.SearchStrategy[str]:
    """Quantities with two decimals."""
    return st.integers(low, high).map(lambda ticks: f"{D(ticks) / 100:.2f}")


# Per sector: (unit, stream, parameter) that a plant may file, whether it can be below zero.
FILED = {
    "power": [
        *(("U1", fuel, "fuel_consumption") for fuel in ("bituminous_coal", "diesel", "natural_gas")),
        ("U2", "bituminous_coal", "fuel_consumption"),
    ],
    "cement": [
        *((unit, fuel, "fuel_consumption") for unit in ("L1", "L2", "ENT") for fuel in ("bituminous_coal", "diesel")),
        ("L1", "", "clinker_output"),
        ("L2", "", "clinker_output"),
        ("L1", "carbide_slag", "substitute_consumption"),
        ("L2", "steel_slag", "substitute_consumption"),
    ],
    "aluminium": [
        ("E1", "", "aluminium_output"),
        ("E1", "", "anode_consumption"),
        ("E2", "", "aluminium_output"),
        ("ENT", "natural_gas", "fuel_consumption"),
        ("ENT", "sodium_carbonate", "material_consumption"),
    ],
    "steel": [
        *(("ENT", fuel, "fuel_consumption") for fuel in ("washed_coking_coal", "coke", "natural_gas")),
        ("ENT", "dolomite", "material_consumption"),
        ("ENT", "scrap_steel", "material_consumption"),
        ("ENT", "coal_tar_product", "carbon_product_output"),
        ("ENT", "", "crude_steel_output"),
        ("CK1", "washed_coking_coal", "fuel_input"),
        ("CK1", "coke", "fuel_output"),
        ("BF1", "coke", "fuel_input"),
        ("PP1", "blast_furnace_gas", "fuel_consumption"),
    ],
}


@st.composite
def plants(draw: st.DrawFn) -> list[dict[str, str]]:
    """Rows of a plant with parts of one or several sectors, over up to three months."""
    rows = []
    for sector in draw(st.lists(st.sampled_from(sorted(FILED)), min_size=1, max_size=3, unique=True)):
        for month in draw(st.lists(st.sampled_from(MONTHS), min_size=1, max_size=3, unique=True)):
            for unit, stream, parameter in draw(st.lists(st.sampled_from(FILED[sector]), min_size=1, unique=True)):
                rows.append(row(sector, unit, stream, parameter, draw(amounts()), month))
    return rows


@settings(max_examples=25, deadline=None)
@given(plants(), st.randoms(use_true_random=False))
def test_lines_add_up_to_the_enterprise_and_months_to_the_year(rows, shuffled):
    found = account(tables(rows))
    lines, months = found.lines, found.plant_months
    for (sector, month), of_month in lines.groupby(["sector", "month"]):
        enterprise = months[(months["sector"] == sector) & (months["month"] == month)].iloc[0]
        assert total_of(of_month) == enterprise["tco2"]
        breakdown = of_month.loc[of_month["level"] != TOTAL, "tco2"].sum()
        if enterprise["other"] is not None:
            assert enterprise["other"] == enterprise["tco2"] - breakdown
    # A year is the sum of its monthly rounded rows, unit by unit.
    for sector, of_sector in lines.groupby("sector"):
        years = found.unit_years[found.unit_years["sector"] == sector]
        assert sum(value for value in years["tco2"] if value is not None) == of_sector["tco2"].sum()
    assert all(value == value.quantize(D("0.01")) for value in lines["tco2"] if value is not None)
    mixed = [*rows]
    shuffled.shuffle(mixed)
    again = account(tables(mixed))
    assert again.lines.drop(columns="inputs").equals(lines.drop(columns="inputs"))
    assert again.plant_months.equals(months)


@settings(max_examples=20, deadline=None)
@given(st.lists(amounts(), min_size=2, max_size=5), st.sampled_from(["steel", "cement", "aluminium"]))
def test_splitting_a_stream_changes_only_the_rounding(parts, sector):
    unit = "ENT"
    split = [
        row(sector, unit, f"bituminous_coal#{number}" if number else "bituminous_coal", "fuel_consumption", part)
        for number, part in enumerate(parts)
    ]
    whole = [row(sector, unit, "bituminous_coal", "fuel_consumption", f"{sum(map(D, parts)):.2f}")]
    difference = total_of(account(tables(split)).lines) - total_of(account(tables(whole)).lines)
    assert abs(difference) <= D("0.005") * (len(parts) + 1)


@settings(max_examples=20, deadline=None)
@given(amounts(1, 10_000_000), st.integers(2, 9), st.sampled_from(sorted(set(FILED) - {"power"})))
def test_emissions_scale_with_what_was_filed(amount, times, sector):
    unit, stream, parameter = FILED[sector][0]
    once = account(tables([row(sector, unit, stream, parameter, amount)])).lines["tco2"].sum()
    scaled = account(tables([row(sector, unit, stream, parameter, f"{D(amount) * times:.2f}")])).lines["tco2"].sum()
    assert abs(scaled - once * times) <= D("0.005") * (times + 1) * 2


@settings(max_examples=20, deadline=None)
@given(amounts(), amounts(), amounts())
def test_a_clinker_line_never_has_a_negative_process_emission(clinker, slag, gypsum):
    rows = [
        row("cement", "L1", "", "clinker_output", clinker),
        row("cement", "L1", "carbide_slag", "substitute_consumption", slag),
        row("cement", "L1", "phosphogypsum", "substitute_consumption", gypsum),
    ]
    found = account(tables(rows))
    assert found.plant_months.iloc[0]["tco2"] >= 0
    floored = "cement.floor" in set(found.lines["formula"])
    kept = found.lines.loc[found.lines["formula"] != "cement.floor", "tco2"].sum()
    assert floored == (kept < 0)

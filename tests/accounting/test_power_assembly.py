"""From filed rows to emission lines: which route is taken, what is substituted, what counts in which year."""

from decimal import Decimal as D

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emission_factors import Factors
from mrv.accounting.account import account
from schemas import TABLES
from schemas.vocabulary import PARAMETERS, unit_of


def filed(
    month: str, stream: str, unit: str = "U1", plant: str = "P1", methods: dict[str, str] | None = None, **values: str
):
    return [
        {
            "plant_id": plant,
            "sector": "power",
            "unit_id": unit,
            "stream_id": stream,
            "month": month,
            "parameter": name,
            "value": value,
            "unit": unit_of(name, stream),
            "method": (methods or {}).get(name, "measured"),
            "source_document": f"{name}.pdf",
        }
        for name, value in values.items()
    ]


def canonical(table: str, rows: list[dict[str, str]]) -> pd.DataFrame:
    names = TABLES[table].names
    return pd.DataFrame([{name: row.get(name, "") for name in names} for row in rows], columns=names, dtype="str")


def unit(unit_id: str = "U1", plant: str = "P1", **values: str) -> dict[str, str]:
    base = {
        "plant_id": plant,
        "unit_id": unit_id,
        "unit_class": "conventional_coal",
        "product_class": "condensing",
        "capacity": "600",
    }
    return {**base, "boiler_type": "pulverised", "standby": "no", **values}


def accounts(rows, units=None, factors=None):
    plants = [{"plant_id": "P1", "sector": "power", "altitude": "100"}]
    tables = {"parameter": canonical("parameter", rows), "unit": canonical("unit", units or [unit()])}
    return account({**tables, "plant": canonical("plant", plants)}, factors)


def line(rows, **rest):
    return accounts(rows, **rest).lines.iloc[0]


COAL = {"fuel_consumption": "1000", "net_calorific_value": "20.000"}


def test_air_dry_basis_is_converted_and_shown_with_its_raw_value():
    found = line(
        filed("2024-05", "bituminous_coal", carbon_content_ad="0.5732", moisture_ar="12.30", moisture_ad="3.45", **COAL)
    )
    assert found["formula"] == "combustion.ad"
    assert str(found["carbon_content_raw"]).startswith("0.520659")
    assert found["carbon_content_ar"] == D("0.5207")
    # 1000 × 0.5207 × 0.99 × 44/12 = 1890.141
    assert found["tco2"] == D("1890.14")
    assert found["substituted"] == ""


def test_measured_as_received_wins_over_a_conversion():
    rows = filed(
        "2024-05",
        "bituminous_coal",
        carbon_content_ar="0.5000",
        carbon_content_ad="0.6",
        moisture_ar="10",
        moisture_ad="2",
        **COAL,
    )
    assert line(rows)["formula"] == "combustion.ar"


def test_a_calculated_as_received_value_gives_way_to_its_components():
    methods = {"carbon_content_ar": "calculated"}
    rows = filed(
        "2024-05",
        "bituminous_coal",
        methods=methods,
        carbon_content_ar="0.5",
        carbon_content_d="0.6",
        moisture_ar="10",
        **COAL,
    )
    found = line(rows)
    assert (found["formula"], found["carbon_content_ar"]) == ("combustion.d", D("0.5400"))


@pytest.mark.parametrize(
    ("unit_class", "month", "per_heat"),
    [
        ("conventional_coal", "2022-01", "0.03085"),
        ("conventional_coal", "2024-05", "0.03085"),
        ("unconventional_coal", "2024-05", "0.02858"),
        ("conventional_coal", "2020-12", "0.03356"),
    ],
)
def test_untested_coal_takes_the_penalty_value_whatever_was_filed(unit_class, month, per_heat):
    rows = filed(month, "bituminous_coal", carbon_per_heat="0.02618", **COAL)
    found = line(rows, units=[unit(unit_class=unit_class)])
    assert found["carbon_per_heat"] == D(per_heat)
    assert "carbon_per_heat" in found["substituted"]
    assert found["factors"].startswith("power.coal_carbon_per_heat")


def test_coal_without_heat_value_takes_both_penalty_values():
    # 26.7 × 0.03085 = 0.823695 → 0.8237; 1000 × 0.8237 × 0.99 × 44/12 = 2990.031
    found = line(filed("2024-05", "lignite", fuel_consumption="1000"))
    assert found["tco2"] == D("2990.03")
    assert found["substituted"] == "net_calorific_value carbon_per_heat"


def test_oil_takes_what_was_filed_before_the_default():
    own = line(filed("2024-05", "diesel", fuel_consumption="10", net_calorific_value="42.000", carbon_per_heat="0.02"))
    assert own["carbon_content_ar"] == D("0.8400")
    assert own["substituted"] == ""
    # default 42.652 × 0.0202 = 0.8615704 → 0.8616; 10 × 0.8616 × 0.98 × 44/12 = 30.96016
    default = line(filed("2024-05", "diesel", fuel_consumption="10"))
    assert default["tco2"] == D("30.96")


def test_gas_is_rounded_to_two_decimals_before_the_product():
    assert line(filed("2024-05", "natural_gas", fuel_consumption="21"))["tco2"] == D("454.33")


def test_biomass_is_not_counted():
    rows = filed("2024-05", "biomass", fuel_consumption="500") + filed("2024-05", "lignite", fuel_consumption="1")
    assert list(accounts(rows).lines["stream_id"]) == ["lignite"]


@pytest.mark.parametrize(("month", "counted"), [("2022-12", True), ("2025-12", True), ("2026-01", False)])
def test_purchased_electricity_counts_to_2025(month, counted):
    rows = filed(month, "", purchased_electricity="100") + filed(
        month, "diesel", fuel_consumption="1", oxidation_rate="98"
    )
    assert ("electricity" in set(accounts(rows).lines["source"])) == counted


def test_purchased_electricity_is_reported_but_not_surrendered():
    # 2024: 100 MWh × 0.5366 = 53.66 t in the report, not in the surrender obligation
    rows = filed("2024-05", "", purchased_electricity="100") + filed("2024-05", "diesel", fuel_consumption="10")
    found = accounts(rows)
    assert found.lines.set_index("source").loc["electricity", "tco2"] == D("53.66")
    assert found.unit_years["tco2_surrender"].iloc[0] == D("30.96")


def test_electricity_of_merged_units_is_surrendered_with_their_group():
    # 2022: 100 MWh × 0.5703 = 57.03 t, filed by the member, part of the obligation of the group
    units = [unit("1", merged_with="G1"), unit("2", merged_with="G1")]
    rows = filed("2022-05", "", unit="1", purchased_electricity="100") + filed(
        "2022-05", "diesel", unit="G1", fuel_consumption="10"
    )
    assert accounts(rows, units=units).unit_years["tco2_surrender"].iloc[0] == D("30.96") + D("57.03")


class TestOxidationFrom2026:
    rows = filed("2026-05", "bituminous_coal", carbon_content_ar="0.5000", oxidation_rate="98.50", **COAL)

    def test_a_filed_rate_with_evidence_is_used(self):
        found = line(self.rows)
        assert (found["oxidation_rate"], found["provisional"]) == (D("98.50"), False)

    def test_without_evidence_the_upper_bound_is_shown_as_provisional(self):
        bare = [{**row, "source_document": ""} if row["parameter"] == "oxidation_rate" else row for row in self.rows]
        found = line(bare)
        # 1000 × 0.5 × 1.00 × 44/12 = 1833.33
        assert (found["oxidation_rate"], found["provisional"], found["tco2"]) == (D(100), True, D("1833.33"))

    def test_an_imported_rate_wins(self):
        imported = {
            "id": "national.coal.pulverised",
            "sector": "power",
            "fuel_group": "coal",
            "boiler_type": "pulverised",
            "altitude_from": "",
            "altitude_to": "1500",
            "value": "98.9",
            "unit": "%",
            "valid_from": "2026-01",
            "source": "test",
            "certainty": "official",
        }
        found = line(self.rows, factors=Factors(extra={"oxidation": [imported]}))
        assert (found["oxidation_rate"], found["factors"]) == (D("98.9"), "national.coal.pulverised")

    def test_the_filed_rate_never_replaces_the_guide_before(self):
        rows = filed("2025-05", "bituminous_coal", carbon_content_ar="0.5000", oxidation_rate="98.50", **COAL)
        assert line(rows)["oxidation_rate"] == D(99)


def test_merged_units_report_as_their_group():
    # power.md C10: hours (700×300 + 650×350)/650 = 673.08 h; load factor 320 000/(300×700 + 350×650) = 73.14 %
    units = [unit("1", merged_with="G1", capacity="300"), unit("2", merged_with="G1", capacity="350")]
    rows = filed("2024-05", "lignite", unit="G1", fuel_consumption="1000")
    rows += filed("2024-05", "", unit="1", power_generation="150000", run_hours="700")
    rows += filed("2024-05", "", unit="2", power_generation="170000", run_hours="650")
    month = accounts(rows, units=units).unit_months
    assert list(month["unit_id"]) == ["G1"]
    assert round(month["run_hours"].iloc[0], 2) == D("673.08")
    assert round(month["load_factor"].iloc[0], 2) == D("73.14")


def test_a_mixed_group_takes_the_class_with_the_lower_benchmark():
    units = [unit("1", merged_with="G1", unit_class="unconventional_coal"), unit("2", merged_with="G1")]
    rows = filed("2024-05", "lignite", unit="G1", fuel_consumption="1000") + filed(
        "2024-05", "", unit="1", power_generation="9"
    )
    assert accounts(rows, units=units).unit_years["allocation_class"].iloc[0] == "conventional_coal_above_300"


def test_year_is_the_sum_of_rounded_months():
    rows = [
        row
        for m in ("01", "02", "03")
        for row in filed(f"2024-{m}", "lignite", fuel_consumption="0.01", carbon_content_ar="0.4")
    ]
    # 0.01 × 0.4 × 0.99 × 44/12 = 0.01452 → 0.01 each month; the year 0.03, not round(0.04356) = 0.04
    assert accounts(rows).unit_years["tco2"].iloc[0] == D("0.03")


amounts = st.decimals("0.01", "99999.99", places=2).map(str)
fractions = st.decimals("0.1000", "0.8000", places=4).map(str)


@settings(max_examples=25, deadline=None)
@given(
    months=st.lists(st.tuples(amounts, fractions), min_size=1, max_size=5),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_rows_does_not_matter(months, order):
    rows = [
        row
        for number, (amount, carbon) in enumerate(months, start=1)
        for row in filed(f"2024-{number:02d}", "bituminous_coal", fuel_consumption=amount, carbon_content_ar=carbon)
    ]
    before = accounts(rows)
    order.shuffle(rows)
    after = accounts(rows)
    pd.testing.assert_frame_equal(before.lines, after.lines)
    pd.testing.assert_frame_equal(before.unit_years, after.unit_years)


@settings(max_examples=25, deadline=None)
@given(amount=amounts, carbon=fractions, factor=st.integers(2, 1000))
def test_emission_scales_with_consumption(amount, carbon, factor):
    one = line(filed("2024-01", "lignite", fuel_consumption=amount, carbon_content_ar=carbon))
    many = line(filed("2024-01", "lignite", fuel_consumption=str(D(amount) * factor), carbon_content_ar=carbon))
    # each is rounded once to 0.01 t
    assert abs(many["tco2"] - one["tco2"] * factor) <= D("0.005") * (factor + 1)


@settings(max_examples=25, deadline=None)
@given(parts=st.lists(amounts, min_size=2, max_size=4), carbon=fractions)
def test_splitting_a_stream_changes_only_the_rounding(parts, carbon):
    whole = line(filed("2024-01", "lignite", fuel_consumption=str(sum(map(D, parts))), carbon_content_ar=carbon))[
        "tco2"
    ]
    rows = [
        row
        for number, part in enumerate(parts, start=1)
        for row in filed("2024-01", f"lignite#{number}", fuel_consumption=part, carbon_content_ar=carbon)
    ]
    split = sum(accounts(rows).lines["tco2"])
    assert abs(split - whole) <= D("0.005") * (len(parts) + 1)


def test_every_parameter_that_is_asked_for_exists():
    from mrv.accounting import power, unit_months

    assert set(power.STREAM_PARAMETERS) | set(unit_months.PARAMETERS) <= set(PARAMETERS)

"""Cement, aluminium and steel against figures from outside and figures worked by hand; the arithmetic stands beside each."""

from decimal import Decimal as D

import numpy as np
import pytest

from emission_factors import Factors, factors
from mrv.accounting import process
from mrv.accounting.account import account
from mrv.accounting.allowance import intensity_coefficient
from mrv.accounting.cement import oxide_ratios
from mrv.accounting.decimals import round_half_up
from tests.accounting import steel_month
from tests.accounting.filing import row, tables


def one(*values):
    return [np.array([None if value is None else D(value)], dtype=object) for value in values]


def lines_by(found, *columns):
    return found.lines.set_index(list(columns))["tco2"].to_dict()


class TestSteel:
    def test_a_real_month_to_the_cent(self):
        found = account(tables(steel_month.rows()))
        computed = lines_by(found, "stream_id")
        expected = {**steel_month.FUELS, **steel_month.MATERIALS, **steel_month.PRODUCTS}
        assert {name: str(value) for name, value in computed.items()} == {
            name: value for name, (_, value) in expected.items()
        }
        sums = found.lines.groupby("source")["tco2"].sum()
        assert {name: str(value) for name, value in sums.items()} == steel_month.TOTALS
        month = found.plant_months.iloc[0]
        assert str(month["tco2"]) == steel_month.ENTERPRISE
        assert str(round_half_up(month["intensity"], 4)) == steel_month.INTENSITY

    def test_a_process_is_gross_and_never_added_to_the_enterprise(self):
        # coking: 1000 t × 26.344 × 0.02541 × 44/12 = 2454.47048 in; 750 t coke × 28.435 × 0.02942 × 44/12 = 2300.533675 out
        rows = [
            *steel_month.rows(),
            row("steel", "CK1", "washed_coking_coal", "fuel_input", "1000"),
            row("steel", "CK1", "coke", "fuel_output", "750"),
            # co-firing: 100 × 33.000 × 0.07080 × 99 % × 44/12 = 848.1132, the only formula with an oxidation rate
            row("steel", "PP1", "blast_furnace_gas", "fuel_consumption", "100", origin="own"),
        ]
        found = account(tables(rows))
        assert lines_by(found, "unit_id", "stream_id", "source")["CK1", "washed_coking_coal", "combustion"] == D(
            "2454.47"
        )
        assert lines_by(found, "unit_id", "stream_id", "source")["CK1", "coke", "product"] == D("-2300.53")
        assert lines_by(found, "unit_id", "stream_id", "source")["PP1", "blast_furnace_gas", "combustion"] == D(
            "848.11"
        )
        month = found.plant_months.iloc[0]
        assert str(month["tco2"]) == steel_month.ENTERPRISE
        assert (month["process"], month["cofiring"]) == (D("153.94"), D("848.11"))
        assert month["other"] == D("1214057.49") - D("153.94") - D("848.11")
        assert found.unit_months.set_index("unit_id").loc["PP1", "secondary_energy_share"] == 100

    def test_coke_is_always_default_and_other_solids_as_measured(self):
        rows = [
            row("steel", "ENT", "coke", "fuel_consumption", "1000"),
            row("steel", "ENT", "coke", "net_calorific_value", "30"),
            row("steel", "ENT", "anthracite", "fuel_consumption", "1000"),
            row("steel", "ENT", "anthracite", "net_calorific_value", "24"),
            row("steel", "ENT", "anthracite", "carbon_per_heat", "0.02"),
        ]
        # 1000 × 28.435 × 0.02942 × 44/12 = 3067.3782; 1000 × 24 × 0.02749 × 44/12 = 2419.12 (carbon is always the default)
        assert lines_by(account(tables(rows)), "stream_id") == {"anthracite": D("2419.12"), "coke": D("3067.38")}

    def test_a_process_takes_the_heat_value_of_the_enterprise(self):
        rows = [
            row("steel", "ENT", "anthracite", "net_calorific_value", "24"),
            row("steel", "SI1", "anthracite", "fuel_input", "1000"),
        ]
        assert lines_by(account(tables(rows)), "unit_id") == {"SI1": D("2419.12")}

    def test_a_value_declared_default_is_the_one_of_the_table(self):
        rows = [
            row("steel", "ENT", "anthracite", "fuel_consumption", "1000"),
            row("steel", "ENT", "anthracite", "net_calorific_value", "20", method="default"),
        ]
        # 1000 × 25.024 × 0.02749 × 44/12 = 2522.3357
        assert lines_by(account(tables(rows)), "stream_id") == {"anthracite": D("2522.34")}

    def test_own_fuel_and_unlisted_materials_do_not_count(self):
        rows = [
            row("steel", "ENT", "coke", "fuel_consumption", "1000", origin="own"),
            row("steel", "ENT", "other_carbonate", "material_consumption", "1000"),
            row("steel", "ENT", "sodium_carbonate", "material_consumption", "1000"),
        ]
        assert account(tables(rows)).lines.empty

    def test_more_coke_sold_than_bought_lowers_the_balance(self):
        rows = [row("steel", "ENT", "coke", "fuel_consumption", "-1000")]
        assert lines_by(account(tables(rows)), "stream_id") == {"coke": D("-3067.38")}

    def test_another_candidate_is_the_same_month_under_another_document(self):
        # dolomite 53361.58 × 0.471 = 25133.30418 → 25133.30 instead of 25400.11
        other = factors().choosing({"dolomite.material_factor": "guide_2013"})
        assert lines_by(account(tables(steel_month.rows()), other), "stream_id")["dolomite"] == D("25133.30")
        # with the oxidation rate of a public implementation: 5845.9672… × 98 % = 5729.0479 → 5729.05
        rated = factors().choosing({"solid.balance_oxidation_rate": "implementation"})
        assert lines_by(account(tables(steel_month.rows()), rated), "stream_id")["anthracite"] == D("5729.05")


LINE = {"sector": "cement", "unit_id": "L1", "process": "clinker_line"}


class TestCement:
    def test_clinker_less_substitutes(self):
        rows = [
            row("cement", "L1", "", "clinker_output", "100000"),
            row("cement", "L1", "carbide_slag", "substitute_consumption", "5000"),
        ]
        # 100000 × 0.535 − 5000 × 0.480 = 53500 − 2400 = 51100.00
        found = account(tables(rows))
        assert found.plant_months.iloc[0]["tco2"] == D("51100.00")

    @pytest.mark.parametrize(
        ("kind", "tonnes"),
        [
            ("portland_clinker", "535.00"),
            ("white_clinker", "550.00"),
            ("sulfoaluminate_clinker", "413.00"),
            ("aluminate_clinker", "292.00"),
        ],
    )
    def test_each_category_has_its_factor(self, kind, tonnes):
        filed = tables([row("cement", "L1", "", "clinker_output", "1000")], LINE | {"clinker_kind": kind})
        assert lines_by(account(filed), "stream_id") == {kind: D(tonnes)}

    def test_substitutes_never_take_the_process_below_zero(self):
        rows = [
            row("cement", "L1", "", "clinker_output", "100"),
            row("cement", "L1", "carbide_slag", "substitute_consumption", "5000"),
            row("cement", "L2", "", "clinker_output", "1000"),
        ]
        # L1: 53.50 − 2400.00 = −2346.50, given back as a line of its own; L2: 535.00 is not touched by it
        found = account(tables(rows))
        assert lines_by(found, "unit_id", "formula")["L1", "cement.floor"] == D("2346.50")
        assert found.plant_months.iloc[0]["tco2"] == D("535.00")
        exact = [*rows[:1], row("cement", "L1", "carbide_slag", "substitute_consumption", "111.458333")]
        # 111.458333 × 0.480 = 53.49999984 → 53.50: exactly zero needs no line of its own
        assert "cement.floor" not in set(account(tables(exact)).lines["formula"])

    @pytest.mark.parametrize(
        ("equipment", "tonnes"),
        [("", "2497.11"), ("cement_kiln", "2497.11"), ("power_boiler", "2396.22"), ("industrial_boiler", "2143.99")],
    )
    def test_solid_fuel_takes_the_rate_of_its_equipment(self, equipment, tonnes):
        # 1000 × 25.024 × 0.02749 × 44/12 = 2522.3357…; × 0.99 = 2497.1124; × 0.95 = 2396.2190; × 0.85 = 2143.9854
        filed = tables(
            [row("cement", "L1", "anthracite", "fuel_consumption", "1000")],
            LINE | {"combustion_equipment": equipment},
        )
        assert lines_by(account(filed), "stream_id") == {"anthracite": D(tonnes)}

    def test_the_oxide_route(self):
        # CaO 65 %, MgO 1.5 %: 0.65 × 44/56 + 0.015 × 44/40 = 0.5107143 + 0.0165 = 0.5272143
        factor = process.oxide_factor(*one("65", "1.5", "0", "0"), *oxide_ratios())[0]
        assert round_half_up(factor, 4) == D("0.5272")

    def test_the_older_rule_set_takes_oxides_and_the_carbon_of_raw_meal(self):
        month = "2023-06"
        rows = [
            row("cement", "L1", "", "clinker_output", "1000", month),
            row("cement", "L1", "", "kiln_head_dust", "10", month),
            row("cement", "L1", "", "clinker_cao", "65", month),
            row("cement", "L1", "", "clinker_mgo", "1.5", month),
            row("cement", "L1", "", "raw_meal_consumption", "1550", month),
        ]
        # 1010 × 0.5272142857 = 532.486428… → 532.49; 1550 × 0.3 % × 44/12 = 17.05
        assert lines_by(account(tables(rows)), "formula") == {
            "cement.oxides": D("532.49"),
            "cement.raw_meal": D("17.05"),
        }

    def test_biomass_and_alternative_fuels_give_no_line(self):
        rows = [
            row("cement", "L1", "biomass", "fuel_consumption", "100"),
            row("cement", "L1", "biomass", "alternative_fuel_quantity", "100"),
        ]
        assert account(tables(rows)).lines.empty


class TestAluminium:
    def test_anodes(self):
        # 1000 × (1 − 15.18 %) = 848.20; × (1 − 2 % − 0.4 %) × 44/12 = 3035.425066… → 3035.43
        found = account(tables([row("aluminium", "E1", "", "anode_consumption", "1000")]))
        assert found.lines["tco2"].tolist() == [D("3035.43")]
        assert dict(found.lines["inputs"].iloc[0])["anode_net_consumption"] == D("848.20")

    def test_measured_sulphur_and_ash_take_the_place_of_the_defaults(self):
        rows = [
            row("aluminium", "E1", "", "anode_consumption", "1000"),
            row("aluminium", "E1", "", "anode_sulphur", "1.5"),
            row("aluminium", "E1", "", "anode_ash", "0.3", method="default"),
        ]
        # 848.20 × (1 − 1.5 % − 0.4 %) × 44/12 = 3050.975400 (ash was declared default, so it is the one of the table)
        assert account(tables(rows)).lines["tco2"].tolist() == [D("3050.98")]

    def test_anode_effects_by_gas(self):
        # CF4: 10000 × 0.02 / 1000 = 0.2 t × 6630 = 1326.00; C2F6: 10000 × 0.0011 / 1000 = 0.011 t × 11100 = 122.10; Σ 1448.10
        found = account(tables([row("aluminium", "E1", "", "aluminium_output", "10000")]))
        gases = found.lines.set_index("gas")
        assert gases["tonnes"].map(float).to_dict() == {"CF4": 0.2, "C2F6": 0.011}
        assert gases["tco2"].to_dict() == {"CF4": D("1326.00"), "C2F6": D("122.10")}

    def test_the_older_generation(self):
        rows = [
            row("aluminium", "E1", "", "aluminium_output", "10000", "2023-06"),
            row("aluminium", "E2", "", "aluminium_output", "10000", "2023-06"),
            row("aluminium", "E2", "", "anode_effect_minutes", "0.5", "2023-06"),
        ]
        # E1, defaults: 10000 × (0.034 × 6630 + 0.0034 × 11100) / 1000 = 2254.20 + 377.40 = 2631.60
        # E2, slope: CF4 0.143 × 0.5 = 0.0715 kg/t → 4740.45; C2F6 0.00715 kg/t → 793.65
        found = account(tables(rows)).lines
        pfc = found[found["source"] == "pfc"].set_index(["unit_id", "gas"])["tco2"].to_dict()
        assert pfc["E1", "CF4"] + pfc["E1", "C2F6"] == D("2631.60")
        assert (pfc["E2", "CF4"], pfc["E2", "C2F6"]) == (D("4740.45"), D("793.65"))
        # 10000 × 0.411 = 4110 × 0.976 × 44/12 = 14708.32
        assert found.loc[found["source"] == "process", "tco2"].tolist() == [D("14708.32")] * 2

    def test_carbonates_and_fuels_of_the_enterprise(self):
        rows = [
            row("aluminium", "ENT", "sodium_carbonate", "material_consumption", "100"),
            row("aluminium", "ENT", "sodium_carbonate", "carbonate_purity", "98"),
            row("aluminium", "ENT", "calcium_carbonate", "material_consumption", "100"),
            row("aluminium", "ENT", "natural_gas", "fuel_consumption", "10"),
        ]
        # 100 × 0.4149 × 98 % = 40.6602; 100 × 0.4397 × 100 % (purity not filed) = 43.97; 10 × 389.310 × 0.01532 × 99 % × 44/12 = 216.5010
        assert lines_by(account(tables(rows)), "stream_id") == {
            "sodium_carbonate": D("40.66"),
            "calcium_carbonate": D("43.97"),
            "natural_gas": D("216.50"),
        }


class TestCasesFromOutside:
    """Cases whose inputs and answers others published; the ratio of CO2 to carbon is theirs."""

    def test_steel_as_carbon_output_of_a_mass_balance(self):
        # European Commission, CBAM communication template, example 3: −1808226 × 0.003878 × 3.664 = −25693.068768192
        found = process.balance_emission(*one("-1808226", "1", "0.003878", "100"), (D("3.664"), D(1)))[0]
        assert found == D("-25693.068768192")

    def test_prebake_electrolysis(self):
        # AMEE/GHG Protocol: 500000000 kg × 0.415 × (1 − 2 % − 0.4 %) × 3.666667 = 742573400.84 kg (their ratio, seven digits)
        net = process.material_emission(*one("500000000", "0.415"))
        found = process.anode_emission(net, *one("2", "0.4"), (D("3.666667"), D(1)))[0]
        assert abs(found - D("742573400.84")) < D("0.01")

    def test_slope_of_a_prebake_cell(self):
        # AMEE: 500000 t × 0.143 × 0.5 / 1000 = 35.75 t CF4; C2F6 0.121 of it = 4.32575 t; SAR: 35.75 × 6500 + 4.32575 × 9200
        factor = process.slope_factor(*one("0.5", "0.143"))
        cf4 = process.perfluorocarbon_mass(*one("500000"), factor)[0]
        c2f6 = process.perfluorocarbon_mass(*one("500000"), process.slope_factor(factor, *one("0.121")))[0]
        assert (cf4, c2f6) == (D("35.75"), D("4.32575"))
        gases = {gas: factors().as_of("gwp", "2026-01", assessment="SAR", gas=gas).value for gas in ("CF4", "C2F6")}
        total = sum(
            process.carbon_dioxide_equivalent(*one(str(mass), str(gases[gas])))[0]
            for gas, mass in (("CF4", cf4), ("C2F6", c2f6))
        )
        assert total == D("272171.9")

    def test_flux_and_electrodes_of_an_electric_furnace(self):
        # AMEE/EPA: 30000 × 0.12 × 3.666667 + 1500 × 0.99 × 3.666667 = 13200.0012 + 5445.000495 = 18645.001695
        ratio = D("3.666667")
        flux = process.material_emission(*one("30000"), *one(str(D("0.12") * ratio)))[0]
        electrodes = process.material_emission(*one("1500"), *one(str(D("0.99") * ratio)))[0]
        assert flux + electrodes == D("18645.001695")

    def test_lime_from_production_data(self):
        # GHG Protocol lime tool: 1200 × 0.95 × 0.785 × (1 − 0.1 × 0.28) × 1.02 = 887.239656
        quantity = D(1200) * (1 - D("0.1") * D("0.28")) * D("1.02")
        factor = process.oxide_factor(*one("95", "0", "0", "0"), (D("0.785"), D(1)), (D(44), D(40)))
        assert process.material_emission(*one(str(quantity)), factor)[0] == D("887.239656")


@pytest.mark.parametrize(
    ("balance", "own", "alpha"),
    [
        ("2.0", "1.9", "0.0075"),  # X = 0.05 × 0.15
        ("2.0", "1.5", "0.03"),  # X = 0.25, capped
        ("2.0", "2.6", "-0.03"),  # X = −0.30, capped
        ("2.0", "2.0", "0"),
        ("2.0", "1.6", "0.03"),  # X = 0.20: either branch gives 3 %
        ("2.0", "2.4", "-0.03"),
    ],
)
def test_intensity_coefficient(balance, own, alpha):
    assert intensity_coefficient(D(own), D(balance), D("0.15"), D("0.20"), D("0.03")) == D(alpha)


def test_intensity_coefficient_of_a_real_number():
    # X = (0.82 − 0.80) / 0.82 = 0.0243902; × 0.15 = 0.0036585
    found = intensity_coefficient(D("0.80"), D("0.82"), D("0.15"), D("0.20"), D("0.03"))
    assert round_half_up(found, 7) == D("0.0036585")


class TestAllowances:
    def position(self, month="2026-06", extra=None, **facility):
        filed = tables(
            [
                row("cement", "L1", "", "clinker_output", "100000", month),
                row("cement", "L1", "", "carbide_slag_ratio", facility.pop("ratio", "0"), month),
            ],
            {"sector": "cement", "unit_id": "L1", "process": "clinker_line", "clinker_kind": "portland_clinker"}
            | facility,
        )
        return account(filed, Factors(extra)).unit_years.iloc[0]

    def test_in_2024_the_allowance_is_the_emission(self):
        found = self.position("2024-06")
        assert (found["allowance"], found["gap"], found["allowance_certainty"]) == (D(53500), D(0), "secondary")

    def test_without_a_balance_value_there_is_a_range(self):
        # 53500 × 0.97 = 51895; × 1.03 = 55105
        found = self.position()
        assert found["allowance"] is None
        assert (found["allowance_low"], found["allowance_high"]) == (D(51895), D(55105))

    def test_with_a_balance_value(self):
        balance = {
            "id": "balance.clinker", "purpose": "balance", "benchmark": "clinker_output", "product": "clinker",
            "basis": "clinker_output", "value": "0.5350", "unit": "tCO2/t", "source": "test", "certainty": "official",
        }  # fmt: skip
        # I = 0.535 = B: α = 0, A = 53500
        found = self.position(extra={"benchmarks": [balance]})
        assert (found["allowance"], found["gap"]) == (D(53500), D(0))
        better = self.position(extra={"benchmarks": [balance | {"value": "0.5500"}]})
        # X = 0.015/0.55 = 0.0272727; α = 0.00409091; 53500 × 1.00409091 = 53718.86 → 53718
        assert (better["allowance"], better["gap"]) == (D(53718), D(-218))

    @pytest.mark.parametrize(
        ("facility", "exempt"),
        [
            ({"clinker_kind": "white_clinker"}, True),
            ({"gypsum_acid_line": "yes"}, True),
            ({"ratio": "15.01"}, True),
            ({"ratio": "15"}, False),
        ],
    )
    def test_exemptions(self, facility, exempt):
        found = self.position(**facility)
        assert (found["allowance"] is not None) == exempt

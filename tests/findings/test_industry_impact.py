"""Tonnes of a fault in an industrial plant: the whole part of the plant recomputed, each unit's own result compared."""

import json

import pandas as pd

from emission_factors import factors
from mrv.accounting.account import account
from mrv.findings.impact import with_impact
from tests.accounting import steel_month
from tests.accounting.filing import row, tables

COLUMNS = ("impact_tco2e", "impact_allowance_t", "impact_gap_t", "impact_scope")


def priced(filed, sector, unit_id, stream_id, **instead):
    finding = {"plant_id": "P1", "sector": sector, "unit_id": unit_id, "stream_id": stream_id, "period": "2026-06"}
    finding |= {"counterfactual": json.dumps(instead), **dict.fromkeys(COLUMNS, "")}
    made = with_impact(pd.DataFrame([finding], dtype="str"), filed, account(filed), factors())
    return made.iloc[0]


def test_dolomite_filed_ten_times_too_large():
    filed = tables(steel_month.rows())
    found = priced(filed, "steel", "ENT", "dolomite", material_consumption="5336.16")
    # 53361.58 × 0.476 = 25400.11; 5336.16 × 0.476 = 2540.01; as filed − without the fault = 22860.10
    assert found["impact_tco2e"] == "22860.10"
    assert (found["impact_allowance_t"], found["impact_gap_t"]) == ("", "")  # no balance value is published
    assert found["impact_scope"] == "ENT 2026 (1/12)"


def test_a_process_keeps_the_heat_value_of_the_enterprise_in_its_scenario():
    filed = tables(
        [
            row("steel", "ENT", "anthracite", "net_calorific_value", "24"),
            row("steel", "SI1", "anthracite", "fuel_input", "1000"),
        ]
    )
    # 1000 t: 2419.12; 100 t: 241.91 with the same 24 GJ/t
    assert priced(filed, "steel", "SI1", "anthracite", fuel_input="100")["impact_tco2e"] == "2177.21"


def test_the_clinker_category_of_the_register_holds_in_a_scenario():
    white = {"sector": "cement", "unit_id": "L1", "process": "clinker_line", "clinker_kind": "white_clinker"}
    filed = tables([row("cement", "L1", "", "clinker_output", "1000")], white)
    found = priced(filed, "cement", "L1", "", clinker_output="900")
    # (1000 − 900) × 0.550; a white line's allowance equals its emission, so the gap does not move
    assert (found["impact_tco2e"], found["impact_allowance_t"], found["impact_gap_t"]) == ("55.00", "55.00", "0.00")

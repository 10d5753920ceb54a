"""The vocabulary: spellings of one unit meet, different units never do."""

import pytest

from schemas import TABLES
from schemas.vocabulary import FUELS, PARAMETERS, UNIT_LABELS, canonical_unit, unit_of


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("t", "t"),
        ("吨", "t"),
        ("GJ/万Nm3", "GJ/1e4Nm3"),
        ("GJ/10⁴Nm³", "GJ/1e4Nm3"),
        ("GJ / 10^4Nm3", "GJ/1e4Nm3"),
        ("万标立方米", "1e4Nm3"),
        ("ＭＷｈ", "MWh"),
        ("％", "%"),
        ("tCO₂", "tCO2"),
    ],
)
def test_spellings_of_one_unit_meet(written, canonical):
    assert canonical_unit(written) == canonical


@pytest.mark.parametrize("written", ["kWh", "kg", "MJ/kg", "kJ/kg", "万kWh", "", "m3", "tce"])
def test_another_unit_stays_unknown(written):
    assert canonical_unit(written) is None


def test_every_unit_of_the_vocabulary_is_its_own_canonical_spelling():
    for entry in PARAMETERS.values():
        for unit in (entry.unit, entry.gas_unit):
            assert canonical_unit(unit) == unit
    for unit, label in UNIT_LABELS.items():
        assert canonical_unit(label) == unit


def test_gas_is_counted_in_its_own_unit():
    assert unit_of("fuel_consumption", "natural_gas") == "1e4Nm3"
    assert unit_of("fuel_consumption", "refinery_gas") == "t"
    assert unit_of("fuel_consumption", "bituminous_coal#2") == "t"


def test_labels_exist_and_are_unique_within_a_table():
    for table in TABLES.values():
        for language in ("zh", "en"):
            labels = [getattr(column, language) for column in table.columns]
            assert all(labels)
            assert len(labels) == len(set(labels)), (table.name, language)
    assert len({fuel.zh for fuel in FUELS.values()}) == len(FUELS)
    assert len({entry.zh for entry in PARAMETERS.values()}) == len(PARAMETERS)


def test_a_column_has_one_label_wherever_it_stands():
    shared = ("plant_id", "unit_id", "month", "method", "fc_source", "carbon_scheme", "meter_id", "report_number")
    for name in shared:
        labels = {table.by_name[name].zh for table in TABLES.values() if name in table.by_name}
        assert len(labels - {"代表月份"}) == 1, (name, labels)

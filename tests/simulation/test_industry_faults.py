"""Planted faults of the industrial plants: each changes its own place and nothing else."""

import pandas as pd
import pytest

from mrv.simulation import PlantYears
from mrv.simulation.build import month_of
from mrv.simulation.editing import Editor
from mrv.simulation.industry_fault_list import INDUSTRY_FAULTS
from mrv.simulation.industry_faults import Slip
from mrv.simulation.model import DEPOSITED

SECTOR_OF = {"DEMO07": "cement", "DEMO09": "aluminium", "DEMO11": "steel"}


@pytest.mark.parametrize("slip", INDUSTRY_FAULTS, ids=lambda slip: slip.rule)
def test_a_fault_changes_exactly_its_place(clean: PlantYears, slip: Slip) -> None:
    plant = slip.place.plant_id
    own = PlantYears(
        {name: frame[frame["plant_id"] == plant].reset_index(drop=True) for name, frame in clean.tables.items()}
    )
    editor = Editor(own)
    fault = slip(editor)
    assert (fault.rule, fault.plant_id, fault.parameter) == (slip.rule, plant, slip.parameter)
    changed = []
    for name in DEPOSITED:
        both = own.tables[name].merge(editor.tables[name], how="outer", indicator=True)
        both = both[both["_merge"] != "both"]
        changed.append(both.assign(at=month_of(name, both))[["unit_id", "at"]])
    places = pd.concat(changed).drop_duplicates()
    assert places.to_numpy().tolist() == [[slip.place.unit_id, slip.place.month]]


def test_every_sector_has_faults_and_a_clean_plant(clean: PlantYears) -> None:
    faulty = {slip.place.plant_id for slip in INDUSTRY_FAULTS}
    assert faulty == set(SECTOR_OF)
    plants = clean.tables["plant"]
    for plant_id, sector in SECTOR_OF.items():
        there = set(plants.loc[plants["sector"] == sector, "plant_id"])
        assert plant_id in there and len(there - faulty) >= 1
    months = [(slip.place.plant_id, slip.place.month) for slip in INDUSTRY_FAULTS]
    assert len(set(months)) == len(months)

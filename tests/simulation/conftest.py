"""The demonstration, built once for all tests of this room."""

import pytest

from mrv.simulation import PlantedFault, PlantYears, demo, plant_faults


@pytest.fixture(scope="session")
def clean() -> PlantYears:
    return demo()


@pytest.fixture(scope="session")
def planted(clean: PlantYears) -> tuple[PlantYears, list[PlantedFault]]:
    return plant_faults(clean)

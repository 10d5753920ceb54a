"""Synthetic plant-years: honest ones whose numbers close, and the same with planted faults. Everything follows from a seed."""

from mrv.simulation.build import demo, simulate
from mrv.simulation.country import national
from mrv.simulation.faults import plant_faults, readme
from mrv.simulation.files import filing_csv, filing_zip, meter_csv
from mrv.simulation.model import PlantedFault, PlantYears

__all__ = [
    "PlantYears",
    "PlantedFault",
    "demo",
    "filing_csv",
    "filing_zip",
    "meter_csv",
    "national",
    "plant_faults",
    "readme",
    "simulate",
]

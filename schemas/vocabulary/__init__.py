"""The words of the field: parameters, fuels, materials and units, read from CSV tables beside this file.

Nothing here is a number from a document (those live in `emission_factors`); the hard ranges of `parameters.csv`
are limits of physical possibility that only catch a wrong unit or a slip of the pen.
"""

from schemas.vocabulary.fuels import FUELS, MATERIALS, Fuel, Material, fuel_of, stream_state
from schemas.vocabulary.parameters import PARAMETERS, Parameter, unit_of
from schemas.vocabulary.plan_items import PLAN_ITEMS, PLAN_SECTIONS, PlanItem, plan_items
from schemas.vocabulary.processes import ENTERPRISE_UNIT, PROCESSES, Process
from schemas.vocabulary.units import UNIT_LABELS, canonical_unit

__all__ = [
    "ENTERPRISE_UNIT",
    "FUELS",
    "MATERIALS",
    "PARAMETERS",
    "PLAN_ITEMS",
    "PLAN_SECTIONS",
    "PROCESSES",
    "UNIT_LABELS",
    "Fuel",
    "Material",
    "Parameter",
    "PlanItem",
    "Process",
    "canonical_unit",
    "fuel_of",
    "plan_items",
    "stream_state",
    "unit_of",
]

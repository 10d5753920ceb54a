"""Numbers from documents: tables with source, validity and certainty, ONE as-of look-up, and the rule sets."""

from emission_factors.allocation_classes import allocation_class, heat_benchmark, merged_allocation_class
from emission_factors.fuel_groups import FUEL_GROUPS, fuel_group
from emission_factors.lookup import (
    Factors,
    NoFactor,
    as_of,
    as_of_many,
    co2_per_carbon,
    constant,
    factors,
    find,
    threshold,
)
from emission_factors.oxidation_checks import ImportFault
from emission_factors.oxidation_import import OxidationImport, import_oxidation
from emission_factors.rule_set import DepositItem, NoRuleSet, RuleSet
from emission_factors.rule_sets import date_of, deadline, rule_set, rule_sets_of
from emission_factors.table import CERTAINTIES, FactorRow

__all__ = [
    "CERTAINTIES",
    "FUEL_GROUPS",
    "DepositItem",
    "FactorRow",
    "Factors",
    "ImportFault",
    "NoFactor",
    "NoRuleSet",
    "OxidationImport",
    "RuleSet",
    "allocation_class",
    "as_of",
    "as_of_many",
    "co2_per_carbon",
    "constant",
    "date_of",
    "deadline",
    "factors",
    "find",
    "fuel_group",
    "heat_benchmark",
    "import_oxidation",
    "merged_allocation_class",
    "rule_set",
    "rule_sets_of",
    "threshold",
]

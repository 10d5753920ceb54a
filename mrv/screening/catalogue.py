"""Every rule of the project, in order of code. A module of rules is one subject and holds at most ten."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from mrv.screening import rules as rules_package
from mrv.screening.rule import Rule


@cache
def catalogue() -> dict[str, Rule]:
    """All rules by code; ValueError when two modules declare the same code."""
    found: dict[str, Rule] = {}
    for rules in subjects().values():
        for rule in rules:
            if rule.code in found:
                raise ValueError(f"rule {rule.code} is declared twice")
            found[rule.code] = rule
    return dict(sorted(found.items()))


@cache
def subjects() -> dict[str, tuple[Rule, ...]]:
    """The rules of each subject (module), in order of name."""
    names = sorted(module.name for module in iter_modules(rules_package.__path__))
    return {name: import_module(f"{rules_package.__name__}.{name}").RULES for name in names}

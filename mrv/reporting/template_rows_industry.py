"""Rows of the industrial sectors: what the rule set requires of each line, process and enterprise, and what helps to check it."""

from collections.abc import Iterable, Iterator, Mapping

from emission_factors import RuleSet, fuel_group, rule_set
from mrv.accounting.steel import ALWAYS_DEFAULT, CRUDE_STEEL
from mrv.reporting.template_quantities import Group, TemplateRegister, TemplateRow, streams_of, working
from schemas.vocabulary import FUELS, MATERIALS, PARAMETERS, PROCESSES, fuel_of

LEDGER = ("stock_opening", "quantity_purchased", "quantity_sold", "stock_closing")
REPORTED = "reported_emission"
# The quantity that is filed of a material, by the part it plays.
MATERIAL_QUANTITY = {
    "process_input": "material_consumption",
    "carbonate": "material_consumption",
    "substitute": "substitute_consumption",
    "carbon_product": "carbon_product_output",
}
MATERIAL_OPTIONAL = {"carbonate": ("carbonate_purity",)}
# Fuel properties a plant may have measured, and the fuels of which they are never taken from the filing.
FUEL_PROPERTIES: dict[str, tuple[str, ...]] = {
    "cement": ("net_calorific_value", "carbon_per_heat"),
    "aluminium": ("net_calorific_value", "carbon_per_heat"),
    "steel": ("net_calorific_value",),
}
NEVER_MEASURED: dict[str, tuple[str, ...]] = {"cement": (), "aluminium": (), "steel": ALWAYS_DEFAULT}
# Auxiliary quantities of the rule set that do not belong to every line or process.
AUXILIARY_AT: dict[str, tuple[str, ...]] = {
    "purchased_electricity": ("enterprise",),
    "purchased_heat": ("enterprise",),
    "nonfossil_electricity_direct": ("enterprise",),
    "nonfossil_electricity_own": ("enterprise",),
    "power_generation": ("cofiring",),
    "heat_supplied": ("cofiring",),
    "load_factor": ("cofiring",),
    "generation_intensity": ("cofiring",),
    "heat_intensity": ("cofiring",),
    "secondary_energy_share": ("cofiring",),
    "run_hours": ("line", "cofiring"),
    "process_intensity": ("process",),
}
EVERYWHERE_ELSE = ("line", "process")
OPTIONAL_OF: dict[str, tuple[str, ...]] = {
    "electrolysis": ("anode_sulphur", "anode_ash"),
    "coking": ("process_product_output",),
    "pelletising": ("process_product_output",),
    "converter": ("process_product_output",),
    "electric_furnace": ("process_product_output",),
}
CROSS_CHECKS_OF: dict[str, tuple[str, ...]] = {
    "clinker_line": (
        *("clinker_stock_opening", "clinker_purchased", "clinker_used", "clinker_sold", "clinker_stock_closing"),
    ),
    "iron_making": ("hot_metal_carbon",),
}
# Quantities that only an older method of the rule set asks for.
OLDER_METHODS: dict[tuple[str, str, str], tuple[str, ...]] = {
    ("clinker_line", "clinker", "oxides"): ("kiln_head_dust", "bypass_dust", "raw_meal_carbon"),
    ("electrolysis", "anode_effect", "slope"): ("anode_effect_minutes",),
}


def industry_rows(sector: str, register: TemplateRegister, month: str) -> list[TemplateRow]:
    """Rows of an industrial sector in a month, in the order enterprise, lines, processes.

    Raises `ValueError` for a stream outside the vocabulary and a month that is none, `NoRuleSet` before the first rule set.
    """
    rules = rule_set(sector, month)
    facilities = register.facilities[register.facilities["sector"] == sector]
    mine = working(facilities, month).sort_values("unit_id", kind="stable")
    records = [{str(name): str(value) for name, value in record.items()} for record in mine.to_dict("records")]
    records.sort(key=lambda facility: list(PROCESSES).index(facility["process"]))
    rows: list[TemplateRow] = []
    for facility in records:
        for stream_id in streams_of(facility["fuels"]):
            rows.extend(_fuel(rules, facility, stream_id))
        for stream_id in streams_of(facility["materials"]):
            rows.extend(_material(rules, facility, stream_id))
        rows.extend(_facility(rules, facility))
    order = {"fuel": 0, "material": 0, "production": 0, "auxiliary": 1, "cross_check": 2}
    return sorted(dict.fromkeys(rows), key=lambda row: order[row.group])


def _fuel(rules: RuleSet, facility: Mapping[str, str], stream_id: str) -> Iterator[TemplateRow]:
    """A fuel of a facility: into and out of a process, else its consumption, its measured properties and its ledger."""
    unit_id, fuel = facility["unit_id"], fuel_of(stream_id)
    if fuel not in FUELS:
        raise ValueError(f"{unit_id}: {stream_id!r} is not a fuel of the vocabulary")
    group = fuel_group(fuel)
    kind = f"{PROCESSES[facility['process']].role}.{group}"
    required = _flat(rules.required_of(kind))

    def rows(names: Iterable[str], needed: bool, part: Group) -> Iterator[TemplateRow]:
        return (TemplateRow(unit_id, stream_id, name, needed, part, kind) for name in names)

    if group is None:  # biomass and waste: not counted, and known by their quantity alone
        yield from rows(("alternative_fuel_quantity",), False, "auxiliary")
        return
    yield from rows(required, True, "fuel")
    if "fuel_consumption" not in required:
        return
    if fuel not in NEVER_MEASURED[rules.sector]:
        yield from rows(FUEL_PROPERTIES[rules.sector], False, "fuel")
    if FUELS[fuel].state == "solid" and PROCESSES[facility["process"]].role == "enterprise":
        yield from rows(_auxiliary(rules, "stream", ("alternative_fuel_quantity",)), False, "auxiliary")
    yield from rows((*LEDGER, REPORTED), False, "cross_check")


def _material(rules: RuleSet, facility: Mapping[str, str], stream_id: str) -> Iterator[TemplateRow]:
    """A material or product of a facility. Crude steel is filed once, as the output of the enterprise; what the
    tables of factors do not list is not counted, and the spare lines of the sheet take it."""
    unit_id, material = facility["unit_id"], fuel_of(stream_id)
    entry = MATERIALS.get((rules.sector, material))
    if entry is None:
        raise ValueError(f"{unit_id}: {stream_id!r} is not a material of the sector {rules.sector}")
    if material == CRUDE_STEEL or entry.role not in MATERIAL_QUANTITY:
        return
    kind = f"{PROCESSES[facility['process']].role}.{entry.role}"
    quantity = MATERIAL_QUANTITY[entry.role]
    required = quantity in _flat(rules.required_of(kind))
    yield TemplateRow(unit_id, stream_id, quantity, required, "material", kind)
    for name in MATERIAL_OPTIONAL.get(entry.role, ()):
        yield TemplateRow(unit_id, stream_id, name, False, "material", kind)
    for name in (*LEDGER, REPORTED):
        yield TemplateRow(unit_id, stream_id, name, False, "cross_check", kind)


def _facility(rules: RuleSet, facility: Mapping[str, str]) -> Iterator[TemplateRow]:
    unit_id, process = facility["unit_id"], facility["process"]
    role = PROCESSES[process].role
    required = _flat(rules.required_of(process))
    optional = list(OPTIONAL_OF.get(process, ()))
    for (where, subject, method), names in OLDER_METHODS.items():
        if where == process and rules.methods.get(subject) == method:
            optional += names
    auxiliary = [name for name in _auxiliary(rules, "unit") if role in AUXILIARY_AT.get(name, EVERYWHERE_ELSE)]
    seen: set[str] = set()
    parts: tuple[tuple[Iterable[str], bool, Group], ...] = (
        (required, True, "production"),
        (optional, False, "production"),
        (auxiliary, False, "auxiliary"),
        (CROSS_CHECKS_OF.get(process, ()), False, "cross_check"),
    )
    for wanted, needed, part in parts:
        for name in wanted:
            if name not in seen:
                seen.add(name)
                yield TemplateRow(unit_id, "", name, needed, part, process)


def _auxiliary(rules: RuleSet, level: str, but: tuple[str, ...] = ()) -> list[str]:
    """Auxiliary quantities of a rule set that are filed of streams, or of units."""
    return [name for name in rules.auxiliary if PARAMETERS[name].level == level and name not in but]


def _flat(groups: tuple[tuple[str, ...], ...]) -> list[str]:
    return list(dict.fromkeys(name for group in groups for name in group))

"""Emissions of cement, steel and aluminium as ordinary batched pandas code: `Decimal` row by row with `DataFrame.apply`.

The same formulas and the same answers as `mrv.accounting` under the rule sets in force since 2024, and where steel works have no
co-firing power units of their own, which holds for the synthetic country. Yearly positions are the project's own.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from emission_factors import Factors, co2_per_carbon, fuel_group, rule_set
from mrv.accounting import industry_years
from mrv.accounting.accounts import LINE_COLUMNS, Accounts
from mrv.accounting.inputs import STREAM_KEY, UNIT_KEY
from mrv.bench.plain_totals import enterprise_months, industry_months
from schemas.vocabulary import MATERIALS, fuel_of, stream_state

HUNDRED, THOUSAND, ZERO = Decimal(100), Decimal(1000), Decimal(0)
KEY = [*STREAM_KEY, "parameter"]
Row = dict[str, Any]
Filed = dict[tuple[str, ...], tuple[Decimal, str, str]]  # value, method and origin of each filed row


class Sector:
    """One sector of a batch: what was filed, how lines are registered, and the factors of each month."""

    def __init__(self, sector: str, parameter: pd.DataFrame, facilities: pd.DataFrame, factors: Factors) -> None:
        self.sector, self.factors = sector, factors
        self.parameter = parameter[parameter["sector"] == sector]
        self.filed: Filed = {
            tuple(row[:6]): (Decimal(row[6]), row[7], row[8])
            for row in self.parameter[[*KEY, "value", "method", "origin"]].itertuples(index=False, name=None)
        }
        mine = facilities[facilities["sector"] == sector]
        self.register = mine.set_index(["plant_id", "unit_id"])

    def value(self, row: pd.Series, parameter: str, stream: str | None = None) -> Decimal | None:
        """A filed value of the same place and month."""
        found = self.filed.get(self._place(row, parameter, stream))
        return None if found is None else found[0]

    def measured(self, row: pd.Series, parameter: str) -> Decimal | None:
        """A filed value that is not declared to be the default."""
        found = self.filed.get(self._place(row, parameter, None))
        return None if found is None or found[1] == "default" else found[0]

    def _place(self, row: pd.Series, parameter: str, stream: str | None) -> tuple[str, ...]:
        stream_id = row["stream_id"] if stream is None else stream
        return row["plant_id"], self.sector, row["unit_id"], stream_id, row["month"], parameter

    def registered(self, row: pd.Series, column: str) -> str:
        """A register column of a unit, empty where it is not registered."""
        place = row["plant_id"], row["unit_id"]
        return str(self.register.at[place, column]) if place in self.register.index else ""

    def factor(self, month: str, subject: str, parameter: str) -> tuple[Decimal | None, str]:
        """Process factor and its row id."""
        candidate = self.factors.candidate(rule_set(self.sector, month), subject, parameter)
        found = self.factors.find(
            "process_factors", month, sector=self.sector, subject=subject, parameter=parameter, candidate=candidate
        )
        return (None, "") if found is None else (found.value, found.id)

    def fuel(self, month: str, fuel: str, parameter: str, equipment: str = "") -> tuple[Decimal | None, str]:
        """Default of a fuel property and its row id."""
        candidate = self.factors.candidate(rule_set(self.sector, month), fuel, parameter)
        found = None
        if parameter == "oxidation_rate":
            key = {"sector": self.sector, "fuel": fuel, "boiler_type": equipment, "altitude": ""}
            found = self.factors.find("oxidation", month, **key)
        if found is None:
            key = {"sector": self.sector, "fuel": fuel, "parameter": parameter, "candidate": candidate}
            found = self.factors.find("fuels", month, **key)
        return (None, "") if found is None else (found.value, found.id)

    def rows(self, parameter: str) -> pd.DataFrame:
        """The filed rows of one parameter, with their amount."""
        chosen = self.parameter[self.parameter["parameter"] == parameter]
        return chosen[[*STREAM_KEY, "origin"]].assign(amount=chosen["value"].map(Decimal)).reset_index(drop=True)

    def line(
        self, row: pd.Series, source: str, formula: str, inputs: list[tuple[str, Any]], emission: Decimal | None, *ids: str
    ) -> Row:  # fmt: skip
        """A line of the account; the row id of a factor is empty where it was filed."""
        rules = rule_set(self.sector, row["month"])
        tonnes = None if emission is None else _rounded(emission, rules.decimals("emission"))
        return dict.fromkeys(LINE_COLUMNS) | {name: row[name] for name in STREAM_KEY} | {
            "source": source, "level": "total", "gas": "CO2", "activity": inputs[0][1], "formula": formula,
            "inputs": tuple((name, value) for name, value in inputs if value is not None), "tonnes": tonnes, "tco2": tonnes,
            "factors": " ".join(one for one in ids if one), "substituted": "", "rule_set": rules.id, "provisional": False,
        }  # fmt: skip

    def burnt(
        self, row: pd.Series, quantity: str, formula: str, filed_heat: Decimal | None, oxidation: tuple[Decimal | None, str]
    ) -> Row:  # fmt: skip
        """A fuel by its heat and carbon; oxidation 100 % in a balance, where it is no input."""
        fuel = fuel_of(row["stream_id"])
        heat, heat_id = self.fuel(row["month"], fuel, "net_calorific_value")
        if filed_heat is not None:
            heat, heat_id = filed_heat, ""
        # A balance takes the default carbon always; where fuels are burnt, carbon may be measured.
        own = self.measured(row, "carbon_per_heat") if formula.endswith(".combustion") else None
        carbon, carbon_id = self.fuel(row["month"], fuel, "carbon_per_heat") if own is None else (own, "")
        amount, (rate, rate_id) = row["amount"], oxidation
        above, below = co2_per_carbon()
        known = heat is not None and carbon is not None and rate is not None
        emission = amount * heat * carbon * rate * above / (below * HUNDRED) if known else None
        inputs = [(quantity, amount), ("net_calorific_value", heat), ("carbon_per_heat", carbon)]
        inputs.append(("oxidation_rate", None if rate == HUNDRED else rate))
        line = self.line(row, "combustion", formula, inputs, emission, heat_id, carbon_id, rate_id)
        return line | {
            "net_calorific_value": heat, "carbon_per_heat": carbon, "oxidation_rate": rate,
            "heat": None if heat is None else amount * heat,
        }  # fmt: skip


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _negative(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value


def _product(amount: Decimal, factor: Decimal | None) -> Decimal | None:
    return None if factor is None else amount * factor


def _applied(frame: pd.DataFrame, line: Callable[[pd.Series], Row]) -> list[Row]:
    """One line per row, by `DataFrame.apply`."""
    return [] if frame.empty else list(frame.apply(line, axis=1))


def _fossil(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["stream_id"].map(lambda stream: fuel_group(fuel_of(stream)) is not None).astype(bool)]


def _playing(frame: pd.DataFrame, sector: str, role: str) -> pd.DataFrame:
    def plays(stream: str) -> bool:
        entry = MATERIALS.get((sector, fuel_of(stream)))
        return entry is not None and entry.role == role

    return frame[frame["stream_id"].map(plays).astype(bool)]


def _combustion(own: Sector, equipment: str) -> list[Row]:
    def line(row: pd.Series) -> Row:
        kiln = own.registered(row, "combustion_equipment") or equipment
        rate = own.fuel(row["month"], fuel_of(row["stream_id"]), "oxidation_rate", kiln)
        heat = own.measured(row, "net_calorific_value")
        return own.burnt(row, "fuel_consumption", f"{own.sector}.combustion", heat, rate)

    return _applied(_fossil(own.rows("fuel_consumption")), line)


def _cement(own: Sector) -> list[Row]:
    def clinker(row: pd.Series) -> Row:
        row = row.copy()
        row["stream_id"] = own.registered(row, "clinker_kind") or "portland_clinker"
        factor, row_id = own.factor(row["month"], row["stream_id"], "clinker_process_factor")
        inputs = [("clinker_output", row["amount"]), ("clinker_process_factor", factor)]
        return own.line(row, "process", "cement.clinker", inputs, _product(row["amount"], factor), row_id)

    def substitute(row: pd.Series) -> Row:
        factor, row_id = own.factor(row["month"], fuel_of(row["stream_id"]), "substitute_deduction_factor")
        inputs = [("substitute_consumption", row["amount"]), ("substitute_deduction_factor", factor)]
        saved = _negative(_product(row["amount"], factor))
        return own.line(row, "process", "cement.substitute", inputs, saved, row_id)

    process = _applied(own.rows("clinker_output"), clinker)
    process += _applied(_playing(own.rows("substitute_consumption"), "cement", "substitute"), substitute)
    return [*_combustion(own, "cement_kiln"), *process, *_floor(own, process)]


def _floor(own: Sector, process: list[Row]) -> list[Row]:
    """What substitutes would take below zero is given back."""
    totals: dict[tuple[str, ...], Decimal] = {}
    for line in process:
        key = tuple(line[name] for name in UNIT_KEY)
        totals[key] = totals.get(key, ZERO) + (line["tco2"] or ZERO)
    lines = []
    for key, total in totals.items():
        if total < 0:
            row = pd.Series({**dict(zip(UNIT_KEY, key, strict=True)), "stream_id": ""})
            lines.append(own.line(row, "process", "cement.floor", [("process_before_floor", total)], -total))
    return lines


def _aluminium(own: Sector) -> list[Row]:
    def analysed(row: pd.Series, name: str) -> tuple[Decimal | None, str]:
        filed = own.measured(row, name)
        return own.factor(row["month"], "anode", name) if filed is None else (filed, "")

    def anode(row: pd.Series) -> Row:
        rules = rule_set("aluminium", row["month"])
        loss, loss_id = own.factor(row["month"], "anode", "anode_loss_rate")
        (sulphur, sulphur_id), (ash, ash_id) = analysed(row, "anode_sulphur"), analysed(row, "anode_ash")
        net = None if loss is None else row["amount"] * (HUNDRED - loss) / HUNDRED
        if net is not None and "anode_net_consumption" in rules.rounded_inputs:
            net = _rounded(net, rules.decimals("anode_net_consumption"))
        above, below = co2_per_carbon()
        emission = None
        if net is not None and sulphur is not None and ash is not None:
            emission = net * (HUNDRED - sulphur - ash) * above / (below * HUNDRED)
        inputs = [("anode_consumption", row["amount"]), ("anode_loss_rate", loss), ("anode_net_consumption", net)]
        inputs += [("anode_sulphur", sulphur), ("anode_ash", ash)]
        return own.line(row, "process", "aluminium.anode", inputs, emission, loss_id, sulphur_id, ash_id)

    def effect(gas: str, name: str) -> Callable[[pd.Series], Row]:
        def line(row: pd.Series) -> Row:
            factor, row_id = own.factor(row["month"], "anode_effect", name)
            assessment = rule_set("aluminium", row["month"]).gwp
            potential = own.factors.find("gwp", row["month"], assessment=assessment, gas=gas)
            mass = None if factor is None else row["amount"] * factor / THOUSAND
            emission = None if mass is None or potential is None else mass * potential.value
            gwp, gwp_id = (None, "") if potential is None else (potential.value, potential.id)
            inputs = [("aluminium_output", row["amount"]), (name, factor), ("gwp", gwp)]
            found = own.line(row, "pfc", "aluminium.pfc", inputs, emission, row_id, gwp_id)
            return found | {"gas": gas, "tonnes": mass}

        return line

    def carbonate(row: pd.Series) -> Row:
        factor, row_id = own.factor(row["month"], fuel_of(row["stream_id"]), "material_factor")
        filed = own.value(row, "carbonate_purity")
        purity = HUNDRED if filed is None else filed
        inputs = [("material_consumption", row["amount"]), ("material_factor", factor), ("carbonate_purity", purity)]
        emission = None if factor is None else row["amount"] * factor * purity / HUNDRED
        return own.line(row, "process", "aluminium.carbonate", inputs, emission, row_id)

    made = own.rows("aluminium_output")
    return [
        *_applied(own.rows("anode_consumption"), anode),
        *_applied(made, effect("CF4", "cf4_factor")),
        *_applied(made, effect("C2F6", "c2f6_factor")),
        *_combustion(own, ""),
        *_applied(_playing(own.rows("material_consumption"), "aluminium", "carbonate"), carbonate),
    ]


def _steel(own: Sector) -> list[Row]:
    bought = own.parameter[(own.parameter["unit_id"] == "ENT") & (own.parameter["parameter"] == "net_calorific_value")]
    bought = bought[(bought["method"] != "default") & ~bought["stream_id"].map(fuel_of).isin(["coke", "semi_coke"])]
    tested: dict[tuple[str, ...], Decimal] = {}
    columns = ["plant_id", "month", "stream_id", "value"]
    for plant, month, stream, value in bought[columns].itertuples(index=False, name=None):
        tested[plant, month, stream] = Decimal(value)
        tested.setdefault((plant, month, "any", fuel_of(stream)), Decimal(value))

    def heat(row: pd.Series) -> Decimal | None:
        """As tested: a process takes the value of the enterprise; coke always takes the default."""
        if fuel_of(row["stream_id"]) in ("coke", "semi_coke"):
            return None
        here = own.measured(row, "net_calorific_value")
        place = row["plant_id"], row["month"]
        for found in (
            here,
            tested.get((*place, row["stream_id"])),
            tested.get((*place, "any", fuel_of(row["stream_id"]))),
        ):
            if found is not None:
                return found
        return None

    def balance(quantity: str, formula: str, sign: int, **columns: str) -> Callable[[pd.Series], Row]:
        def line(row: pd.Series) -> Row:
            rate, rate_id = own.factor(row["month"], stream_state(row["stream_id"]), "balance_oxidation_rate")
            quoted = "" if rate_id.endswith(".balance_oxidation_rate") else rate_id
            found = own.burnt(row, quantity, formula, heat(row), (rate, quoted)) | columns
            return found if sign > 0 else found | {name: _negative(found[name]) for name in ("tonnes", "tco2")}

        return line

    def material(row: pd.Series) -> Row:
        factor, row_id = own.factor(row["month"], fuel_of(row["stream_id"]), "material_factor")
        inputs = [("material_consumption", row["amount"]), ("material_factor", factor)]
        return own.line(row, "process", "steel.material", inputs, _product(row["amount"], factor), row_id)

    def product(parameter: str) -> Callable[[pd.Series], Row]:
        def line(row: pd.Series) -> Row:
            factor, row_id = own.factor(row["month"], fuel_of(row["stream_id"]), "carbon_product_factor")
            inputs = [(parameter, row["amount"]), ("carbon_product_factor", factor)]
            carried = _negative(_product(row["amount"], factor))
            return own.line(row, "product", "steel.product", inputs, carried, row_id)

        return line

    fuels = _fossil(own.rows("fuel_consumption"))
    fuels = fuels[(fuels["unit_id"] == "ENT") & (fuels["origin"] != "own")]
    steel = own.rows("crude_steel_output").assign(stream_id="crude_steel")
    sold = _playing(own.rows("carbon_product_output"), "steel", "carbon_product")
    into, out = _fossil(own.rows("fuel_input")), _fossil(own.rows("fuel_output"))
    process = {"level": "process"}
    return [
        *_applied(fuels, balance("fuel_consumption", "steel.balance", 1)),
        *_applied(into, balance("fuel_input", "steel.fuel_input", 1, **process)),
        *_applied(out, balance("fuel_output", "steel.fuel_output", -1, **process, source="product")),
        *_applied(_playing(own.rows("material_consumption"), "steel", "process_input"), material),
        *_applied(sold[sold["stream_id"] != "crude_steel"], product("carbon_product_output")),
        *_applied(steel[steel["unit_id"] == "ENT"], product("crude_steel_output")),
    ]


# Sector → its lines, row by row, and the product that its intensity is per tonne of.
SECTORS: dict[str, tuple[Callable[[Sector], list[Row]], str]] = {
    "cement": (_cement, "clinker_output"),
    "aluminium": (_aluminium, "aluminium_output"),
    "steel": (_steel, "crude_steel_output"),
}


def industry_accounts(sector: str, parameter: pd.DataFrame, facilities: pd.DataFrame, factors: Factors) -> Accounts:
    """Accounts of the plants of one industrial sector; `parameter` and `facilities` may hold other sectors too."""
    lines_of, product = SECTORS[sector]
    own = Sector(sector, parameter, facilities, factors)
    order = [*STREAM_KEY, "level", "source", "gas", "formula"]
    lines = pd.DataFrame(lines_of(own), columns=LINE_COLUMNS)
    lines = lines.sort_values(order, ignore_index=True, kind="stable")
    filed = own.parameter.assign(number=own.parameter["value"].map(Decimal))
    months = industry_months(filed, lines)
    years = industry_years.unit_years(own.parameter, months, lines, facilities, factors, product)
    return Accounts(lines, months, years, enterprise_months(filed, lines, product))

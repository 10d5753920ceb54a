"""The sheet 本月测算 of the industrial sectors: fuels, materials and products with the factors that hold, and the total."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from emission_factors import RuleSet, co2_per_carbon, factors, fuel_group
from mrv.accounting.cement import KILN, PORTLAND
from mrv.accounting.industry import Sectoral
from mrv.accounting.steel import CRUDE_STEEL, OWN
from mrv.reporting.template_book import Block, Book, Place, measure, records, stream_label
from mrv.reporting.template_live import EMPTY, Live, Places, number_of, places_of, ref, rounded_to, times, written
from mrv.reporting.template_page import Page, open_estimate, write_comparisons
from mrv.reporting.template_rows_industry import MATERIAL_QUANTITY, NEVER_MEASURED
from schemas import choices
from schemas.vocabulary import ENTERPRISE_UNIT, MATERIALS, PROCESSES, fuel_of

DEFAULT_LABEL, OWN_LABEL = choices.METHODS["default"][0], choices.ORIGINS[OWN][0]
_NUMERALS = "一二三四五六七八九"
_WIDTHS = (36, 18, 16, 16, 18, 18, 16, 20, 54)
_FACTOR_ROWS = "缺省值出处（因子表行号，供核查）"
ZERO = Decimal(0)
Subject = tuple[str, str]  # unit and stream


@dataclass
class Sheet:
    """The estimate being written: where the quantities stand, and which factor rows hold for the month."""

    page: Page
    rules: RuleSet
    places: Places
    sectoral: Sectoral
    blocks: int = 0
    emissions: dict[int, Decimal] = field(default_factory=dict)  # line of a material (zero-based) → its emission [tCO2]
    equipment: dict[str, str] = field(default_factory=dict)

    @property
    def book(self) -> Book:
        return self.page.book

    def heading(self, title: str, headers: Sequence[str]) -> None:
        if self.blocks:
            self.page.row += 1
        self.page.heading(f"{_NUMERALS[self.blocks]}、{title}", headers)
        self.blocks += 1

    def fuel_default(self, unit_id: str, stream_id: str, parameter: str) -> tuple[Decimal | None, str]:
        """Default of a fuel property and its factor row; a rate may depend on what the fuel is burnt in."""
        asked = {"month": self.book.month, "fuel": fuel_of(stream_id), "equipment": self.equipment.get(unit_id, "")}
        values, ids = self.sectoral.fuel_default(pd.DataFrame([asked]), parameter)
        return values[0], ids[0]

    def factor(self, subject: str, parameter: str) -> tuple[Decimal | None, str]:
        values, ids = self.sectoral.factor(pd.DataFrame({"month": [self.book.month]}), pd.Series([subject]), parameter)
        return values[0], ids[0]

    def potential(self, gas: str) -> tuple[Decimal | None, str]:
        asked = pd.DataFrame([{"month": self.book.month, "assessment": self.rules.gwp, "gas": gas}])
        values, ids = self.sectoral.factors.as_of_many("gwp", asked)
        return values[0], ids[0]

    def subjects(self, *parameters: str) -> list[Subject]:
        """Units and streams of which one of some quantities is filed, in the order of the sheets."""
        return list(dict.fromkeys((unit, stream) for unit, stream, name in self.places if name in parameters))

    def rounded(self, formula: str, value: Decimal | None, needs: Sequence[str]) -> Live:
        return rounded_to(Live(formula, value), self.rules.decimals("emission"), needs)

    def sum_line(self, title: str, column: int, first: int, values: Sequence[Decimal]) -> Live:
        """The sum of a column from line `first` (zero-based) to here, written below it; zero where there is no line."""
        letter, row = "ABCDEFGHI"[column], self.page.row
        total = Live(f"SUM({letter}{first + 1}:{letter}{row})" if row > first else "0", sum(values, ZERO))
        self.page.line([(title, None), *[("", None)] * (column - 1), (total, 2)], bold=True)
        return Live(f"{letter}{row + 1}", total.value)


def measured_or(default: Decimal | None, candidates: Sequence[Place | None]) -> Live:
    """The first of some cells that holds a measured value (its method is not “default”), else the default."""
    result = written(default)
    for place in reversed([one for one in candidates if one is not None]):
        given, method = place.reference, place.cell("method")
        value = place.value if place.value is not None and place.texts.get("method") != DEFAULT_LABEL else result.value
        result = Live(f'IF(OR({given}="",{method}="{DEFAULT_LABEL}"),{result.formula},{given})', value)
    return result


def not_own(place: Place | None) -> Live:
    """A consumption, empty where the fuel is the plant's own: it is not bought and does not count in the balance."""
    plain = ref(place)
    if place is None:
        return plain
    value = None if place.texts.get("origin") == OWN_LABEL else place.value
    return Live(f'IF({place.cell("origin")}="{OWN_LABEL}","",{plain.formula})', value)


def heat_value(sheet: Sheet, unit_id: str, stream_id: str) -> tuple[Live, str]:
    """Net calorific value as accounting takes it: measured here, else measured for the enterprise, else the default."""
    default, row_id = sheet.fuel_default(unit_id, stream_id, "net_calorific_value")
    name, fuel = "net_calorific_value", fuel_of(stream_id)
    if fuel in NEVER_MEASURED[sheet.book.sector]:
        return written(default), row_id
    same = [stream_id, *(s for _, s in sheet.subjects(name) if fuel_of(s) == fuel and s != stream_id)]
    others = [sheet.places.get((ENTERPRISE_UNIT, stream, name)) for stream in same] if SHARES[sheet.book.sector] else []
    return measured_or(default, [sheet.places.get((unit_id, stream_id, name)), *others]), row_id


SHARES = {"cement": False, "aluminium": False, "steel": True}  # whether processes take the heat value of the enterprise


QUANTITY_WORDS = {"fuel_consumption": "消耗量", "fuel_input": "输入量", "fuel_output": "输出量"}


def fuel_block(
    sheet: Sheet, title: str, subjects: Sequence[Subject], quantity: str, oxidation: bool, counted: Callable[..., Live]
) -> Live:
    """Emission of fuels, one line each: FC × NCV × CC (× OF) × 44/12. Returns the cell and value of their sum [tCO2]."""
    word, amounts = sheet.book.pages.unit_word, QUANTITY_WORDS[quantity]
    headers = (word, "燃料", amounts, "计量单位", "低位发热量（GJ/t，气体GJ/10⁴Nm³）", "单位热值含碳量（tC/GJ）")
    sheet.heading(title, (*headers, "碳氧化率（%）" if oxidation else "", "排放量估算（tCO₂）", _FACTOR_ROWS))
    first, values = sheet.page.row, []
    above, below = co2_per_carbon()
    for unit_id, stream_id in subjects:
        row = sheet.page.row + 1
        place = sheet.places.get((unit_id, stream_id, quantity))
        amount = counted(place)
        heat, heat_id = heat_value(sheet, unit_id, stream_id)
        carbon_default, carbon_id = sheet.fuel_default(unit_id, stream_id, "carbon_per_heat")
        carbon = measured_or(carbon_default, [sheet.places.get((unit_id, stream_id, "carbon_per_heat"))])
        rate_value, rate_id = sheet.fuel_default(unit_id, stream_id, "oxidation_rate") if oxidation else (None, "")
        rate = written(rate_value)
        parts = [amount, heat, carbon, *([rate] if oxidation else [])]
        burnt = times(*parts)
        value = None if burnt is None else burnt * above / (below * (100 if oxidation else 1))
        formula = f"C{row}*E{row}*F{row}" + (f"*G{row}/100" if oxidation else "") + f"*{above}/{below}"
        needs = [f"{letter}{row}" for letter in ("CEFG" if oxidation else "CEF")]
        emission = sheet.rounded(formula, value, needs)
        unit, decimals = measure(quantity, stream_id)[:2]
        sources = "\n".join(part for part in (heat_id, carbon_id, rate_id) if part)
        sheet.page.line(
            (
                *((unit_id, None), (stream_label(stream_id), None), (amount, decimals), (unit, None), (heat, 3)),
                *((carbon, 5), (rate, 2) if oxidation else ("", None), (emission, 2), (sources, None)),
            )
        )
        values.append(number_of(emission))
    return sheet.sum_line("小计（估算）", 7, first, values)


def material_block(
    sheet: Sheet, title: str, lines: Sequence[tuple[str, str, Place | None, str, str]], purity: bool = False
) -> Live:
    """Emission carried by materials or products: quantity × factor (× purity). Each line: unit, label, cell, material, factor."""
    headers = (sheet.book.pages.unit_word, "物料", "数量", "计量单位", "系数（tCO₂/t）", "纯度（%）" if purity else "")
    sheet.heading(title, (*headers, "", "排放量估算（tCO₂）", _FACTOR_ROWS))
    first, values = sheet.page.row, []
    for unit_id, label, place, material, parameter in lines:
        row = sheet.page.row + 1
        amount = ref(place)
        default, row_id = sheet.factor(material, parameter)
        factor, share = written(default), EMPTY
        if purity:
            filed = sheet.places.get((unit_id, material, "carbonate_purity"))
            share = Live("100", Decimal(100))
            if filed is not None:
                pure = filed.value if filed.value is not None else Decimal(100)
                share = Live(f'IF({filed.reference}="",100,{filed.reference})', pure)
        carried = times(amount, factor, *([share] if purity else []))
        value = carried / 100 if carried is not None and purity else carried
        formula = f"C{row}*E{row}" + (f"*F{row}/100" if purity else "")
        emission = sheet.rounded(formula, value, [f"C{row}", f"E{row}"])
        sheet.emissions[sheet.page.row] = number_of(emission)
        known = row_id or "系数表中没有此物料，不计入"
        sheet.page.line(
            (
                *((unit_id, None), (label, None), (amount, 2), ("t", None), (factor, places_of(default))),
                *((share, 2) if purity else ("", None), ("", None), (emission, 2), (known, None)),
            )
        )
        values.append(number_of(emission))
    return sheet.sum_line("小计（估算）", 7, first, values)


def material_lines(sheet: Sheet, role: str, factor: str) -> list[tuple[str, str, Place | None, str, str]]:
    """The lines of the materials of one role, in the order of the sheets."""
    quantity, sector = MATERIAL_QUANTITY[role], sheet.book.sector
    found: list[tuple[str, str, Place | None, str, str]] = []
    for unit_id, stream_id in sheet.subjects(quantity):
        entry = MATERIALS.get((sector, fuel_of(stream_id)))
        if entry is not None and entry.role == role and fuel_of(stream_id) != CRUDE_STEEL:
            place = sheet.places[unit_id, stream_id, quantity]
            found.append((unit_id, stream_label(stream_id), place, fuel_of(stream_id), factor))
    return found


def result_block(sheet: Sheet, parts: Sequence[tuple[str, Live, int]]) -> Live:
    """The enterprise as a whole: what is added and what is taken off, and the total [tCO2e]."""
    sheet.heading("企业层级合计", ("项目", "排放量估算（tCO₂e）"))
    first = sheet.page.row
    total = sum((number_of(live) * sign for _, live, sign in parts), ZERO)
    for title, live, sign in parts:
        shown = live if sign > 0 else Live(f"-{live.formula}", -number_of(live))
        sheet.page.line([(title, None), (shown, 2)])
    return sheet.sum_line("企业排放量合计（估算）", 1, first, [total])


def fossil(sheet: Sheet, quantity: str, roles: Sequence[str] = ()) -> list[Subject]:
    """Fossil fuel streams with a quantity, of facilities that play one of some roles; of all where none is named."""
    role = {one["unit_id"]: PROCESSES[one["process"]].role for one in records(sheet.book.facilities)}
    return [
        (unit_id, stream_id)
        for unit_id, stream_id in sheet.subjects(quantity)
        if fuel_group(fuel_of(stream_id)) is not None and (not roles or role.get(unit_id, "process") in roles)
    ]


def _steel(sheet: Sheet) -> None:
    enterprise = [one for one in fossil(sheet, "fuel_consumption") if one[0] == ENTERPRISE_UNIT]
    title = "外购化石燃料（排放量＝消耗量×低位发热量×单位热值含碳量×44/12；自产燃料不计入）"
    fuels = fuel_block(sheet, title, enterprise, "fuel_consumption", False, not_own)
    inputs = material_lines(sheet, "process_input", "material_factor")
    materials = material_block(sheet, "外购碳酸盐、电极与含碳原料（排放量＝净消耗量×系数）", inputs)
    products = material_lines(sheet, "carbon_product", "carbon_product_factor")
    crude = sheet.places.get((ENTERPRISE_UNIT, "", "crude_steel_output"))
    products.insert(0, (ENTERPRISE_UNIT, stream_label(CRUDE_STEEL), crude, CRUDE_STEEL, "carbon_product_factor"))
    carried = material_block(sheet, "固碳产品（扣减量＝产量×系数；粗钢取生产参数中的粗钢产量）", products)
    whole = result_block(
        sheet, (("外购化石燃料", fuels, 1), ("外购原料的过程排放", materials, 1), ("固碳产品扣减", carried, -1))
    )
    processes = [
        ("各工序输入的燃料（不计入企业合计）", "fuel_input"),
        ("各工序输出的燃料（不计入企业合计）", "fuel_output"),
    ]
    into, out = (fuel_block(sheet, name, fossil(sheet, quantity), quantity, False, ref) for name, quantity in processes)
    mixed = [one for one in fossil(sheet, "fuel_consumption") if one[0] != ENTERPRISE_UNIT]
    title = "掺烧自产二次能源的发电设施（乘以碳氧化率；不计入企业合计）"
    cofiring = fuel_block(sheet, title, mixed, "fuel_consumption", True, ref)
    sheet.heading("构成（其他＝企业合计－各工序－掺烧发电设施）", ("项目", "排放量估算（tCO₂）"))
    net = Live(f"{into.formula}-{out.formula}", number_of(into) - number_of(out))
    rest = Live(
        f"{whole.formula}-({net.formula})-{cofiring.formula}", number_of(whole) - number_of(net) - number_of(cofiring)
    )
    for name, live in (("各工序（输入－输出）", net), ("掺烧发电设施", cofiring), ("其他", rest)):
        sheet.page.line([(name, None), (live, 2)])


def _cement(sheet: Sheet) -> None:
    sheet.equipment = {one["unit_id"]: one["combustion_equipment"] or KILN for one in records(sheet.book.facilities)}
    title = "化石燃料燃烧（排放量＝消耗量×低位发热量×单位热值含碳量×碳氧化率×44/12）"
    fuels = fuel_block(sheet, title, fossil(sheet, "fuel_consumption"), "fuel_consumption", True, ref)
    if sheet.rules.method("clinker") != "factor":
        _only_fuels(sheet, fuels)
        return
    kinds = {one["unit_id"]: one["clinker_kind"] or PORTLAND for one in records(sheet.book.facilities)}
    clinker = [
        (
            unit,
            stream_label(kinds.get(unit, PORTLAND)),
            sheet.places[unit, "", "clinker_output"],
            kinds.get(unit, PORTLAND),
        )
        for unit, _ in sheet.subjects("clinker_output")
    ]
    first = sheet.page.row + 3  # a blank line, the title and the headers stand before the first line of a block
    made = [(*line, "clinker_process_factor") for line in clinker]
    material_block(sheet, "熟料（排放量＝熟料产量×过程排放因子）", made)
    substitutes = material_lines(sheet, "substitute", "substitute_deduction_factor")
    start = sheet.page.row + 3
    material_block(sheet, "非碳酸盐替代原料（扣减量＝消耗量×扣减系数）", substitutes)
    process = _floor_block(sheet, [line[0] for line in made], first, [line[0] for line in substitutes], start)
    result_block(sheet, (("化石燃料燃烧", fuels, 1), ("熟料过程排放（扣减后，不小于零）", process, 1)))


def _floor_block(sheet: Sheet, lines: list[str], first: int, deducted: list[str], start: int) -> Live:
    """Process emission of each line: clinker less substitutes, never below zero."""
    word = sheet.book.pages.unit_word
    sheet.heading("过程排放（熟料－替代原料，小于零的按零）", (word, "熟料", "扣减", "过程排放估算（tCO₂）"))
    top, values = sheet.page.row, []
    emissions = sheet.emissions
    for unit_id in lines:
        row = sheet.page.row + 1
        made = [first + place for place, one in enumerate(lines) if one == unit_id]
        less = [start + place for place, one in enumerate(deducted) if one == unit_id]
        plus, minus = (sum((emissions.get(line, ZERO) for line in rows), ZERO) for rows in (made, less))
        clinker = Live("+".join(f"N(H{line + 1})" for line in made), plus)
        taken = Live("+".join(f"N(H{line + 1})" for line in less) or "0", minus)
        process = max(plus - minus, ZERO)
        cells = ((unit_id, None), (clinker, 2), (taken, 2), (Live(f"MAX(0,B{row}-C{row})", process), 2))
        sheet.page.line(cells)
        values.append(process)
    return sheet.sum_line("小计（估算）", 3, top, values)


def _aluminium(sheet: Sheet) -> None:
    title = "化石燃料燃烧（排放量＝消耗量×低位发热量×单位热值含碳量×碳氧化率×44/12）"
    fuels = fuel_block(sheet, title, fossil(sheet, "fuel_consumption"), "fuel_consumption", True, ref)
    if sheet.rules.method("anode") != "gross" or sheet.rules.method("anode_effect") != "factor":
        _only_fuels(sheet, fuels)
        return
    anodes = _anodes(sheet)
    effects = _anode_effects(sheet)
    carbonates = material_lines(sheet, "carbonate", "material_factor")
    title = "碳酸盐分解（排放量＝消耗量×系数×纯度）"
    minerals = material_block(sheet, title, carbonates, purity=True)
    parts = (
        ("化石燃料燃烧", fuels, 1),
        ("炭阳极消耗", anodes, 1),
        ("阳极效应", effects, 1),
        ("碳酸盐分解", minerals, 1),
    )
    result_block(sheet, parts)


def _anodes(sheet: Sheet) -> Live:
    """Net anodes × (1 − sulphur − ash) × 44/12; the net consumption is rounded first where the rule set says so."""
    headers = ("电解系列", "炭阳极消耗量（t）", "阳极损失率（%）", "净消耗量（t）", "含硫量（%）", "灰分（%）")
    sheet.heading(
        "炭阳极消耗（净消耗量＝消耗量×（1－损失率）；排放量＝净消耗量×（1－含硫量－灰分）×44/12）",
        (*headers, "", "排放量估算（tCO₂）", _FACTOR_ROWS),
    )
    above, below = co2_per_carbon()
    first, values = sheet.page.row, []
    for unit_id, _ in sheet.subjects("anode_consumption"):
        row = sheet.page.row + 1
        amount = ref(sheet.places[unit_id, "", "anode_consumption"])
        loss, loss_id = sheet.factor("anode", "anode_loss_rate")
        analysed, ids = [], [loss_id]
        for name in ("anode_sulphur", "anode_ash"):
            default, row_id = sheet.factor("anode", name)
            analysed.append(measured_or(default, [sheet.places.get((unit_id, "", name))]))
            ids.append(row_id)
        left = None if loss is None else times(amount, Live("", (100 - loss) / 100))
        formula = f"B{row}*(100-C{row})/100"
        net = rounded_to(Live(formula, left), sheet.rules.decimals("anode_net_consumption"), [f"B{row}", f"C{row}"])
        sulphur, ash = analysed
        pure = times(net, Live("", 100 - number_of(sulphur) - number_of(ash)))
        value = None if pure is None else pure * above / (below * 100)
        emission = sheet.rounded(f"D{row}*(100-E{row}-F{row})/100*{above}/{below}", value, [f"D{row}"])
        sheet.page.line(
            (
                *((unit_id, None), (amount, 2), (written(loss), 2), (net, 2), (sulphur, 2), (ash, 2), ("", None)),
                *((emission, 2), ("\n".join(ids), None)),
            )
        )
        values.append(number_of(emission))
    return sheet.sum_line("小计（估算）", 7, first, values)


def _anode_effects(sheet: Sheet) -> Live:
    """Aluminium × factor ÷ 1000 × warming potential, for each perfluorocarbon."""
    headers = ("电解系列", "气体", "铝液产量（t）", "排放因子（kg/t铝）", "全球变暖潜势", "", "", "排放量估算（tCO₂e）")
    sheet.heading("阳极效应（排放量＝铝液产量×排放因子÷1000×全球变暖潜势）", (*headers, _FACTOR_ROWS))
    first, values = sheet.page.row, []
    for unit_id, _ in sheet.subjects("aluminium_output"):
        for gas, label, name in (("CF4", "CF₄", "cf4_factor"), ("C2F6", "C₂F₆", "c2f6_factor")):
            row = sheet.page.row + 1
            amount = ref(sheet.places[unit_id, "", "aluminium_output"])
            factor, factor_id = sheet.factor("anode_effect", name)
            potential, potential_id = sheet.potential(gas)
            product = times(amount, written(factor), written(potential))
            value = None if product is None else product / 1000
            emission = sheet.rounded(f"C{row}*D{row}/1000*E{row}", value, [f"C{row}", f"D{row}", f"E{row}"])
            sheet.page.line(
                (
                    *((unit_id, None), (label, None), (amount, 2), (written(factor), 4), (written(potential), 0)),
                    *(("", None), ("", None), (emission, 2), (f"{factor_id}\n{potential_id}", None)),
                )
            )
            values.append(number_of(emission))
    return sheet.sum_line("小计（估算）", 7, first, values)


def _only_fuels(sheet: Sheet, fuels: Live) -> None:
    """Months of an older method: the process emission needs analyses of its own and is left to the system."""
    sheet.heading("过程排放：本月适用旧版核算方法，以系统核算结果为准，不在此估算", ("项目", "排放量估算（tCO₂）"))
    sheet.page.line([("化石燃料燃烧", None), (fuels, 2)])


ESTIMATES: dict[str, Callable[[Sheet], None]] = {"cement": _cement, "aluminium": _aluminium, "steel": _steel}


def write_industry_estimate(book: Book, rules: RuleSet, places: Places, blocks: dict[str, Block]) -> None:
    """Fill 本月测算 of an industrial sector. Before recalculation every cell shows what accounting gives for the same numbers."""
    page = open_estimate(book, _WIDTHS)
    months = pd.DataFrame({"month": [book.month]})
    sheet = Sheet(page, rules, places, Sectoral.of(book.sector, months, book.facilities, factors()))
    ESTIMATES[book.sector](sheet)
    page.row += 1
    write_comparisons(page, places, blocks, _NUMERALS[sheet.blocks])

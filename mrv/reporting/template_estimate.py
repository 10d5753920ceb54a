"""The sheet 本月测算: what the officer's own numbers amount to, and whether they agree. Formulas only."""

from collections.abc import Callable
from decimal import Decimal

from emission_factors import RuleSet, co2_per_carbon, constant
from mrv.accounting.decimals import round_half_up
from mrv.reporting.sheet_styles import as_decimal
from mrv.reporting.template_book import Block, Book, Place, measure, records, stream_label
from mrv.reporting.template_live import BLANK, EMPTY, Live, Places, number_of, ref, rounded_to, times, total_of
from mrv.reporting.template_page import Page, open_estimate, write_comparisons
from schemas.vocabulary import fuel_of, stream_state


def write_estimate(
    book: Book, rules: RuleSet, places: Places, blocks: dict[str, Block], capacities: dict[str, str]
) -> None:
    """Fill 本月测算: combustion per stream, production per reporting group, and the comparisons between sheets.

    `capacities` holds, for each unit, the cell of its rated capacity [MW] on the sheet 机组.
    """
    page = open_estimate(book, (34, 16, 16, 17, 18, 16, 16, 18, 20))
    heat = _combustion(page, rules, places)
    page.row += 1
    _production(page, places, heat, capacities)
    page.row += 1
    write_comparisons(page, places, blocks)


def carbon_content(rules: RuleSet, places: Places, unit_id: str, stream_id: str) -> Live:
    """Carbon content as received: as filed, else Cad×(100−Mar)/(100−Mad), else Cd×(100−Mar)/100, else NCV×CC.

    Rounded only where the rule set rounds before the product (gas), otherwise merely shown with its decimals.
    """
    gas = stream_state(stream_id) == "gas"
    decimals = (
        rules.decimals("carbon_content_ar", gas) if stream_state(stream_id) in rules.rounded_before_product else None
    )

    def at(*names: str) -> list[Place] | None:
        found = [places.get((unit_id, stream_id, name)) for name in names]
        return [place for place in found if place] if all(found) else None

    ways: tuple[tuple[list[Place] | None, str, Callable[..., Decimal | None]], ...] = (
        (at("net_calorific_value", "carbon_per_heat"), "{0}*{1}", lambda heat, carbon: heat * carbon),
        (
            at("carbon_content_d", "moisture_ar"),
            "{0}*(100-{1})/100",
            lambda carbon, wet: carbon * (100 - wet) / 100,
        ),
        (
            at("carbon_content_ad", "moisture_ar", "moisture_ad"),
            "{0}*(100-{1})/(100-{2})",
            lambda carbon, wet, dry: carbon * (100 - wet) / (100 - dry) if dry != 100 else None,
        ),
        (at("carbon_content_ar"), "{0}", lambda carbon: carbon),
    )
    result = EMPTY
    for parts, formula, compute in ways:
        if parts is None:
            continue
        cells = [part.reference for part in parts]
        text = (
            f'IFERROR({formula.format(*cells)},"")'
            if decimals is None
            else f"ROUND({formula.format(*cells)},{decimals})"
        )
        value = result.value
        if all(part.value is not None for part in parts):
            exact = compute(*(part.value for part in parts))
            value = exact if decimals is None else round_half_up(exact, decimals)
        result = Live(f"IF(COUNT({','.join(cells)})={len(cells)},{text},{result.formula})", value)
    return result


def _combustion(page: Page, rules: RuleSet, places: Places) -> dict[str, list[tuple[str, Decimal]]]:
    """Emission of each fuel: FC × Car × OF × 44/12. Returns per unit the cells and values of its fuel heat [GJ]."""
    headers = ("机组", "燃料", "消耗量", "消耗量单位", "收到基元素碳含量", "低位发热量", "碳氧化率（%）", "热量（GJ）")
    page.heading("一、化石燃料燃烧（排放量＝消耗量×收到基元素碳含量×碳氧化率×44/12）", (*headers, "排放量估算（tCO₂）"))
    above, below = co2_per_carbon()
    heat: dict[str, list[tuple[str, Decimal]]] = {}
    first, total = page.row + 1, Decimal(0)
    for unit_id, stream_id, parameter in places:
        if parameter != "fuel_consumption" or not stream_id or fuel_of(stream_id) == "biomass":
            continue
        row = page.row + 1
        wanted = ("fuel_consumption", "net_calorific_value", "oxidation_rate")
        amount, ncv, rate = (ref(places.get((unit_id, stream_id, name))) for name in wanted)
        carbon = carbon_content(rules, places, unit_id, stream_id)
        energy = rounded_to(
            Live(f"C{row}*F{row}", times(amount, ncv)), rules.decimals("fossil_heat"), (f"C{row}", f"F{row}")
        )
        burnt = times(amount, carbon, rate)
        emission = rounded_to(
            Live(f"C{row}*E{row}*G{row}/100*{above}/{below}", None if burnt is None else burnt * above / (below * 100)),
            rules.decimals("emission"),
            (f"C{row}", f"E{row}", f"G{row}"),
        )
        unit, decimals = measure("fuel_consumption", stream_id)[:2]
        gas = stream_state(stream_id) == "gas"
        page.line(
            (
                (unit_id, None),
                (stream_label(stream_id), None),
                (amount, decimals),
                (unit, None),
                (carbon, rules.decimals("carbon_content_ar", gas)),
                (ncv, measure("net_calorific_value", stream_id)[1]),
                (rate, measure("oxidation_rate", stream_id)[1]),
                (energy, 2),
                (emission, 2),
            )
        )
        heat.setdefault(unit_id, []).append((f"H{row}", number_of(energy)))
        total += number_of(emission)
    last = max(page.row, first)
    warmth = sum((value for cells in heat.values() for _, value in cells), Decimal(0))
    sums = ((Live(f"SUM(H{first}:H{last})", warmth), 2), (Live(f"SUM(I{first}:I{last})", total), 2))
    page.line((("合计（估算）", None), *[("", None)] * 6, *sums), bold=True)
    return heat


def _production(
    page: Page, places: Places, heat: dict[str, list[tuple[str, Decimal]]], capacities: dict[str, str]
) -> None:
    """Generation, heat, weighted hours, load factor recomputed and thermal efficiency, per reporting group."""
    headers = ("机组", "发电量（MWh）", "供热量（GJ）", "运行小时数（h）", "装机容量（MW）", "负荷系数复算（%）")
    page.heading(
        "二、生产与效率（负荷系数＝发电量÷（装机容量×运行小时数）；热效率＝（发电量×3.6＋供热量）÷燃料热量）",
        (*headers, "填报负荷系数（%）", "热效率（%）"),
    )
    for group_id, members in reporting_groups(page.book, places).items():
        row = page.row + 1
        power, warm, hours = (
            [places.get((unit["unit_id"], "", name)) for unit in members]
            for name in ("power_generation", "heat_supplied", "run_hours")
        )
        generated, delivered = total_of(power), total_of(warm)
        sizes = [as_decimal(unit["capacity"]) or Decimal(0) for unit in members]
        size_sum = sum(sizes, Decimal(0))
        cells = [capacities[unit["unit_id"]] for unit in members]
        running = "+".join(f"{h.reference}*{c}" for h, c in zip(hours, cells, strict=True) if h) or "0"
        clocks = [h.reference for h in hours if h] or [BLANK]
        work: Decimal | None = Decimal(0)
        for hour, size in zip(hours, sizes, strict=True):
            work = None if work is None or hour is None or hour.value is None else work + hour.value * size
        rate = number_of(generated) / work * 100 if generated.value is not None and work else None
        mean = work / size_sum if work is not None and size_sum else None
        page.line(
            (
                (group_id, None),
                (generated, 3),
                (delivered, 2),
                (rounded_to(Live(f"({running})/E{row}", mean), 2, clocks), 2),
                (Live("+".join(cells), size_sum), 3),
                (rounded_to(Live(f"B{row}/({running})*100", rate), 2, [f"B{row}", *clocks]), 2),
                (ref(places.get((group_id, "", "load_factor"))), 2),
                (_efficiency(row, generated, delivered, heat.get(group_id, [])), 2),
            )
        )


def reporting_groups(book: Book, places: Places) -> dict[str, list[dict[str, str]]]:
    """Units that report generation, by the group they are filed under."""
    groups: dict[str, list[dict[str, str]]] = {}
    for unit in records(book.units.sort_values("unit_id", kind="stable")):
        if (unit["unit_id"], "", "power_generation") in places:
            groups.setdefault(unit["merged_with"] or unit["unit_id"], []).append(unit)
    return groups


def _efficiency(row: int, generated: Live, delivered: Live, heat: list[tuple[str, Decimal]]) -> Live:
    """(generation × 3.6 + heat) ÷ fuel heat × 100 [%]."""
    if not heat:
        return EMPTY
    per_mwh = constant("mj_per_kwh").value
    burned = sum((value for _, value in heat), Decimal(0))
    useful = number_of(generated) * per_mwh + number_of(delivered)
    value = useful / burned * 100 if burned and generated.value is not None else None
    fuel = "+".join(f"N({cell})" for cell, _ in heat)
    return rounded_to(Live(f"(B{row}*{per_mwh}+N(C{row}))/({fuel})*100", value), 2, [f"B{row}"])

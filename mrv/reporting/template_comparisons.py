"""What the sheets of a filing say about each other: a quantity beside the same one worked out from another sheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from mrv.accounting.decimals import round_half_up
from mrv.reporting.sheet_styles import as_decimal
from mrv.reporting.template_book import Block, Place, measure, parameter_label, stream_label
from mrv.reporting.template_live import Live, Places, quoted
from mrv.reporting.template_tables import meter_quantity

CONSUMED = ("fuel_consumption", "material_consumption", "substitute_consumption")


@dataclass(frozen=True)
class Comparison:
    """A reported quantity and the value it should agree with to the last decimal."""

    title: str
    unit_id: str
    stream_id: str
    parameter: str
    reported: Place
    other: Live


def comparisons(places: Places, blocks: dict[str, Block]) -> list[Comparison]:
    """All comparisons the template has cells for, in the order of the quantities."""
    by_table = {"daily_coal": _daily, "heat_flow": _heat, "meter_total": _meters}
    found = {table: list(compare(places, blocks[table])) for table, compare in by_table.items() if table in blocks}
    daily, heat, meters = (found.get(table, []) for table in by_table)
    return [*daily, *_stock(places), *_clinker(places), *heat, *meters]


def _daily(places: Places, block: Block) -> Iterator[Comparison]:
    """Month against the sum of the days, and against the means weighted by daily coal."""
    for (unit_id, stream_id, parameter), place in places.items():
        if parameter not in ("fuel_consumption", "moisture_ar", "net_calorific_value"):
            continue
        days = [row for row in block.rows if (row["unit_id"], row["stream_id"]) == (unit_id, stream_id)]
        if not days:
            continue
        same = _rows_where(block, unit_id=unit_id, stream_id=stream_label(stream_id))
        if parameter == "fuel_consumption":
            other = _sum(block, "fuel_consumption", same, [day.get("fuel_consumption", "") for day in days])
            yield Comparison("消耗量与每日煤量合计", unit_id, stream_id, parameter, place, other)
        else:
            title = f"{parameter_label(parameter)}与每日加权平均"
            other = _weighted(block, parameter, same, days, measure(parameter, stream_id)[1] or 0)
            yield Comparison(title, unit_id, stream_id, parameter, place, other)


def _stock(places: Places) -> Iterator[Comparison]:
    """Consumption against opening stock + purchased − sold − closing stock."""
    for (unit_id, stream_id, parameter), place in places.items():
        names = ("stock_opening", "quantity_purchased", "quantity_sold", "stock_closing")
        parts = [places.get((unit_id, stream_id, name)) for name in names]
        opening, bought, sold, closing = parts
        if parameter not in CONSUMED or not (opening and bought and sold and closing):
            continue
        value = None
        if opening.value is not None and bought.value is not None and closing.value is not None:
            value = opening.value + bought.value - (sold.value or 0) - closing.value
        cells = ",".join(part.reference for part in (opening, bought, closing))
        balance = f"{opening.reference}+{bought.reference}-N({sold.reference})-{closing.reference}"
        other = Live(f'IF(COUNT({cells})=3,{balance},"")', value)
        yield Comparison("消耗量与购销存平衡", unit_id, stream_id, parameter, place, other)


def _clinker(places: Places) -> Iterator[Comparison]:
    """Clinker made against used + sold + closing stock − opening stock − bought."""
    for (unit_id, stream_id, parameter), place in places.items():
        names = ("used", "stock_closing", "stock_opening", "sold", "purchased")
        parts = [places.get((unit_id, stream_id, f"clinker_{name}")) for name in names]
        used, closing, opening, sold, bought = parts
        if parameter != "clinker_output" or not (used and closing and opening and sold and bought):
            continue
        value = None
        if used.value is not None and closing.value is not None and opening.value is not None:
            value = used.value + (sold.value or 0) + closing.value - opening.value - (bought.value or 0)
        cells = ",".join(part.reference for part in (used, closing, opening))
        balance = f"{used.reference}+N({sold.reference})+{closing.reference}"
        balance += f"-{opening.reference}-N({bought.reference})"
        yield Comparison(
            "熟料产量与熟料平衡",
            unit_id,
            stream_id,
            parameter,
            place,
            Live(f'IF(COUNT({cells})=3,{balance},"")', value),
        )


def _heat(places: Places, block: Block) -> Iterator[Comparison]:
    for (unit_id, stream_id, parameter), place in places.items():
        if parameter == "heat_supplied":
            amounts = [row.get("heat", "") for row in block.rows if row["unit_id"] == unit_id]
            other = _sum(block, "heat", _rows_where(block, unit_id=unit_id), amounts)
            yield Comparison("供热量与供热明细合计", unit_id, stream_id, parameter, place, other)


def _meters(places: Places, block: Block) -> Iterator[Comparison]:
    """Each quantity that register meters measure, against the sum of those meters."""
    keys = dict.fromkeys((row["unit_id"], row.get("stream_id", ""), row["parameter"]) for row in block.rows)
    for key in keys:
        if key not in places:
            continue
        unit_id, stream_id, parameter = key
        mine = [row for row in block.rows if (row["unit_id"], row.get("stream_id", ""), row["parameter"]) == key]
        same = _rows_where(
            block, unit_id=unit_id, stream_id=stream_label(stream_id), parameter=parameter_label(parameter)
        )
        quantities = [quantity for quantity in map(meter_quantity, mine) if quantity is not None]
        other = _sum(block, "quantity", same, [str(quantity) for quantity in quantities])
        yield Comparison(
            f"{parameter_label(parameter)}与表计用量合计", unit_id, stream_id, parameter, places[key], other
        )


def _rows_where(block: Block, **wanted: str) -> str:
    """A product that is 1 in the rows of a block whose cells show the wanted texts, else 0."""
    return "*".join(f"({block.range(name)}={quoted(text)})" for name, text in wanted.items())


def _sum(block: Block, column: str, same: str, texts: list[str]) -> Live:
    """Sum of a column over chosen rows, empty when no row has a number."""
    cells = block.range(column)
    numbers = [number for number in map(as_decimal, texts) if number is not None]
    formula = f'IF(SUMPRODUCT({same}*ISNUMBER({cells}))=0,"",SUMPRODUCT({same}*1,{cells}))'
    return Live(formula, sum(numbers, Decimal(0)) if numbers else None)


def _weighted(block: Block, column: str, same: str, days: list[dict[str, str]], decimals: int) -> Live:
    """Mean of a column weighted by daily coal, over the days that have both numbers."""
    coal, values = block.range("fuel_consumption"), block.range(column)
    use = f"{same}*ISNUMBER({coal})*ISNUMBER({values})"
    formula = f'IFERROR(ROUND(SUMPRODUCT({use},{coal},{values})/SUMPRODUCT({use},{coal}),{decimals}),"")'
    products, weight = Decimal(0), Decimal(0)
    for day in days:
        amount, value = as_decimal(day.get("fuel_consumption", "")), as_decimal(day.get(column, ""))
        if amount is not None and value is not None:
            products, weight = products + amount * value, weight + amount
    return Live(formula, round_half_up(products / weight, decimals) if weight else None)

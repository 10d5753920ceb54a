"""Formulas together with the value they have now, so that a workbook shows results before it is recalculated."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mrv.accounting.decimals import round_half_up
from mrv.reporting.template_book import Place

Places = dict[tuple[str, str, str], Place]  # (unit, stream, parameter) → its value cell
BLANK = '""'


@dataclass(frozen=True)
class Live:
    """A formula without its `=`, and its value; None shows as an empty cell."""

    formula: str
    value: Decimal | str | None


EMPTY = Live(BLANK, None)


def written(value: Decimal | None) -> Live:
    """A factor written into the sheet as a number."""
    return EMPTY if value is None else Live(f"{value:f}", value)


def places_of(value: Decimal | None) -> int | None:
    """Decimals of a factor as its document prints it: 0.440 has three."""
    exponent = None if value is None else value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else None


def quoted(text: str) -> str:
    """Text as a string of the formula language."""
    return '"' + text.replace('"', '""') + '"'


def ref(place: Place | None) -> Live:
    """The value cell of a quantity, empty while it is not filled in."""
    if place is None:
        return EMPTY
    return Live(f'IF({place.reference}="","",{place.reference})', place.value)


def total_of(parts: Sequence[Place | None]) -> Live:
    """Sum of the quantities that are filled in, empty when none is."""
    present = [part for part in parts if part is not None]
    if not present:
        return EMPTY
    cells = ",".join(part.reference for part in present)
    values = [part.value for part in present if part.value is not None]
    return Live(f'IF(COUNT({cells})=0,"",SUM({cells}))', sum(values, Decimal(0)) if values else None)


def rounded_to(live: Live, decimals: int, needs: Sequence[str]) -> Live:
    """A formula rounded half-up, empty until every cell it needs holds a number."""
    value = round_half_up(live.value, decimals) if isinstance(live.value, Decimal) else None
    return Live(f'IF(COUNT({",".join(needs)})={len(needs)},IFERROR(ROUND({live.formula},{decimals}),""),"")', value)


def number_of(live: Live) -> Decimal:
    """The value of a formula, zero where it shows nothing."""
    return live.value if isinstance(live.value, Decimal) else Decimal(0)


def times(*parts: Live) -> Decimal | None:
    """The product of values, None when one of them is missing."""
    result = Decimal(1)
    for part in parts:
        if not isinstance(part.value, Decimal):
            return None
        result *= part.value
    return result

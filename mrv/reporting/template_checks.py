"""The live check beside each value: range, decimals, change against last month; as a formula and as its result."""

from decimal import Decimal

from mrv.accounting.decimals import round_half_up
from mrv.reporting.sheet_styles import as_decimal


def check_formula(
    cell: str, earlier: str, empty: str, decimals: int | None, low: Decimal | None, high: Decimal | None
) -> str:
    """The live check of one value as an Excel formula; `check_words` says the same in Python."""
    tests = [f"{cell}<{low}" if low is not None else "", f"{cell}>{high}" if high is not None else ""]
    outside = ",".join(test for test in tests if test) or "FALSE"
    change = f'"✓"&IF(N({earlier})=0,""," 较上月"&TEXT({cell}/{earlier}-1,"+0.0%;-0.0%;0.0%"))'
    if decimals is not None:
        change = f'IF(ROUND({cell},{decimals})<>{cell},"应保留{decimals}位小数",{change})'
    return f'=IF({cell}="",{empty},IF(NOT(ISNUMBER({cell})),"应填数字",IF(OR({outside}),"超出合理范围",{change})))'


def check_words(
    text: str,
    earlier: Decimal | None,
    required: bool,
    decimals: int | None,
    limits: tuple[Decimal | None, Decimal | None],
) -> str:
    """What the live check shows for a value as written: the result of `check_formula` before it is recalculated."""
    value, (low, high) = as_decimal(text), limits
    if not text:
        return "待填" if required else ""
    if value is None:
        return "应填数字"
    if (low is not None and value < low) or (high is not None and value > high):
        return "超出合理范围"
    if decimals is not None and value != round(value, decimals):
        return f"应保留{decimals}位小数"
    if not earlier:
        return "✓"
    sign = "" if value == earlier else "+" if value / earlier > 1 else "-"
    return f"✓ 较上月{sign}{abs(round_half_up((value / earlier - 1) * 100, 1))}%"

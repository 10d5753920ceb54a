"""The annual report of one plant as a workbook: a cover, a sheet per report table, and what stands behind the numbers."""

from collections.abc import Callable
from functools import partial

import pandas as pd

from mrv.reporting.annual_book import Book
from mrv.reporting.annual_context import SECTOR
from mrv.reporting.annual_cover import cover
from mrv.reporting.annual_document import Line, annual_document, report_of
from mrv.reporting.annual_months import month_sheet, source_sheet
from mrv.reporting.annual_pages import column_sheet, factor_sheet, pending_sheet, plant_sheet
from mrv.reporting.industry_pages import alternative_sheet, day_sheet, meter_sheet

__all__ = ["annual_document", "annual_workbook"]

ESTIMATE = (
    "测算值：未计燃气机组补足、缺口率上限、预分配与结转；基准值来自征求意见稿时整列为暂定，以主管部门核定为准。",
    "An estimate: without the top-up of gas units, gap cap, pre-allocation and carry-over; provisional where the benchmarks are a draft.",
)
ESTIMATE_OF_INDUSTRY = (
    "测算值：行业平衡值公布前只给出方案可能给出的范围；方案系数未确证时为暂定，以主管部门核定为准。",
    "An estimate: until the balance value is published only the range the plan can give; provisional where it is not established.",
)
Layout = Callable[[Book, str, list[Line]], None]
# Table → its sheet; every other table has a column per month.
BEHIND: dict[str, Layout] = {
    "ALLOCATION": partial(column_sheet, hint=ESTIMATE_OF_INDUSTRY),
    "FACTORS": factor_sheet,
    "ALTERNATIVES": alternative_sheet,
    "PENDING": pending_sheet,
}
REGISTERED: dict[str, Layout] = {"C.1": plant_sheet, "C.2": column_sheet}
LAYOUTS: dict[str, dict[str, Layout]] = {
    SECTOR: REGISTERED | {"ALLOCATION": partial(column_sheet, hint=ESTIMATE)},
    "cement": REGISTERED,
    "aluminium": REGISTERED,
    "steel": REGISTERED | {"C.7": meter_sheet, "C.8": day_sheet},
}


def annual_workbook(rows: pd.DataFrame, year: str, plant_id: str, lang: str = "zh") -> bytes:
    """The report as an .xlsx file.

    Parameters
    ----------
    rows : canonical `annual_report` frame; rows of other plants and years are left aside
    year : report year `YYYY`
    plant_id : the plant
    lang : `zh` or `en`, the language that stands first; the other stands small beside it

    Returns
    -------
    Bytes of the workbook; the same rows give the same bytes, in whatever order they come. Numbers are real numbers with the
    decimals of their text where a float holds them exactly, texts otherwise. ValueError when there are no such rows.
    """
    mine = rows[(rows["plant_id"] == plant_id) & (rows["year"] == year)]
    report = report_of(mine)
    book = Book(report, lang)
    first = book.workbook.add_worksheet(book.text(("封面", "Cover")))
    layouts = BEHIND | LAYOUTS[report.sector]
    for code, lines in report.tables.items():
        layouts.get(code, month_sheet)(book, code, lines)
    source_sheet(book)
    cover(book, first)
    return book.close()

"""The annual report of one plant as a workbook: a cover, a sheet per report table, and what stands behind the numbers."""

import pandas as pd

from mrv.reporting.annual_book import Book
from mrv.reporting.annual_cover import cover
from mrv.reporting.annual_document import annual_document, report_of
from mrv.reporting.annual_months import month_sheet, source_sheet
from mrv.reporting.annual_pages import column_sheet, factor_sheet, pending_sheet, plant_sheet

__all__ = ["annual_document", "annual_workbook"]

ESTIMATE = (
    "测算值：未计燃气机组补足、缺口率上限、预分配与结转；基准值来自征求意见稿时整列为暂定，以主管部门核定为准。",
    "An estimate: without the top-up of gas units, gap cap, pre-allocation and carry-over; provisional where the benchmarks are a draft.",
)


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
    for code, lines in report.tables.items():
        if code == "C.1":
            plant_sheet(book, code, lines)
        elif code == "C.2":
            column_sheet(book, code, lines)
        elif code == "ALLOCATION":
            column_sheet(book, code, lines, ESTIMATE)
        elif code == "FACTORS":
            factor_sheet(book, code, lines)
        elif code == "PENDING":
            pending_sheet(book, code, lines)
        else:
            month_sheet(book, code, lines)
    source_sheet(book)
    cover(book, first)
    return book.close()

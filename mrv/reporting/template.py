"""The monthly workbook a plant fills in. Sheet names and headers are the Chinese labels of the column dictionary."""

from collections.abc import Callable, Iterable
from datetime import datetime
from io import BytesIO

import xlsxwriter
from pandas import DataFrame

from emission_factors import RuleSet, rule_set
from emission_factors import deadline as last_day
from mrv.reporting.sheet_styles import Styles
from mrv.reporting.template_book import (
    META_SHEET,
    TEMPLATE_VERSION,
    Block,
    Book,
    parameter_label,
    stream_label,
    write_meta,
)
from mrv.reporting.template_estimate import write_estimate
from mrv.reporting.template_estimate_industry import write_industry_estimate
from mrv.reporting.template_guide import write_guide
from mrv.reporting.template_live import Places
from mrv.reporting.template_page import write_missing
from mrv.reporting.template_parameters import HELPERS, write_parameters
from mrv.reporting.template_quantities import TemplateRow
from mrv.reporting.template_register import write_facilities, write_units
from mrv.reporting.template_rows import SECTOR_ROWS, template_rows
from mrv.reporting.template_sectors import ESTIMATE_SHEET, GUIDE_SHEET
from mrv.reporting.template_tables import EXPECTED, write_tables
from schemas import empty
from schemas.choices import SECTORS
from schemas.vocabulary import PARAMETERS

__all__ = ["TemplateRow", "template", "template_rows"]

# Headers of columns that only help the person; whoever reads the workbook leaves them out.
HELPER_COLUMNS = (*(label for label, _, _ in HELPERS.values()), EXPECTED[1])


def template(
    plant: DataFrame,
    units: DataFrame,
    meters: DataFrame,
    sector: str,
    month: str,
    previous: dict[str, DataFrame] | None,
    rows: list[TemplateRow],
    prefilled: dict[str, DataFrame] | None = None,
    *,
    deadline: str = "",
    facilities: DataFrame | None = None,
) -> bytes:
    """The workbook of one plant and month, as xlsx bytes; the same arguments always give the same bytes.

    `plant`, `units`, `meters`, `facilities` are canonical frames (`schemas.TABLES`) of one plant, `facilities` those of the
    industrial sectors; `month` is YYYY-MM. `previous`
    holds canonical frames of earlier months, for last month's and last year's values beside each quantity [its own
    unit] and for opening meter readings; `rows` comes from `template_rows`. `prefilled` holds canonical frames of this
    month whose values are written into the cells; rows the register does not foresee stand below the others. `deadline`
    is the text shown as the last day of submission, by default that of the rule set. Raises `ValueError` for a sector
    without a workbook, a bad month, or an empty `plant`, and `NoRuleSet` for a month before its first rule set.
    """
    if sector not in SECTOR_ROWS:
        raise ValueError(f"no monthly workbook for sector {sector!r}; there is one for: {', '.join(SECTOR_ROWS)}")
    if plant.empty:
        raise ValueError("the plant register holds no row")
    created = datetime.strptime(month, "%Y-%m")  # noqa: DTZ007 - a label of the file, not a moment
    rules = rule_set(sector, month)
    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    identity = {str(name): str(value) for name, value in plant.iloc[0].items()}
    known = empty("facility") if facilities is None else facilities
    known = known[known["sector"] == sector]
    mine = {*_registered(units, known), *(row.unit_id for row in rows), ""}
    shape = (
        identity,
        units,
        meters[meters["unit_id"].isin(mine)],
        month,
        sector,
        previous or {},
        prefilled or {},
        known,
    )
    book = Book(workbook, Styles(workbook), *shape)
    title = f"{identity['name']} {month} {SECTORS[sector][0]}关键参数月度填报表"
    workbook.set_properties(
        {"title": title, "author": "碳衡", "created": created, "comments": f"第 {TEMPLATE_VERSION} 版"}
    )
    pages = book.pages
    sheets = (GUIDE_SHEET, pages.register_sheet, *pages.parameter_sheets, ESTIMATE_SHEET)
    for name in (*sheets, *(book.sheet_name(table) for table in pages.tables)):
        workbook.add_worksheet(name)
    _colour_tabs(book)
    write_meta(book, workbook.add_worksheet(META_SHEET), _lists(book, rows), HELPER_COLUMNS)
    places, missing = write_parameters(book, rows)
    blocks = write_tables(book, rules, rows)
    REGISTER_AND_ESTIMATE[sector](book, rules, places, blocks)
    write_missing(book, missing)
    write_guide(book, deadline or _deadline(rules, month), missing)
    workbook.get_worksheet_by_name(GUIDE_SHEET).activate()
    workbook.close()
    return stream.getvalue()


def _power(book: Book, rules: RuleSet, places: Places, blocks: dict[str, Block]) -> None:
    write_estimate(book, rules, places, blocks, write_units(book))


def _industry(book: Book, rules: RuleSet, places: Places, blocks: dict[str, Block]) -> None:
    write_facilities(book)
    write_industry_estimate(book, rules, places, blocks)


REGISTER_AND_ESTIMATE: dict[str, Callable[[Book, RuleSet, Places, dict[str, Block]], None]] = {
    "power": _power,
    "cement": _industry,
    "aluminium": _industry,
    "steel": _industry,
}


def _deadline(rules: RuleSet, month: str) -> str:
    day = last_day(rules, month)
    if day is None:
        return "按当年通知"
    return f"{day.year}年{day.month}月{day.day}日（月末后{rules.deposit_days}个自然日）"


def _registered(units: DataFrame, facilities: DataFrame) -> list[str]:
    """Facilities of the sector where it has any, else the power units."""
    return [*facilities["unit_id"]] if len(facilities) else [*units["unit_id"]]


def _lists(book: Book, rows: list[TemplateRow]) -> dict[str, Iterable[str]]:
    """The drop-down lists that are too long, or too particular to the plant, to stand in the cell itself."""
    unit_ids = dict.fromkeys([*_registered(book.units, book.facilities), *(row.unit_id for row in rows)])
    return {
        "unit_id": sorted(unit_ids),
        "stream_id": [stream_label(stream) for stream in dict.fromkeys(row.stream_id for row in rows) if stream],
        "parameter": [parameter_label(name) for name, entry in PARAMETERS.items() if book.sector in entry.sectors],
        "meter_id": sorted(book.meters["meter_id"]),
    }


def _colour_tabs(book: Book) -> None:
    """Yellow tabs are to be filled in, grey ones to be read."""
    for sheet in book.workbook.worksheets():
        read_only = sheet.get_name() in (GUIDE_SHEET, book.pages.register_sheet, ESTIMATE_SHEET)
        sheet.set_tab_color("#9AA5AD" if read_only else "#F2C94C")

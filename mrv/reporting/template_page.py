"""The frame of the sheet 本月测算, and its last block: whether the sheets agree with each other."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from mrv.accounting.decimals import round_half_up
from mrv.reporting.sheet_styles import PALETTE, cached, number_format
from mrv.reporting.template_book import Block, Book, measure, open_page, stream_label
from mrv.reporting.template_comparisons import comparisons
from mrv.reporting.template_live import Live, Places, ref
from mrv.reporting.template_sectors import ESTIMATE_SHEET

Cells = Sequence[tuple[Live | str, int | None]]
_HEADING = {"bold": True, "font_size": 11, "font_color": PALETTE["band"]}


class Page:
    """Writes one block after another down the sheet."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self.book, self.sheet, self.row = book, sheet, 3

    def heading(self, title: str, headers: Sequence[str]) -> None:
        self.sheet.write_string(self.row, 0, title, self.book.styles(**_HEADING))
        for position, label in enumerate(headers):
            self.sheet.write_string(self.row + 1, position, label, self.book.styles.header())
        self.sheet.set_row(self.row + 1, 32)
        self.row += 2

    def line(self, cells: Cells, bold: bool = False) -> None:
        """One line of texts and formulas, each with its decimals. A text may have several lines; an empty one is no cell to read."""
        tall = max(content.count("\n") + 1 for content, _ in cells if isinstance(content, str))
        if tall > 1:
            self.sheet.set_row(self.row, 12 * tall + 3)
        for position, (content, decimals) in enumerate(cells):
            if content == "" and not bold:
                self.sheet.write_blank(self.row, position, None, self.book.styles.locked(bg_color=PALETTE["void"]))
            elif isinstance(content, str):
                small: dict[str, Any] = {"text_wrap": True, "font_size": 8} if "\n" in content else {}
                style = self.book.styles.locked(bold=bold, indent=1, **small)
                self.sheet.write_string(self.row, position, content, style)
            else:
                style = self.book.styles.locked(number_format(decimals), bold=bold, align="right")
                self.sheet.write_formula(self.row, position, "=" + content.formula, style, cached(content.value))
        self.row += 1


def write_missing(book: Book, missing: Mapping[str, int]) -> None:
    """Above the estimate, how many required values are still to be filled in: until then the total is not the whole."""
    sheet = book.workbook.get_worksheet_by_name(ESTIMATE_SHEET)
    counted = "+".join(f"COUNTIF('{name}'!$A:$Z,\"待填\")" for name in missing)
    total = sum(missing.values())
    words = f"还有 {total} 项必填数据没有填，以下合计不完整。" if total else None
    formula = f'=IF({counted}=0,"","还有 "&({counted})&" 项必填数据没有填，以下合计不完整。")'
    sheet.write_formula(2, 0, formula, book.styles(bold=True, font_color="#8A6100"), cached(words))


def open_estimate(book: Book, widths: Sequence[float]) -> Page:
    """The sheet with its title, its warning and its column widths."""
    sheet = book.workbook.get_worksheet_by_name(ESTIMATE_SHEET)
    hint = "本页由公式自动得出，不用填写。数字是估算，只供自查；正式排放量以系统核算结果为准。"
    open_page(book, sheet, "本月测算（估算，非正式核算结果）", hint, 0)
    sheet.write_string(1, 0, hint, book.styles(bold=True, font_color=PALETTE["required"]))
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width)
    sheet.freeze_panes(3, 0)
    return Page(book, sheet)


def write_comparisons(page: Page, places: Places, blocks: dict[str, Block], number: str = "三") -> None:
    """Each reported quantity beside the value that another sheet gives, with a verdict."""
    headers = ("核对项目", page.book.pages.unit_word, "燃料或物料", "填报值", "核对值", "差异", "单位", "结论")
    page.heading(f"{number}、表间核对（相差不超过末位一个单位为一致）", headers)
    first = page.row
    for item in comparisons(places, blocks):
        unit, places_shown = measure(item.parameter, item.stream_id)[:2]
        decimals, row = places_shown or 0, page.row + 1
        step = Decimal(1).scaleb(-decimals)
        gap = None
        if item.reported.value is not None and isinstance(item.other.value, Decimal):
            gap = round_half_up(item.reported.value - item.other.value, decimals)
        verdict = "" if gap is None else "✓ 一致" if abs(gap) <= step else "差异，请核对"
        page.line(
            (
                (item.title, None),
                (item.unit_id, None),
                (stream_label(item.stream_id), None),
                (ref(item.reported), decimals),
                (item.other, decimals),
                (Live(f'IF(COUNT(D{row},E{row})=2,ROUND(D{row}-E{row},{decimals}),"")', gap), decimals),
                (unit, None),
                (Live(f'IF(F{row}="","",IF(ABS(F{row})<={step},"✓ 一致","差异，请核对"))', verdict), None),
            )
        )
    for start, ink in (("✓", PALETTE["good"]), ("差异", "#9B1C1C")):
        look = page.book.workbook.add_format({"font_color": ink, "bold": True})
        rule = {"type": "text", "criteria": "begins with", "value": start, "format": look}
        page.sheet.conditional_format(first, 7, max(page.row, first), 7, rule)

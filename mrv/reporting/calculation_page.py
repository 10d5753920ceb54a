"""What the calculation sheets share: how a workbook is opened and closed, its page, and names a sheet may have."""

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from mrv.reporting.sheet_styles import Styles

SIGN = "编制：　　　　　　　　审核：　　　　　　　　日期：　　　　　　　　（盖章）"


def open_workbook(title: str, months: Sequence[str]) -> tuple[BytesIO, Any, Styles]:
    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    created = datetime.strptime(min(months, default="2000-01"), "%Y-%m")  # noqa: DTZ007 - a label, not a moment
    workbook.set_properties({"title": title, "author": "碳衡", "created": created})
    return stream, workbook, Styles(workbook)


def close_workbook(stream: BytesIO, workbook: Any) -> bytes:
    if not workbook.worksheets():
        workbook.add_worksheet("无数据")
    workbook.close()
    return stream.getvalue()


def set_page(sheet: Any, styles: Styles, title: str, header: int) -> None:
    sheet.hide_gridlines(2)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, title, styles.title())
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)
    sheet.freeze_panes(header + 1, 0)
    sheet.set_footer("&L&A&R第 &P 页，共 &N 页")


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names a workbook accepts: no forbidden characters, at most 31, each once whatever its case."""
    names: list[str] = []
    for text in wanted:
        base = re.sub(r"[\[\]:*?/\\']", "-", text)[:31].strip() or "-"
        name, number = base, 1
        while name.casefold() in {known.casefold() for known in names}:
            number += 1
            name = f"{base[: 31 - len(str(number)) - 1]}~{number}"
        names.append(name)
    return names

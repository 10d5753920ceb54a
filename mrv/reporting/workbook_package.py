"""What openpyxl leaves out of a saved workbook: the results of formulas, and a package without the moment of writing."""

import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import to_excel
from openpyxl.utils.exceptions import InvalidFileException

# What openpyxl raises on bytes it cannot open; it has no error of its own for most of them.
UNREADABLE = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError)
Results = dict[str, dict[str, tuple[str, str]]]  # sheet → cell → (type attribute, text of the result)

_FORMULA_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f[^>]*>[^<]*</f>|<f[^>]*/>)<v ?/?>(?:</v>)?</c>')
_SHEET_PART = re.compile(r"xl/worksheets/sheet([0-9]+)\.xml")
_MOMENT = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


def formula_results(original: bytes, workbook: Workbook) -> Results:
    """The result each formula cell was saved with. `workbook` is the same file as opened, with its formulas."""
    if not workbook.worksheets:
        return {}
    values = load_workbook(BytesIO(original), data_only=True)
    results: Results = {}
    for sheet in workbook.worksheets:
        shown = values[sheet.title]
        cells = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        found = {place: _result(shown[place].value, shown[place].data_type) for place in cells}
        results[sheet.title] = {place: result for place, result in found.items() if result is not None}
    return results


def _result(value: Any, kind: str) -> tuple[str, str] | None:
    if value is None:
        return ("str", "") if kind == "str" else None
    if isinstance(value, bool):
        return "b", str(int(value))
    if isinstance(value, datetime | date | time | timedelta):
        value = to_excel(value)
    if isinstance(value, str):
        return ("e" if kind == "e" else "str"), escape(value)
    return "n", repr(value)


def settled(data: bytes, titles: Sequence[str], results: Results) -> bytes:
    """A package saved by openpyxl, with the results of its formulas and without the moment it was written.

    `titles`: names of the worksheets in order. A formula without a known result is left to be recalculated.
    """
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            part = _SHEET_PART.fullmatch(name)
            if name == "docProps/core.xml":
                content = _MOMENT.sub(b"", content)
            elif part and (known := results.get(titles[int(part[1]) - 1])):
                content = _with_results(content.decode(), known).encode()
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return stream.getvalue()


def _with_results(xml: str, known: dict[str, tuple[str, str]]) -> str:
    def fill(found: re.Match[str]) -> str:
        if found[1] not in known:
            return found[0]
        kind, text = known[found[1]]
        return f'<c r="{found[1]}"{found[2]} t="{kind}">{found[3]}<v>{text}</v></c>'

    return _FORMULA_CELL.sub(fill, xml)

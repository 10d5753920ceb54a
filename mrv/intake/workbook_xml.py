"""Workbook parts beside the sheets: which styles show percent, which part holds which sheet, custom properties."""

import re
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree

from mrv.intake.refusal import RefusedError

_BUILT_IN_PERCENT = frozenset({"9", "10"})


def _tree(part: bytes, name: str) -> Element:
    try:
        return ElementTree.fromstring(part)
    except ParseError as error:
        raise RefusedError("damaged", detail=name) from error


def percent_styles(styles: bytes | None) -> frozenset[str]:
    """Indices of the cell styles that show a number as percent (12.3 % is stored as 0.123)."""
    if not styles:
        return frozenset()
    tree = _tree(styles, "xl/styles.xml")
    # A percent sign inside quotes or after a backslash is only a letter of the format.
    formats = {
        node.get("numFmtId", ""): re.sub(r'"[^"]*"|\\.', "", node.get("formatCode", ""))
        for node in tree.iterfind("{*}numFmts/{*}numFmt")
    }
    percent = _BUILT_IN_PERCENT | {key for key, code in formats.items() if "%" in code}
    styles_of_cells = tree.iterfind("{*}cellXfs/{*}xf")
    return frozenset(str(index) for index, node in enumerate(styles_of_cells) if node.get("numFmtId") in percent)


def sheet_parts(members: dict[str, bytes]) -> tuple[dict[str, str], bool]:
    """Sheet name to the part that holds it, and whether the workbook counts days from 1904."""
    if "xl/workbook.xml" not in members:
        raise RefusedError("damaged", detail="xl/workbook.xml")
    book = _tree(members["xl/workbook.xml"], "xl/workbook.xml")
    relations = _tree(members.get("xl/_rels/workbook.xml.rels", b"<r/>"), "xl/_rels/workbook.xml.rels")
    targets = {node.get("Id", ""): node.get("Target", "") for node in relations}
    properties = book.find("{*}workbookPr")
    date1904 = properties is not None and properties.get("date1904", "0") in {"1", "true"}
    parts = {}
    for node in book.iterfind("{*}sheets/{*}sheet"):
        identity = next((value for key, value in node.items() if key.endswith("}id")), "")
        target = targets.get(identity, "")
        path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        parts[node.get("name", "")] = path
    return parts, date1904


def custom_properties(part: bytes | None) -> dict[str, str]:
    """Custom document properties, name to text."""
    if not part:
        return {}
    return {node.get("name", ""): "".join(node.itertext()).strip() for node in _tree(part, "docProps/custom.xml")}

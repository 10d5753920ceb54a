"""What the values of a sheet do not show: formulas never calculated, errors, percent formats, how far the cells reach.

One streaming pass over the sheet's XML. It runs before the values are read, so a sheet that would need too much memory
is refused first.
"""

import math
import re
from dataclasses import dataclass, field
from xml.parsers import expat

from mrv.intake.refusal import RefusedError
from mrv.intake.result import Limits

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


def column_number(letters: str) -> int:
    """Zero-based column of `A`, `B`, … `XFD`."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """Letters of a zero-based column."""
    letters, number = "", number + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass
class SheetFacts:
    """Cells by (row, column), both zero-based."""

    cells: int = 0
    last_row: int = 0
    last_column: int = 0
    characters: int = 0
    uncached: dict[tuple[int, int], str] = field(default_factory=dict)  # formula text
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # "#DIV/0!"
    percents: set[tuple[int, int]] = field(default_factory=set)


def _parser() -> expat.XMLParserType:
    """An expat parser; the parts were already searched for declarations, so one that appears is an attack."""

    def forbidden(*_: object) -> None:
        raise RefusedError("hostile_xml_entity", entry="xml")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = forbidden
    parser.EntityDeclHandler = forbidden
    return parser


def _parse(parser: expat.XMLParserType, part: bytes, name: str) -> None:
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise RefusedError("damaged", detail=name) from error


def string_lengths(part: bytes, limits: Limits) -> list[int]:
    """Length of each shared string [characters]; a string used by many cells is copied into each of them."""
    lengths: list[int] = []
    depth = {"length": 0}

    def start(tag: str, _: dict[str, str]) -> None:
        if tag.endswith(" si"):
            depth["length"] = 0

    def end(tag: str) -> None:
        if tag.endswith(" si"):
            if depth["length"] > limits.cell_characters:
                raise RefusedError("cell_too_long", limit=limits.cell_characters, where="xl/sharedStrings.xml")
            lengths.append(depth["length"])

    def text(data: str) -> None:
        depth["length"] += len(data)

    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    _parse(parser, part, "xl/sharedStrings.xml")
    return lengths


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


class _Scan:
    """The state of one pass over a sheet."""

    def __init__(self, sheet: str, limits: Limits, percent_styles: frozenset[str], lengths: list[int]) -> None:
        self.facts = SheetFacts()
        self.sheet, self.limits, self.percent_styles, self.lengths = sheet, limits, percent_styles, lengths
        self.row, self.column = -1, -1
        self.kind, self.style = "", ""
        self.inside = ""
        self.value, self.formula, self.has_formula, self.inline = "", "", False, 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(" ")[2]
        if tag == "c":
            self.column += 1
            if "r" in attributes:
                self._place(attributes["r"])
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
            self.value, self.formula, self.has_formula, self.inline = "", "", False, 0
        elif tag == "row":
            self._row(attributes.get("r", str(self.row + 2)))
            self.column = -1
        elif tag in {"v", "f", "t"}:
            self.inside = tag
            self.has_formula |= tag == "f"

    def _place(self, reference: str) -> None:
        """Where a cell says it stands; a place that no sheet has would make the reader reserve memory for it."""
        match = _REFERENCE.fullmatch(reference)
        if match is None or int(match[2]) > _LAST_ROW or column_number(match[1]) >= _LAST_COLUMN:
            raise RefusedError("damaged", detail=f"{self.sheet}!{reference[:20]}")
        self.column, self.row = column_number(match[1]), int(match[2]) - 1

    def _row(self, number: str) -> None:
        if not (number.isascii() and number.isdecimal() and len(number) <= 7 and 1 <= int(number) <= _LAST_ROW):
            raise RefusedError("damaged", detail=f"{self.sheet}!{number[:20]}")
        self.row = int(number) - 1

    def text(self, data: str) -> None:
        if self.inside == "v":
            self.value += data
        elif self.inside == "f":
            self.formula += data
        elif self.inside == "t":
            self.inline += len(data)

    def end(self, tag: str) -> None:
        tag = tag.rpartition(" ")[2]
        if tag == "c":
            self._cell()
        elif tag == self.inside:
            self.inside = ""

    def _cell(self) -> None:
        facts, place = self.facts, (self.row, self.column)
        uncached = self.has_formula and not self.value and not self.inline and self.kind not in {"str", "inlineStr"}
        if not (self.value or self.inline or uncached):
            return
        if uncached:
            facts.uncached[place] = "=" + self.formula
        elif self.kind == "e" or (self.kind == "n" and not _is_number(self.value)):
            facts.errors[place] = self.value
        elif self.kind == "n" and self.style in self.percent_styles:
            facts.percents.add(place)
        length = self.inline or len(self.value)
        if self.kind == "s" and self.value.isdecimal() and int(self.value) < len(self.lengths):
            length = self.lengths[int(self.value)]
        if length > self.limits.cell_characters:
            where = f"{self.sheet}!{column_letters(self.column)}{self.row + 1}"
            raise RefusedError("cell_too_long", limit=self.limits.cell_characters, where=where)
        facts.cells += 1
        facts.characters += length
        facts.last_row = max(facts.last_row, self.row)
        facts.last_column = max(facts.last_column, self.column)
        area = (facts.last_row + 1) * (facts.last_column + 1)
        if facts.cells > self.limits.cells or area > self.limits.area:
            raise RefusedError("too_many_cells", sheet=self.sheet, limit=self.limits.cells)
        if facts.characters > self.limits.unpacked_bytes:
            raise RefusedError("hostile_zip_bomb", entry=self.sheet)


def sheet_facts(
    part: bytes, sheet: str, limits: Limits, percent_styles: frozenset[str], lengths: list[int]
) -> SheetFacts:
    """Facts of one sheet; RefusedError when it holds more than the limits allow."""
    scan = _Scan(sheet, limits, percent_styles, lengths)
    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = scan.start, scan.end, scan.text
    _parse(parser, part, sheet)
    return scan.facts

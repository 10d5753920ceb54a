"""Files made to hurt: each is refused under its own code, before it costs memory or time."""

import io
import struct
import time
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from mrv.intake import Limits, Refusal, read_file

Patch = Callable[..., bytes]
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def good(book: Callable[..., openpyxl.Workbook], saved: Callable[[openpyxl.Workbook], bytes]) -> bytes:
    return saved(book())


def code(data: bytes, limits: Limits | None = None) -> str:
    start = time.monotonic()
    refusal = read_file("x.xlsx", data, limits)
    assert time.monotonic() - start < 5
    assert isinstance(refusal, Refusal)
    assert all(text and "{" not in text for text in refusal.message.values())
    return refusal.code


def archive(*members: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


def test_a_part_that_swells(good: bytes, patched: Patch) -> None:
    assert code(patched(good, {"xl/media/x.xml": lambda _: b" " * 50_000_000})) == "hostile_zip_bomb"


def test_many_parts_that_swell_together(good: bytes, patched: Patch) -> None:
    parts = {f"xl/media/{n}.xml": lambda _: b"0123456789" * 90_000 for n in range(10)}
    assert code(patched(good, parts), Limits(unpacked_bytes=5_000_000)) == "hostile_zip_bomb"


def test_a_directory_that_lies_about_sizes(good: bytes, patched: Patch) -> None:
    data = bytearray(patched(good, {"xl/media/x.bin": lambda _: b"0123456789" * 50_000}))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/media/x.bin"))
    struct.pack_into("<I", data, at + 24, 10)  # the uncompressed size in the central directory
    assert code(bytes(data)) == "damaged"


def test_one_long_text_copied_into_every_cell(good: bytes, patched: Patch) -> None:
    cells = b"".join(b'<c r="A%d" t="s"><v>0</v></c>' % row for row in range(1, 20_001))
    rows = b"<row>" + cells.replace(b"</c><c", b"</c></row><row><c") + b"</row>"
    strings = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + b"x" * 30_000
        + b"</t></si></sst>"
    )
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + rows
    data = patched(
        good, {SHEET: lambda _: sheet + b"</sheetData></worksheet>", "xl/sharedStrings.xml": lambda _: strings}
    )
    assert code(data) == "hostile_zip_bomb"  # 20,000 cells of 30,000 characters


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:/x.csv", "a/../../x.csv", "..\\x.csv"])
def test_names_that_point_outside(name: str) -> None:
    assert code(archive((name, b"x"))) == "hostile_path"


def test_two_members_of_one_name(filing: str) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = archive(("parameter.csv", filing.encode()), ("parameter.csv", b"other"))
    assert code(data) == "hostile_duplicate_name"
    assert code(archive(("a.csv", b"x"), ("A.CSV", b"y"))) == "hostile_duplicate_name"


def test_a_link() -> None:
    link = zipfile.ZipInfo("evidence.pdf")
    link.external_attr = 0o120777 << 16
    assert code(archive((link, b"/etc/passwd"))) == "hostile_symlink"


@pytest.mark.parametrize(
    ("part", "content", "expected"),
    [
        ("xl/vbaProject.bin", b"x", "hostile_macro"),
        ("xl/macrosheets/sheet1.xml", b"<x/>", "hostile_macro"),
        ("xl/embeddings/oleObject1.bin", b"x", "hostile_embedded_object"),
        ("xl/activeX/activeX1.xml", b"<x/>", "hostile_embedded_object"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", "hostile_external_link"),
        ("xl/connections.xml", b"<x/>", "hostile_external_link"),
        ("xl/other.xml", b'<x><ddeLink ddeService="cmd"/></x>', "hostile_external_link"),
        (
            "xl/worksheets/_rels/sheet1.xml.rels",
            b'<Relationships><Relationship Id="r1" Type="x/oleObject" Target="file:///c:/x" TargetMode="External"/></Relationships>',
            "hostile_external_link",
        ),
        ("xl/sharedStrings.xml", b'<!DOCTYPE s [<!ENTITY a "aaaa">]><sst/>', "hostile_xml_entity"),
        (
            "xl/media/a.xml",
            '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE s><s/>'.encode("utf-16"),
            "hostile_xml_entity",
        ),
        ("xl/workbook.bin", b"x", "not_a_filing"),
        ("word/document.xml", b"<x/>", "not_a_filing"),
    ],
)
def test_parts_that_do_not_belong(good: bytes, patched: Patch, part: str, content: bytes, expected: str) -> None:
    assert code(patched(good, {part: lambda _: content})) == expected


def test_entities_that_read_files(good: bytes, patched: Patch) -> None:
    declaration = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    assert code(patched(good, {SHEET: lambda part: declaration + part})) == "hostile_xml_entity"


def test_a_macro_workbook_under_another_name(good: bytes, patched: Patch) -> None:
    kind = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    change = {
        "[Content_Types].xml": lambda part: part.replace(b"</Types>", b'<Default ContentType="' + kind + b'"/></Types>')
    }
    assert code(patched(good, change)) == "hostile_macro"


def test_an_ordinary_hyperlink_is_no_attack(good: bytes, patched: Patch) -> None:
    relation = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" '
        b'Target="https://example.org" TargetMode="External"/></Relationships>'
    )
    data = patched(good, {"xl/worksheets/_rels/sheet1.xml.rels": lambda _: relation})
    assert not isinstance(read_file("x.xlsx", data), Refusal)


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(100)


@pytest.mark.parametrize(
    ("stream", "expected"),
    [("EncryptedPackage", "encrypted"), ("Workbook", "old_xls"), ("Book", "old_xls"), ("WordDocument", "not_a_filing")],
)
def test_old_containers_are_told_apart(stream: str, expected: str) -> None:
    assert code(ole(stream)) == expected


def test_an_encrypted_zip() -> None:
    data = bytearray(archive(("a.csv", b"x")))
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert code(bytes(data)) == "encrypted"


@pytest.mark.parametrize("place", [b'r="ZZZZ2"', b'r="D0"', b'r="XFE2"', b'r="A1048577"', b'r="d2"'])
def test_a_cell_that_claims_a_place_no_sheet_has(good: bytes, patched: Patch, place: bytes) -> None:
    assert code(patched(good, {SHEET: lambda part: part.replace(b'r="D2"', place)})) == "damaged"


@pytest.mark.parametrize("row", [b"0", b"-1", b"99999999999", b"x"])
def test_a_row_that_no_sheet_has(good: bytes, patched: Patch, row: bytes) -> None:
    data = patched(good, {SHEET: lambda part: part.replace(b'<row r="2">', b'<row r="' + row + b'">')})
    assert code(data) == "damaged"


def test_a_panic_of_the_reader_is_a_damaged_file(good: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    panic = type("PanicException", (BaseException,), {})

    class Panicking:
        @staticmethod
        def from_filelike(_: io.BytesIO) -> None:
            raise panic("index out of bounds")

    monkeypatch.setattr("mrv.intake.workbook.CalamineWorkbook", Panicking)
    assert code(good) == "damaged"


def test_damaged_workbooks(good: bytes, patched: Patch) -> None:
    assert code(good[: len(good) // 2]) == "damaged"
    assert code(patched(good, {SHEET: lambda part: part[: len(part) // 2]})) == "damaged"
    assert code(patched(good, {"xl/workbook.xml": lambda _: b"<nothing"})) == "damaged"
    assert code(patched(good, {"xl/styles.xml": lambda _: b"rubbish"})) == "damaged"

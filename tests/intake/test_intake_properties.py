"""What must hold for any file: rows add up, the same bytes give the same result, a value comes out as it was written."""

import io
import zipfile
from decimal import Decimal

import openpyxl
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mrv.intake import Intake, Refusal, read_file
from mrv.intake.columns import FEW, read_column
from schemas import Column

HEADER = "plant_id,sector,unit_id,stream_id,month,parameter,value,unit,method,source_document"
CELL = st.text(st.sampled_from("0123456789.,%-/eE\"'\n 合计小煤t例注G＃１"), max_size=6)
DIGITS = st.integers(1, 10**15 - 1)


@st.composite
def decimals(draw: st.DrawFn) -> str:
    """Plain decimal text of up to 15 significant digits, trailing zeros included."""
    number = Decimal(draw(DIGITS)).scaleb(-draw(st.integers(0, 15)))
    return format(-number if draw(st.booleans()) else number, "f")


def check(answer: Intake | Refusal) -> None:
    if isinstance(answer, Refusal):
        assert all("{" not in text for text in answer.message.values())
        return
    counts = answer.rows["disposition"].value_counts().to_dict()
    assert set(counts) <= {"accepted", "refused", "ignored"}
    assert sum(counts.values()) == len(answer.rows)
    assert sum(len(frame) for frame in answer.tables.values()) == counts.get("accepted", 0)
    assert (answer.rows.loc[answer.rows["disposition"] != "accepted", "reason"] != "").all()
    assert not answer.rows[["sheet", "row"]].duplicated().any()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(CELL, max_size=12), max_size=12), st.sampled_from([",", ";", "\t"]))
def test_any_rows_under_a_filing_header_add_up(rows: list[list[str]], delimiter: str) -> None:
    body = "\n".join(delimiter.join(cells) for cells in rows)
    data = f"{HEADER.replace(',', delimiter)}\n{body}\n".encode()
    check(read_file("x.csv", data))


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_answered(data: bytes) -> None:
    check(read_file("x", data))
    check(read_file("x", HEADER.encode() + b"\n" + data))


@settings(max_examples=40, deadline=None)
@given(st.lists(decimals(), min_size=1, max_size=8, unique=True))
def test_a_value_comes_out_of_a_csv_exactly_as_written(values: list[str]) -> None:
    rows = [f"P1,power,G{n},,2026-01,power_generation,{value},MWh,measured," for n, value in enumerate(values)]
    answer = read_file("x.csv", "\n".join([HEADER, *rows]).encode())
    assert isinstance(answer, Intake)
    assert answer.tables["parameter"]["value"].tolist() == values


@settings(max_examples=15, deadline=None)
@given(st.lists(decimals(), min_size=1, max_size=8, unique=True))
def test_a_number_comes_out_of_a_workbook_as_the_same_number(values: list[str]) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(","))
    for n, value in enumerate(values):
        book.active.append(
            ["P1", "power", f"G{n}", "", "2026-01", "power_generation", float(value), "MWh", "measured", ""]
        )
    out = io.BytesIO()
    book.save(out)
    answer = read_file("x.xlsx", out.getvalue())
    assert isinstance(answer, Intake)
    # a stored number has no trailing zeros; else the text is the same
    plain = [value.rstrip("0").rstrip(".") if "." in value else value for value in values]
    assert answer.tables["parameter"]["value"].tolist() == plain


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["decimal", "date", "month", "timestamp", "choice"]), st.lists(CELL | decimals(), max_size=20))
def test_a_short_column_and_a_long_one_are_read_alike(kind: str, texts: list[str]) -> None:
    column = Column("x", "甲", "X", kind, choices=("a",) if kind == "choice" else (), choice_labels=(("例", "E"),))
    written = pd.Series(texts, dtype="str")
    few = read_column(column, written)
    many = read_column(column, pd.concat([written, pd.Series(["1"] * FEW, dtype="str")], ignore_index=True))
    places = range(len(texts))
    assert few.values.tolist() == many.values.tolist()[: len(texts)]
    assert [few.notes.get(place) for place in places] == [many.notes.get(place) for place in places]
    assert [few.faults.get(place) for place in places] == [many.faults.get(place) for place in places]


def _book() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(","))
    book.active.append(["P1", "power", "G1", "", "2026-01", "power_generation", 5, "MWh", "measured", "=A1"])
    book.active.merge_cells("A5:B6")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


BOOK = _book()
PARTS = [
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml",
]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PARTS), st.integers(0, 5000), st.integers(0, 30), st.binary(max_size=12))
def test_a_workbook_with_a_mangled_part_is_answered(part: str, at: int, length: int, inserted: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == part:
                content = content[:at] + inserted + content[at + length :]
            new.writestr(info.filename, content)
    check(read_file("x.xlsx", out.getvalue()))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, len(BOOK) - 1), st.integers(0, 255))
def test_a_workbook_with_a_changed_byte_is_answered(at: int, byte: int) -> None:
    data = bytearray(BOOK)
    data[at] = byte
    check(read_file("x.xlsx", bytes(data)))


def test_the_same_bytes_give_the_same_result() -> None:
    first, second = read_file("x.xlsx", BOOK), read_file("x.xlsx", BOOK)
    assert isinstance(first, Intake)
    assert isinstance(second, Intake)
    assert first.rows.equals(second.rows)
    assert first.faults.equals(second.faults)
    assert all(first.tables[name].equals(second.tables[name]) for name in first.tables)

"""Importing the oxidation rates of the national database. All rates here are invented for the tests."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emission_factors import Factors, OxidationImport, import_oxidation
from emission_factors.oxidation_checks import COLUMNS

HEADER = "fuel_group,boiler_type,altitude_from,altitude_to,oxidation_rate,valid_from,valid_to,source"
GOOD = f"""{HEADER}
coal,pulverised,,1000,98.90,2026-01,,invented
coal,pulverised,1000,,98.60,2026-01,,invented
coal,cfb,,,98.10,2026-01,2026-12,invented
coal,cfb,,,98.20,2027-01,,invented
diesel,,,,98,2026-01,,invented
"""


def _rate(imported: OxidationImport, month: str, fuel: str, boiler: str, altitude: str) -> str | None:
    tables = Factors({"oxidation": imported.rows})
    row = tables.find("oxidation", month, sector="power", fuel=fuel, boiler_type=boiler, altitude=altitude)
    return row.text if row else None


def test_good_file() -> None:
    imported = import_oxidation(GOOD)
    assert imported.ok
    assert len(imported.rows) == 5
    assert _rate(imported, "2026-03", "lignite", "pulverised", "999") == "98.90"
    assert _rate(imported, "2026-03", "lignite", "pulverised", "1000") == "98.60"
    assert _rate(imported, "2026-12", "lignite", "cfb", "") == "98.10"
    assert _rate(imported, "2027-01", "lignite", "cfb", "") == "98.20"
    assert _rate(imported, "2026-03", "diesel", "", "") == "98"
    assert _rate(imported, "2026-03", "gasoline", "", "") is None
    assert _rate(imported, "2025-12", "lignite", "cfb", "") == "99"


def test_file_as_excel_writes_it(tmp_path: Path) -> None:
    text = "\n".join(
        [
            "燃料,锅炉类型,海拔下限,海拔上限,碳氧化率,生效月份,来源",
            "煤,煤粉炉,,,98.5,2026-01,测试",
            "煤,循环流化床,,,98.1,2026-01,测试",
            "",
        ]
    )
    for encoding in ("utf-8-sig", "gb18030"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(text.encode(encoding))
        imported = import_oxidation(path)
        assert imported.ok, imported.faults
        assert [row["boiler_type"] for row in imported.rows] == ["pulverised", "cfb"]
        assert imported.rows[0]["fuel_group"] == "coal"
        assert imported.rows[0]["certainty"] == "official"
    assert import_oxidation(text.encode("gb18030")).rows == import_oxidation(text).rows


BASE = "coal,pulverised,,,98.90,2026-01,,invented"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("coal,pulverised,,,abc,2026-01,,invented", "oxidation_rate"),
        ("coal,pulverised,,,100.1,2026-01,,invented", "oxidation_rate"),
        ("coal,pulverised,,,0.99,2026-01,,invented", "oxidation_rate"),
        ("coal,pulverised,,,-99,2026-01,,invented", "oxidation_rate"),
        ("coal,pulverised,,,1e2,2026-01,,invented", "oxidation_rate"),
        ("coal,pulverised,,,,2026-01,,invented", "oxidation_rate"),
        ("peat,pulverised,,,99,2026-01,,invented", "fuel_group"),
        (",pulverised,,,99,2026-01,,invented", "fuel_group"),
        ("coal,stoker,,,99,2026-01,,invented", "boiler_type"),
        ("coal,pulverised,high,,99,2026-01,,invented", "altitude_from"),
        ("coal,pulverised,2000,1000,99,2026-01,,invented", "altitude_to"),
        ("coal,pulverised,1000,1000,99,2026-01,,invented", "altitude_to"),
        ("coal,pulverised,,,99,2026,,invented", "valid_from"),
        ("coal,pulverised,,,99,2026-13,,invented", "valid_from"),
        ("coal,pulverised,,,99,2026-02,2026-01,invented", "valid_to"),
        ("coal,pulverised,,,99,2026-01,,", "source"),
    ],
)
def test_bad_cell_is_named(line: str, column: str) -> None:
    imported = import_oxidation(f"{HEADER}\n{line}\n{BASE.replace('pulverised', 'cfb')}\n")
    assert imported.rows == ()
    assert [(fault.line, fault.column) for fault in imported.faults] == [(2, column)]
    assert imported.faults[0].zh
    assert imported.faults[0].en


def test_lines_are_those_of_the_file() -> None:
    """An empty line and a quoted line break are counted."""
    text = f'{HEADER},note\n\n{BASE},"two\nlines"\n{BASE.replace("98.90", "x")},\n'
    assert [fault.line for fault in import_oxidation(text).faults] == [5]


@pytest.mark.parametrize(
    ("second", "line"),
    [
        ("coal,pulverised,,,97,2026-06,,invented", 3),
        ("coal,,,,97,2026-01,,invented", 3),
        ("bituminous_coal,pulverised,,,97,2026-01,,invented", 3),
        ("coal,pulverised,500,900,97,2026-01,,invented", 3),
        (BASE, 3),
    ],
)
def test_overlaps_are_refused(second: str, line: int) -> None:
    imported = import_oxidation(f"{HEADER}\n{BASE}\n{second}\n")
    assert [fault.line for fault in imported.faults] == [line]
    assert "第2行" in imported.faults[0].zh
    assert "line 2" in imported.faults[0].en


@pytest.mark.parametrize(
    ("line", "other"),
    [
        (BASE.replace("2026-01", "2025-12"), "power.coal.oxidation_rate.to-2025"),
        ("diesel,,,,98,2025-06,,invented", "power.diesel.oxidation_rate"),
    ],
)
def test_overlap_with_the_guide_is_refused(line: str, other: str) -> None:
    faults = import_oxidation(f"{HEADER}\n{line}\n").faults
    assert len(faults) == 1
    assert other in faults[0].en
    assert other in faults[0].zh


def test_hole_between_altitudes_is_refused() -> None:
    text = (
        f"{HEADER}\ncoal,cfb,,1000,98.9,2026-01,,s\ncoal,cfb,1001,2000,98.6,2026-01,,s\ncoal,cfb,2000,,98,2026-01,,s\n"
    )
    faults = import_oxidation(text).faults
    assert [(fault.line, fault.column) for fault in faults] == [(3, "altitude_from")]
    assert "1000" in faults[0].zh
    assert import_oxidation(text.replace("1001", "1000")).ok


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("", 0),
        (HEADER, 0),
        (b"PK\x03\x04\x00\x00", 0),
        (b"\xff\xfe\xff\xff\x81", 0),
        (f'{HEADER}\n"coal,pulverised', 0),
        (f"{HEADER},colour\n{BASE},red\n", 1),
        (f"{HEADER},source\n{BASE},s\n", 1),
        (f"{HEADER}\n{BASE},extra\n", 2),
        (Path("no/such/file.csv"), 0),
        (Path(), 0),
    ],
)
def test_file_that_cannot_be_used(source: str | bytes | Path, line: int) -> None:
    imported = import_oxidation(source)
    assert not imported.ok
    assert imported.rows == ()
    assert {fault.line for fault in imported.faults} == {line}
    assert all(fault.zh and fault.en for fault in imported.faults)


def test_missing_columns_are_all_named() -> None:
    faults = import_oxidation("fuel_group,boiler_type\ncoal,cfb\n").faults
    assert [fault.column for fault in faults] == [
        "altitude_from",
        "altitude_to",
        "oxidation_rate",
        "valid_from",
        "source",
    ]


CELL = st.sampled_from(["", "coal", "cfb", "0", "1000", "99", "2026-01", "x", "１", "-1", "1e5", '"', "煤"])


@given(st.lists(st.lists(CELL, min_size=6, max_size=9), max_size=4), st.binary(max_size=60))
def test_nothing_is_raised_and_what_is_taken_over_can_be_used(lines: list[list[str]], tail: bytes) -> None:
    text = "\n".join([HEADER, *(",".join(line) for line in lines)])
    for source in (text, text.encode() + tail, tail):
        imported = import_oxidation(source)
        assert bool(imported.rows) != bool(imported.faults)
        Factors({"oxidation": imported.rows}).rows("oxidation")


def test_columns_have_two_names() -> None:
    assert len(set(COLUMNS.values())) == len(COLUMNS)

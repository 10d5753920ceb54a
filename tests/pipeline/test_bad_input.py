"""What an officer may hand in by mistake: each is told in words, and the rest of the batch goes on."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from mrv.pipeline.documents import check_status
from mrv.simulation import filing_csv, meter_csv
from tests.pipeline.plants import (
    COAL,
    FIRST_GAS,
    MONTHS,
    SECOND_GAS,
    changed,
    codes,
    csv_of,
    documents,
    filing,
    judged,
    line_of,
    register,
    tables,
)

MESSY = sorted(path for path in (Path(__file__).parents[1] / "data" / "messy").rglob("*") if path.is_file())
HOURS = "run_hours,744.00"


def workbook_with(parts: dict[str, bytes]) -> bytes:
    """A plain workbook of a filing with further parts in its package."""
    book = openpyxl.Workbook()
    for row in csv_of().decode().splitlines():
        book.active.append(row.split(","))
    target = io.BytesIO()
    book.save(target)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize("path", MESSY, ids=lambda path: path.name)
def test_a_file_from_the_field_is_answered(path: Path) -> None:
    outcome = judged((path.name, path.read_bytes()))
    (document,) = documents(outcome)
    assert check_status(outcome) == 2
    message = document["error"]["message"]
    assert message["zh"].endswith("。") and message["en"].endswith(".")
    assert not any(mark in text for text in message.values() for mark in ("{", "Error", "Traceback"))


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (b"", "empty", "空"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 40, "encrypted", "密码"),
        (b"name,amount\nA,1\n", "no_known_table", "模板"),
        (filing_csv({"parameter": tables()["parameter"].iloc[:0]}), "no_rows", "没有一行数据"),
        (workbook_with({"xl/vbaProject.bin": b"x"}), "hostile_macro", "宏"),
        (workbook_with({"xl/media/a.xml": b" " * 40_000_000}), "hostile_zip_bomb", "膨胀"),
    ],
    ids=["empty", "encrypted", "wrong template", "header only", "macro", "bomb"],
)
def test_a_file_that_cannot_be_read(data: bytes, code: str, word: str) -> None:
    """Refused in words; the good file of the same call is judged all the same."""
    outcome = judged(("bad", data), filing())
    good, bad = documents(outcome)
    assert (bad["error"]["code"], bad["file"]["name"]) == (code, "bad")
    assert word in bad["error"]["message"]["zh"]
    assert good["findings"] == [] and good["emissions"]["lines"]
    assert check_status(outcome) == 2


def test_a_plant_that_is_not_in_the_register() -> None:
    (document,) = documents(judged(filing(), known=register(COAL)))
    (found,) = document["findings"]
    assert (found["rule"], found["severity"], found["value"], found["expected"]) == (
        "CMP-12",
        "blocks",
        FIRST_GAS,
        COAL,
    )
    assert check_status(judged(filing(), known={})) == 0  # without a register nobody can say so


def test_a_month_that_has_not_come() -> None:
    (document,) = documents(judged(("a.csv", csv_of().replace(b"2026-01,", b"2026-12,"))))
    assert [(one["rule"], one["value"]) for one in document["findings"]] == [("SCH-13", "2026-12")]


@pytest.mark.parametrize("month", ["2026-13", "January", "20260101x", "0000-00"])
def test_a_month_that_is_none(month: str) -> None:
    """The row is refused with the file's own filing; nothing is filed under a month that does not exist."""
    data = changed(csv_of(), f"U1,,2026-01,{HOURS}", f"U1,,{month},{HOURS}")
    (document,) = documents(judged(("a.csv", data)))
    assert document["rows"] == {"read": 17, "accepted": 16, "refused": 1, "ignored": 0}
    (found,) = [one for one in document["findings"] if one["rule"] == "SCH-13"]
    assert (found["cell"], found["value"], found["expected"]) == (f"R{line_of(data, 'run_hours')}C5", month, "YYYY-MM")
    assert "处" not in found["message"]["zh"]


def test_a_row_without_a_plant_stays_with_its_file() -> None:
    data = changed(csv_of(), f"{FIRST_GAS},power,U1,,2026-01,{HOURS}", f",power,U1,,2026-01,{HOURS}")
    (document,) = documents(judged(("a.csv", data)))
    assert document["rows"]["refused"] == 1
    assert f"R{line_of(data, 'run_hours')}" in {(one["cell"] or "").partition("C")[0] for one in document["findings"]}


def test_every_row_in_a_month_that_is_none() -> None:
    outcome = judged(("a.csv", csv_of().replace(b",2026-01,", b",2026-13,")))
    (document,) = documents(outcome)
    assert document["filing"] == {"plant_id": "", "sector": "", "period": "", "rule_set": None}
    assert document["rows"]["refused"] == document["rows"]["read"] == 17
    assert check_status(outcome) == 1


def test_the_same_file_twice_is_judged_once_and_both_are_named() -> None:
    (document,) = documents(judged(filing(name="b.zip"), filing(name="a.zip")))
    assert (document["file"]["name"], document["file"]["copies"]) == ("a.zip", ["b.zip"])
    assert document["findings"] == []


def test_two_files_that_contradict_each_other_are_both_told() -> None:
    """Neither wins: both rows are refused, each file shows the finding at its own cell, and the words name both."""
    head, *rows = changed(csv_of(), HOURS, "run_hours,740.00").rstrip(b"\r\n").split(b"\r\n")
    shifted = b"\r\n".join([head, *reversed(rows)])
    first, second = documents(judged(("a.csv", csv_of()), ("b.csv", shifted)))
    places = []
    for document, data in ((first, csv_of()), (second, shifted)):
        (found,) = [one for one in document["findings"] if one["rule"] == "SCH-20"]
        assert found["cell"] == f"R{line_of(data, 'run_hours')}C7"
        assert "a.csv" in found["message"]["zh"] and "b.csv" in found["message"]["zh"]
        assert "744.00" in found["message"]["zh"] and "740.00" in found["message"]["zh"]
        assert document["rows"]["refused"] == 1
        places.append(found["id"])
    assert places[0] == places[1]


def test_one_csv_of_several_plants_and_months_in_gb18030() -> None:
    data = csv_of(None, MONTHS).decode().encode("gb18030")
    outcome = judged(("all.csv", data))
    assert {entry["file"]["encoding"].lower() for entry in documents(outcome)} == {"gb18030"}
    assert len(documents(outcome)) == 6 and check_status(outcome) == 0


def test_a_half_filled_workbook() -> None:
    """What is there is judged, what is not is asked for by name."""
    book = openpyxl.Workbook()
    for number, row in enumerate(csv_of().decode().splitlines()):
        cells = row.split(",")
        book.active.append([*cells[:6], cells[6] if number % 2 == 0 else "", *cells[7:]] if number else cells)
    target = io.BytesIO()
    book.save(target)
    (document,) = documents(judged(("a.xlsx", target.getvalue())))
    asked = {one["parameter"] for one in document["findings"] if one["rule"] == "CMP-03"}
    assert asked >= {"load_factor", "net_calorific_value", "run_hours"}
    assert all(one["fix"]["zh"].startswith("请补填") for one in document["findings"] if one["rule"] == "CMP-03")


def test_a_bad_filing_leaves_the_others_as_they_are() -> None:
    alone = documents(judged(filing()))[0]
    bad = ("bad.csv", changed(csv_of(SECOND_GAS), HOURS, "run_hours,seven hundred"))
    beside = {one["filing"]["plant_id"]: one for one in documents(judged(bad, filing()))}
    assert beside[FIRST_GAS] == alone
    assert "blocks" in {one["severity"] for one in beside[SECOND_GAS]["findings"]}
    assert "SCH-10" in codes(beside[SECOND_GAS]) and "CMP-03" not in codes(beside[SECOND_GAS])  # told at its cell, once


def test_meter_readings_among_the_files_are_not_lost() -> None:
    readings = meter_csv(tables()["meter_reading"], COAL, "2026-01")
    lines = b"\r\n".join(readings.split(b"\r\n")[:30]) + b"\r\n"
    by_name = {one["file"]["name"]: one for one in documents(judged(("meters.csv", lines), filing()))}
    assert by_name["meters.csv"]["rows"]["accepted"] == 29

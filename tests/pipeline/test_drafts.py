"""Inside the plant: parts, review, approval, and the one filing made of them – through the command line."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mrv.cli.main import mrv
from mrv.pipeline.draft_filing import PartsClash, filing_of
from mrv.pipeline.draft_lacking import lacking
from mrv.storage.control import Control
from mrv.storage.drafts import MonthKey
from mrv.storage.home import Home
from mrv.storage.register import put_register
from tests.pipeline.plants import COAL, FIRST_GAS, JANUARY, changed, filing, register

MONTH = (COAL, "power", JANUARY)
DAY = ("--as-of", "2026-02-10")
LABORATORY = ("coal_analysis.csv", "daily_coal.csv")
PEOPLE = {
    "fuel1": ("preparer", "fuel"),
    "lab1": ("preparer", "laboratory"),
    "rev1": ("reviewer", ""),
    "rev2": ("reviewer", ""),
    "app1": ("approver", ""),
}
Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A home with a plant and its people; a command with `--json`: its status and its document."""
    home = Home.create(tmp_path / "home")
    control = Control.open(home)
    with control.write() as session:
        for name, frame in register(COAL, FIRST_GAS).items():
            put_register(session, name, frame, date(2025, 1, 1))
    control.close()

    def call(*arguments: str) -> tuple[int, Any]:
        result: Result = CliRunner().invoke(mrv, [*arguments, "--home", str(home.path), "--json"])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, json.loads(result.stdout)

    for person, (role, department) in PEOPLE.items():
        more = ["--department", department] if department else []
        call("person", "add", person, "--name", person, "--role", role, "--plant", COAL, "--from", "2026-01-01", *more)
    return call


def part(names: Callable[[str], bool], data: bytes | None = None) -> bytes:
    """A zip of some members of January's filing."""
    source = zipfile.ZipFile(io.BytesIO(data or filing(COAL)[1]))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            if names(name):
                target.writestr(name, source.read(name))
    return stream.getvalue()


@pytest.fixture
def parts(tmp_path: Path) -> tuple[str, str]:
    fuel, laboratory = tmp_path / "fuel.zip", tmp_path / "lab.zip"
    fuel.write_bytes(part(lambda name: name not in LABORATORY))
    laboratory.write_bytes(part(lambda name: name in LABORATORY))
    return str(fuel), str(laboratory)


def put(run: Run, parts: tuple[str, str]) -> None:
    assert run("draft", "put", *MONTH, "fuel", parts[0], "--by", "fuel1", *DAY)[0] == 0
    assert run("draft", "put", *MONTH, "laboratory", parts[1], "--by", "lab1", *DAY)[0] == 0


def turn(run: Run, name: str, by: str, *more: str) -> tuple[int, str]:
    status, document = run("draft", name, *MONTH, "--by", by, *DAY, *more)
    return status, document["error"]["code"] if "error" in document else document["event"]


def test_the_way_of_a_month(run: Run, parts: tuple[str, str], tmp_path: Path) -> None:
    status, first = run("draft", "show", *MONTH, *DAY)
    assert (status, first["state"], len(first["without_part"])) == (0, "empty", 5)
    assert turn(run, "review", "rev1") == (2, "no_parts")
    put(run, parts)
    assert turn(run, "approve", "app1") == (2, "not_reviewed")
    assert turn(run, "return", "rev1") == (2, "no_reason")
    assert turn(run, "return", "rev1", "--note", "缺计量")[1] == "returned"
    assert turn(run, "approve", "app1") == (2, "not_reviewed")
    assert turn(run, "review", "rev1") == (0, "reviewed")
    assert run("draft", "deposit", *MONTH, "--by", "fuel1", *DAY)[1]["error"]["code"] == "not_approved"
    assert turn(run, "approve", "app1") == (0, "approved")
    status, receipt = run("draft", "deposit", *MONTH, "--by", "fuel1", *DAY)
    assert (status, receipt["outcome"], receipt["status"]) == (0, "new", "complete")
    status, again = run("draft", "deposit", *MONTH, "--by", "fuel1", *DAY)
    assert (again["outcome"], again["deposit_id"], again["proof"]) == ("same", receipt["deposit_id"], receipt["proof"])
    _, shown = run("draft", "show", *MONTH, "--by", "app1", *DAY)
    assert shown["state"] == "deposited"
    assert [one["event"] for one in shown["events"]] == ["returned", "reviewed", "approved", "deposited"]
    assert shown["events"][-1]["parts"] == {"fuel": 1, "laboratory": 1}

    # A new part takes the approval away, and what was approved is no longer what would be deposited.
    renamed = tmp_path / "new.zip"
    renamed.write_bytes(part(lambda name: name not in (*LABORATORY, "event.csv")))
    assert run("draft", "put", *MONTH, "fuel", str(renamed), "--by", "fuel1", *DAY)[1]["version"] == 2
    assert run("draft", "show", *MONTH, *DAY)[1]["state"] == "filling"
    assert run("draft", "deposit", *MONTH, "--by", "fuel1", *DAY)[1]["error"]["code"] == "not_approved"


def test_the_parts_together_say_what_the_whole_filing_says(run: Run, parts: tuple[str, str], tmp_path: Path) -> None:
    put(run, parts)
    whole = tmp_path / "whole.zip"
    whole.write_bytes(filing(COAL)[1])
    _, together = run("draft", "show", *MONTH, *DAY)
    _, submitted = run("submit", str(whole), *DAY)
    assert {one["id"] for one in together["findings"]} == {one["id"] for one in submitted["findings"]}


def test_what_the_month_still_lacks_is_told(run: Run, parts: tuple[str, str]) -> None:
    run("draft", "put", *MONTH, "laboratory", parts[1], "--by", "lab1", *DAY)
    status, shown = run("draft", "show", *MONTH, *DAY)
    assert shown["without_part"] == ["fuel", "operations", "metering", "carbon"]
    due = register(COAL)["control_plan"]
    lacking = {(one["unit_id"], one["stream_id"], one["parameter"]) for one in shown["lacking"]}
    assert lacking == set(zip(due["unit_id"], due["stream_id"], due["parameter"], strict=True))
    # The laboratory names the report that the fuel department has not put in yet.
    blocks = [one["rule"] for one in shown["findings"] if one["severity"] == "blocks"]
    assert status == 1 and blocks == ["SCH-21"]
    run("draft", "put", *MONTH, "fuel", parts[0], "--by", "fuel1", *DAY)
    status, shown = run("draft", "show", *MONTH, *DAY)
    assert status == 0 and shown["lacking"] == []


def test_without_a_plan_the_monthly_workbook_says_what_is_due() -> None:
    known = register(COAL)
    bare = known | {"control_plan": known["control_plan"].iloc[:0]}
    key = MonthKey(*MONTH)
    due = lacking(key, None, bare)
    assert {"fuel_consumption", "power_generation", "load_factor"} <= set(due["parameter"])
    # Carbon on one basis stands for the others; what is filed is no longer due.
    filed = (
        due[["unit_id", "stream_id", "parameter"]]
        .assign(sector="power")
        .replace("carbon_content_ad", "carbon_content_ar")
    )
    assert lacking(key, filed, bare).empty
    assert lacking(MonthKey(COAL, "steel", JANUARY), None, bare).empty


def test_preparer_reviewer_and_approver_are_three(run: Run, parts: tuple[str, str]) -> None:
    put(run, parts)
    for name, by in (("review", "fuel1"), ("review", "app1"), ("approve", "rev1"), ("approve", "lab1")):
        assert turn(run, name, by) == (2, "not_allowed")
    assert run("draft", "put", *MONTH, "metering", parts[1], "--by", "lab1", *DAY)[1]["error"]["code"] == "not_allowed"
    assert turn(run, "review", "nobody") == (2, "unknown_person")
    run("person", "end", "rev1", "--to", "2026-02-09")
    assert turn(run, "review", "rev1") == (2, "not_allowed")
    assert turn(run, "review", "rev2") == (0, "reviewed")
    elsewhere = run("draft", "review", FIRST_GAS, "power", JANUARY, "--by", "rev2", *DAY)
    assert elsewhere[1]["error"]["code"] == "not_allowed"


def test_a_part_of_another_month_or_no_filing_is_refused(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    other.write_bytes(filing(FIRST_GAS)[1])
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF-1.7")
    for path, code in ((other, "another_month"), (letter, "not_a_filing")):
        status, document = run("draft", "put", *MONTH, "fuel", str(path), "--by", "fuel1", *DAY)
        assert (status, document["error"]["code"]) == (2, code)
    assert run("draft", "show", *MONTH, *DAY)[1]["state"] == "empty"


def test_parts_that_contradict_each_other_are_told(run: Run, parts: tuple[str, str], tmp_path: Path) -> None:
    put(run, parts)
    source = zipfile.ZipFile(io.BytesIO(filing(COAL)[1])).read("filing.csv")
    lines = source.decode().splitlines()
    (own,) = [line for line in lines if ",run_hours," in line]
    value = own.split(",")[6]
    contradicting = tmp_path / "lab.csv"
    contradicting.write_text("\n".join([lines[0], own.replace(f",{value},", ",1.00,")]) + "\n", encoding="utf-8")
    run("draft", "put", *MONTH, "laboratory", str(contradicting), "--by", "lab1", *DAY)
    status, shown = run("draft", "show", *MONTH, *DAY)
    told = [one for one in shown["findings"] if one["parameter"] == "run_hours" and one["severity"] == "blocks"]
    assert status == 1 and told


def test_same_parts_are_the_same_bytes() -> None:
    fuel, laboratory = part(lambda name: name not in LABORATORY), part(lambda name: name in LABORATORY)
    first = filing_of({"fuel": ("a.zip", fuel), "laboratory": ("b.zip", laboratory)})
    second = filing_of({"laboratory": ("b.zip", laboratory), "fuel": ("a.zip", fuel)})
    assert first == second
    names = zipfile.ZipFile(io.BytesIO(first)).namelist()
    assert {"fuel/filing.csv", "laboratory/coal_analysis.csv"} <= set(names)


def test_one_name_with_two_contents_is_refused() -> None:
    pdf = next(name for name in zipfile.ZipFile(io.BytesIO(filing(COAL)[1])).namelist() if name.endswith(".pdf"))
    one = part(lambda name: name in ("filing.csv", pdf))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr(pdf, changed(zipfile.ZipFile(io.BytesIO(one)).read(pdf) + b"x", "x", "y"))
    with pytest.raises(PartsClash) as clash:
        filing_of({"fuel": ("a.zip", one), "operations": ("b.zip", stream.getvalue())})
    assert pdf in clash.value.zh and "fuel" in clash.value.en


def test_people_and_their_plants(run: Run) -> None:
    add = ("person", "add", "v1", "--name", "核查员", "--role", "verifier")
    assert run(*add, "--plant", COAL)[1]["error"]["code"] == "role_and_plant"
    assert run(*add, "--from", "2026-01-01")[0] == 0
    assert run(*add)[1]["error"]["code"] == "known_person"
    see = ("draft", "show", *MONTH, "--by", "v1")
    assert run(*see, *DAY)[1]["error"]["code"] == "not_allowed"
    assert run("person", "assign", "v1", COAL, "--from", "2026-02-01", "--by", "ops")[0] == 0
    assert run("person", "assign", "v1", COAL, "--from", "2026-03-01")[1]["error"]["code"] == "assigned_already"
    assert run("person", "assign", "fuel1", FIRST_GAS)[1]["error"]["code"] == "person_of_a_plant"
    assert run(*see, *DAY)[0] == 0
    assert run(*see, "--as-of", "2026-01-31")[1]["error"]["code"] == "not_allowed"
    assert run("person", "unassign", "v1", COAL, "--to", "2026-02-09")[0] == 0
    assert run(*see, *DAY)[1]["error"]["code"] == "not_allowed"
    assert run("person", "unassign", "v1", COAL, "--to", "2026-02-09")[1]["error"]["code"] == "not_assigned"
    (listed,) = [one for one in run("person", "list")[1] if one["id"] == "v1"]
    assert listed["assignments"] == [
        {"plant_id": COAL, "valid_from": "2026-02-01", "valid_to": "2026-02-09", "assigned_by": "ops"}
    ]
    assert [one["id"] for one in run("person", "list", "--plant", FIRST_GAS)[1]] == []
    assert run("person", "end", "nobody")[1]["error"]["code"] == "unknown_person"

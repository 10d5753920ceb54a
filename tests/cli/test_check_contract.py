"""`mrv check --json` to the letter: field names, types, what may be null, the account of rows, the exit status."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from mrv.cli.main import mrv
from mrv.pipeline.register_file import register_toml
from mrv.screening.catalogue import catalogue
from mrv.simulation import filing_zip
from schemas.choices import CLASSES, SECTORS, SEVERITIES, SOURCES
from tests.pipeline.plants import (
    COAL,
    FIRST_GAS,
    JANUARY,
    SECOND_GAS,
    changed,
    codes,
    csv_of,
    edited,
    filing,
    line_of,
    register,
    value_of,
)

SHA = re.compile(r"[0-9a-f]{64}")
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
CELL = re.compile(r"[A-Z]{1,3}[0-9]+")
TEXT_CELL = re.compile(r"R[0-9]+C[0-9]+")
MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")

Shape = Any


def text(value: Any) -> bool:
    return isinstance(value, str)


def said(value: Any) -> bool:
    return text(value) and value != "" and "{" not in value


def pattern(expression: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: text(value) and expression.fullmatch(value) is not None


def among(options: Any) -> Callable[[Any], bool]:
    return lambda value: value in options


def null_or(shape: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or shape(value)


def count(value: Any) -> bool:
    return type(value) is int and value >= 0


def truth(value: Any) -> bool:
    return isinstance(value, bool)


BOTH = {"zh": said, "en": said}
FILE = {"name": said, "sha256": pattern(SHA)}
FINDING = {
    "id": pattern(SHA),
    "rule": among(catalogue()),
    "severity": among(SEVERITIES),
    "class": among(CLASSES),
    "unit_id": text,
    "stream_id": text,
    "parameter": text,
    "period": text,
    "message": BOTH,
    "fix": BOTH,
    "sheet": null_or(said),
    "cell": null_or(said),
    "value": null_or(said),
    "expected": null_or(said),
    "impact_tco2e": null_or(pattern(DECIMAL)),
    "impact_allowance_t": null_or(pattern(DECIMAL)),
    "impact_gap_t": null_or(pattern(DECIMAL)),
    "impact_scope": null_or(said),
}
LINE = {
    "unit_id": said,
    "stream_id": text,
    "source": among(SOURCES),
    "gas": said,
    "tonnes": null_or(pattern(DECIMAL)),
    "tco2e": null_or(pattern(DECIMAL)),
    "formula": said,
    "inputs": dict,
    "factors": [said],
}
FILING = {
    "file": FILE,
    "filing": {
        "plant_id": text,
        "sector": among({"", *SECTORS}),
        "period": text,
        "rule_set": null_or(said),
    },
    "rows": {"read": count, "accepted": count, "refused": count, "ignored": count},
    "findings": [FINDING],
    "not_run": [{"rule": among(catalogue()), "needs": said}],
    "emissions": {"total_tco2e": pattern(DECIMAL), "provisional": truth, "lines": [LINE]},
}
ERROR = {"file": FILE, "error": {"code": said, "message": BOTH}}


def departures(value: Any, shape: Shape, path: str = "$") -> list[str]:
    """Where a document departs from a shape: {name: shape} holds at least these names, [shape] is a list of them."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{path}: no object"]
        found = [f"{path}.{name}: absent" for name in shape if name not in value]
        return found + [
            one for name in shape if name in value for one in departures(value[name], shape[name], f"{path}.{name}")
        ]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{path}: no list"]
        return [one for number, part in enumerate(value) for one in departures(part, shape[0], f"{path}[{number}]")]
    if isinstance(shape, type):
        return [] if isinstance(value, shape) else [f"{path}: {value!r}"]
    return [] if shape(value) else [f"{path}: {value!r}"]


def floats(value: Any) -> list[float]:
    """Every JSON number with a point or exponent in a document: there must be none."""
    if isinstance(value, dict):
        return [one for part in value.values() for one in floats(part)]
    if isinstance(value, list):
        return [one for part in value for one in floats(part)]
    return [value] if isinstance(value, float) else []


def in_contract(document: Any) -> list[dict[str, Any]]:
    """The objects of a document, each held to the contract."""
    entries = document if isinstance(document, list) else [document]
    assert not isinstance(document, list) or len(document) != 1, "one object is not a list"
    for entry in entries:
        assert departures(entry, ERROR if "error" in entry else FILING) == []
        if "rows" in entry:
            rows = entry["rows"]
            assert rows["read"] == rows["accepted"] + rows["refused"] + rows["ignored"]
    assert floats(document) == []
    return entries


@pytest.fixture(scope="module")
def plant_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("register") / "plants.toml"
    path.write_text(register_toml(register()), encoding="utf-8")
    return path


@pytest.fixture
def run(tmp_path: Path, plant_file: Path) -> Callable[..., tuple[int, Any]]:
    """`mrv check --json` of files given as name and bytes: exit status and document."""

    def check(*files: tuple[str, bytes], options: tuple[str, ...] = ()) -> tuple[int, Any]:
        paths = []
        for number, (name, data) in enumerate(files):
            path = tmp_path / str(number) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
            paths.append(str(path))
        result: Result = CliRunner().invoke(
            mrv, ["check", *paths, "--plant", str(plant_file), "--as-of", "2026-03-05", "--json", *options]
        )
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, json.loads(result.stdout)

    return check


def test_one_clean_filing(run: Callable[..., tuple[int, Any]]) -> None:
    status, document = run(filing(COAL))
    (entry,) = in_contract(document)
    assert status == 0 and isinstance(document, dict)
    assert entry["filing"] == {"plant_id": COAL, "sector": "power", "period": JANUARY, "rule_set": "power-2026"}
    assert entry["rows"]["read"] == entry["rows"]["accepted"] > 80
    assert [line["stream_id"] for line in entry["emissions"]["lines"]] == ["bituminous_coal", "diesel"]
    total = sum(round(float(line["tco2e"]) * 100) for line in entry["emissions"]["lines"])
    assert entry["emissions"]["total_tco2e"] == f"{total // 100}.{total % 100:02d}"


def test_a_csv_has_no_sheet_and_cells_by_number(run: Callable[..., tuple[int, Any]]) -> None:
    hours = value_of("run_hours")
    data = changed(csv_of(), f"run_hours,{hours}", "run_hours,about 700")
    status, document = run(("a.csv", data))
    (entry,) = in_contract(document)
    assert status == 1
    assert entry["rows"]["refused"] == 1
    (fault,) = [one for one in entry["findings"] if one["value"] == "about 700"]
    assert (fault["severity"], fault["sheet"], fault["cell"]) == ("blocks", None, f"R{line_of(data, 'about 700')}C7")
    assert all(TEXT_CELL.fullmatch(one["cell"]) for one in entry["findings"] if one["cell"])
    assert {one["rule"] for one in entry["not_run"]}


def test_a_finding_has_tonnes_or_null(run: Callable[..., tuple[int, Any]]) -> None:
    wrong = edited("0.5332", "carbon_content_ad", COAL, "bituminous_coal")
    status, document = run(("a.zip", filing_zip(wrong, COAL, JANUARY)))
    (entry,) = in_contract(document)
    assert status == 1
    found = {one["rule"]: one for one in entry["findings"]}
    # the report says 0.6332: with it the year would hold 34,518.83 t more than was filed
    assert (found["XRC-17"]["impact_tco2e"], found["XRC-17"]["impact_gap_t"]) == ("-34518.83", "-34518.83")
    assert found["XRC-17"]["impact_scope"] == "U1 2026 (1/12)"
    assert found["SCH-06"]["impact_tco2e"] is None and found["SCH-06"]["impact_scope"] is None


def test_several_filings_are_a_list(run: Callable[..., tuple[int, Any]]) -> None:
    status, document = run(("all.csv", csv_of(None, ("2026-01", "2026-02"))))
    entries = in_contract(document)
    named = [(entry["filing"]["plant_id"], entry["filing"]["period"]) for entry in entries]
    assert named == [(plant, month) for plant in (COAL, FIRST_GAS, SECOND_GAS) for month in ("2026-01", "2026-02")]
    assert status == 0
    assert {entry["file"]["sha256"] for entry in entries} == {entries[0]["file"]["sha256"]}


def test_a_batch_exits_with_its_highest_status_and_goes_on(run: Callable[..., tuple[int, Any]]) -> None:
    hours = value_of("run_hours", SECOND_GAS)
    bad = changed(csv_of(SECOND_GAS), f"run_hours,{hours}", "run_hours,900")
    status, document = run(filing(), ("bad.csv", bad), ("empty.csv", b""))
    entries = in_contract(document)
    assert status == 2
    good, blocked, refused = entries
    assert good["findings"] == [] and good["emissions"]["lines"]
    assert any(one["severity"] == "blocks" for one in blocked["findings"])
    assert refused["error"]["code"] == "empty" and refused["file"]["name"] == "empty.csv"
    assert run(filing(), ("bad.csv", bad))[0] == 1


def test_an_unreadable_file_alone_is_an_object(run: Callable[..., tuple[int, Any]]) -> None:
    status, document = run(("a.pdf", b"%PDF-1.4 nothing"))
    assert status == 2 and isinstance(document, dict)
    (entry,) = in_contract(document)
    assert entry["error"]["code"] == "not_a_filing"


def test_a_workbook_names_cells_that_are_in_it(run: Callable[..., tuple[int, Any]], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "生产参数"
    rows = [row.split(",")[:10] for row in csv_of().decode().splitlines()]
    for row in rows:
        sheet.append(row)
    place = next(cells for cells in sheet.iter_rows() if cells[5].value == "run_hours")[6]
    place.value = "900"
    path = tmp_path / "a.xlsx"
    book.save(path)
    status, document = run(("a.xlsx", path.read_bytes()))
    (entry,) = in_contract(document)
    assert status == 1
    located = [one for one in entry["findings"] if one["cell"]]
    assert any((one["sheet"], one["cell"], one["value"]) == ("生产参数", place.coordinate, "900") for one in located)
    for one in located:
        assert CELL.fullmatch(one["cell"]) and one["sheet"] in book.sheetnames
        assert book[one["sheet"]][one["cell"]].row <= sheet.max_row


def test_wrong_calls() -> None:
    assert CliRunner().invoke(mrv, ["check"]).exit_code == 2
    assert CliRunner().invoke(mrv, ["check", "no-such-file.csv"]).exit_code == 2
    assert CliRunner().invoke(mrv, ["check", __file__, "--as-of", "tomorrow"]).exit_code == 2


def test_a_bad_plant_file_is_told(tmp_path: Path) -> None:
    path, plant = tmp_path / "a.csv", tmp_path / "plant.toml"
    path.write_bytes(csv_of())
    for content, word in (("[plant", "TOML"), ("[plnt]\nname='x'", "plnt"), ("[plant]\nnam = 'x'", "nam")):
        plant.write_text(content, encoding="utf-8")
        result = CliRunner().invoke(mrv, ["check", str(path), "--plant", str(plant), "--json"])
        assert result.exit_code == 2
        document = json.loads(result.stdout)
        assert document["error"]["code"] == "bad_register" and word in document["error"]["message"]["zh"]


def test_a_person_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    hours = value_of("run_hours")
    path.write_bytes(changed(csv_of(), f"run_hours,{hours}", "run_hours,900"))
    zh = CliRunner().invoke(mrv, ["check", str(path)])
    en = CliRunner().invoke(mrv, ["check", str(path), "--lang", "en"])
    assert zh.exit_code == en.exit_code == 1
    assert "阻断" in zh.stdout and "本月排放" in zh.stdout
    assert "Blocks" in en.stdout and "Emissions of the month" in en.stdout
    assert f"R{line_of(path.read_bytes(), 'run_hours')}C7" in zh.stdout


def test_the_real_process(tmp_path: Path, plant_file: Path) -> None:
    """Once through the installed command: UTF-8 on stdout whatever the locale, nothing on stderr, exit status kept."""
    path = tmp_path / "填报.csv"
    path.write_bytes(csv_of())
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "from mrv.cli import main; main()",
            "check",
            str(path),
            "--plant",
            str(plant_file),
            "--json",
        ],
        capture_output=True,
        env={"PATH": "", "LC_ALL": "C", "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    (entry,) = in_contract(json.loads(told.stdout.decode("utf-8")))
    assert (told.returncode, told.stderr) == (0, b"")
    assert entry["file"]["name"] == "填报.csv" and codes(entry) == set()
    assert any(one["needs"] == "as_of" for one in entry["not_run"])

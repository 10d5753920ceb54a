"""The workbook of `mrv template`, filled and handed back, says what the filing zip of the same month says."""

import hashlib
import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from mrv.cli.main import mrv
from mrv.findings.words import parameter_label, stream_label
from mrv.pipeline.register_file import read_register, register_toml
from mrv.reporting.template import template, template_rows
from mrv.simulation import filing_zip
from mrv.simulation.build import month_of
from mrv.simulation.model import DEPOSITED
from schemas.choices import METHODS
from tests.pipeline.plants import AS_OF, COAL, FIRST_GAS, JANUARY, documents, edited, judged, register, tables

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def filled(plant: str, frames: dict[str, Any]) -> bytes:
    """The template of a plant with its month written into the cells."""
    known = register(plant)
    mine = {}
    for name in DEPOSITED:
        frame = frames[name]
        mine[name] = frame[(frame["plant_id"] == plant) & (month_of(name, frame) == JANUARY)].reset_index(drop=True)
    rows = template_rows(known["unit"], "power", JANUARY)
    return template(known["plant"], known["unit"], known["meter"], "power", JANUARY, None, rows, mine)


def said(document: dict[str, Any]) -> dict[str, Any]:
    """What both ways of filing must agree on: findings by identity and value, and the emissions.

    A workbook holds numbers, so `0.50` comes back as `0.5`; evidence travels only in a zip, and findings about it are left out.
    """
    found = [one for one in document["findings"] if one["class"] != "evidence"]
    return {
        "filing": document["filing"],
        "findings": {(one["rule"], one["id"], number(one["value"]), one["expected"]) for one in found},
        "total": document["emissions"]["total_tco2e"],
        "lines": [
            {
                **line,
                "inputs": {name: {**used, "value": number(used["value"])} for name, used in line["inputs"].items()},
            }
            for line in document["emissions"]["lines"]
        ],
    }


def number(text: str | None) -> Decimal | str | None:
    return Decimal(text) if text and NUMBER.fullmatch(text) else text


@pytest.mark.parametrize("plant", [COAL, FIRST_GAS])
def test_a_filled_workbook_says_what_the_zip_says(plant: str) -> None:
    """An honest month."""
    (by_zip,) = documents(judged(("a.zip", filing_zip(tables(), plant, JANUARY))))
    (by_book,) = documents(judged(("a.xlsx", filled(plant, tables()))))
    assert said(by_book) == said(by_zip)
    assert by_zip["findings"] == []
    assert {one["class"] for one in by_book["findings"]} <= {"evidence"}
    assert by_book["rows"]["refused"] == 0


def test_the_same_fault_both_ways() -> None:
    wrong = edited("0.5332", "carbon_content_ad", COAL, "bituminous_coal")
    (by_zip,) = documents(judged(("a.zip", filing_zip(wrong, COAL, JANUARY))))
    (by_book,) = documents(judged(("a.xlsx", filled(COAL, wrong))))
    assert {one["rule"] for one in by_zip["findings"]} == {"XRC-17", "SCH-06", "PHY-08"}
    assert said(by_book) == said(by_zip)


def test_the_command_line_from_template_to_annotated_return(tmp_path: Path) -> None:
    plant_file, book, copy = tmp_path / "plant.toml", tmp_path / "1.xlsx", tmp_path / "out.xlsx"
    plant_file.write_text(register_toml(register(FIRST_GAS)), encoding="utf-8")
    run = CliRunner()
    made = run.invoke(
        mrv, ["template", "power", "--plant", str(plant_file), "--month", JANUARY, "-o", str(book), "--json"]
    )
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["plant_id"] == FIRST_GAS
    call = ["check", str(book), "--plant", str(plant_file), "--as-of", AS_OF.isoformat(), "--json"]

    empty = run.invoke(mrv, call)
    document = json.loads(empty.stdout)
    assert empty.exit_code == 1
    assert document["filing"]["plant_id"] == FIRST_GAS and document["filing"]["period"] == JANUARY
    assert [(one["rule"], one["item"], one["severity"]) for one in document["findings"]] == [
        ("CMP-03", "filing", "blocks")
    ]
    assert document["rows"]["read"] == document["rows"]["ignored"]

    workbook = openpyxl.load_workbook(book)
    values = {
        (row.stream_id, row.parameter): (row.value, METHODS[row.method][0], row.source_document)
        for row in tables()["parameter"].itertuples()
        if row.plant_id == FIRST_GAS and row.month == JANUARY
    }
    typed = write_values(workbook, values)
    assert typed >= {"run_hours", "fuel_consumption", "net_calorific_value", "power_generation"}
    empty_rows_calculated(workbook)
    workbook.save(book)
    document = json.loads(run.invoke(mrv, call).stdout)
    assert not [one for one in document["findings"] if one["parameter"] in typed and one["class"] == "completeness"]
    combustion = [line["tco2e"] for line in document["emissions"]["lines"] if line["source"] == "combustion"]
    assert combustion == ["71918.97"]  # reported_emission of the same month in the filing zip

    sheet, cell = place_of(workbook, "run_hours")
    workbook[sheet][cell] = 900
    workbook.save(book)
    before = hashlib.sha256(book.read_bytes()).hexdigest()
    judged_book = run.invoke(mrv, [*call, "--annotate", str(copy)])
    found = [one for one in json.loads(judged_book.stdout)["findings"] if (one["sheet"], one["cell"]) == (sheet, cell)]
    assert judged_book.exit_code == 1 and found
    assert hashlib.sha256(book.read_bytes()).hexdigest() == before
    marked = openpyxl.load_workbook(copy)[sheet][cell]
    assert marked.value == 900 and marked.comment is not None
    assert found[0]["rule"] in marked.comment.text
    assert marked.fill.fgColor.rgb != workbook[sheet][cell].fill.fgColor.rgb


def columns_of(sheet: Any) -> tuple[int, dict[str, int]]:
    """Header row and the columns of a sheet that holds one quantity per row."""
    for row in sheet.iter_rows(min_row=1, max_row=20):
        names = {str(cell.value).strip("*＊ "): cell.column for cell in row if cell.value}
        if "参数" in names and "数值" in names:
            return row[0].row, names
    return 0, {}


def quantities(workbook: Any) -> dict[tuple[str, str], Any]:
    """Cells of the values by (fuel label, parameter label) as they are written in the template."""
    found = {}
    for sheet in workbook.worksheets:
        header, names = columns_of(sheet)
        if not names:
            continue
        for row in range(header + 1, sheet.max_row + 1):
            label = sheet.cell(row, names["参数"]).value
            stream = sheet.cell(row, names["燃料或物料"]).value if "燃料或物料" in names else ""
            if label:
                found[str(stream or ""), str(label)] = sheet.cell(row, names["数值"])
    return found


def empty_rows_calculated(workbook: Any) -> None:
    """Saving with openpyxl drops the results of formulas; here they are all of rows left empty, and Excel shows nothing."""
    for row in workbook["表计读数"].iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.value = None


def write_values(workbook: Any, values: dict[tuple[str, str], tuple[str, str, str]]) -> set[str]:
    """Types the values into the cells whose labels name them; returns the parameters that were typed."""
    cells = quantities(workbook)
    typed = set()
    for (stream, parameter), (value, method, source) in values.items():
        fuel, label = stream_label(stream).zh, parameter_label(parameter).zh
        for (in_sheet, written), cell in cells.items():
            if written.startswith(label) and in_sheet == fuel and parameter not in typed:
                cell.value = float(value)
                _, names = columns_of(cell.parent)
                cell.parent.cell(cell.row, names["取值方式"]).value = method
                cell.parent.cell(cell.row, names["数据来源"]).value = source or None
                typed.add(parameter)
    return typed


def place_of(workbook: Any, parameter: str) -> tuple[str, str]:
    label = parameter_label(parameter).zh
    cell = next(cell for (_, written), cell in quantities(workbook).items() if written.startswith(label))
    return cell.parent.title, cell.coordinate


@pytest.mark.parametrize("plants", [(COAL,), (COAL, FIRST_GAS)])
def test_the_register_file_reads_back_as_it_was_written(plants: tuple[str, ...]) -> None:
    frames = register(*plants)
    text = register_toml(frames)
    back = read_register(text.encode())
    assert set(back) == {name for name, frame in frames.items() if len(frame)}
    for name, frame in back.items():
        assert frame.to_dict("records") == frames[name].to_dict("records")
    assert register_toml(back) == text


def test_the_register_file_takes_any_text() -> None:
    frames = register(FIRST_GAS)
    odd = 'a"b\\c\nd\te\x7f，气电“一期”'
    frames["plant"] = frames["plant"].assign(name=odd)
    assert read_register(register_toml(frames).encode())["plant"]["name"].tolist() == [odd]


@pytest.mark.parametrize(("kind", "fits"), [("coal", True), ("heat", False)])
def test_calculation_sheets(tmp_path: Path, kind: str, fits: bool) -> None:
    """DEMO01 burns coal and delivers no heat: one workbook, and one plain answer."""
    source, target = tmp_path / "a.zip", tmp_path / "out.xlsx"
    source.write_bytes(filing_zip(tables(), COAL, JANUARY))
    result = CliRunner().invoke(mrv, ["workbook", kind, str(source), "-o", str(target), "--json"])
    document = json.loads(result.stdout)
    if fits:
        assert result.exit_code == 0 and document["rows"] == 31
        book = openpyxl.load_workbook(io.BytesIO(target.read_bytes()))
        formulas = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert len(formulas) > 30
    else:
        assert result.exit_code == 2 and document["error"]["code"] == "nothing_to_compute" and not target.exists()

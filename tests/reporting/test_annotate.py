"""The marked workbook: right cells, right colours, links that hold, and nothing else changed."""

import zipfile
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from mrv.reporting.annotate import annotate, annotate_csv
from mrv.reporting.finding_list import first_sentence
from mrv.reporting.sheet_styles import SEVERITY_FILL


def finding(rule="SCH-11", severity="blocks", sheet="数据", cell="B2", **rest):
    return {
        "id": "0" * 64,
        "rule": rule,
        "severity": severity,
        "class": "format",
        "unit_id": "1",
        "stream_id": "bituminous_coal#2",
        "parameter": "fuel_consumption",
        "period": "2026-05",
        "message": {"zh": f"{rule}超出范围。第二句。", "en": f"{rule} is out of range, 0.5 t. Second sentence."},
        "fix": {"zh": "请核对单位。", "en": "Check the unit."},
        "sheet": sheet,
        "cell": cell,
        "value": "12",
        "expected": None,
        "impact_tco2e": None,
        "impact_allowance_t": None,
        "impact_gap_t": None,
        "impact_scope": None,
    } | rest


@pytest.fixture(scope="module")
def original():
    """A workbook as an officer keeps one: formula, list, conditional format, merged cells, a hidden sheet, a fill."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "数据"
    sheet.append(["项目", "数值"])
    sheet.append(["煤", 12])
    sheet.append(["合计", "=SUM(B2:B2)"])
    sheet["B2"].fill = PatternFill("solid", fgColor="FFFFF8D6")
    sheet["B2"].number_format = "0.00"
    sheet.merge_cells("A5:B6")
    sheet["A5"] = "说明"
    sheet["D8"] = "末格"
    rule = DataValidation(type="list", formula1='"是,否"')
    rule.add("A2")
    sheet.add_data_validation(rule)
    sheet.conditional_formatting.add("B2", CellIsRule(operator="greaterThan", formula=["100"], fill=PatternFill()))
    hidden = workbook.create_sheet("隐藏")
    hidden["A1"] = 1
    hidden.sheet_state = "hidden"
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def opened(data, **how):
    return load_workbook(BytesIO(data), **how)


def place_column(sheet):
    return next(cell.column for cell in sheet[4] if cell.value == "位置")


def links(sheet):
    column = place_column(sheet)
    return [sheet.cell(row, column).hyperlink for row in range(5, sheet.max_row + 1)]


def test_cell_takes_the_colour_of_its_worst_finding_and_one_comment(original):
    marked = opened(annotate(original, [finding("PHY-01", "note"), finding("SCH-11", "blocks")]))
    cell = marked["数据"]["B2"]
    assert cell.fill.fgColor.rgb[-6:] == SEVERITY_FILL["blocks"]
    assert cell.comment.text == (
        "【阻断】SCH-11超出范围。\n处理：请核对单位。\n规则：SCH-11\n\n【提示】PHY-01超出范围。\n处理：请核对单位。\n规则：PHY-01"
    )


@pytest.mark.parametrize("severity", list(SEVERITY_FILL))
def test_each_severity_has_its_colour(original, severity):
    marked = opened(annotate(original, [finding(severity=severity)]))
    assert marked["数据"]["B2"].fill.fgColor.rgb[-6:] == SEVERITY_FILL[severity]
    assert marked["检查结果"]["B5"].fill.fgColor.rgb[-6:] == SEVERITY_FILL[severity]


def test_the_list_comes_first_and_links_to_the_cell(original):
    marked = opened(annotate(original, [finding(impact_gap_t="-12.50")]))
    sheet = marked.worksheets[0]
    assert sheet.title == "检查结果" and marked.active is sheet
    assert links(sheet)[0].location == "'数据'!B2"
    shown = {head.value: sheet.cell(5, head.column).value for head in sheet[4]}
    assert shown["严重程度"] == "阻断" and shown["燃料或物料"] == "烟煤#2" and shown["参数"] == "消耗量"
    assert shown["缺口影响（t）"] == -12.5
    assert sheet["A2"].value == "共1条：阻断1条，须说明0条，提示0条"


def test_in_english(original):
    marked = opened(annotate(original, [finding()], "en"))
    assert marked.sheetnames[0] == "Findings"
    assert marked["数据"]["B2"].comment.text.startswith("[Blocks] SCH-11 is out of range, 0.5 t.\nFix: Check the unit.")


def test_everything_else_stays(original):
    before, after = opened(original), opened(annotate(original, [finding()]))
    assert after.sheetnames[1:] == before.sheetnames
    for sheet in before:
        for row in sheet.iter_rows():
            for cell in row:
                same = after[sheet.title][cell.coordinate]
                assert (same.value, same.number_format) == (cell.value, cell.number_format)
    data = after["数据"]
    assert data["B3"].value == "=SUM(B2:B2)"
    assert [str(rule.sqref) for rule in data.data_validations.dataValidation] == ["A2"]
    assert len(data.conditional_formatting) == 1 and str(data.merged_cells) == "A5:B6"
    assert after["隐藏"].sheet_state == "hidden"


def test_results_of_formulas_are_kept():
    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream)
    sheet = workbook.add_worksheet("数据")
    sheet.write_formula("A1", "=1+1", None, 2)
    sheet.write_formula("A2", '="a"&"<b>"', None, "a<b>")
    sheet.write_formula("A3", "=1=1", None, True)
    sheet.write_formula("A4", "=1/0", None, "#DIV/0!")
    sheet.write_number("B2", 1)
    workbook.close()
    marked = annotate(stream.getvalue(), [finding()])
    values = opened(marked, data_only=True)["数据"]
    assert [values[f"A{row}"].value for row in range(1, 5)] == [2, "a<b>", True, "#DIV/0!"]
    assert [opened(marked)["数据"][f"A{row}"].value for row in (1, 4)] == ["=1+1", "=1/0"]


def test_merged_cells_are_marked_at_their_first_cell(original):
    marked = opened(annotate(original, [finding(cell="B6")]))
    assert marked["数据"]["A5"].comment and links(marked["检查结果"])[0].location == "'数据'!A5"


@pytest.mark.parametrize(
    "place",
    [
        {"cell": "Z99"},
        {"cell": "D9"},
        {"cell": "E8"},
        {"cell": "R2C2"},
        {"cell": None},
        {"cell": "A0"},
        {"sheet": "没有"},
        {"sheet": None, "cell": None},
    ],
)
def test_a_finding_without_a_real_cell_is_listed_without_link(original, place):
    marked = opened(annotate(original, [finding(**place)]))
    sheet = marked["检查结果"]
    assert sheet["C5"].value == "SCH-11" and links(sheet) == [None]
    assert marked["数据"].dimensions == opened(original)["数据"].dimensions


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 8)), min_size=1, max_size=6))
def test_every_link_points_inside_the_file(original, places):
    found = [finding(cell=f"{chr(64 + column)}{row}") for row, column in places]
    sheet = opened(annotate(original, found))["检查结果"]
    inside = [row <= 8 and column <= 4 for row, column in places]
    assert [link is not None for link in links(sheet)] == inside
    assert sheet.max_row == 4 + len(places)


def test_a_hidden_sheet_is_marked_but_not_linked(original):
    marked = opened(annotate(original, [finding(sheet="隐藏", cell="A1")]))
    assert marked["隐藏"]["A1"].comment and links(marked["检查结果"]) == [None]


def test_text_like_a_formula_stays_text(original):
    texts = ["=HYPERLINK(1)", "+1", "-1", "@x"]
    sheet = opened(annotate(original, [finding(value=text) for text in texts]))["检查结果"]
    column = next(cell.column for cell in sheet[4] if cell.value == "填报值")
    for row, text in enumerate(texts, start=5):
        cell = sheet.cell(row, column)
        assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_control_characters_do_not_break_the_file(original):
    sheet = opened(annotate(original, [finding(value="a\x00b\x1f", message={"zh": "坏\x02字", "en": "x"})]))["检查结果"]
    assert "坏字" in [cell.value for cell in sheet[5]] and "ab" in [cell.value for cell in sheet[5]]


def test_a_second_return_starts_from_the_officers_own_look(original):
    first = annotate(original, [finding(), finding(cell="A2")])
    second = opened(annotate(first, [finding(cell="A2", severity="note")]))
    assert second.sheetnames == ["检查结果", "数据", "隐藏"]
    assert second["数据"]["B2"].fill.fgColor.rgb == "FFFFF8D6" and second["数据"]["B2"].comment is None
    assert second["数据"]["A2"].fill.fgColor.rgb[-6:] == SEVERITY_FILL["note"]
    assert second["数据"]["A2"].comment.text.count("规则") == 1
    clean = opened(annotate(first, []))
    assert clean["数据"]["A2"].fill.fill_type is None and clean["检查结果"]["A2"].value == "没有发现问题。"


def test_many_findings_of_one_cell_are_counted(original):
    comment = opened(annotate(original, [finding(f"R-{n}") for n in range(9)]))["数据"]["B2"].comment.text
    assert comment.count("规则：") == 6 and comment.endswith("另有3条，见“检查结果”。")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not a zip", b"\xd0\xcf\x11\xe0 old workbook"])
def test_without_a_readable_workbook_the_list_alone_comes_back(data):
    marked = opened(annotate(data, [finding()]))
    assert marked.sheetnames == ["检查结果"] and marked["检查结果"]["C5"].value == "SCH-11"


def test_a_zip_that_is_no_workbook_gives_the_list():
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("daily_coal.csv", "plant_id\n")
    assert opened(annotate(stream.getvalue(), [finding()])).sheetnames == ["检查结果"]


def test_same_arguments_same_bytes_and_the_original_untouched(original):
    before = bytes(original)
    assert annotate(original, [finding()]) == annotate(original, [finding()])
    assert original == before


CSV = 'plant_id,note\n\nP1,"two\nlines"\n=1+1,烟煤\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_rows_stand_in_the_row_of_their_line(encoding):
    found = [finding(sheet=None, cell="R5C2"), finding(sheet=None, cell="R3C1", severity="note")]
    marked = opened(annotate_csv(CSV.encode(encoding), found))
    sheet = marked["文件内容"]
    assert [cell.value for cell in sheet[3]] == ["P1", "two\nlines"]
    assert sheet["B5"].value == "烟煤" and sheet["B5"].fill.fgColor.rgb[-6:] == SEVERITY_FILL["blocks"]
    assert sheet["A3"].fill.fgColor.rgb[-6:] == SEVERITY_FILL["note"] and "SCH-11" in sheet["A3"].comment.text
    assert sheet["A5"].value == "=1+1" and sheet["A5"].data_type != "f" and sheet["A5"].quotePrefix
    assert [link.location for link in links(marked["检查结果"])] == ["'文件内容'!B5", "'文件内容'!A3"]


@pytest.mark.parametrize("cell", ["R2C1", "R4C1", "R6C1", "R5C3", "R0C1", "B5", None, "R99999999C1"])
def test_csv_findings_outside_the_file_have_no_link(cell):
    marked = opened(annotate_csv(CSV.encode(), [finding(sheet=None, cell=cell)]))
    assert links(marked["检查结果"]) == [None] and marked["检查结果"]["C5"].value == "SCH-11"


def test_csv_with_an_unclosed_quotation_mark_keeps_its_lines():
    sheet = opened(annotate_csv(b'a,b\n"c,d\ne,f\n', [finding(sheet=None, cell="R3C2")]))["文件内容"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["a", "b"], ['"c', "d"], ["e", "f"]]
    assert sheet["B3"].comment


def test_csv_same_bytes():
    assert annotate_csv(CSV.encode(), [finding()]) == annotate_csv(CSV.encode(), [finding()])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("相差0.10 t。合计应为1。", "相差0.10 t。"),
        ("Is 0.5 t. Should be 1.", "Is 0.5 t."),
        ("没有句号", "没有句号"),
        ("", ""),
    ],
)
def test_first_sentence(text, sentence):
    assert first_sentence(text) == sentence

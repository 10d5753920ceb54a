"""The workbooks of cement, aluminium and steel: what they ask for, what they compute, and that intake reads them back."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pandas as pd
import pytest
from openpyxl import load_workbook

from emission_factors import factors
from mrv.accounting.account import account
from mrv.accounting.accounts import total_of
from mrv.intake import read_file
from mrv.pipeline.annotated import annotated
from mrv.pipeline.check import check
from mrv.pipeline.documents import checked_document
from mrv.reporting.template import template, template_rows
from schemas import empty
from tests.reporting.industry_months import (
    BREAKDOWN,
    COLUMNS,
    MONTH,
    MONTHS,
    STEEL_FACILITIES,
    STEEL_ROWS,
    STEEL_TOTAL,
    facilities,
    frame,
    parameters,
    plant,
)

SECTORS = sorted(MONTHS)
FILED = [name for name in COLUMNS if name not in ("file_sha256", "sheet", "cell", "value")]


def build(sector, filled=True, rows=None, more=None, month=MONTH):
    plant_id, known, filed = MONTHS[sector]
    prefilled = {"parameter": parameters(plant_id, sector, filed if rows is None else rows), **(more or {})}
    wanted = template_rows(empty("unit"), sector, month, known)
    return template(
        plant(plant_id, sector), empty("unit"), empty("meter"), sector, month, None, wanted,
        prefilled if filled else None, facilities=known,
    )  # fmt: skip


def register(sector):
    plant_id, known, _ = MONTHS[sector]
    return {"plant": plant(plant_id, sector), "unit": empty("unit"), "facility": known, "meter": empty("meter")}


def judged(sector, data, name="a.xlsx"):
    return check([(name, data)], factors(), register(sector), as_of=date(2026, 3, 5))


def documents(outcome):
    return [checked_document(one) for one in outcome.filings]


def resaved(data):
    """The workbook as another program saves it; the formulas of lines left empty show nothing, as in Excel."""
    workbook, stream = load_workbook(BytesIO(data)), BytesIO()
    for name in ("表计读数", "证据清单"):
        for row in workbook[name].iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.value = None
    workbook.save(stream)
    return stream.getvalue()


def estimate_total(data):
    sheet = load_workbook(BytesIO(data), data_only=True)["本月测算"]
    return [row[1].value for row in sheet.iter_rows() if row[0].value == "企业排放量合计（估算）"]


@pytest.mark.parametrize("sector", SECTORS)
def test_estimate_is_what_accounting_gives(sector):
    plant_id, known, filed = MONTHS[sector]
    rows = parameters(plant_id, sector, filed)
    accounts = account({"parameter": rows.assign(value=rows["value"].map(Decimal)), "facility": known})
    assert estimate_total(build(sector)) == [pytest.approx(float(total_of(accounts.lines)), abs=0.001)]


def test_estimate_of_the_real_steel_month():
    assert estimate_total(build("steel", rows=STEEL_ROWS)) == [float(STEEL_TOTAL)]
    assert estimate_total(build("steel", rows=[*STEEL_ROWS, *BREAKDOWN])) == [float(STEEL_TOTAL)]


@pytest.mark.parametrize("sector", SECTORS)
@pytest.mark.parametrize("through", [lambda data: data, resaved])
def test_intake_reads_back_what_was_written(sector, through):
    plant_id, _, filed = MONTHS[sector]
    result = read_file("a.xlsx", through(build(sector)))
    expected = parameters(plant_id, sector, filed)
    read = result.tables["parameter"]
    keys = ["unit_id", "stream_id", "parameter"]
    assert read[FILED].sort_values(keys).to_dict("records") == expected[FILED].sort_values(keys).to_dict("records")
    numbers = [read.sort_values(keys)["value"], expected.sort_values(keys)["value"]]
    assert [Decimal(text) for text in numbers[0]] == [Decimal(text) for text in numbers[1]]
    assert result.template == (f"tanheng-{sector}", "1")
    assert result.faults.empty


@pytest.mark.parametrize("sector", SECTORS)
def test_an_empty_workbook_holds_no_row_and_no_fault(sector):
    result = read_file("a.xlsx", build(sector, filled=False))
    assert all(frame.empty for frame in result.tables.values())
    assert result.faults.empty


def test_the_real_steel_month_through_a_workbook_and_through_a_csv():
    csv = parameters("S1", "steel", STEEL_ROWS)[COLUMNS[:14]].to_csv(index=False).encode()
    for name, data in (("a.xlsx", build("steel", rows=STEEL_ROWS)), ("a.csv", csv)):
        outcome = judged("steel", data, name)
        (filing,) = documents(outcome)
        assert filing["emissions"]["total_tco2e"] == STEEL_TOTAL, name
        lines = outcome.filings[0].lines
        sums = lines.groupby("source")["tco2"].agg(lambda values: sum(values, Decimal(0)))
        assert sums.to_dict() == {
            "combustion": Decimal("1229176.10"),
            "process": Decimal("32394.60"),
            "product": Decimal("-47513.21"),
        }


def test_steel_asks_for_no_value_that_is_always_the_default():
    rows = {
        (row.unit_id, row.stream_id, row.parameter): row
        for row in template_rows(empty("unit"), "steel", MONTH, STEEL_FACILITIES)
    }
    names = {key[2] for key in rows}
    assert not names & {"carbon_per_heat", "oxidation_rate", "material_factor", "carbon_product_factor"}
    assert ("ENT", "coke", "net_calorific_value") not in rows
    assert ("ENT", "crude_steel", "carbon_product_output") not in rows
    assert not rows["ENT", "anthracite", "net_calorific_value"].required
    assert rows["ENT", "anthracite", "fuel_consumption"].required and rows["ENT", "", "crude_steel_output"].required
    assert {key for key in rows if key[0] == "BF" and rows[key].required} == {
        *(("BF", stream, name) for stream in ("coke", "bituminous_coal", "blast_furnace_gas") for name in ("fuel_input", "fuel_output")),
        ("BF", "", "process_product_output"),
    }  # fmt: skip
    assert ("ENT", "anthracite", "moisture_ar") in rows and ("ENT", "coke_oven_gas", "moisture_ar") not in rows


def test_one_direction_of_a_process_fuel_is_enough():
    sheet = load_workbook(BytesIO(build("steel")), data_only=True)["燃料参数"]
    head = {cell.value: cell.column for cell in sheet[4]}
    shown = {
        tuple(sheet.cell(row, head[name]).value for name in ("生产线/工序编号", "燃料或物料", "参数")): sheet.cell(row, head["校核"]).value
        for row in range(5, sheet.max_row + 1)
    }  # fmt: skip
    assert shown["BF", "焦炭", "工序化石燃料输入量"] == "✓"
    assert not shown["BF", "焦炭", "工序化石燃料输出量"]


@pytest.mark.parametrize("sector", SECTORS)
def test_no_page_speaks_of_power_units_or_coal_tests(sector):
    workbook = load_workbook(BytesIO(build(sector, filled=False)))
    assert not {"机组", "煤样检测", "每日煤量", "供热明细", "机组事件"} & set(workbook.sheetnames)
    texts = [str(c.value) for sheet in workbook for row in sheet.iter_rows() for c in row if c.value]
    assert not [text for text in texts if "机组" in text]


def test_flue_gas_days_of_monitored_facilities_are_read_back():
    day = {"plant_id": "S1", "unit_id": "BF", "day": "2026-01-02", "co2_share": "18.5", "co2_mass": "1234.567"}
    data = build("steel", more={"flue_gas_daily": frame("flue_gas_daily", day)})
    sheet = load_workbook(BytesIO(data))["烟气监测日均值"]
    assert [sheet.cell(row, 1).value for row in (5, 35, 36)] == ["BF", "BF", None]  # 31 days
    result = read_file("a.xlsx", data)
    (read,) = result.tables["flue_gas_daily"][list(day)].to_dict("records")
    assert read == day
    rows = result.rows
    assert set(rows.loc[(rows["table"] == "flue_gas_daily") & (rows["disposition"] == "accepted"), "month"]) == {MONTH}


def test_annotated_return_marks_the_line_of_a_process():
    rows = [(*row[:3], "12.345" if row[2] == "crude_steel_output" else row[3], row[4]) for row in STEEL_ROWS]
    data = build("steel", rows=rows)
    outcome = judged("steel", data)
    assert outcome.filings[0].findings["parameter"].eq("crude_steel_output").any()
    ((_, marked),) = annotated([("a.xlsx", data)], outcome, "zh")
    listed = load_workbook(BytesIO(marked)).worksheets[0]
    assert "机组/生产线/工序" in [cell.value for cell in listed[4]]


def test_facilities_out_of_service_and_unknown_streams():
    closed = facilities(
        "S1", "steel", {"unit_id": "X", "process": "coking", "fuels": "coke", "closed_on": "2025-12-31"}
    )
    assert template_rows(empty("unit"), "steel", MONTH, closed) == []
    odd = facilities("S1", "steel", {"unit_id": "X", "process": "coking", "fuels": "peat"})
    with pytest.raises(ValueError, match="peat"):
        template_rows(empty("unit"), "steel", MONTH, odd)


def test_same_arguments_give_the_same_bytes():
    assert build("cement") == build("cement")


def test_a_plant_of_two_sectors_is_judged_part_by_part():
    """A works with a power unit files one workbook for each part in one zip, or one CSV: two filings, each under its own rules."""
    # 1000 t × 0.5 tC/t × 99 % × 44/12 = 1815.00 tCO2
    names = {
        "fuel_consumption": "1000.00", "carbon_content_ar": "0.5000", "net_calorific_value": "20.000", "oxidation_rate": "99",
    }  # fmt: skip
    power = parameters("S1", "power", [("1", "bituminous_coal", name, value, {}) for name, value in names.items()])
    unit = {
        "plant_id": "S1", "unit_id": "1", "unit_class": "conventional_coal", "product_class": "condensing",
        "capacity": "50", "fuels": "bituminous_coal",
    }  # fmt: skip
    known = register("steel") | {"unit": frame("unit", unit)}
    rows = template_rows(known["unit"], "power", MONTH)
    own = template(
        known["plant"], known["unit"], empty("meter"), "power", MONTH, None, rows, {"parameter": power},
        facilities=known["facility"],
    )  # fmt: skip
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("power.xlsx", own)
        archive.writestr("steel.xlsx", build("steel", rows=STEEL_ROWS))
    both = pd.concat([power, parameters("S1", "steel", STEEL_ROWS)])[COLUMNS[:14]].to_csv(index=False).encode()
    for name, data in (("a.zip", packed.getvalue()), ("a.csv", both)):
        outcome = check([(name, data)], factors(), known, as_of=date(2026, 3, 5))
        found = {one.sector: str(total_of(one.lines)) for one in outcome.filings}
        assert found == {"power": "1815.00", "steel": STEEL_TOTAL}, name
        assert [one.rows["accepted"] for one in outcome.filings] == [len(power), len(STEEL_ROWS)]

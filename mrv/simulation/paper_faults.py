"""Planted faults in documents: laboratory reports, certificates, evidence, events, and deposits that are missing."""

from datetime import date, timedelta
from decimal import Decimal

from mrv.simulation.build import month_of
from mrv.simulation.coal import printed_net_value
from mrv.simulation.editing import Editor, Place
from mrv.simulation.model import DEPOSITED, PlantedFault
from mrv.simulation.numbers import HUNDRED, carbon_as_received, emission, half_up, text

COAL = "bituminous_coal"
JITTER = Decimal("0.01")  # % of moisture, by which a copied report is disguised


def open_closure(edit: Editor) -> PlantedFault:
    at = Place("DEMO05", "G1", COAL, "2025-04")
    edit.reprint(at, fixed_carbon_ad=text(Decimal(edit.report(at)["fixed_carbon_ad"]) + 1))
    return at.fault(
        "fixed_carbon_ad", "PHY-06", "工业分析四项之和为101%，固定碳多1个百分点",
        "the proximate analysis adds up to 101 %: fixed carbon is one point too high",
    )  # fmt: skip


def dry_coal(edit: Editor) -> PlantedFault:
    at = Place("DEMO05", "G1", COAL, "2025-10")
    sheet = edit.report(at)
    printed = {name: Decimal(sheet[name]) for name in ("gross_calorific_value_ad", "hydrogen_ad", "moisture_ad")}
    water = half_up(printed["moisture_ad"] / 2, 2)
    edit.reprint(
        at, moisture_ar=text(water), net_calorific_value_ar=text(printed_net_value(printed | {"moisture_ar": water}))
    )
    return at.fault(
        "moisture_ar", "PHY-07", "检测报告全水小于空气干燥基水分",
        "the report's total moisture is below its air-dry moisture",
    )  # fmt: skip


def forgotten_hydrogen(edit: Editor) -> PlantedFault:
    at = Place("DEMO05", "G1", COAL, "2026-01")
    sheet = edit.report(at)
    names = ("gross_calorific_value_ad", "moisture_ad", "moisture_ar")
    printed = {name: Decimal(sheet[name]) for name in names} | {"hydrogen_ad": Decimal(0)}
    edit.reprint(at, net_calorific_value_ar=text(printed_net_value(printed)))
    return at.fault(
        "net_calorific_value_ar", "PHY-09", "高位换低位漏扣氢的汽化热（206Had）",
        "the conversion from gross to net heat value left out the term of hydrogen (206 Had)",
    )  # fmt: skip


def reused_report(edit: Editor) -> PlantedFault:
    """January's results stand for February too; daily figures were shifted until every mean agrees."""
    source, at = Place("DEMO03", "U1", COAL, "2026-01"), Place("DEMO03", "U1", COAL, "2026-02")
    copied = edit.report(source)
    names = (
        "carbon",
        "hydrogen_ad",
        "sulphur_ad",
        "ash_ad",
        "volatile_ad",
        "gross_calorific_value_ad",
        "net_calorific_value_ar",
    )
    water, air_dry = edit.value(source, "moisture_ar") + JITTER, Decimal(copied["moisture_ad"]) + JITTER
    fixed_carbon = HUNDRED - air_dry - Decimal(copied["ash_ad"]) - Decimal(copied["volatile_ad"])
    edit.reprint(
        at, **{name: copied[name] for name in names}, moisture_ad=text(air_dry), moisture_ar=text(water),
        fixed_carbon_ad=text(fixed_carbon),
    )  # fmt: skip
    heat = edit.value(source, "net_calorific_value")
    _shift(edit, at, "net_calorific_value", heat - edit.value(at, "net_calorific_value"))
    _shift(edit, at, "moisture_ar", water - edit.value(at, "moisture_ar"))
    carbon_ad = edit.value(source, "carbon_content_ad")
    carbon = carbon_as_received(carbon_ad, water, air_dry)
    filed = {
        "carbon_content_ad": carbon_ad,
        "moisture_ad": air_dry,
        "moisture_ar": water,
        "carbon_content_ar": carbon,
        "net_calorific_value": heat,
        "reported_emission": emission(edit.value(at, "fuel_consumption"), carbon, edit.value(at, "oxidation_rate")),
    }
    for parameter, value in filed.items():
        edit.file(at, parameter, value)
    return at.fault(
        "carbon_content_ar", "TMP-03", "2月沿用1月的化验结果：元素碳与发热量成对重复",
        "February reuses January's results: carbon content and heat value repeat as a pair",
    )  # fmt: skip


def _shift(edit: Editor, at: Place, column: str, difference: Decimal) -> None:
    frame = edit.tables["daily_coal"]
    for day in edit.days(at):
        frame.at[day, column] = text(Decimal(frame.at[day, column]) + difference)


def repeated_number(edit: Editor) -> PlantedFault:
    at = Place("DEMO02", "U2", COAL, "2025-09")
    edit.reprint(at, report_number=edit.report(at._replace(month="2025-08"))["report_number"])
    return at.fault(
        "report_number", "FOR-05", "9月检测报告与8月报告编号相同",
        "the report of September carries the number of August's",
    )  # fmt: skip


def tested_before_received(edit: Editor) -> PlantedFault:
    at = Place("DEMO03", "U1", "coal_slime", "2025-05")
    sheet = edit.report(at)
    edit.reprint(at, received_on=sheet["tested_on"], tested_on=sheet["received_on"])
    return at.fault(
        "tested_on", "FOR-07", "检测日期早于收样日期", "the sample was tested before it was received"
    )  # fmt: skip


def late_report(edit: Editor) -> PlantedFault:
    at = Place("DEMO03", "U1", "coal_gangue", "2025-07")
    sampled = date.fromisoformat(edit.report(at)["sampled_on"])
    edit.reprint(at, tested_on=str(sampled + timedelta(38)), issued_on=str(sampled + timedelta(47)))
    return at.fault(
        "issued_on", "FOR-09", "采样后47天才出具检测报告，超过40个自然日",
        "the report was issued 47 days after sampling; 40 are allowed",
    )  # fmt: skip


def lapsed_accreditation(edit: Editor) -> PlantedFault:
    at = Place("DEMO06", "U1", COAL, "2026-06")
    edit.reprint(at, accreditation_valid_to="2026-05-31")
    return at.fault(
        "accreditation_valid_to", "FOR-10", "检测时检测机构资质已于2026-05-31到期",
        "the laboratory's accreditation had lapsed on 2026-05-31, before the test",
    )  # fmt: skip


def lapsed_calibration(edit: Editor) -> PlantedFault:
    at = Place("DEMO01", "U1", COAL, "2026-02")
    key = {"plant_id": at.plant_id, "unit_id": at.unit_id, "month": at.month, "meter_id": "U1-C1"}
    edit.put("meter_total", "calibrated_on", "2025-01-31", **key)
    edit.put("meter_total", "calibration_valid_to", "2026-01-30", **key)
    return at.fault(
        "fuel_consumption", "FOR-11", "皮带秤检定证书2026-01-30到期，2月仍在使用",
        "the belt scale's certificate ended on 2026-01-30; it was still used in February",
    )  # fmt: skip


def missing_deposit(edit: Editor) -> PlantedFault:
    at = Place("DEMO05", "", "", "2026-05")
    for table in DEPOSITED:
        frame = edit.tables[table]
        rows = frame.index[(frame["plant_id"] == at.plant_id) & (month_of(table, frame) == at.month)]
        edit.remove(table, rows)
    return at.fault(
        "", "CMP-01", "2026年5月未存证（截止2026-07-10）", "nothing was deposited for May 2026 (due 2026-07-10)"
    )  # fmt: skip


def missing_evidence(edit: Editor) -> PlantedFault:
    at = Place("DEMO02", "U1", COAL, "2026-04")
    edit.remove("evidence", edit.rows("evidence", **at._asdict(), parameter="fuel_consumption"))
    return at.fault(
        "fuel_consumption", "CMP-05", "入炉煤消耗量未附原始记录和台账",
        "the ledger of the coal fired is not attached",
    )  # fmt: skip


def missing_oil(edit: Editor) -> PlantedFault:
    at = Place("DEMO06", "U1", "diesel", "2026-03")
    for table in ("parameter", "evidence"):
        edit.remove(table, edit.rows(table, **at._asdict()))
    return at.fault(
        "fuel_consumption", "CMP-07", "3月14日冷态启动，但当月未填任何燃油",
        "a cold start on 14 March, but no oil was filed for the month",
    )  # fmt: skip


def stopped_but_running(edit: Editor) -> PlantedFault:
    at = Place("DEMO03", "U1", "", "2025-06")
    edit.add(
        "event",
        {"plant_id": at.plant_id, "unit_id": at.unit_id, "event": "stop", "start": "2025-06-10", "end": "2025-06-13",
         "remark": "计划停机"},
    )  # fmt: skip
    return at.fault(
        "fuel_consumption", "TMP-10", "申报6月10日至13日停机，但每日仍有入炉煤",
        "declared stopped from 10 to 13 June while coal was fired every day",
    )  # fmt: skip


PAPER_FAULTS = (
    open_closure, dry_coal, forgotten_hydrogen, reused_report, repeated_number, tested_before_received, late_report,
    lapsed_accreditation, lapsed_calibration, missing_evidence, missing_oil, stopped_but_running, missing_deposit,
)  # fmt: skip

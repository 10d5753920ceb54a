"""Planted faults in filed numbers: slips of the pen, wrong formulas, and quantities that do not balance.

Each function edits as little as the person behind the fault would, and returns the record of it.
"""

from decimal import Decimal

from mrv.simulation.editing import Editor, Place
from mrv.simulation.model import PlantedFault
from mrv.simulation.numbers import HUNDRED, emission, half_up, text

COAL = "bituminous_coal"
KILOCALORIE = Decimal("4.1868")  # kJ


def power_of_ten(edit: Editor) -> PlantedFault:
    at = Place("DEMO01", "U1", "diesel", "2026-07")
    kilograms = edit.value(at, "fuel_consumption") * 1000
    edit.file(at, "fuel_consumption", kilograms)
    carbon, oxidation = edit.value(at, "carbon_content_ar"), edit.value(at, "oxidation_rate")
    edit.file(at, "reported_emission", emission(kilograms, carbon, oxidation))
    return at.fault(
        "fuel_consumption",
        "SCH-03",
        "柴油消耗量按kg数值填入t栏，大了1000倍，排放量随之虚增",
        "diesel entered in kg where t is asked, 1000 times too large, and its emission with it",
    )


def kilocalories(edit: Editor) -> PlantedFault:
    at = Place("DEMO03", "U1", COAL, "2025-08")
    edit.file(at, "net_calorific_value", half_up(edit.value(at, "net_calorific_value") / KILOCALORIE, 3))
    return at.fault(
        "net_calorific_value", "SCH-04", "低位发热量把Mcal/kg数值填成GJ/t，相差4.1868倍",
        "net calorific value entered in Mcal/kg where GJ/t is asked, a factor of 4.1868",
    )  # fmt: skip


def air_dry_as_received(edit: Editor) -> PlantedFault:
    at = Place("DEMO06", "U1", COAL, "2025-03")
    edit.file(at, "carbon_content_ar", edit.value(at, "carbon_content_ad"))
    return at.fault(
        "carbon_content_ar", "SCH-05", "收到基元素碳栏误抄空气干燥基数值，未作基准换算",
        "the air-dry carbon content was copied into the as-received cell without conversion",
    )  # fmt: skip


def transposed_emission(edit: Editor) -> PlantedFault:
    at = Place("DEMO03", "U1", "coal_gangue", "2025-11")
    digits = list(text(edit.value(at, "reported_emission")))
    place = next(n for n in range(1, len(digits) - 4) if digits[n] != digits[n + 1])
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    edit.file(at, "reported_emission", Decimal("".join(digits)))
    return at.fault(
        "reported_emission", "SCH-06", "填报排放量两位数字颠倒，与复算结果不符",
        "two digits of the reported emission are swapped, so that it cannot be recomputed",
    )  # fmt: skip


def mistyped_day(edit: Editor) -> PlantedFault:
    at = Place("DEMO01", "U1", COAL, "2025-08")
    day = edit.days(at)[11]
    frame = edit.tables["daily_coal"]
    frame.at[day, "fuel_consumption"] = text(Decimal(frame.at[day, "fuel_consumption"]) + 90)
    return at.fault(
        "fuel_consumption", "SCH-08", "8月12日入炉煤量录入多90 t，月合计与日合计不等",
        "the coal of 12 August was entered 90 t too high, so the days no longer add up to the month",
    )  # fmt: skip


def simple_mean(edit: Editor) -> PlantedFault:
    """In the month in which the two means lie furthest apart, so that the difference is no rounding."""
    everywhere = Place("DEMO02", "U1", COAL, "")
    days = edit.tables["daily_coal"].loc[edit.days(everywhere)]
    means = {
        month: half_up(sum(map(Decimal, rows["net_calorific_value"]), Decimal(0)) / len(rows), 3)
        for month, rows in days.groupby(days["day"].str[:7])
    }
    weighted = {month: edit.value(everywhere._replace(month=month), "net_calorific_value") for month in means}
    at = everywhere._replace(month=max(means, key=lambda month: abs(means[month] - weighted[month])))
    edit.file(at, "net_calorific_value", means[at.month])
    return at.fault(
        "net_calorific_value",
        "SCH-09",
        "月度低位发热量取每日算术平均，未按煤量加权",
        "the monthly heat value is the simple mean of the days instead of the mean weighted by coal",
    )


def old_oxidation_rate(edit: Editor) -> PlantedFault:
    at = Place("DEMO05", "G1", COAL, "2025-02")
    edit.file(at, "oxidation_rate", Decimal("98.00"))
    return at.fault(
        "oxidation_rate", "SCH-12", "2025年燃煤碳氧化率填98%，当年规定值为99%",
        "an oxidation rate of 98 % for coal in 2025, when the guide sets 99 %",
    )  # fmt: skip


def half_a_conversion(edit: Editor) -> PlantedFault:
    at = Place("DEMO06", "U1", COAL, "2026-02")
    carbon, water = edit.value(at, "carbon_content_ad"), edit.value(at, "moisture_ar")
    edit.file(at, "carbon_content_ar", half_up(carbon * (HUNDRED - water) / HUNDRED, 4))
    return at.fault(
        "carbon_content_ar", "PHY-08", "收到基换算漏除(100−Mad)，元素碳偏低",
        "the conversion to the received basis left out the division by (100 − Mad), which lowers the carbon",
    )  # fmt: skip


def above_capacity(edit: Editor) -> PlantedFault:
    at = Place("DEMO03", "U1", "", "2026-05")
    generation, capacity = edit.value(at, "power_generation"), Decimal(300)
    hours = half_up(generation / capacity / Decimal("1.12"), 2)
    edit.file(at, "run_hours", hours)
    edit.file(at, "load_factor", half_up(generation / (capacity * hours) * HUNDRED, 2))
    return at.fault(
        "power_generation", "PHY-14", "运行小时数被压低，平均出力达到装机容量的112%",
        "the operating hours were cut until the mean output is 112 % of the rated capacity",
    )  # fmt: skip


def more_hours_than_the_month(edit: Editor) -> PlantedFault:
    at = Place("DEMO02", "U2", "", "2025-07")
    hours = Decimal("768.00")
    edit.file(at, "run_hours", hours)
    edit.file(at, "load_factor", half_up(edit.value(at, "power_generation") / (350 * hours) * HUNDRED, 2))
    return at.fault(
        "run_hours", "PHY-15", "7月运行小时数填768 h，多于当月744 h",
        "768 operating hours in July, which has 744",
    )  # fmt: skip


def inflated_heat(edit: Editor) -> PlantedFault:
    at = Place("DEMO02", "U1", "", "2026-01")
    key = {"plant_id": at.plant_id, "unit_id": at.unit_id, "month": at.month, "delivery": "工业蒸汽一线"}
    honest = Decimal(edit.get("heat_flow", "heat", **key))
    added = half_up(honest * Decimal("0.06"), 2)
    edit.put("heat_flow", "heat", text(honest + added), **key)
    for parameter in ("heat_supplied", "heat_turbine_direct", "heat_statistics"):
        edit.file(at, parameter, edit.value(at, parameter) + added)
    return at.fault(
        "heat_supplied", "PHY-16", "工业蒸汽一线供热量比焓值计算高6%，月供热量随之虚增",
        "one steam line is 6 % above what its enthalpy gives, and the month's heat with it",
    )  # fmt: skip


def coal_off_the_belt(edit: Editor) -> PlantedFault:
    at = Place("DEMO06", "U1", COAL, "2026-05")
    extra = half_up(edit.value(at, "fuel_consumption") * Decimal("0.07"), 2)
    for parameter in ("quantity_purchased", "quantity_weighed", "quantity_invoiced"):
        edit.file(at, parameter, edit.value(at, parameter) + extra)
    return at.fault(
        "fuel_consumption", "XRC-01", "购入与库存显示的耗煤比皮带秤多7%，有煤未过皮带秤",
        "purchases and stock show 7 % more coal burnt than the belt scale: coal went around the belt",
    )  # fmt: skip


def wrong_multiplier(edit: Editor) -> PlantedFault:
    at = Place("DEMO05", "U2", "", "2025-12")
    key = {"plant_id": at.plant_id, "unit_id": at.unit_id, "month": at.month, "meter_id": "U2-E1"}
    edit.put("meter_total", "multiplier", "250", **key)
    return at.fault(
        "power_generation", "XRC-03", "电能表倍率300误填250，表码差乘倍率不等于发电量",
        "multiplier 250 instead of 300, so that the difference of readings does not give the generation",
    )  # fmt: skip


def register_jump(edit: Editor) -> PlantedFault:
    at = Place("DEMO05", "U3", "", "2026-03")
    frame = edit.tables["meter_total"]
    rows = edit.rows("meter_total", plant_id=at.plant_id, unit_id=at.unit_id, meter_id="U3-E1")
    for row in rows[frame.loc[rows, "month"] >= at.month]:
        for column in ("opening_reading", "closing_reading"):
            frame.at[row, column] = text(Decimal(frame.at[row, column]) + Decimal("6.4000"))
    return at.fault(
        "power_generation", "XRC-04", "3月期初表码与2月期末表码不连续，无换表记录",
        "the opening reading of March does not continue the closing reading of February, and no replacement is recorded",
    )  # fmt: skip


def grid_bill(edit: Editor) -> PlantedFault:
    at = Place("DEMO06", "U1", "", "2025-11")
    exported = edit.value(at, "grid_electricity_exported")
    edit.file(at, "grid_electricity_settled", half_up(exported * Decimal("0.97"), 3))
    return at.fault(
        "grid_electricity_exported", "XRC-05", "电网结算单电量比填报上网电量少3%",
        "the grid company's settlement is 3 % below the exported electricity filed",
    )  # fmt: skip


NUMBER_FAULTS = (
    power_of_ten, kilocalories, air_dry_as_received, transposed_emission, mistyped_day, simple_mean, old_oxidation_rate,
    half_a_conversion, above_capacity, more_hours_than_the_month, inflated_heat, coal_off_the_belt, wrong_multiplier,
    register_jump, grid_bill,
)  # fmt: skip

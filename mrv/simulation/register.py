"""The register: the plant, its units, its data quality control plan."""

import numpy as np

from mrv.simulation.industry_specs import IndustrySpec
from mrv.simulation.meters import MeterDays
from mrv.simulation.model import Book
from mrv.simulation.specs import GroupSpec, PlantSpec, table

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015
FREQUENCIES = {
    "fuel_consumption": "每日", "net_calorific_value": "每日", "moisture_ar": "每日", "power_generation": "连续",
    "heat_supplied": "连续", "run_hours": "连续", "boiler_heat": "连续", "boiler_efficiency": "每年",
}  # fmt: skip
ACCURACY = {"fuel_consumption": "0.5", "power_generation": "0.2S"}
RECORDS = {
    "fuel_consumption": "入炉煤计量台账、燃料盘存表", "carbon_content_ad": "元素碳检测报告", "moisture_ad": "元素碳检测报告",
    "moisture_ar": "入炉煤每日全水检测记录", "net_calorific_value": "入炉煤每日热值检测记录、月度加权表",
    "power_generation": "发电机表码抄录记录、发电生产情况月报", "heat_supplied": "供热量计算表、热量表抄录记录", "run_hours": "机组运行日志",
    "purchased_electricity": "电费结算单",
}  # fmt: skip
SOURCES = {"calculated": "计算表", "default": "核算指南缺省值"}
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714


def credit_code(division: str, serial: str) -> str:
    """A unified social credit code (18 characters) with both check digits right.

    `division` [6 digits] of the administrative region, `serial` [8 digits or capitals] of the organisation.
    """
    values = [int(mark, 36) for mark in serial]
    check = (11 - sum(weight * value for weight, value in zip(BODY_WEIGHTS, values, strict=True)) % 11) % 11
    body = f"91{division}{serial}{'X' if check == 10 else check}"
    total = sum(CREDIT_ALPHABET.index(mark) * pow(3, place, 31) for place, mark in enumerate(body))
    return body + CREDIT_ALPHABET[(31 - total % 31) % 31]


def write_register(book: Book, plant: PlantSpec, meters: list[MeterDays], months: tuple[str, ...]) -> None:
    """Rows of `plant`, `unit`, `control_plan` and `plan_section`."""
    laboratories = {
        table("laboratories")[stream.laboratory]["laboratory"]
        for group in plant.groups
        for stream in group.streams
        if stream.sources
    }
    write_plant(book, plant, "power", ";".join(sorted(laboratories)))
    for group in plant.groups:
        _units(book, group)
    for version, since, until in _versions(plant, months):
        _sections(book, plant, version)
        _plan(book, meters, version, since, until)


def write_plant(book: Book, plant: PlantSpec | IndustrySpec, sector: str, laboratories: str = "") -> None:
    """The row of `plant` for one sector; an enterprise with parts in two sectors has two, under one credit code."""
    book.write(
        "plant", sector=sector, name=plant.name, credit_code=credit_code(plant.division, f"MAXUN{plant.plant_id[-2:]}0"),
        province=plant.province, address=f"{plant.province}示例市示例路{int(plant.plant_id[-2:])}号（虚构）", longitude=plant.longitude,
        latitude=plant.latitude, altitude=plant.altitude, legal_representative="示例法人", contact="示例联系人",
        reporting_authority="示例市生态环境局（虚构）", laboratories=laboratories, grid_region=plant.grid_region,
    )  # fmt: skip


def _units(book: Book, group: GroupSpec) -> None:
    fuels = [stream.stream_id for stream in group.streams] + (["diesel"] if group.diesel else [])
    for unit in group.units:
        number = int(unit.unit_id[1:])
        book.write(
            "unit", unit_id=unit.unit_id, name=f"{number}号机组", unit_class=unit.unit_class, product_class=unit.product_class,
            capacity=str(unit.capacity), boiler_type=unit.boiler_type, cooling_mode=unit.cooling_mode, fuels=";".join(fuels),
            merged_with=group.group_id if group.merged else "", standby="no", boiler_code=f"MF{number:04d}",
            turbine_code=f"MF{number + 20:04d}", generator_code=f"MF{number + 40:04d}", pressure_class=unit.pressure_class,
            commissioned_on=unit.commissioned_on,
        )  # fmt: skip


def _versions(plant: PlantSpec, months: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Versions of the plan (name, valid from, valid to): one a year, and one more where a meter got a new number."""
    starts = sorted(
        {f"{year}-01" for year in {month[:4] for month in months}}
        | {month for _, month, renumbered in plant.replaced_meters if renumbered and month in months}
    )
    found = []
    for position, start in enumerate(starts):
        number = sum(other[:4] == start[:4] for other in starts[: position + 1])
        following = starts[position + 1] if position + 1 < len(starts) else ""
        found.append(
            (f"{start[:4]}-V{number}", f"{start}-01", str(np.datetime64(f"{following}-01") - 1) if following else "")
        )
    return found


def _plan(book: Book, meters: list[MeterDays], version: str, since: str, until: str) -> None:
    """A line for every quantity that is filed while the version holds, as it is filed."""

    def meter_of(unit_id: str, stream_id: str, parameter: str) -> str:
        found = [m for m in meters if (m.unit_id, m.parameter, m.stream_id) == (unit_id, parameter, stream_id)]
        return found[-1 if version.endswith("V2") else 0].meter_id if found else ""

    filed: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in book.rows["parameter"]:
        if since[:7] <= row["month"] and (not until or row["month"] <= until[:7]):
            filed.setdefault((row["unit_id"], row["stream_id"], row["parameter"]), row)
    for (unit_id, stream_id, parameter), row in sorted(filed.items()):
        meter = meter_of(unit_id, stream_id, parameter)
        taken = row["method"]
        frequency = FREQUENCIES.get(parameter, "每月")
        book.write(
            "control_plan", sector="power", version=version, valid_from=since, valid_to=until, unit_id=unit_id, stream_id=stream_id,
            parameter=parameter, method=taken, description=RECORDS.get(parameter, "生产月报") if taken == "measured" else SOURCES[taken], meter_id=meter,
            location=f"{unit_id}现场" if meter else "", fc_source=row.get("fc_source", ""),
            carbon_scheme=row.get("carbon_scheme", ""), frequency="每年" if taken == "default" else frequency,
            accuracy_class=ACCURACY.get(parameter, "") if meter else "", calibration_frequency="每年一次" if meter else "",
            recording_frequency="每年" if taken == "default" else "每日" if frequency != "每月" else "每月",
            missing_data_treatment="按保守性原则处理" if taken == "measured" else "", department="生产技术部",
        )  # fmt: skip


def _sections(book: Book, plant: PlantSpec, version: str) -> None:
    texts = {
        ("B.1", "revision_reason"): "年度制定" if version.endswith("V1") else "更换计量器具",
        ("B.1", "approved_by"): "示例负责人",
        ("B.2", "enterprise_overview"): f"{plant.name}，示例法人。组织机构图、厂区平面图见附件。",
        ("B.2", "products"): "电力" + ("、热力" if any(group.heat for group in plant.groups) else ""),
        ("B.3", "boundary"): "发电设施：燃烧系统、汽水系统、电气系统、控制系统和除尘及脱硫脱硝等装置。",
        ("B.3", "main_facilities"): "、".join(unit.unit_id for group in plant.groups for unit in group.units),
        ("B.6", "internal_organisation"): "生产技术部牵头，燃料部、化验室、运行部、热控车间按职责填报。",
        ("B.6", "internal_audit"): "每月填报、审核、批准分人负责。",
        ("B.6", "meter_maintenance"): "计量器具按年检定，建立台账。",
        ("B.6", "records_kept"): "原始记录和台账保存不少于五年。",
    }
    if any(stream.sources for group in plant.groups for stream in group.streams):
        texts["B.5", "coal_sampling"] = "入炉煤皮带机械采样，每班制样，按月缩分，留样保存一年。"
    for (section, item), text in texts.items():
        book.write("plan_section", sector="power", version=version, section=section, item=item, text=text)

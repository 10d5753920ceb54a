"""Builders of the files that the intake tests read."""

import io
import zipfile
from collections.abc import Callable, Iterable

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

HEADER = ["机组编号", "燃料或物料", "参数", "数值", "计量单位", "取值方式", "数据来源"]
ROWS = [
    ["G1", "烟煤", "消耗量", 41235.6, "t", "实测值", "皮带秤"],
    ["G1", "烟煤", "收到基元素碳含量", 0.5207, "tC/t", "实测值", "检测报告"],
    ["G1", "", "发电量", 126000.123, "MWh", "实测值", "电表"],
]
META = [
    ["template", "tanheng-power"],
    ["version", "1"],
    ["plant_id", "P001"],
    ["month", "2026-01"],
    ["sector", "power"],
]


def _fill(sheet: Worksheet, rows: Iterable[Iterable[object]]) -> None:
    for row in rows:
        sheet.append(list(row))


@pytest.fixture
def saved() -> Callable[[openpyxl.Workbook], bytes]:
    def save(book: openpyxl.Workbook) -> bytes:
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return save


@pytest.fixture
def book() -> Callable[..., openpyxl.Workbook]:
    """A workbook with one sheet of rows under a header, and the template's own sheet unless `meta` is empty."""

    def build(
        rows: Iterable[Iterable[object]] = ROWS,
        header: list[object] | None = None,
        meta: Iterable[Iterable[object]] = META,
        title: str = "生产参数",
    ) -> openpyxl.Workbook:
        made = openpyxl.Workbook()
        sheet = made.active
        sheet.title = title
        _fill(sheet, [HEADER if header is None else header, *rows])
        if meta:
            own = made.create_sheet("_tanheng")
            own.sheet_state = "veryHidden"
            _fill(own, meta)
        return made

    return build


@pytest.fixture
def zipped() -> Callable[[dict[str, bytes]], bytes]:
    def pack(members: dict[str, bytes]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return out.getvalue()

    return pack


@pytest.fixture
def patched() -> Callable[..., bytes]:
    """A workbook with some of its parts replaced or added."""

    def patch(data: bytes, parts: dict[str, Callable[[bytes], bytes]]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for info in old.infolist():
                change = parts.get(info.filename, lambda content: content)
                new.writestr(info.filename, change(old.read(info)))
            for name in sorted(set(parts) - set(old.namelist())):
                new.writestr(name, parts[name](b""))
        return out.getvalue()

    return patch


FILING = (
    "plant_id,sector,unit_id,stream_id,month,parameter,value,unit,method,source_document\n"
    "P001,power,G1,bituminous_coal,2026-01,fuel_consumption,41235.60,t,measured,belt scale\n"
    "P001,power,G1,bituminous_coal,2026-01,carbon_content_ar,0.5207,tC/t,measured,report 12\n"
    "P001,power,G1,,2026-01,power_generation,126000.123,MWh,measured,meter\n"
)


@pytest.fixture
def filing() -> str:
    return FILING

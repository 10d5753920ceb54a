"""What a report calls the places it speaks of: units of a power plant, lines and processes of the other sectors, the enterprise."""

from mrv.reporting.annual_context import SECTOR
from mrv.reporting.annual_document import Report
from mrv.reporting.annual_items import Words
from schemas.vocabulary import ENTERPRISE_UNIT, PROCESSES

_ENTERPRISE: Words = (PROCESSES["enterprise"].zh, PROCESSES["enterprise"].en)
# Of a place that is not registered: what it may be.
_KINDS: dict[str, Words] = {
    SECTOR: ("机组", "Unit"),
    "cement": ("生产线", "Line"),
    "aluminium": ("电解系列", "Electrolysis line"),
    "steel": ("工序", "Process"),
}
_WHOLE: dict[str, Words] = {SECTOR: ("全厂合计", "Whole plant")}
_COLUMNS: dict[str, tuple[Words, Words]] = {SECTOR: (("机组", "Unit"), ("燃料", "Fuel"))}
_OF_INDUSTRY: tuple[Words, Words] = (("生产线、工序", "Line or process"), ("燃料或物料", "Fuel or material"))


def place_words(report: Report, unit_id: str) -> Words:
    """What and which a unit, line or process is, without the name it is registered under; the enterprise for none."""
    if not unit_id:
        return _WHOLE.get(report.sector, ("企业合计", "Whole enterprise"))
    if unit_id == ENTERPRISE_UNIT:
        return _ENTERPRISE
    process = PROCESSES.get(register_text(report, "process", unit_id))
    kind = (process.zh, process.en) if process else _KINDS[report.sector]
    return f"{kind[0]} {unit_id}", f"{kind[1]} {unit_id}"


def register_text(report: Report, item: str, unit_id: str) -> str:
    """What the register says of a place in table C.2, empty where it says nothing."""
    line = next(report.find(item, "C.2", unit_id), None)
    return next(iter(line.cells.values()))["reported"] if line else ""


def column_words(sector: str) -> tuple[Words, Words]:
    """Headers of the columns that name the place and the fuel or material."""
    return _COLUMNS.get(sector, _OF_INDUSTRY)

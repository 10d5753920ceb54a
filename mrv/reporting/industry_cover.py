"""What the cover of an industrial report shows: the figures of the enterprise, and what is to be settled before it is sealed."""

from mrv.reporting.annual_book import Book
from mrv.reporting.annual_items import Words, item_words

NOT_DEPOSITED = "未存证"
# Totals of the enterprise under the emission, in the order of the form.
FIGURES: dict[str, tuple[str, ...]] = {
    "cement": ("lines_emission", "other_fuel_emission", "clinker_output", "emission_intensity"),
    "aluminium": ("lines_emission", "fuel_total", "carbonate_total", "aluminium_output", "emission_intensity"),
    "steel": ("fuel_total", "material_total", "product_total", "crude_steel_output", "emission_intensity"),
}
ALLOWANCE = ("allowance", "allowance_low", "allowance_high")
Figure = tuple[Words, str, str, bool]


def figures(book: Book) -> list[Figure]:
    """Words, value, unit and whether provisional, of the yearly numbers of the enterprise; of an allowance its range if need be."""
    report, year = book.report, book.report.year
    found: list[Figure] = []
    places = [(item, "C.") for item in ("total_emission", *FIGURES[report.sector])]
    places += [(item, "ALLOCATION") for item in ALLOWANCE]
    for item, tables in places:
        for line in report.find(item, unit_id=""):
            cell = line.cells.get(year)
            if cell and cell["reported"] and not line.stream_id and line.table.startswith(tables):
                found.append((line.words, cell["reported"], line.unit, cell["provisional"] == "yes"))
    known = {words for words, *_ in found}
    total = item_words("", "total_emission", report.sector)
    return found if total in known else [(total, "", "tCO2", False), *found]


def still_open(book: Book) -> list[tuple[Words, int, str]]:
    """Words, count and table of what is still open besides the blocking findings."""
    report, year = book.report, book.report.year
    total = next(report.find("total_emission"), None)
    lacking = (
        [period for period, cell in total.cells.items() if len(period) == 7 and NOT_DEPOSITED in cell["reason"]]
        if total
        else []
    )
    other = {(line.stream_id, line.item) for line in report.tables.get("ALTERNATIVES", [])}
    unlisted = {(line.unit_id, line.stream_id) for line in report.tables.get("UNLISTED", [])}
    unsure = sum(line.cells[year]["provisional"] == "yes" for line in report.tables.get("FACTORS", []))
    return [
        (("存证不全的月份", "months not deposited in full"), len(lacking), total.table if total else ""),
        (("未列入附录、未计入的物料", "materials not listed and not counted"), len(unlisted), "UNLISTED"),
        (("文件不一致、可选其他值的因子", "factors on which documents differ"), len(other), "ALTERNATIVES"),
        (("未确证或征求意见稿的因子、参数", "factor rows that are uncertain or from a draft"), unsure, "FACTORS"),
    ]

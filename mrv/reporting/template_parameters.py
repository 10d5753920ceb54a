"""The sheets 燃料参数 and 生产参数: one line per quantity, with last month, last year and a live check beside it."""

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from mrv.reporting.sheet_styles import PALETTE, as_decimal, cached, number_format, write_value
from mrv.reporting.template_book import (
    FIRST_ROW,
    Book,
    Place,
    choice_label,
    column_width,
    header_note,
    list_validation,
    measure,
    open_page,
    parameter_label,
    prompt,
    range_validation,
    range_words,
    stream_label,
    unit_width,
    write_header,
)
from mrv.reporting.template_checks import check_formula, check_words
from mrv.reporting.template_quantities import TemplateRow
from mrv.reporting.template_rows import ALTERNATIVES
from mrv.reporting.template_sectors import FUEL_SHEET, MATERIAL_SHEET, PRODUCTION_SHEET
from schemas import TABLES
from schemas.vocabulary import FUELS, MATERIALS, UNIT_LABELS, fuel_of

# Columns that help the person and are not part of the table; whoever reads the sheet leaves them out.
HELPERS = {
    "need": ("填报要求", "Required or optional", 13.0),
    "decimals": ("小数位", "Decimals", 7.0),
    "check": ("校核", "Live check: range, decimals, change against last month", 24.0),
    "last_month": ("上月值", "Value of the month before", 13.0),
    "last_year": ("去年同月值", "Value of the same month last year", 13.0),
}
LINE_COLUMNS: tuple[str, ...] = (
    "unit_id",
    "stream_id",
    "parameter",
    "need",
    "value",
    "unit",
    "decimals",
    "check",
    "last_month",
    "last_year",
)
LINE_COLUMNS += ("method", "source_document")
CHOICES = ("method", "origin")  # choices that the estimate looks at
SPARE_ROWS = 8
NEED = {True: "必填", False: "选填"}
NEED_ONE = "必填其一"  # either of two quantities will do
GROUP_WORDS = {"auxiliary": "选填（辅助）", "cross_check": "选填（核对）"}
# What to know while filling in a quantity, shown beside the selected cell.
ADVICE = {
    "carbon_content_ad": "取检测报告中的空气干燥基数值；报告应在采样后40个自然日内出具，并带CMA或CNAS标识。",
    "moisture_ar": "本单位实测的入炉（或入厂）煤全水，按每日煤量加权。",
    "moisture_ad": "取元素碳检测报告中的空气干燥基水分。",
    "net_calorific_value": "按每日（班）煤量加权；与消耗量、元素碳采用同一煤样状态。",
    "carbon_content_d": "检测报告只给出干燥基结果时填写，此时不填空气干燥基。",
    "carbon_content_ar": "按检测结果直接给出收到基元素碳含量时填写，此时不填单位热值含碳量。",
    "carbon_per_heat": "燃煤仅在元素碳未实测时填写缺省值；燃油、燃气按实测或缺省值填写。",
    "power_generation": "发电机端发电量，不含柴油发电机组。",
    "heat_supplied": "锅炉直接、汽轮机直接与间接供热量之和。",
    "load_factor": "负荷系数＝发电量÷（装机容量×运行小时数）；合并填报机组按容量加权。",
}


def write_parameters(book: Book, rows: list[TemplateRow]) -> tuple[dict[tuple[str, str, str], Place], dict[str, int]]:
    """Fill both sheets. Returns where each quantity stands, and per sheet how many required values are missing."""
    places: dict[tuple[str, str, str], Place] = {}
    missing: dict[str, int] = {}
    given = book.filled("parameter")
    for name in book.pages.parameter_sheets:
        wanted = [row for row in rows if _sheet_of(book, row.stream_id) == name]
        filled = [row for row in given if _sheet_of(book, row["stream_id"]) == name]
        columns = _columns(book, name)
        hint = "请填黄色单元格，灰色为预置内容。红色 * 为必填；“校核”列随填随算，上月值与去年同月值供比较。"
        sheet = book.workbook.get_worksheet_by_name(name)
        open_page(book, sheet, name, hint, len(columns), 4 if "stream_id" in columns else 3)
        _headers(book, sheet, columns)
        found, missing[name] = _lines(book, sheet, name, columns, wanted, filled)
        places |= found
    return places, missing


def _sheet_of(book: Book, stream_id: str) -> str:
    """On which sheet a quantity stands: fuels, materials where the sector has a sheet for them, or the unit's own."""
    if not stream_id:
        return PRODUCTION_SHEET
    material = (book.sector, fuel_of(stream_id)) in MATERIALS and fuel_of(stream_id) not in FUELS
    return MATERIAL_SHEET if material and MATERIAL_SHEET in book.pages.parameter_sheets else FUEL_SHEET


def _columns(book: Book, sheet_name: str) -> tuple[str, ...]:
    if sheet_name == FUEL_SHEET:
        return LINE_COLUMNS + book.pages.fuel_choices
    return tuple(name for name in LINE_COLUMNS if name != "stream_id" or sheet_name == MATERIAL_SHEET)


def _headers(book: Book, sheet: Any, columns: tuple[str, ...]) -> None:
    table = TABLES["parameter"]
    for position, name in enumerate(columns):
        if name in HELPERS:
            label, note, width = HELPERS[name]
            write_header(book, sheet, position, label, note, False, width)
        else:
            column = table.by_name[name]
            label = book.header(column)
            width = {"value": 16.0, "unit": 12.0}.get(name, column_width(column))
            if name == "unit_id":
                width = unit_width(label)
            write_header(book, sheet, position, label, header_note(column), column.required, width)


def _lines(
    book: Book,
    sheet: Any,
    sheet_name: str,
    columns: tuple[str, ...],
    wanted: list[TemplateRow],
    filled: list[dict[str, str]],
) -> tuple[dict[tuple[str, str, str], Place], int]:
    waiting: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for given in filled:
        waiting.setdefault(_key(None, given), []).append(given)
    last_month = {(r["unit_id"], r["stream_id"], r["parameter"]): r for r in book.before("parameter", 1)}
    last_year = {(r["unit_id"], r["stream_id"], r["parameter"]): r for r in book.before("parameter", 12)}
    lines: list[tuple[TemplateRow | None, dict[str, str]]] = []
    for want in wanted:
        queue = waiting.get(_key(want, {}))
        lines.append((want, queue.pop(0) if queue else {}))
    # What was given beyond the register's rows is kept, below them.
    lines += [(None, given) for queue in waiting.values() for given in queue]
    places: dict[tuple[str, str, str], Place] = {}
    value_column = columns.index("value")
    beside = {name: columns.index(name) for name in CHOICES if name in columns}
    keys = [_key(want_row, given) for want_row, given in lines]
    for row, (key, (_, given)) in enumerate(zip(keys, lines, strict=True), start=FIRST_ROW):
        places.setdefault(
            key, Place(sheet_name, row, value_column, as_decimal(given.get("value", "")), beside, _texts(given))
        )
    missing = 0
    needed = {_key(want, {}) for want in wanted if want.required}
    for row, (key, (want_row, given)) in enumerate(zip(keys, lines, strict=True), start=FIRST_ROW):
        names = ALTERNATIVES.get(key[2], ()) if want_row is not None and want_row.required else ()
        others = [places[(*key[:2], name)] for name in names if (*key[:2], name) in places]
        equals = [places[(*key[:2], name)] for name in names if (*key[:2], name) in needed]
        before, year_ago = last_month.get(key, {}), last_year.get(key, {})
        missing += _Line(book, sheet, row, columns, key, want_row, given, before, year_ago, others, equals).write()
    _spare(book, sheet, columns, FIRST_ROW + len(lines))
    _colour_checks(book, sheet, columns.index("check"), FIRST_ROW + len(lines) - 1)
    return places, missing


def _texts(given: dict[str, str]) -> dict[str, str]:
    return {name: choice_label(TABLES["parameter"].by_name[name], given.get(name, "")) for name in CHOICES}


def _key(want: TemplateRow | None, given: dict[str, str]) -> tuple[str, str, str]:
    if want is not None:
        return want.unit_id, want.stream_id, want.parameter
    return given["unit_id"], given["stream_id"], given["parameter"]


class _Line:
    """One quantity: its cells are written left to right."""

    def __init__(
        self,
        book: Book,
        sheet: Any,
        row: int,
        columns: tuple[str, ...],
        key: tuple[str, str, str],
        want: TemplateRow | None,
        given: dict[str, str],
        before: dict[str, str],
        year_ago: dict[str, str],
        others: list[Place],
        equals: list[Place],
    ) -> None:
        self.book, self.sheet, self.row, self.columns, self.key = book, sheet, row, columns, key
        self.want, self.given, self.before, self.year_ago = want, given, before, year_ago
        self.required = want is not None and want.required
        # `others` may stand in for this quantity; `equals` are those of them that are asked for just as much: of such lines the
        # first says what is missing, so that one absent number is counted once.
        self.others, self.either = others, bool(equals)
        self.told = any(other.row < row for other in equals)
        self.wanted_now = self.required and not self.told and all(other.value is None for other in others)
        self.unit, self.decimals, self.low, self.high = measure(key[2], key[1], book.sector)

    def write(self) -> int:
        """Write the cells; returns 1 when a required value is missing."""
        for position, name in enumerate(self.columns):
            writer = getattr(self, f"_{name}", None)
            if writer:
                writer(position)
            else:
                self._choice(position, name)
        return int(self.wanted_now and not self.given.get("value"))

    def _text(self, position: int, text: str, **more: Any) -> None:
        self.sheet.write_string(self.row, position, text, self.book.styles.locked(**more))

    def _unit_id(self, position: int) -> None:
        self._text(position, self.key[0], align="center")

    def _stream_id(self, position: int) -> None:
        self._text(position, stream_label(self.key[1]))

    def _parameter(self, position: int) -> None:
        self._text(position, parameter_label(self.key[2]), bold=self.required)

    def _need(self, position: int) -> None:
        if self.required:
            self._text(
                position,
                NEED_ONE if self.either else NEED[True],
                align="center",
                num_format='@" *"',
                font_color=PALETTE["required"],
            )
        else:
            group = self.want.group if self.want else ""
            self._text(position, GROUP_WORDS.get(group, NEED[False]), align="center", font_color=PALETTE["soft"])

    def _value(self, position: int) -> None:
        style = self.book.styles.input(number_format(self.decimals), align="right")
        write_value(self.sheet, self.row, position, self.given.get("value", ""), style)
        words = [
            f"单位：{self.unit}" if self.unit else "",
            f"保留{self.decimals}位小数" if self.decimals is not None else "",
        ]
        limits = range_words(self.low, self.high)
        words += [
            f"合理范围：{limits}" if limits else "",
            self.book.pages.advice.get(self.key[2], ADVICE.get(self.key[2], "")),
        ]
        message = "\n".join(word for word in words if word)
        title = parameter_label(self.key[2])
        self.sheet.data_validation(
            self.row, position, self.row, position, range_validation(self.low, self.high, title, message)
        )

    def _unit(self, position: int) -> None:
        written = self.given.get("unit", "")
        self._text(position, UNIT_LABELS.get(written, written) or self.unit, align="center")

    def _decimals(self, position: int) -> None:
        style = self.book.styles.locked(align="center", font_color=PALETTE["soft"])
        write_value(self.sheet, self.row, position, "" if self.decimals is None else str(self.decimals), style)

    def _last_month(self, position: int) -> None:
        self._earlier(position, self.before)

    def _last_year(self, position: int) -> None:
        self._earlier(position, self.year_ago)

    def _earlier(self, position: int, record: dict[str, str]) -> None:
        style = self.book.styles.locked(number_format(self.decimals), align="right", font_color=PALETTE["soft"])
        write_value(self.sheet, self.row, position, record.get("value", ""), style)

    def _check(self, position: int) -> None:
        cell = xl_rowcol_to_cell(self.row, self.columns.index("value"))
        earlier = xl_rowcol_to_cell(self.row, self.columns.index("last_month"))
        empty = '""'
        if self.required and not self.told:
            counted = ",".join(xl_rowcol_to_cell(other.row, other.column) for other in self.others)
            empty = f'IF(COUNT({counted})>0,"","待填")' if counted else '"待填"'
        formula = check_formula(cell, earlier, empty, self.decimals, self.low, self.high)
        words = check_words(
            self.given.get("value", ""),
            as_decimal(self.before.get("value", "")),
            self.wanted_now,
            self.decimals,
            (self.low, self.high),
        )
        self.sheet.write_formula(self.row, position, formula, self.book.styles.locked(text_wrap=True), cached(words))

    def _source_document(self, position: int) -> None:
        self.sheet.write_string(self.row, position, self.given.get("source_document", ""), self.book.styles.input("@"))
        message = prompt("数据来源", "填写支撑材料的名称或文件名，如“2026年5月入炉煤台账（盖章）”。")
        self.sheet.data_validation(self.row, position, self.row, position, {"validate": "any", **message})

    def _choice(self, position: int, name: str) -> None:
        """A drop-down. How something is measured rarely changes: last month's choice is offered, its value never."""
        column = TABLES["parameter"].by_name[name]
        code = self.given.get(name, "") or ("" if self.given else self.before.get(name, ""))
        if not code and not applies(name, self.key[1], self.key[2]):
            self.sheet.write_blank(self.row, position, None, self.book.styles.locked(bg_color=PALETTE["void"]))
            return
        self.sheet.write_string(
            self.row, position, choice_label(column, code), self.book.styles.input("@", align="center")
        )
        labels = [label for label, _ in column.choice_labels]
        self.sheet.data_validation(self.row, position, self.row, position, list_validation(labels, strict=True))


def applies(name: str, stream_id: str, parameter: str) -> bool:
    """Whether a choice column means anything for a quantity; elsewhere its cell is greyed out."""
    fuel = FUELS.get(fuel_of(stream_id))
    coal = fuel is not None and fuel.coal
    carbon = parameter.startswith("carbon_")
    if name == "origin":
        return bool(stream_id) and parameter == "fuel_consumption"
    if name == "state":
        return coal and (carbon or parameter in ("fuel_consumption", "net_calorific_value", "moisture_ar"))
    if name == "fc_source":
        return parameter == "fuel_consumption"
    return coal and carbon if name == "carbon_scheme" else True


def _spare(book: Book, sheet: Any, columns: tuple[str, ...], first: int) -> None:
    """Empty lines for what the register does not foresee."""
    table = TABLES["parameter"]
    last = first + SPARE_ROWS - 1
    for position, name in enumerate(columns):
        helper = name in HELPERS
        style = book.styles.locked() if helper else book.styles.input("General" if name == "value" else "@")
        for row in range(first, last + 1):
            sheet.write_blank(row, position, None, style)
        if name in ("unit_id", "stream_id", "parameter"):
            message = "登记内容以外的参数可在此补充。"
            sheet.data_validation(
                first, position, last, position, list_validation(book.lists[name], False, "补充行", message)
            )
        elif not helper and table.by_name[name].choices:
            labels = [label for label, _ in table.by_name[name].choice_labels]
            sheet.data_validation(first, position, last, position, list_validation(labels, strict=True))


def _colour_checks(book: Book, sheet: Any, column: int, last: int) -> None:
    colours = (
        ("✓", PALETTE["good"], None),
        ("待填", "#8A6100", PALETTE["warn_fill"]),
        ("应", "#9B1C1C", PALETTE["bad_fill"]),
    )
    for start, ink, fill in (*colours, ("超出", "#9B1C1C", PALETTE["bad_fill"])):
        look = {"font_color": ink} | ({"bg_color": fill} if fill else {})
        rule = {"type": "text", "criteria": "begins with", "value": start, "format": book.workbook.add_format(look)}
        sheet.conditional_format(FIRST_ROW, column, max(last, FIRST_ROW), column, rule)

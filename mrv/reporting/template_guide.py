"""The first sheet, 填报说明: who fills in what, by when, and what the colours mean."""

from typing import Any

from mrv.reporting.sheet_styles import PALETTE, text_width
from mrv.reporting.template_book import TEMPLATE_VERSION, Book, open_page
from mrv.reporting.template_sectors import GUIDE_SHEET

STEPS = (
    "1.  只填黄色单元格。灰色单元格为预置内容或公式，不用改；表中带下拉箭头的单元格请从列表选择。",
    "2.  表头或“填报要求”中的红色 * 为必填。没有数据的选填项留空，不要填 0、“/”或“无”。",
    "3.  数值按“计量单位”列（其他表为表头括号内）的单位和规定的小数位填写，只填数字，不带单位。成列粘贴时请用“选择性粘贴—数值”。",
    "4.  看“校核”列：✓ 为通过，其他提示（待填、超出合理范围等）请处理；数值确属实际情况的可以保留，提交后按系统提示作出说明。",
    "5.  看“本月测算”：排放量估算是否合理，表间核对有无差异；有差异的先查明原因再提交。",
    "7.  保存为 .xlsx 后提交。请不要改动表名和表头；可以调整列宽、排序。",
)


def write_guide(book: Book, deadline: str, missing: dict[str, int]) -> None:
    """Fill 填报说明. `missing` counts the required values still to be filled in, per sheet."""
    sheet = book.workbook.get_worksheet_by_name(GUIDE_SHEET)
    open_page(book, sheet, book.pages.title, "全国碳排放权交易市场 · 关键参数月度信息化存证", 0)
    sheet.set_portrait()
    for position, width in enumerate((18, 60, 18, 16, 14)):
        sheet.set_column(position, position, width)
    row = _identity(book, sheet, deadline)
    row = _heading(book, sheet, row + 1, "怎样填写")
    for step in (*STEPS[:-1], book.pages.sector_step, STEPS[-1]):
        sheet.merge_range(row, 0, row, 4, step, book.styles(text_wrap=True))
        sheet.set_row(row, 32 if text_width(step) > 118 else 19)
        row += 1
    row = _colours(book, sheet, row + 1)
    row = _contents(book, sheet, row + 1, missing)
    _signatures(book, sheet, row + 1)


def _heading(book: Book, sheet: Any, row: int, title: str) -> int:
    sheet.merge_range(
        row, 0, row, 4, title, book.styles(bold=True, font_size=11, font_color="#FFFFFF", bg_color=PALETTE["band"])
    )
    sheet.set_row(row, 20)
    return row + 1


def _identity(book: Book, sheet: Any, deadline: str) -> int:
    year, month = book.month.split("-")
    facts = (
        ("单位名称", book.plant["name"]),
        ("企业编号", book.plant["plant_id"]),
        ("统一社会信用代码", book.plant["credit_code"]),
        ("填报月份", f"{year}年{int(month)}月"),
        ("提交截止", deadline),
        ("模板版本", f"第 {TEMPLATE_VERSION} 版"),
    )
    for row, (name, value) in enumerate(facts, start=3):
        sheet.write_string(row, 0, name, book.styles.header())
        sheet.merge_range(row, 1, row, 4, value, book.styles.locked(bold=name in ("填报月份", "提交截止")))
        sheet.set_row(row, 20)
    return 3 + len(facts)


def _colours(book: Book, sheet: Any, row: int) -> int:
    row = _heading(book, sheet, row, "颜色")
    samples = (
        (book.styles.input(align="center"), "要填", "由填报人填写"),
        (book.styles.locked(align="center"), "预置", "登记内容、上月数据或公式，不用填"),
        (book.styles.locked(bg_color=PALETTE["void"], align="center"), "不适用", "该项与此参数无关"),
        (book.styles(bg_color=PALETTE["warn_fill"], font_color="#8A6100", align="center"), "待填", "必填但还没有填"),
        (
            book.styles(bg_color=PALETTE["bad_fill"], font_color="#9B1C1C", align="center"),
            "请核对",
            "数值超出合理范围或小数位不符",
        ),
    )
    for style, word, meaning in samples:
        sheet.write_string(row, 0, word, style)
        sheet.write_string(row, 1, meaning, book.styles())
        row += 1
    return row


def _contents(book: Book, sheet: Any, row: int, missing: dict[str, int]) -> int:
    row = _heading(book, sheet, row, "各工作表（点击表名可跳转）")
    for position, label in enumerate(("工作表", "填什么", "建议填报人", "建议时间", "还缺必填项")):
        sheet.write_string(row, position, label, book.styles.header())
    row += 1
    for part in book.pages.parts:
        link = book.styles.locked(font_color="#1F5FA8", underline=1)
        sheet.write_url(row, 0, f"internal:'{part.sheet}'!A1", link, part.sheet)
        for position, text in enumerate((part.what, part.who, part.when), start=1):
            sheet.write_string(row, position, text, book.styles.locked(text_wrap=True))
        if part.sheet in missing:
            checks = f"'{part.sheet}'!$A:$Z"
            style = book.styles.locked(align="center", bold=True, num_format='0" 项";;"已齐"')
            sheet.write_formula(row, 4, f'=COUNTIF({checks},"待填")', style, missing[part.sheet])
        else:
            sheet.write_string(row, 4, "—", book.styles.locked(align="center"))
        sheet.set_row(row, 32 if text_width(part.what) > 62 else 20)
        row += 1
    return row


def _signatures(book: Book, sheet: Any, row: int) -> None:
    row = _heading(book, sheet, row, "填报与审核（打印盖章存档时填写）")
    for label in ("填报人及电话", "审核人", "填报日期"):
        sheet.write_string(row, 0, label, book.styles.header())
        sheet.write_blank(row, 1, None, book.styles.input("@"))
        sheet.set_row(row, 20)
        row += 1

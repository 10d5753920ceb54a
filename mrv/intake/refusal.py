"""Refusing a whole file: the code, and plain words that say what to do next."""

import time
from dataclasses import dataclass, field

# What a file that is no filing turns out to be: (Chinese, English).
SEEMS = {
    "pdf": ("PDF 文件", "a PDF document"),
    "png": ("PNG 图片", "a PNG picture"),
    "jpg": ("JPEG 图片", "a JPEG picture"),
    "gif": ("GIF 图片", "a GIF picture"),
    "html": ("网页（HTML）", "a web page (HTML)"),
    "xml": ("XML 文件", "an XML document"),
    "json": ("JSON 文件", "a JSON document"),
    "ods": ("ODS 表格", "an OpenDocument spreadsheet (ODS)"),
    "docx": ("Word 文档", "a Word document"),
    "pptx": ("PowerPoint 文档", "a PowerPoint document"),
    "xlsb": ("二进制工作簿（.xlsb）", "a binary workbook (.xlsb)"),
    "ole": ("旧版 Office 文档", "an old Office document"),
    "archive": ("不支持的压缩包（rar、7z、gz 等）", "an archive of another kind (rar, 7z, gz, …)"),
    "binary": ("二进制文件", "a binary file"),
}

_RESAVE = ("请用 Excel 打开后另存为 .xlsx 再提交。", "Open it in Excel, save it as .xlsx and submit that.")
_HOSTILE = ("为安全起见不予读取。", "For safety it was not read. ")

# code -> (Chinese, English); the words in braces come from the parameters of the refusal.
MESSAGES: dict[str, tuple[str, str]] = {
    "empty": (
        "该文件是空的。请检查是否导出成功后重新提交。",
        "The file is empty. Check the export and submit it again.",
    ),
    "encrypted": (
        "该文件已加密，请取消密码保护后另存为 .xlsx 再提交。",
        "The file is encrypted. Remove the password, save it as .xlsx and submit that.",
    ),
    "old_xls": (
        "这是旧版 Excel 文件（.xls）。" + _RESAVE[0],
        "This is an old Excel file (.xls). " + _RESAVE[1],
    ),
    "not_a_filing": (
        "该文件看起来是{seems}，不是填报文件。请提交 .xlsx 工作簿、CSV、Parquet 或 zip；证据文件请放入 zip 一并提交。",
        "The file seems to be {seems}, not a filing. Submit an .xlsx workbook, a CSV, a Parquet file or a zip; "
        "evidence goes into the zip.",
    ),
    "damaged": (
        "文件已损坏，无法读取（{detail}）。" + _RESAVE[0],
        "The file is damaged and cannot be read ({detail}). " + _RESAVE[1],
    ),
    "unknown_encoding": (
        "无法识别文件的文字编码。请另存为“CSV UTF-8（逗号分隔）”再提交。",
        "The text encoding is unknown. Save the file as “CSV UTF-8 (comma delimited)” and submit that.",
    ),
    "no_known_table": (
        "没有找到任何填报表。已按表头查找：{looked_for}。请使用系统下发的模板，或核对表头文字。",
        "No filing table was found. Looked for the headers of: {looked_for}. Use the template, or check the headers.",
    ),
    "no_rows": (
        "文件中有填报表的表头，但没有一行数据。请填写后，或检查导出条件后重新提交。",
        "The file has the header of a filing table, but not one row. Fill it in, or check the export, and submit it again.",
    ),
    "meter_file": (
        "这是表计读数文件，不是月度填报。请用 mrv ingest-meters 导入。",
        "This is a file of meter readings, not a monthly filing. Take it in with mrv ingest-meters.",
    ),
    "no_filing": (
        "文件中没有一行同时写明企业编号、行业和月份，无法确定这是谁、哪个月的填报。请补填这三列后重新提交。",
        "No row of the file names a plant, a sector and a month, so nobody can say whose filing it is. Fill in these columns.",
    ),
    "too_large": (
        "文件过大（{size} 字节，上限 {limit} 字节）。请删除图片和无关工作表，或分成几个文件提交。",
        "The file is too large ({size} bytes, limit {limit}). Remove pictures and unrelated sheets, or split it.",
    ),
    "too_many_entries": (
        "压缩包内文件过多（{count} 个，上限 {limit} 个）。请分成几个压缩包提交。",
        "The archive holds too many files ({count}, limit {limit}). Split it.",
    ),
    "too_many_sheets": (
        "工作表过多（{count} 个，上限 {limit} 个）。请删除无关工作表。",
        "The workbook has too many sheets ({count}, limit {limit}). Remove those that do not belong.",
    ),
    "too_many_cells": (
        "工作表“{sheet}”的单元格过多或分布过散（上限 {limit} 个）。请删除表格下方和右侧的空行空列后另存。",
        "Sheet “{sheet}” has too many cells, or they lie too far apart (limit {limit}). "
        "Delete the empty rows and columns below and to the right of the table and save again.",
    ),
    "too_many_rows": (
        "文件行数过多（上限 {limit} 行）。请按月份或企业分成几个文件提交。",
        "The file has too many rows (limit {limit}). Split it by month or by plant.",
    ),
    "too_many_columns": (
        "文件列数过多（上限 {limit} 列）。请只保留填报表的列。",
        "The file has too many columns (limit {limit}). Keep only the columns of the filing table.",
    ),
    "cell_too_long": (
        "有单元格的文字超过 {limit} 个字符（{where}）。请检查是否漏了引号或换行。",
        "A cell holds more than {limit} characters ({where}). Check for a missing quotation mark or line break.",
    ),
    "too_slow": (
        "读取超过 {seconds} 秒，已停止。请删除无关内容或分成几个文件提交。",
        "Reading took longer than {seconds} s and was stopped. Remove what does not belong, or split the file.",
    ),
    "hostile_zip_bomb": (
        _HOSTILE[0] + "文件解压后异常膨胀（{entry}）。" + _RESAVE[0],
        _HOSTILE[1] + "It swells beyond measure when unpacked ({entry}). " + _RESAVE[1],
    ),
    "hostile_path": (
        _HOSTILE[0] + "压缩包内的文件名指向包外（{entry}）。请重新打包。",
        _HOSTILE[1] + "A name in the archive points outside it ({entry}). Pack it again.",
    ),
    "hostile_duplicate_name": (
        _HOSTILE[0] + "压缩包内有同名文件（{entry}）。请改名后重新打包。",
        _HOSTILE[1] + "Two files in the archive share one name ({entry}). Rename one and pack it again.",
    ),
    "hostile_symlink": (
        _HOSTILE[0] + "压缩包内有链接文件（{entry}）。请放入文件本身后重新打包。",
        _HOSTILE[1] + "The archive holds a link ({entry}). Put in the file itself and pack it again.",
    ),
    "hostile_macro": (
        _HOSTILE[0] + "工作簿含有宏（{entry}）。请另存为不含宏的 .xlsx 再提交。",
        _HOSTILE[1] + "The workbook holds macros ({entry}). Save it as .xlsx without macros.",
    ),
    "hostile_external_link": (
        _HOSTILE[0]
        + "工作簿链接到外部文件或数据源（{entry}）。请在“数据”选项卡的“编辑链接”和“查询和连接”中断开后另存为 .xlsx。",
        _HOSTILE[1] + "The workbook links to other files or data sources ({entry}). "
        "Break them (Data → Edit Links, Data → Queries & Connections) and save it again as .xlsx.",
    ),
    "hostile_embedded_object": (
        _HOSTILE[0] + "工作簿嵌入了其他程序的对象（{entry}）。请删除对象后另存；附件请放入 zip。",
        _HOSTILE[1]
        + "The workbook embeds objects of other programs ({entry}). Delete them; attachments go into the zip.",
    ),
    "hostile_xml_entity": (
        _HOSTILE[0] + "文件内部含有实体声明（{entry}）。" + _RESAVE[0],
        _HOSTILE[1] + "A part of the file declares entities ({entry}). " + _RESAVE[1],
    ),
}


@dataclass(frozen=True)
class Refusal:
    """A file that cannot be read as a whole: `code` is a key of `MESSAGES`, `params` fills its words."""

    name: str
    sha256: str
    code: str
    params: dict[str, str] = field(default_factory=dict)

    @property
    def message(self) -> dict[str, str]:
        """What is wrong and what to do next, in Chinese (`zh`) and English (`en`)."""
        seems = SEEMS.get(self.params.get("what", ""), ("", ""))
        zh, en = MESSAGES[self.code]
        looked_zh, looked_en = self.params.get("looked_for_zh", ""), self.params.get("looked_for_en", "")
        return {
            "zh": zh.format_map(self.params | {"seems": seems[0], "looked_for": looked_zh}),
            "en": en.format_map(self.params | {"seems": seems[1], "looked_for": looked_en}),
        }


class RefusedError(Exception):
    """Carries a refusal from the depth of a reader up to `read_file`, and no further."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = {key: str(value) for key, value in params.items()}


class Deadline:
    """Stops a reading that takes too long; asked between the stages and inside the long loops."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def check(self) -> None:
        """Raise `RefusedError("too_slow")` when the time is over."""
        if time.monotonic() > self._end:
            raise RefusedError("too_slow", seconds=f"{self.seconds:g}")

"""The plant register as a TOML file, read and written, for the offline check: `[plant]`, `[[unit]]`, `[[meter]]`, `[[control_plan]]`."""

import json
import tomllib
from collections.abc import Mapping
from typing import Any

import pandas as pd

from mrv.pipeline.batch import REGISTER
from schemas import TABLES
from schemas.validation import validate


class BadRegister(Exception):
    """The register file cannot be used; `zh` and `en` say why and where."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def read_register(data: bytes) -> dict[str, pd.DataFrame]:
    """Canonical register frames from TOML.

    Keys are the column names of the dictionary; numbers may be written as numbers or text; `plant_id` of a unit or meter is
    that of the plant. Raises BadRegister for a file that is no TOML, an unknown section or key, or a value that breaks shape.
    """
    try:
        document = tomllib.loads(data.decode("utf-8-sig"), parse_float=str)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRegister(
            f"企业信息文件不是有效的 TOML：{error}", f"The plant file is no valid TOML: {error}"
        ) from error
    unknown = sorted(set(document) - set(REGISTER))
    if unknown:
        raise BadRegister(f"企业信息文件中有未知部分：{unknown[0]}", f"Unknown section in the plant file: {unknown[0]}")
    plant_id = str(_records(document, "plant")[0].get("plant_id", "")) if document.get("plant") else ""
    return {name: _frame(name, _records(document, name), plant_id) for name in REGISTER if name in document}


def register_toml(tables: Mapping[str, pd.DataFrame]) -> str:
    """The register file of some canonical register frames: what `read_register` reads back as the same frames.

    Absent cells are left out. With one plant its `[plant]` section gives `plant_id` to all that follows; with several each
    record names its own. Frames other than those of the register are not written.
    """
    plants = tables["plant"]["plant_id"].nunique() if "plant" in tables else 0
    lines: list[str] = []
    for name in REGISTER:
        if name not in tables or tables[name].empty:
            continue
        for record in tables[name].to_dict("records"):
            lines.append("[plant]" if name == "plant" and len(tables[name]) == 1 else f"[[{name}]]")
            for column in TABLES[name].names:
                said = column == "plant_id" and name != "plant" and plants == 1
                if record[column] != "" and not said:
                    lines.append(f"{column} = {_quoted(record[column])}")
            lines.append("")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    # A TOML basic string escapes as JSON does, and one control character more.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _records(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    section = document[name]
    return [section] if isinstance(section, dict) else list(section)


def _frame(name: str, records: list[dict[str, Any]], plant_id: str) -> pd.DataFrame:
    definition = TABLES[name]
    for number, record in enumerate(records, start=1):
        for key in record:
            if key not in definition.by_name:
                raise BadRegister(
                    f"{definition.zh}第{number}条有未知项：{key}", f"{definition.en} {number}: unknown key {key}"
                )
        record.setdefault("plant_id", plant_id)
    rows = [{column: _text(record.get(column, "")) for column in definition.names} for record in records]
    frame = pd.DataFrame(rows, columns=definition.names, dtype="str")
    failures = validate(name, frame)
    if len(failures):
        first = failures.iloc[0]
        column = definition.by_name[first["column"]]
        where = int(first["position"]) + 1
        raise BadRegister(
            f"{definition.zh}第{where}条的“{column.zh}”不正确：{first['value'] or '（空）'}",
            f"{definition.en} {where}: {column.en} is not right: {first['value'] or '(empty)'}",
        )
    return frame


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(str(part) for part in value)
    return str(value)

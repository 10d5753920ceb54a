"""Reading the oxidation rates an operator exported from the national emission-factor database.

The file is a CSV (UTF-8 or GB18030) with one line per rate; the columns stand in `COLUMNS`, in Chinese or English.
Whatever is wrong with it is told in both languages with its line; nothing is taken over until all of it is right.
"""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from emission_factors.oxidation_checks import (
    BOILER_TYPES,
    BY_LABEL,
    COLUMNS,
    GROUP_WORDS,
    ImportFault,
    cell_faults,
    clashes,
    header_faults,
    overlap,
)


@dataclass(frozen=True)
class OxidationImport:
    """The rows of a file for `Factors(extra={"oxidation": rows})`; empty when there are faults."""

    rows: tuple[dict[str, str], ...] = ()
    faults: tuple[ImportFault, ...] = field(default=())

    @property
    def ok(self) -> bool:
        return not self.faults


def import_oxidation(source: Path | str | bytes) -> OxidationImport:
    """Read and check a table of oxidation rates [%] by fuel, boiler type and altitude [m].

    Parameters: a path, the bytes of a file, or the CSV text itself. An altitude range holds from `altitude_from`
    (included) to `altitude_to` (not included); an empty end is open, an empty boiler type means every type. Refused
    as a whole, with `faults`: missing or unknown columns, bad numbers, months or words, rates above 100 % or written
    as a fraction, overlaps with each other or with the rows of the package, holes between altitude ranges. Nothing is
    raised for a fault of the file.
    """
    try:
        text = _text(source)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return _refused(
            ImportFault(
                0,
                "",
                str(source),
                f"文件无法打开（{reason}）。请检查路径。",
                f"The file cannot be opened ({reason}). Check the path.",
            )
        )
    except UnicodeDecodeError:
        return _refused(_whole("文件不是文本。请另存为CSV（UTF-8）。", "The file is no text. Save it as CSV (UTF-8)."))
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error:
        return _refused(
            _whole("文件不是有效的CSV。请另存为CSV（UTF-8）。", "The file is no valid CSV. Save it as CSV (UTF-8).")
        )
    if not lines:
        return _refused(_whole("文件为空。", "The file is empty."))
    written = [cell.strip() for cell in lines[0][1]]
    header = [BY_LABEL.get(cell, "") for cell in written]
    faults = list(header_faults(written, header))
    if faults:
        return _refused(*faults)
    rows: list[dict[str, str]] = []
    places: dict[str, int] = {}
    for number, cells in lines[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            faults.append(
                ImportFault(
                    number,
                    "",
                    ",".join(cells),
                    f"该行有{len(cells)}列，应为{len(header)}列。请补齐或删去多余的逗号。",
                    f"The line has {len(cells)} cells instead of {len(header)}. Fill in or remove commas.",
                )
            )
            continue
        asked = dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        wrong = list(cell_faults(number, asked))
        faults += wrong
        if not wrong:
            row = _row(asked)
            if row["id"] in places:
                faults.append(overlap(number, places[row["id"]]))
                continue
            places[row["id"]] = number
            rows.append(row)
    if not rows and not faults:
        faults.append(_whole("文件没有数据行。", "The file has no rows."))
    if not faults:
        faults += clashes(rows, places)
    return _refused(*faults) if faults else OxidationImport(rows=tuple(rows))


def _text(source: Path | str | bytes) -> str:
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    data = source.read_bytes() if isinstance(source, Path) else source
    if b"\0" in data:
        raise UnicodeDecodeError("utf-8", data, 0, 1, "binary")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _refused(*faults: ImportFault) -> OxidationImport:
    return OxidationImport(faults=tuple(sorted(faults, key=lambda fault: fault.line)))


def _whole(zh: str, en: str) -> ImportFault:
    return ImportFault(0, "", "", zh, en)


def _row(cells: dict[str, str]) -> dict[str, str]:
    group = GROUP_WORDS.get(cells["fuel_group"], cells["fuel_group"])
    boiler = BOILER_TYPES.get(cells["boiler_type"], cells["boiler_type"])
    low, high = cells["altitude_from"], cells["altitude_to"]
    where = f"{boiler or 'any'}.{low or 'low'}-{high or 'high'}"
    return {
        "id": f"power.{group}.oxidation_rate.imported.{where}.{cells['valid_from']}",
        "sector": "power",
        "fuel_group": group,
        "boiler_type": boiler,
        "altitude_from": low,
        "altitude_to": high,
        "value": cells["oxidation_rate"],
        "unit": "%",
        "valid_from": cells["valid_from"],
        "valid_to": cells["valid_to"],
        "published": cells["published"],
        "source": cells["source"],
        "clause": "",
        "certainty": cells["certainty"] or "official",
        "note": cells["note"],
    }

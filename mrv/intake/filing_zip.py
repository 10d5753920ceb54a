"""What belongs together in a filing zip: tables, a workbook, and the evidence files they name."""

import hashlib
from collections.abc import Iterator

from mrv.intake.archive import unpack
from mrv.intake.block import Block
from mrv.intake.faults import NO_FILE, UNREADABLE, Faults
from mrv.intake.grid import Grid
from mrv.intake.header import find_header
from mrv.intake.refusal import Deadline, RefusedError
from mrv.intake.result import Intake, Limits
from mrv.intake.workbook import is_workbook, read_workbook
from schemas import TABLES
from schemas.location import cell_of

_TEXT_ENDINGS = (".csv", ".tsv", ".txt")
_NAMING_TABLES = ("coal_analysis", "evidence")


def csv_members(members: dict[str, bytes]) -> list[tuple[str, bytes]]:
    """Members that may be tables as text, in the order of their names."""
    return [
        (name, members[name])
        for name in sorted(members)
        if name.lower().endswith(_TEXT_ENDINGS) and members[name].strip()
    ]


def workbook_members(
    members: dict[str, bytes], limits: Limits, deadline: Deadline
) -> Iterator[tuple[list[Grid], dict[str, str]]]:
    """Workbooks in the zip that hold a filing table: grids and document properties.

    Any other workbook is evidence, kept as it is and never opened further. With several filing workbooks the sheets are
    named `member/sheet`.
    """
    found = []
    for name in sorted(members):
        if not name.lower().endswith(".xlsx"):
            continue
        try:
            parts = unpack(members[name], limits, deadline)
            if is_workbook(parts):
                grids, properties = read_workbook(parts, limits, deadline)
                if any(find_header(grid) for grid in grids):
                    found.append((name, grids, properties))
        except RefusedError as refused:
            if refused.code == "too_slow":
                raise
    for name, grids, properties in found:
        if len(found) > 1:
            for grid in grids:
                grid.sheet = f"{name}/{grid.sheet}"
        yield grids, properties


def attach_evidence(intake: Intake, blocks: list[Block], files: dict[str, bytes], faults: Faults) -> None:
    """Keep the evidence files and fill in the SHA-256 of each file that a row names.

    A file is found by its path in the zip, or by its bare name when only one file has it. A row whose file is absent or has no
    content is told, and keeps an empty hash. `files`: what is not a table; text files count as evidence only when a row names them.
    """
    by_base: dict[str, list[str]] = {}
    for path in sorted(files):
        by_base.setdefault(path.rpartition("/")[2].casefold(), []).append(path)
    hashes: dict[str, str] = {}
    kept = {path for path in files if not path.lower().endswith(_TEXT_ENDINGS)}
    for block in blocks:
        if block.table not in _NAMING_TABLES:
            continue
        texts = block.frame["evidence_sha256"].tolist()
        for line, written in enumerate(block.frame["evidence_file"].tolist()):
            path = _path_of(written, files, by_base)
            if not path and written.strip() and not texts[line]:
                _file_fault(block, line, "file_absent", faults)
            if not path:
                continue
            kept.add(path)
            if not files[path]:
                _file_fault(block, line, "file_empty", faults)
                texts[line] = ""
                continue
            actual = hashes.setdefault(path, hashlib.sha256(files[path]).hexdigest())
            if texts[line] not in {"", actual}:
                _hash_fault(block, line, actual, faults)
            texts[line] = actual
        block.frame["evidence_sha256"] = texts
        block.frame = block.frame.astype({"evidence_sha256": "str"})
    intake.attachments = {path: files[path] for path in sorted(kept)}


def _path_of(written: str, files: dict[str, bytes], by_base: dict[str, list[str]]) -> str:
    name = written.strip().replace("\\", "/").removeprefix("./")
    if name in files:
        return name
    same = by_base.get(name.rpartition("/")[2].casefold(), []) if name else []
    return same[0] if len(same) == 1 else ""


def _file_fault(block: Block, line: int, kind: str, faults: Faults) -> None:
    """One fault for each file, however many parameters it was to prove."""
    row = {str(name): value for name, value in block.frame.iloc[line].items()}
    faults.add(
        NO_FILE,
        table=block.table,
        sheet=row["sheet"],
        cell=cell_of(int(row["row"]), row["column_map"], "evidence_file", row["sheet"]),
        row={name: row[name] for name in ("plant_id", "month")},
        item=row["evidence_file"],
        value=row["evidence_file"],
        kind=kind,
    )


def _hash_fault(block: Block, line: int, actual: str, faults: Faults) -> None:
    row = {str(name): value for name, value in block.frame.iloc[line].items()}
    faults.add(
        UNREADABLE,
        table=block.table,
        sheet=row["sheet"],
        cell=cell_of(int(row["row"]), row["column_map"], "evidence_sha256", row["sheet"]),
        row=row,
        item=f"{row['evidence_file']}:evidence_sha256",
        value=row["evidence_sha256"],
        expected=actual,
        kind="hash_differs",
        column="evidence_sha256",
        label=TABLES[block.table].by_name["evidence_sha256"].zh,
        count=1,
    )

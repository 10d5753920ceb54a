"""Bytes → intake: which reader a file needs, and how its sheets become tables."""

import hashlib

from mrv.intake.archive import unpack
from mrv.intake.assemble import assemble, unknown_sheet
from mrv.intake.block import Block, take
from mrv.intake.faults import UNKNOWN_TEMPLATE, WORKBOOK_TRAP, Faults
from mrv.intake.filing_zip import attach_evidence, csv_members, workbook_members
from mrv.intake.grid import Grid
from mrv.intake.head import KNOWN_VERSIONS, META_SHEET, Head, labelled_cells, read_head
from mrv.intake.header import FILED, FROM_HEAD, HEADER_LINES, Header, find_header
from mrv.intake.refusal import Deadline, Refusal, RefusedError
from mrv.intake.result import Intake, Limits, Understood
from mrv.intake.skipped import first_texts
from mrv.intake.sniff import container_of
from mrv.intake.text_file import DELIMITERS, decode, read_text
from mrv.intake.workbook import is_workbook, read_workbook
from schemas import TABLES
from schemas.file_name import plain_name

METERS = ("meter_reading",)
_HEAD_CHARACTERS = 200_000
_CSV_KINDS = {"parameter": "filing_csv", "meter_reading": "meter_csv"}


def read_file(name: str, data: bytes, limits: Limits | None = None) -> Intake | Refusal:
    """Read one deposited file.

    Parameters
    ----------
    name : the file's name as deposited; recorded (as `plain_name` of it), never believed
    data : its bytes
    limits : see `Limits`; the default limits when None

    Returns
    -------
    Intake with candidate canonical tables, one account line per row met (accepted + refused + ignored), and faults;
    or a Refusal when the file as a whole cannot be read. Never raises for anything a file may contain.
    """
    limits, name = limits or Limits(), plain_name(name)
    sha256 = hashlib.sha256(data).hexdigest()
    deadline = Deadline(limits.seconds * max(1.0, len(data) / Limits.file_bytes))
    try:
        container = container_of(data)
        limit = limits.file_bytes if container == "zip" else limits.text_file_bytes
        if len(data) > limit:
            raise RefusedError("too_large", size=len(data), limit=limit)
        intake = Intake(name, sha256, len(data), "")
        if container == "zip":
            _read_zip(intake, data, limits, deadline)
        elif container == "parquet":
            _read_parquet(intake, data, limits)
        else:
            _read_csv(intake, data, limits, deadline)
        deadline.check()
        if intake.rows.empty:
            raise RefusedError("no_rows")
        return intake
    except RefusedError as refused:
        return Refusal(name, sha256, refused.code, refused.params)


def _no_known_table(tables: tuple[str, ...]) -> RefusedError:
    return RefusedError(
        "no_known_table",
        looked_for_zh="、".join(TABLES[table].zh for table in tables),
        looked_for_en=", ".join(TABLES[table].en for table in tables),
    )


def _understood(grid: Grid, header: Header | None) -> Understood:
    if header is None:
        return Understood(grid.sheet, "", 0, {}, [])
    columns = {header.labels[name]: name for name in sorted(header.columns, key=header.columns.__getitem__)}
    ignored = [text for text in header.ignored.values() if text]
    return Understood(grid.sheet, header.table, int(grid.numbers[header.last]), columns, ignored)


def _finish(intake: Intake, blocks: list[Block], faults: Faults) -> None:
    intake.tables, intake.rows = assemble(blocks)
    intake.faults = faults.frame()


def read_delimited(text: str, sheet: str, limits: Limits, deadline: Deadline) -> tuple[Grid, Header] | None:
    """A delimited text by the delimiter under which a table is recognised in its first lines; None when under none."""
    head = text[:_HEAD_CHARACTERS]
    if len(head) < len(text):
        head = head[: head.rfind("\n") + 1] or head
    lines = "".join(head.splitlines(keepends=True)[: HEADER_LINES + 2])
    best: tuple[Header, str, Grid] | None = None
    for delimiter in DELIMITERS:
        if delimiter in lines:
            grid = read_text(lines, delimiter, sheet, limits, deadline)
            header = find_header(grid, FILED + METERS)
            if header and (best is None or header.score > best[0].score):
                best = header, delimiter, grid
    if best is None:
        return None
    if lines == text:
        return best[2], best[0]
    grid = read_text(text, best[1], sheet, limits, deadline)
    header = find_header(grid, (best[0].table,))
    return (grid, header) if header else None


def _read_csv(intake: Intake, data: bytes, limits: Limits, deadline: Deadline) -> None:
    text, intake.encoding = decode(data)
    found = read_delimited(text, "", limits, deadline)
    if found is None:
        raise _no_known_table(FILED + METERS)
    grid, header = found
    intake.kind = _CSV_KINDS.get(header.table, "table_csv")
    intake.understood = [_understood(grid, header)]
    faults = Faults()
    _finish(intake, [take(grid, header, {}, intake.sha256, faults)], faults)


def _read_parquet(intake: Intake, data: bytes, limits: Limits) -> None:
    from mrv.intake.parquet import read_parquet

    grid = read_parquet(data, limits)
    header = find_header(grid, METERS)
    if header is None:
        raise _no_known_table(METERS)
    intake.kind = "meter_parquet"
    intake.understood = [_understood(grid, header)]
    faults = Faults()
    _finish(intake, [take(grid, header, {}, intake.sha256, faults)], faults)


def _read_zip(intake: Intake, data: bytes, limits: Limits, deadline: Deadline) -> None:
    members = unpack(data, limits, deadline)
    faults = Faults()
    if is_workbook(members):
        intake.kind = "workbook"
        blocks = _workbook_blocks(intake, *read_workbook(members, limits, deadline), faults)
        if not any(block.table for block in blocks):
            raise _no_known_table(FILED)
        _finish(intake, blocks, faults)
        return
    intake.kind = "filing_zip"
    blocks, unread = [], []
    encodings = []
    for member, content in csv_members(members):
        text, encoding = decode(content)
        found = read_delimited(text, member, limits, deadline)
        if found is None:
            unread.append((member, text))
            continue
        encodings.append(encoding)
        intake.understood.append(_understood(*found))
        blocks.append(take(*found, {}, intake.sha256, faults))
    for grids, properties in workbook_members(members, limits, deadline):
        blocks += _workbook_blocks(intake, grids, properties, faults)
    if not any(block.table for block in blocks):
        raise _no_known_table(FILED)
    intake.encoding = ",".join(dict.fromkeys(encodings))
    tables = {entry.sheet for entry in intake.understood if entry.table}
    attach_evidence(intake, blocks, {name: body for name, body in members.items() if name not in tables}, faults)
    for member, text in unread:
        if member not in intake.attachments:
            grid = read_text(text, ",", member, limits, deadline)
            intake.understood.append(_understood(grid, None))
            blocks.append(unknown_sheet(grid, {}))
    _finish(intake, blocks, faults)


def _workbook_blocks(intake: Intake, grids: list[Grid], properties: dict[str, str], faults: Faults) -> list[Block]:
    head = read_head(grids, properties)
    intake.template = head.template or intake.template
    filed = [grid for grid in grids if not grid.sheet.rpartition("/")[2].startswith(META_SHEET)]
    headers = [find_header(grid) for grid in filed]
    beside = [
        labelled_cells(grid, HEADER_LINES if header is None else header.last)
        for grid, header in zip(filed, headers, strict=True)
    ]
    agreed = {}
    for name in FROM_HEAD:
        values = {found[name][0] for found in beside if name in found}
        if len(values) == 1:
            agreed[name] = values.pop()
    _template_faults(head, filed, beside, faults)
    blocks = []
    for grid, header, found in zip(filed, headers, beside, strict=True):
        defaults = agreed | head.values | {name: value for name, (value, _, _) in found.items()}
        intake.understood.append(_understood(grid, header))
        if grid.hidden and any(first_texts(grid.frame)):
            faults.add(
                WORKBOOK_TRAP, sheet=grid.sheet, row=defaults, item=grid.sheet, value=grid.sheet, kind="hidden_sheet"
            )
        blocks.append(
            unknown_sheet(grid, defaults)
            if header is None
            else take(grid, header, defaults, intake.sha256, faults, head.helpers)
        )
    return blocks


def _template_faults(
    head: Head, grids: list[Grid], beside: list[dict[str, tuple[str, int, int]]], faults: Faults
) -> None:
    """A template this program never issued, and cells that contradict what the template was issued for."""
    if head.template and not head.known_template:
        identity, version = head.template
        faults.add(
            UNKNOWN_TEMPLATE,
            sheet=META_SHEET,
            cell="B1",
            row=head.values,
            item="template",
            value=f"{identity} {version}".strip(),
            expected=", ".join(KNOWN_VERSIONS),
            kind="unknown_template",
            template=identity,
            version=version,
        )
    for grid, found in zip(grids, beside, strict=True):
        for name, (value, line, column) in found.items():
            if head.values.get(name, value) != value:
                faults.add(
                    UNKNOWN_TEMPLATE,
                    sheet=grid.sheet,
                    cell=grid.cell(line, column),
                    row=head.values | {name: value},
                    item=f"{grid.sheet}:{name}",
                    value=value,
                    expected=head.values[name],
                    kind="issued_for_another",
                    column=name,
                    label=TABLES["parameter"].by_name[name].zh,
                )

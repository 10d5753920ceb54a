"""Deposit: the bytes into evidence, the filing into the control store, its rows into the lake. Nothing is overwritten."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd

from emission_factors import Factors
from mrv.intake import Intake, Refusal, read_file
from mrv.ledger.receipt import NOTE
from mrv.pipeline.batch import Batch, assemble
from mrv.pipeline.check import Checked, File, filings
from mrv.pipeline.corrections import Asked, Declined, permission, shanghai_day
from mrv.pipeline.documents import finding_document
from mrv.pipeline.evidence_reuse import with_known_evidence
from mrv.pipeline.judge import judge
from mrv.pipeline.receive import iso_of, receive, signer_of, software
from mrv.pipeline.restriction import restricted
from mrv.screening.catalogue import catalogue
from mrv.storage.control import Control
from mrv.storage.deposits import Deposited, Filing, Rows, StoredFile, hold_deposits, latest_deposits, put_deposit
from mrv.storage.evidence import Evidence
from mrv.storage.finding_life import LIVES, PlantMonth, by_life, update_findings
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from mrv.storage.ledger import DEPOSIT, append, leaf_number, note, receipt_of, sign, take
from mrv.storage.locks import exclusive
from mrv.storage.register import factors as imported_factors
from mrv.storage.register import register
from schemas import FILING_TABLES
from schemas.choices import SECTORS
from schemas.file_name import plain_name

ROWS_LOCK = ".rows.lock"
REGISTERED = ("plant", "unit", "facility", "meter", "control_plan", "plan_section")


@dataclass(frozen=True)
class Submission:
    """What became of one filing of one file."""

    checked: Checked
    deposited: Deposited
    proof: dict[str, Any]
    lives: dict[str, list[str]]  # life → ids of findings

    def receipt(self) -> dict[str, Any]:
        """The receipt: what was deposited when, its proof, and what stands in the way of the month being complete.

        `proof` is the receipt of the ledger (`mrv.ledger.receipt`): it stays the same however often it is asked for, while status
        and findings are those of today. `lives`: identities of findings that are fixed, still there, new, or came back.
        """
        findings, said = self.checked.findings, json.loads(self.proof["leaf"])
        return {
            "deposit_id": self.deposited.id,
            "outcome": self.deposited.outcome,
            "version": self.deposited.version,
            "plant_id": self.checked.plant_id,
            "sector": self.checked.sector,
            "period": self.checked.month,
            "file": {
                "name": self.checked.file.name,
                "sha256": self.checked.file.sha256,
                "size": self.checked.file.size,
            },
            # Of the deposit, however often the bytes are sent: what the leaf says, and the receipt proves.
            "received_at": datetime.fromisoformat(said["received_at"]).isoformat(),
            "status": "incomplete" if blocked(self.checked) else "complete",
            "rows": self.checked.rows,
            "reason": said["reason"],
            "return_reference": said["return_reference"],
            "findings": [finding_document(row) for row in findings.to_dict("records")],
            "lives": self.lives,
            "proof": self.proof,
            "note": NOTE,
        }


@dataclass(frozen=True)
class SubmitOutcome:
    """All filings of a call, the files that could not be read, and the corrections that may not be made (or not so)."""

    submissions: list[Submission]
    refused: list[Refusal]
    declined: list[Declined] = field(default_factory=list)

    @property
    def stopped(self) -> list[Refusal | Declined]:
        """Everything that was not deposited, each with `name`, `sha256`, `code` and `message`."""
        return [*self.refused, *self.declined]


def blocked(checked: Checked) -> bool:
    """Whether a finding keeps the month from being complete."""
    return bool((checked.findings["severity"] == "blocks").any())


def factors_of(control: Control) -> Factors:
    """The factor tables with the rows that the home imported (oxidation rates of the national database)."""
    with control.read() as session:
        rows = imported_factors(session, "oxidation")
    texts = rows.drop(columns="file_sha256").to_dict("records")
    return Factors(extra={"oxidation": texts} if texts else None)


def registers(control: Control, as_of: date | None = None) -> dict[str, pd.DataFrame]:
    """The register frames of the home as they hold on a day."""
    with control.read() as session:
        return {name: register(session, name, as_of) for name in REGISTERED}


def submit(
    home: Home,
    control: Control,
    files: Sequence[File],
    received_at: datetime | Mapping[str, datetime],
    uploader: str,
    as_of: date,
    reason: str = "",
    reinstate: bool = False,
    return_reference: str = "",
) -> SubmitOutcome:
    """Deposit files. Blocking findings do not stop a deposit: it is kept and receipted, and the month stays incomplete.

    A correction that may not be made (`mrv.pipeline.corrections`) is declined filing by filing; the other filings of its file are
    deposited, judged without it.

    Parameters
    ----------
    home, control : where to
    files : name and bytes of each
    received_at : time-zone aware moment of receipt; by file name for deposits taken over from earlier records
    uploader : who filed
    as_of : day of judgement (Asia/Shanghai); nothing else goes by it: corrections are held to the day of receipt
    reason : why an earlier deposit is corrected
    reinstate : make superseded bytes the version in force again, which is a correction as well
    return_reference : the authority's return (退回) that a correction after the deadline answers
    """
    read = [read_file(name, data) for name, data in files]
    refused = [one for one in read if isinstance(one, Refusal)]
    evidence, signer = Evidence(home.evidence), signer_of(home)
    receive(home, control, files, received_at, uploader, signer)
    submissions: list[Submission] = []
    declined: list[Declined] = []
    moments = received_at if isinstance(received_at, datetime) else _by_plain_name(received_at)
    call = _Call(moments, uploader, reason.strip(), return_reference.strip(), reinstate)
    for wave in waves([(one, data) for one, (_, data) in zip(read, files, strict=True) if isinstance(one, Intake)]):
        for intake, _ in wave:
            for content in intake.attachments.values():
                evidence.put(content)
        whole = [intake for intake, _ in wave]
        intakes, batch, stopped = _permitted(control, whole, call)
        declined += stopped
        if not intakes:
            continue
        batch = with_known_evidence(batch, control)
        history = _history(Lake(home.lake), batch)
        judgement = judge(batch, factors_of(control), registers(control, as_of), history, as_of, deposited=True)
        done: list[tuple[Checked, Deposited]] = []
        split = filings(intakes, batch, judgement)
        lives: dict[str, dict[str, list[str]]] = {}
        for checked in split:
            if not (checked.plant_id and checked.month and checked.sector in SECTORS):
                continue
            with control.write() as session:  # one for each: receipts of other bytes are not to wait for a whole inbox
                hold_deposits(session, {checked.plant_id})
                take(session)
                # Asked again where it is kept: somebody may have deposited the month in the meantime.
                answer = permission(session, call.asked(checked.file, checked.plant_id, checked.sector, checked.month))
                if isinstance(answer, Declined):
                    stopped.append(answer)
                    declined.append(answer)
                    continue
                filing = _filing(checked, call.moment(checked.file.name), uploader, call.reason, answer)
                deposited = put_deposit(session, filing, reinstate)
                record(session, filing, deposited)
                lives[deposited.id] = _lives(session, checked, filing, deposited)
            done.append((checked, deposited))
        with control.read() as session:
            numbers = [leaf_number(session, DEPOSIT, deposited.id) for _, deposited in done]
        leaves = max((number + 1 for number in numbers if number is not None), default=0)
        sign(control, signer, evidence, _latest(received_at), leaves)
        with control.read() as session:
            found = [
                Submission(checked, deposited, receipt_of(session, number), lives[deposited.id])
                for number, (checked, deposited) in zip(numbers, done, strict=True)
                if number is not None
            ]
        # After the commit: the lake can be rebuilt from the deposits, never the other way round. Whoever sends bytes again after a
        # crash in between finds the deposit made and the rows missing; whoever was overtaken by a correction must not undo it.
        with exclusive(home.lake / ROWS_LOCK):
            with control.read() as session:
                in_force = set(latest_deposits(session, sorted({one.checked.plant_id for one in found}))["id"])
            store_rows(Lake(home.lake), batch, [one for one in found if one.deposited.id in in_force])
        submissions += found
        refused += unfiled(whole, found, stopped)
    return SubmitOutcome(submissions, refused, declined)


@dataclass(frozen=True)
class _Call:
    """What is said of all files of one call."""

    received_at: datetime | Mapping[str, datetime]
    uploader: str
    reason: str
    return_reference: str
    reinstate: bool

    def moment(self, name: str) -> datetime:
        return self.received_at if isinstance(self.received_at, datetime) else self.received_at[name]

    def asked(self, file: Intake, plant_id: str, sector: str, month: str) -> Asked:
        day = shanghai_day(self.moment(file.name))
        said = {"reason": self.reason, "return_reference": self.return_reference, "reinstate": self.reinstate}
        return Asked(file.name, file.sha256, plant_id, sector, month, day, **said)  # type: ignore[arg-type]


def _permitted(control: Control, intakes: list[Intake], call: _Call) -> tuple[list[Intake], Batch, list[Declined]]:
    """The files without the filings that may not be deposited, so that nothing is judged beside rows that do not count."""
    batch = assemble(intakes)
    named = {intake.sha256: intake for intake in intakes}
    stopped = []
    with control.read() as session:
        for sha256, plant_id, sector, month in batch.filings[["file_sha256", "plant_id", "sector", "month"]].itertuples(
            index=False, name=None
        ):
            if sector in SECTORS:
                answer = permission(session, call.asked(named[sha256], plant_id, sector, month))
                if isinstance(answer, Declined):
                    stopped.append(answer)
    if not stopped:
        return intakes, batch, stopped
    gone = {(one.sha256, one.plant_id, one.sector, one.month) for one in stopped}
    left: dict[str, list[tuple[str, str, str]]] = {sha256: [] for sha256 in named}
    for row in batch.filings[["file_sha256", "plant_id", "sector", "month"]].itertuples(index=False, name=None):
        if row not in gone:
            left[row[0]].append(row[1:])
    touched = {one.sha256 for one in stopped}
    kept = [
        restricted(intake, left[intake.sha256]) if intake.sha256 in touched else intake
        for intake in intakes
        if left[intake.sha256] or intake.sha256 not in touched
    ]
    return kept, assemble(kept) if kept else Batch(), stopped


def unfiled(intakes: list[Intake], done: list[Submission], stopped: list[Declined]) -> list[Refusal]:
    """Files that could be read and of which nothing could be filed: meter readings, and rows that are nobody's."""
    told = {one.checked.file.sha256 for one in done} | {one.sha256 for one in stopped}
    return [
        Refusal(one.name, one.sha256, "meter_file" if one.kind.startswith("meter_") else "no_filing")
        for one in intakes
        if one.sha256 not in told
    ]


WAVE_FILES = 500


def waves(files: list[tuple[Intake, bytes]]) -> list[list[tuple[Intake, bytes]]]:
    """Files in groups that may be judged together: no two of a group speak of the same plant and month.

    A file and its correction that arrive together are two deposits, one after the other, not one contradiction.
    """
    result: list[list[tuple[Intake, bytes]]] = []
    last: dict[tuple[str, str], int] = {}
    for intake, data in files:
        told = intake.rows[intake.rows["disposition"] != "ignored"]
        keys = set(told[["plant_id", "month"]].drop_duplicates().itertuples(index=False, name=None))
        wave = max((last[key] + 1 for key in keys if key in last), default=0)
        while wave < len(result) and len(result[wave]) >= WAVE_FILES:
            wave += 1
        while wave >= len(result):
            result.append([])
        result[wave].append((intake, data))
        last |= dict.fromkeys(keys, wave)
    return result


def _history(lake: Lake, batch: Batch) -> dict[str, pd.DataFrame]:
    """Earlier filings of the plants of a batch: this year and the one before."""
    plants = sorted(set(batch.filings["plant_id"]) - {""})
    months = [month for month in batch.filings["month"].unique() if month[:4].isdigit()]
    years = sorted({year for month in months for year in (int(month[:4]) - 1, int(month[:4]))})
    tables = [table.name for table in FILING_TABLES] + ["meter_month"]
    return {table: lake.read(table, years, plants) for table in tables}


def _filing(checked: Checked, received_at: datetime, uploader: str, reason: str, return_reference: str) -> Filing:
    file = checked.file
    return Filing(
        plant_id=checked.plant_id,
        sector=checked.sector,
        month=checked.month,
        file=StoredFile(file.name, file.sha256, file.size),
        kind=file.kind,
        received_at=received_at,
        uploader=uploader,
        rows=Rows(**checked.rows),
        complete=not blocked(checked),
        reason=reason,
        return_reference=return_reference,
        template=file.template or ("", ""),
        attachments=_stored(file.attachments),
    )


def _stored(attachments: dict[str, bytes]) -> tuple[StoredFile, ...]:
    return tuple(
        StoredFile(name, hashlib.sha256(data).hexdigest(), len(data)) for name, data in sorted(attachments.items())
    )


def record(session: Any, filing: Filing, deposited: Deposited) -> None:
    """Puts a new deposit into the ledger and the audit trail, in the transaction that keeps it."""
    if deposited.outcome != "new":
        return
    named = {"plant_id": filing.plant_id, "sector": filing.sector, "month": filing.month, "version": deposited.version}
    note(session, filing.received_at, filing.uploader, DEPOSIT, deposited.id, named)
    files = [{"name": file.name, "sha256": file.sha256, "size": file.size} for file in filing.attachments]
    content = {
        **named,
        "deposit_id": deposited.id,
        "file": {"name": filing.file.name, "sha256": filing.file.sha256, "size": filing.file.size},
        "attachments": files,
        "uploader": filing.uploader,
        "received_at": iso_of(filing.received_at),
        "reason": filing.reason,
        "return_reference": filing.return_reference,
        "file_kind": filing.kind,
        "template": list(filing.template),
        "software": software(),
    }
    append(session, DEPOSIT, deposited.id, content)


def _by_plain_name(moments: Mapping[str, datetime]) -> Mapping[str, datetime]:
    return {plain_name(name): at for name, at in moments.items()}


def _latest(received_at: datetime | Mapping[str, datetime]) -> datetime:
    return received_at if isinstance(received_at, datetime) else max(received_at.values())


def _lives(session: Any, checked: Checked, filing: Filing, deposited: Deposited) -> dict[str, list[str]]:
    """Brings the lives of the findings of a deposit up to date; life → identities.

    Superseded bytes say nothing of the month any more: what was found in them is not brought back.
    """
    if deposited.outcome == "superseded":
        return {life: [] for life in LIVES}
    ran = set(catalogue()) - set(checked.not_run["rule"])
    scope = [PlantMonth(checked.plant_id, checked.month, checked.sector)]
    return by_life(update_findings(session, scope, checked.findings, deposited.id, filing.received_at, ran))


def month_of(table: str, frame: pd.DataFrame) -> pd.Series:
    """The month each row of a filing table belongs to."""
    for column in ("month", "day", "start"):
        if column in frame.columns:
            return frame[column].str[:7]
    raise ValueError(f"{table} has no month")


def store_rows(lake: Lake, batch: Batch, stored: list[Submission]) -> None:
    """The rows of new deposits into the lake, replacing those of the same plant, month and (where the table says it) sector."""
    if not stored:
        return
    named = {(one.checked.plant_id, one.checked.month, one.checked.sector) for one in stored}
    keys = pd.MultiIndex.from_tuples(sorted({*named, *((plant, month, "") for plant, month, _ in named)}))
    files = {one.checked.file.sha256 for one in stored}
    plants = sorted(set(keys.get_level_values(0)))
    years = sorted({int(month[:4]) for month in keys.get_level_values(1)})
    for definition in FILING_TABLES:
        table = definition.name
        frame = batch.tables.get(table)
        for year in years:
            old = lake.read(table, [year], plants)
            held = _keys_of(table, old).isin(keys)
            parts = [old[~held]]
            if frame is not None:
                months = month_of(table, frame)
                new = _keys_of(table, frame).isin(keys)
                new &= frame["file_sha256"].isin(files).to_numpy() & months.str.startswith(f"{year:04d}").to_numpy()
                parts.append(frame[new])
            if len(old) or len(parts[-1]):
                lake.replace_plants(table, pd.concat(parts, ignore_index=True), plants, year)


def _keys_of(table: str, frame: pd.DataFrame) -> pd.MultiIndex:
    """Plant, month and sector of each row; a table without sectors has the empty one."""
    sectors = frame["sector"] if "sector" in frame.columns else pd.Series("", index=frame.index, dtype="str")
    return pd.MultiIndex.from_arrays([frame["plant_id"], month_of(table, frame), sectors])

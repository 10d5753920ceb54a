"""Deposit: the bytes into evidence, the filing into the control store, its rows into the lake. Nothing is overwritten."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from emission_factors import Factors
from mrv.intake import Intake, Refusal, read_file
from mrv.ledger.receipt import NOTE
from mrv.pipeline.batch import Batch, assemble
from mrv.pipeline.check import Checked, File, filings
from mrv.pipeline.documents import finding_document
from mrv.pipeline.evidence_reuse import with_known_evidence
from mrv.pipeline.judge import judge
from mrv.pipeline.receive import iso_of, receive, signer_of, software
from mrv.screening.catalogue import catalogue
from mrv.storage.control import Control
from mrv.storage.deposits import Deposited, Filing, Rows, StoredFile, put_deposit
from mrv.storage.evidence import Evidence
from mrv.storage.finding_life import PlantMonth, update_findings
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from mrv.storage.ledger import DEPOSIT, append, leaf_number, note, receipt_of, sign
from mrv.storage.register import factors as imported_factors
from mrv.storage.register import register
from schemas import FILING_TABLES
from schemas.choices import SECTORS

REGISTERED = ("plant", "unit", "facility", "meter", "control_plan")


@dataclass(frozen=True)
class Submission:
    """What became of one filing of one file."""

    checked: Checked
    deposited: Deposited
    received_at: datetime
    proof: dict[str, Any]

    def receipt(self) -> dict[str, Any]:
        """The receipt: what was deposited when, its proof, and what stands in the way of the month being complete.

        `proof` is the receipt of the ledger (`mrv.ledger.receipt`): it stays the same however often it is asked for, while status
        and findings are those of today.
        """
        findings = self.checked.findings
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
            "received_at": self.received_at.isoformat(),
            "status": "incomplete" if blocked(self.checked) else "complete",
            "rows": self.checked.rows,
            "findings": [finding_document(row) for row in findings.to_dict("records")],
            "proof": self.proof,
            "note": NOTE,
        }


@dataclass(frozen=True)
class SubmitOutcome:
    """All filings of a call, and the files that could not be read."""

    submissions: list[Submission]
    refused: list[Refusal]


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
) -> SubmitOutcome:
    """Deposit files. Blocking findings do not stop a deposit: it is kept and receipted, and the month stays incomplete.

    Parameters
    ----------
    home, control : where to
    files : name and bytes of each
    received_at : time-zone aware moment of receipt; by file name for deposits taken over from earlier records
    uploader : who filed
    as_of : day of judgement (Asia/Shanghai)
    reason : why an earlier deposit is corrected
    reinstate : make superseded bytes the version in force again
    """
    read = [read_file(name, data) for name, data in files]
    refused = [one for one in read if isinstance(one, Refusal)]
    evidence, signer = Evidence(home.evidence), signer_of(home)
    receive(home, control, files, received_at, uploader, signer)
    submissions = []
    for wave in waves([(one, data) for one, (_, data) in zip(read, files, strict=True) if isinstance(one, Intake)]):
        for intake, _ in wave:
            for content in intake.attachments.values():
                evidence.put(content)
        intakes = [intake for intake, _ in wave]
        batch = with_known_evidence(assemble(intakes), control)
        history = _history(Lake(home.lake), batch)
        judgement = judge(batch, factors_of(control), registers(control, as_of), history, as_of)
        done: list[tuple[Checked, Deposited, datetime]] = []
        with control.write() as session:
            for checked in filings(intakes, batch, judgement):
                if checked.plant_id and checked.month and checked.sector in SECTORS:
                    at = received_at if isinstance(received_at, datetime) else received_at[checked.file.name]
                    filing = _filing(checked, at, uploader, reason)
                    deposited = put_deposit(session, filing, reinstate)
                    record(session, filing, deposited)
                    done.append((checked, deposited, at))
            _live(session, done)
        sign(control, signer, evidence, _latest(received_at))
        with control.read() as session:
            found = [
                Submission(*one, receipt_of(session, number))
                for one in done
                if (number := leaf_number(session, DEPOSIT, one[1].id)) is not None
            ]
        # After the commit: the lake can be rebuilt from the deposits, never the other way round.
        store_rows(Lake(home.lake), batch, [one for one in found if one.deposited.outcome == "new"])
        submissions += found
        refused += unfiled(intakes, found)
    return SubmitOutcome(submissions, refused)


def unfiled(intakes: list[Intake], done: list[Submission]) -> list[Refusal]:
    """Files that could be read and of which nothing could be filed: meter readings, and rows that are nobody's."""
    filed = {one.checked.file.sha256 for one in done}
    return [
        Refusal(one.name, one.sha256, "meter_file" if one.kind.startswith("meter_") else "no_filing")
        for one in intakes
        if one.sha256 not in filed
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


def _filing(checked: Checked, received_at: datetime, uploader: str, reason: str) -> Filing:
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
        "software": software(),
    }
    append(session, DEPOSIT, deposited.id, content)


def _latest(received_at: datetime | Mapping[str, datetime]) -> datetime:
    return received_at if isinstance(received_at, datetime) else max(received_at.values())


def _live(session: Any, done: list[tuple[Checked, Deposited, datetime]]) -> None:
    """Brings the lives of findings up to date, deposit by deposit."""
    for checked, deposited, at in done:
        ran = set(catalogue()) - set(checked.not_run["rule"])
        scope = [PlantMonth(checked.plant_id, checked.month, checked.sector)]
        update_findings(session, scope, checked.findings, deposited.id, at, ran)


def month_of(table: str, frame: pd.DataFrame) -> pd.Series:
    """The month each row of a filing table belongs to."""
    for column in ("month", "day", "start"):
        if column in frame.columns:
            return frame[column].str[:7]
    raise ValueError(f"{table} has no month")


def store_rows(lake: Lake, batch: Batch, stored: list[Submission]) -> None:
    """The rows of new deposits into the lake, replacing those of the same plant and month."""
    if not stored:
        return
    keys = pd.MultiIndex.from_tuples(sorted({(one.checked.plant_id, one.checked.month) for one in stored}))
    files = {one.checked.file.sha256 for one in stored}
    plants = sorted(set(keys.get_level_values(0)))
    years = sorted({int(month[:4]) for month in keys.get_level_values(1)})
    for definition in FILING_TABLES:
        table = definition.name
        frame = batch.tables.get(table)
        for year in years:
            old = lake.read(table, [year], plants)
            held = pd.MultiIndex.from_arrays([old["plant_id"], month_of(table, old)]).isin(keys)
            parts = [old[~held]]
            if frame is not None:
                months = month_of(table, frame)
                new = pd.MultiIndex.from_arrays([frame["plant_id"], months]).isin(keys)
                new &= frame["file_sha256"].isin(files).to_numpy() & months.str.startswith(f"{year:04d}").to_numpy()
                parts.append(frame[new])
            if len(old) or len(parts[-1]):
                lake.replace_plants(table, pd.concat(parts, ignore_index=True), plants, year)

"""The offline check: read, validate, compute, screen. No home is needed and nothing leaves the machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from emission_factors import Factors
from mrv.findings.identity import identities
from mrv.intake import Intake, Refusal, read_file
from mrv.pipeline.batch import Batch, assemble
from mrv.pipeline.judge import Judgement, judge

File = tuple[str, bytes]


@dataclass(frozen=True)
class Checked:
    """One filing of one file, judged: everything `mrv check --json` prints of it.

    `copies` names further files of the call with the same bytes: they are judged once, under the first name.
    """

    file: Intake
    plant_id: str
    sector: str
    month: str
    rows: dict[str, int]
    findings: pd.DataFrame
    not_run: pd.DataFrame
    lines: pd.DataFrame
    copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckOutcome:
    """All filings of a call, the files that could not be read, and the batch behind them."""

    filings: list[Checked]
    refused: list[Refusal]
    intakes: list[Intake]
    batch: Batch
    judgement: Judgement | None


def check(
    files: Sequence[File],
    factors: Factors,
    register: dict[str, pd.DataFrame] | None = None,
    history: Sequence[File] = (),
    as_of: date | None = None,
    deposited: bool = False,
) -> CheckOutcome:
    """Check files; the files of one call are each other's history.

    Parameters
    ----------
    files : name and bytes of each; unreadable ones are refused and the rest goes on
    factors : factor tables
    register : canonical register frames, for example from `--plant FILE`
    history : earlier filings of the same plants; those that cannot be read are left out
    as_of : the day of judgement; without one the rules that need a day are not run
    deposited : the files are to be deposited as they are, so that their evidence is owed

    Returns
    -------
    CheckOutcome with one `Checked` per (file, plant, month, sector), ordered by file name, plant, month and sector.
    """
    read = [read_file(name, data) for name, data in files]
    intakes = [result for result in read if isinstance(result, Intake)]
    refused = [result for result in read if isinstance(result, Refusal)]
    if not intakes:
        return CheckOutcome([], refused, [], Batch(), None)
    batch = assemble(intakes)
    refused += [Refusal(one.name, one.sha256, "no_rows") for one in intakes if _says_nothing(one, batch)]
    intakes = [one for one in intakes if not _says_nothing(one, batch)]
    earlier = [result for result in (read_file(name, data) for name, data in history) if isinstance(result, Intake)]
    past = assemble(earlier).tables if earlier else {}
    judgement = judge(batch, factors, register, past, as_of, deposited)
    return CheckOutcome(filings(intakes, batch, judgement), refused, intakes, batch, judgement)


def _says_nothing(intake: Intake, batch: Batch) -> bool:
    """Whether every row of a file was ignored (totals, examples) and it is not a form left blank either."""
    mine = batch.rows[batch.rows["file_sha256"] == intake.sha256]
    ignored = bool((mine["disposition"] == "ignored").all())
    return ignored and not (batch.filings["file_sha256"] == intake.sha256).any()


def filings(intakes: list[Intake], batch: Batch, judgement: Judgement) -> list[Checked]:
    """Splits a judged batch into its filings. A file that speaks of no plant or month is one filing with empty names."""
    result = []
    names: dict[str, list[str]] = {}
    ordered = sorted(intakes, key=lambda one: (one.name, one.sha256))
    for intake in ordered:
        names.setdefault(intake.sha256, []).append(intake.name)
    told = _fault_places(batch.faults)
    for intake in {one.sha256: one for one in reversed(ordered)}.values():
        named = batch.filings[batch.filings["file_sha256"] == intake.sha256]
        keys = list(named[["plant_id", "sector", "month"]].itertuples(index=False, name=None)) or [("", "", "")]
        for position, key in enumerate(keys):
            copies = tuple(names[intake.sha256][1:])
            result.append(_filing(intake, key, position == 0, len(keys) == 1, batch, judgement, told, copies))
    return sorted(result, key=lambda one: (one.file.name, one.file.sha256, one.plant_id, one.month, one.sector))


def _fault_places(faults: pd.DataFrame) -> pd.DataFrame:
    """The first place of each fault in each file, by identity: a contradiction between files stands in all of them."""
    if faults.empty:
        return pd.DataFrame(columns=["id", "file_sha256", "sheet", "cell"], dtype="str")
    rows = faults.rename(columns={"code": "rule"}).assign(period=faults["month"])
    return rows.assign(id=identities(rows)).drop_duplicates(["id", "file_sha256"])[
        ["id", "file_sha256", "sheet", "cell"]
    ]


def _filing(
    intake: Intake,
    key: tuple[str, str, str],
    first: bool,
    only: bool,
    batch: Batch,
    judgement: Judgement,
    told: pd.DataFrame,
    copies: tuple[str, ...],
) -> Checked:
    plant_id, sector, month = key
    rows = batch.rows[batch.rows["file_sha256"] == intake.sha256]
    named = batch.filings[batch.filings["file_sha256"] == intake.sha256]
    known = pd.MultiIndex.from_frame(named[["plant_id", "month"]])
    if not only:
        # Rows of a table without a sector count with the plant's first filing of the month; rows of no filing with the first.
        mates = named[(named["plant_id"] == plant_id) & (named["month"] == month)]["sector"]
        mine = (rows["plant_id"] == plant_id) & (rows["month"] == month)
        mine &= (rows["sector"] == sector) | (~rows["sector"].isin(mates) & (sector == mates.iloc[0]))
        if first:
            mine |= ~pd.MultiIndex.from_frame(rows[["plant_id", "month"]]).isin(known)
        rows = rows[mine]
    findings = _in_this_file(judgement.findings, told[told["file_sha256"] == intake.sha256])
    about = (findings["plant_id"] == plant_id) & (findings["period"] == month) & findings["sector"].isin([sector, ""])
    here = findings["file_sha256"].isin([intake.sha256, ""])
    # Faults of the file as a whole (a hidden sheet, an unknown column) and of rows that name no plant or month of the file
    # belong to its first filing.
    whose = pd.MultiIndex.from_frame(findings[["plant_id", "period"]])
    loose = (findings["file_sha256"] == intake.sha256) & ~whose.isin(known)
    mine_found = findings[(about & here) | (loose if first else False)]
    skipped = judgement.not_run
    lines = judgement.accounts.lines
    counts = rows["disposition"].value_counts()
    return Checked(
        intake,
        plant_id,
        sector,
        month,
        {"read": len(rows), **{name: int(counts.get(name, 0)) for name in ("accepted", "refused", "ignored")}},
        mine_found.reset_index(drop=True),
        skipped[(skipped["plant_id"] == plant_id) & (skipped["sector"] == sector) & (skipped["month"] == month)],
        lines[(lines["plant_id"] == plant_id) & (lines["sector"] == sector) & (lines["month"] == month)],
        copies,
    )


def _in_this_file(findings: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Findings with the place they have in one file, where they stand in several."""
    elsewhere = findings["id"].isin(places["id"]) & ~findings["file_sha256"].isin(places["file_sha256"])
    if not elsewhere.any():
        return findings
    findings = findings.copy()
    found = places.set_index("id").loc[findings.loc[elsewhere, "id"]]
    for column in ("file_sha256", "sheet", "cell"):
        findings.loc[elsewhere, column] = found[column].to_numpy()
    return findings

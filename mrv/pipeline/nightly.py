"""The nightly run: the inbox, the plants that changed, the deadlines, the publication. Needs nobody."""

import hashlib
import json
import socket
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from mrv.pipeline.deadlines import deadline_findings
from mrv.pipeline.deposit import ROWS_LOCK, SubmitOutcome, registers, submit
from mrv.pipeline.meter_files import ingest_meters
from mrv.pipeline.plant_batch import RESULTS, BatchResult, joined, work
from mrv.pipeline.timestamps import stamp
from mrv.screening.catalogue import catalogue
from mrv.storage import durable, inbox
from mrv.storage.control import Control
from mrv.storage.deposits import deposit_counts, deposit_versions, deposited_since, latest_deposits, meter_files
from mrv.storage.evidence_use import shared_evidence
from mrv.storage.finding_life import PlantMonth, hold_findings, update_findings
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from mrv.storage.locks import exclusive
from mrv.storage.published import Manifest, publish
from mrv.storage.register import factors as imported_factors
from mrv.storage.runs import Step, end_run, record_plants, record_step, runs, start_run
from schemas import FILING_TABLES, TABLES
from schemas.choices import SECTORS
from schemas.file_name import plain_name

Each = Callable[[Callable[[Sequence[str]], BatchResult], list[list[str]]], Iterable[BatchResult]]
Observe = Callable[[str, dict[str, Any]], None]
Attempt = Callable[[str, Callable[[], Any]], Any]
LOCK = "nightly.lock"
TOLD_TOGETHER = 25  # plants whose findings are brought up to date in one transaction
JUDGED = "judged.json"
OVERTAKEN = "overtaken: something was deposited while it was judged; the next night judges it"


def silent(step: str, facts: dict[str, Any]) -> None:
    """Tells nobody."""


def once(step: str, act: Callable[[], Any]) -> Any:
    """Does a step, once."""
    return act()


@dataclass
class NightlyOutcome:
    """What a run came to. `status`: `completed`, or `partial` when some plants failed."""

    run_id: str
    status: str
    inbox: SubmitOutcome
    plants: int
    recomputed: int
    failures: dict[str, str]
    findings: pd.DataFrame
    manifest: Manifest
    facts: dict[str, Any] = field(default_factory=dict)


def nightly(
    home: Home,
    control: Control,
    as_of: date,
    now: Callable[[], datetime],
    each: Each = map,
    observe: Observe = silent,
    everything: bool = False,
    attempt: Attempt = once,
) -> NightlyOutcome:
    """Run the night; a night of the same home that is under way is waited for.

    Parameters
    ----------
    home, control : the home and its control store
    as_of : the day of judgement (Asia/Shanghai)
    now : the clock, for the run ledger and times of receipt
    each : how to map the work over batches of plants: `map`, or one that runs tasks elsewhere
    observe : told of each step with its counts
    everything : recompute every plant, changed or not
    attempt : how to do the steps of mere input and output, `inbox` and `publish`: both may be repeated when they fail

    Running twice with the same inbox, deposits and day gives the same publication. A plant that fails keeps its former
    results, is named in the outcome and the run ledger, and stops nobody else. A plant that deposits something while it is judged is
    left to the next night, and named in the run ledger.
    """
    with exclusive(home.path / LOCK):
        started = now()
        with control.write() as session:
            held = runs(session, "nightly")
            for killed in held.loc[held["status"] == "running", "id"]:  # nobody else can be at work: the lock is ours
                end_run(session, killed, "failed", started)
            run_id = start_run(session, "nightly", as_of, started, version("tanheng"), socket.gethostname())
        try:
            return _night(home, control, as_of, now, each, observe, everything, attempt, run_id, started)
        except BaseException:
            # Where not even this can be written, the fault to tell is the first one; the next night closes the run.
            with suppress(durable.DiskFull), control.write() as session:
                end_run(session, run_id, "failed", now())
            raise


def _night(
    home: Home,
    control: Control,
    as_of: date,
    now: Callable[[], datetime],
    each: Each,
    observe: Observe,
    everything: bool,
    attempt: Attempt,
    run_id: str,
    started: datetime,
) -> NightlyOutcome:
    taken = attempt("inbox", partial(take_inbox, home, control, as_of, now))
    found = {"deposits": len(taken.submissions), "refused": len(taken.stopped), "waiting": inbox.waiting(home)}
    observe("inbox", found)
    digests = plant_digests(control)  # before anything is judged: what is deposited from here on is not in them
    with control.read() as session:
        counts = deposit_counts(session)
    judged = {} if everything else _judged(home)
    changed = sorted(plant for plant, digest in digests.items() if judged.get(plant) != digest)
    size = home.settings.batch_size
    batches = [changed[start : start + size] for start in range(0, len(changed), size)]
    observe("batches", {"plants": len(digests), "changed": len(changed), "batches": len(batches)})
    results = []
    for number, result in enumerate(each(partial(_work, home.path, as_of), batches)):
        _record(control, run_id, number, result, started, now())
        observe(
            "batch",
            {"number": number + 1, "of": len(batches), "plants": len(result.plants), "failed": len(result.failures)},
        )
        results.append(result)
    whole = joined(results)
    store_results(Lake(home.lake), whole, partial(_overtaken, control, counts))
    findings, manifest = attempt("publish", partial(publish_all, home, control, as_of))
    _live(control, whole, findings, run_id, now(), counts)
    # Last: a night that is killed before it has told of a plant judges that plant again.
    good = {plant: digests[plant] for plant in changed if plant not in whole.failures}
    durable.write(home.lake / JUDGED, json.dumps({**judged, **good}, sort_keys=True, indent=0).encode())
    stamping = stamp(home, control, now())
    status = "partial" if whole.failures else "completed"
    observe("published", {"tables": {name: table.rows for name, table in manifest.tables.items()}})
    with control.write() as session:
        late = deposited_since(session, counts, set(changed) - set(whole.failures))
        record_plants(session, run_id, dict.fromkeys(late, OVERTAKEN), sorted(late))
        end_run(session, run_id, status, now())
    recomputed = len(changed) - len(late)
    facts = {"timestamp": stamping.document()}
    return NightlyOutcome(run_id, status, taken, len(digests), recomputed, whole.failures, findings, manifest, facts)


def _work(home_path: Path, as_of: date, plants: Sequence[str]) -> BatchResult:
    return work(home_path, plants, as_of)


def intake(home: Home, control: Control, as_of: date, now: Callable[[], datetime]) -> SubmitOutcome:
    """`take_inbox` by itself, between the nights."""
    with exclusive(home.path / LOCK):
        return take_inbox(home, control, as_of, now)


def take_inbox(home: Home, control: Control, as_of: date, now: Callable[[], datetime]) -> SubmitOutcome:
    """Deposit what lies in the inbox; readable files go to `done`, the others to `refused` with the reason beside them.

    What was changed within `inbox.SETTLING` of `now` may be half written: it waits for the next time, and so does what was put in place
    of a file that was just taken in.
    """
    moment = now()
    arrived = inbox.arrived(home, moment - inbox.SETTLING)
    files = [(plain_name(one.path.name), one.data) for one in arrived]
    meters = ingest_meters(home, control, files, moment, "inbox")
    rest = [file for file, took in zip(files, meters.taken, strict=True) if not took]
    outcome = submit(home, control, rest, moment, "inbox", as_of)
    refused = _words_of(outcome)
    for one, (name, _) in zip(arrived, files, strict=True):
        words = refused.get((name, one.sha256))
        if words is None:
            inbox.move_done(home, one)
        else:
            inbox.move_refused(home, one, words["zh"], words["en"])
    return outcome


def _words_of(outcome: SubmitOutcome) -> dict[tuple[str, str], dict[str, str]]:
    """Why each file goes to `refused`, by name and hash; of a file that was deposited in part also what was."""
    words: dict[tuple[str, str], dict[str, str]] = {}
    for one in outcome.stopped:
        said = words.setdefault((one.name, one.sha256), {"zh": "", "en": ""})
        for lang in said:
            said[lang] += ("\n" if said[lang] else "") + one.message[lang]
    for sent in outcome.submissions:
        filed = sent.checked
        key = (filed.file.name, filed.file.sha256)
        if key in words:
            words[key]["zh"] += f"\n本文件中的 {filed.plant_id} {filed.month}（{SECTORS[filed.sector][0]}）已存证。"
            words[key]["en"] += (
                f"\n{filed.plant_id} {filed.month} ({SECTORS[filed.sector][1]}) of this file was deposited."
            )
    return words


def plant_digests(control: Control) -> dict[str, str]:
    """For each plant with a deposit, a digest of everything its results depend on: an equal digest means equal results."""
    with control.read() as session:
        deposits = latest_deposits(session)
        readings = meter_files(session)["sha256"].tolist()
        imported = imported_factors(session, "oxidation")["file_sha256"].unique().tolist()
        shared = shared_evidence(session)
    register = registers(control)
    common = [version("tanheng"), imported, [(rule.code, rule.version) for rule in catalogue().values()]]
    metered = set(register["meter"]["plant_id"])
    parts: dict[str, list[Any]] = {plant: [common] for plant in deposits["plant_id"].unique()}
    for plant, rows in deposits.groupby("plant_id"):
        parts[str(plant)].append(rows["id"].tolist())
    for frame in register.values():
        for plant, rows in frame.groupby("plant_id"):
            if plant in parts:
                parts[str(plant)].append(rows.to_numpy().tolist())
    for plant in metered & set(parts):
        parts[plant].append(readings)
    for _, uses in shared.groupby("evidence_sha256"):  # who uses the same file elsewhere is a finding here
        for plant in set(uses["plant_id"]) & set(parts):
            parts[plant].append(uses.to_numpy().tolist())
    return {plant: hashlib.sha256(json.dumps(part).encode()).hexdigest() for plant, part in sorted(parts.items())}


def _judged(home: Home) -> dict[str, str]:
    path = home.lake / JUDGED
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _record(
    control: Control, run_id: str, number: int, result: BatchResult, started: datetime, ended: datetime
) -> None:
    rows_out = sum(len(frame) for frame in result.tables.values())
    failed = len(result.failures) == len(result.plants)
    error = "; ".join(f"{plant}: {reason}" for plant, reason in sorted(result.failures.items()))
    step = Step(
        "judge", number, result.plants, "failed" if failed else "ok", result.rows_in, rows_out, started, ended, error
    )
    with control.write() as session:
        record_step(session, run_id, step)
        record_plants(session, run_id, result.failures, result.plants)


def store_results(lake: Lake, whole: BatchResult, overtaken: Callable[[], Collection[str]] = tuple) -> None:
    """Results of the plants that did not fail into the lake, in place of their former ones.

    Plants that `overtaken` names deposited something since they were judged: the rows of their filings may be later ones already, and
    stay. It is asked before each table of filings, while nobody else writes their rows; the lock is let go after each table, since
    receipts wait for it.
    """
    plants = set(whole.plants) - set(whole.failures)
    filed = {table.name for table in FILING_TABLES}
    for name in sorted(RESULTS, key=lambda name: name not in filed):  # what no deposit writes comes last, and whole
        with exclusive(lake.root / ROWS_LOCK):
            if name in filed:
                plants -= set(overtaken())
            _store(lake, name, whole.tables.get(name), plants)


def _store(lake: Lake, name: str, frame: pd.DataFrame | None, plants: Collection[str]) -> None:
    if not plants:
        return
    frame = _empty(name) if frame is None else frame[frame["plant_id"].isin(plants)]
    period = frame[period_of(name)].str[:4]
    for year in sorted({*lake.years(name), *period.astype(int)}):
        lake.replace_plants(name, frame[period == f"{year:04d}"], plants, year)


def _overtaken(control: Control, counts: Mapping[str, int]) -> set[str]:
    with control.read() as session:
        return deposited_since(session, counts)


def period_of(table: str) -> str:
    """The column that dates the rows of a table."""
    for column in ("month", "day", "start", "year", "period"):
        if column in TABLES[table].by_name:
            return column
    raise ValueError(f"{table} has no period")


def _empty(table: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in TABLES[table].names})


def publish_all(home: Home, control: Control, as_of: date) -> tuple[pd.DataFrame, Manifest]:
    """Everything in the lake, the register and the catalogue as one publication; returns all findings and the manifest."""
    lake = Lake(home.lake)
    register = registers(control, as_of)
    with control.read() as session:
        deposits = deposit_versions(session)
    findings = pd.concat(
        [lake.read("finding"), deadline_findings(register["plant"], deposits, as_of)[TABLES["finding"].names]],
        ignore_index=True,
    )
    tables = {
        name: lake.read(name) for name in ("annual_report", "emission", "meter_month", *(t.name for t in FILING_TABLES))
    }
    tables |= register
    tables["finding"] = findings
    tables["rule"] = rule_table()
    return findings, publish(home, tables, as_of)


def rule_table() -> pd.DataFrame:
    """The catalogue as the canonical `rule` frame."""
    rows = [
        {
            "rule": rule.code,
            "version": rule.version,
            "title_zh": rule.title.zh,
            "title_en": rule.title.en,
            "severity": rule.severity,
            "class": rule.kind,
            "basis": "; ".join(rule.basis),
        }
        for rule in catalogue().values()
    ]
    return pd.DataFrame(rows, columns=TABLES["rule"].names, dtype="str")


def _live(
    control: Control,
    whole: BatchResult,
    findings: pd.DataFrame,
    run_id: str,
    at: datetime,
    counts: Mapping[str, int],
) -> None:
    """Brings the lives of findings up to date for every filing that was judged tonight.

    A few plants in one transaction: receipts are not to wait for the findings of a country. A night that is killed in between judges
    every plant again, and telling twice changes nothing more. Plants that deposited something since `counts` are passed over: what
    was found in a version that was overtaken is not brought back.
    """
    codes = set(catalogue())
    by_rules: dict[tuple[int, tuple[str, ...]], list[PlantMonth]] = {}
    places = {plant: number // TOLD_TOGETHER for number, plant in enumerate(whole.plants)}
    for (plant, sector, month), skipped in whole.ran.items():
        by_rules.setdefault((places[plant], skipped), []).append(PlantMonth(plant, month, sector))
    keys = pd.MultiIndex.from_frame(findings[["plant_id", "period"]])
    for (_, skipped), scope in sorted(by_rules.items()):
        told = findings[keys.isin([(entry.plant_id, entry.period) for entry in scope])]
        with control.write() as session:
            hold_findings(session)
            late = deposited_since(session, counts, {entry.plant_id for entry in scope})
            scope = [entry for entry in scope if entry.plant_id not in late]
            found = told[~told["plant_id"].isin(late)]
            update_findings(session, scope, found, run_id, at, codes - set(skipped))

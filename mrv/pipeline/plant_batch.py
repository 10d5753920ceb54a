"""One batch of plants from deposits to results: the unit of work of a nightly run, safe to run twice, anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from mrv.findings.build import build, from_faults, ordered
from mrv.intake import Intake, read_file
from mrv.metering.metered import monthly
from mrv.pipeline.batch import assemble
from mrv.pipeline.deposit import factors_of, registers
from mrv.pipeline.documents import emission_table
from mrv.pipeline.evidence_reuse import with_known_evidence
from mrv.pipeline.judge import judge
from mrv.pipeline.restriction import restricted
from mrv.reporting.annual_rows import annual_rows
from mrv.screening.catalogue import catalogue
from mrv.storage.control import Control
from mrv.storage.deposits import latest_deposits
from mrv.storage.evidence import Evidence
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from schemas import FILING_TABLES, TABLES

RESULTS = (*(table.name for table in FILING_TABLES), "meter_month", "emission", "finding", "annual_report")


@dataclass
class BatchResult:
    """What became of a batch: canonical frames by table, and the plants that failed with the reason."""

    plants: tuple[str, ...]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    ran: dict[tuple[str, str, str], tuple[str, ...]] = field(
        default_factory=dict
    )  # (plant, sector, month) -> rules not run
    failures: dict[str, str] = field(default_factory=dict)
    rows_in: int = 0


def work(home_path: Path, plants: Sequence[str], as_of: date) -> BatchResult:
    """Judge a batch of plants. When the batch fails each plant is tried alone, so that one never stops the others."""
    home = Home.open(home_path)
    control = Control.open(home)
    try:
        try:
            return _judge(home, control, plants, as_of)
        except Exception as error:  # whatever it is, the other plants of the batch go on; the reason is recorded
            if len(plants) == 1:
                return BatchResult(tuple(plants), failures={plants[0]: f"{type(error).__name__}: {error}"})
        alone = [work(home_path, [plant], as_of) for plant in plants]
        return joined(alone)
    finally:
        control.close()


def joined(results: Sequence[BatchResult]) -> BatchResult:
    """Several results as one."""
    tables = {}
    for name in RESULTS:
        parts = [result.tables[name] for result in results if name in result.tables and len(result.tables[name])]
        if parts:
            tables[name] = pd.concat(parts, ignore_index=True)
    return BatchResult(
        tuple(plant for result in results for plant in result.plants),
        tables,
        {key: rules for result in results for key, rules in result.ran.items()},
        {plant: reason for result in results for plant, reason in result.failures.items()},
        sum(result.rows_in for result in results),
    )


def _judge(home: Home, control: Control, plants: Sequence[str], as_of: date) -> BatchResult:
    with control.read() as session:
        deposits = latest_deposits(session, plants)
    evidence = Evidence(home.evidence)
    intakes = []
    for sha256, held in deposits.groupby("sha256", sort=True):
        result = read_file(held["file_name"].iloc[0], evidence.get(str(sha256)))
        if not isinstance(result, Intake):
            raise RuntimeError(f"a deposited file can no longer be read: {held['file_name'].iloc[0]} ({result.code})")
        keys = set(held[["plant_id", "sector", "month"]].itertuples(index=False, name=None))
        intakes.append(restricted(result, keys))
    batch = with_known_evidence(assemble(intakes), control)
    register = registers(control, as_of)
    register = {name: frame[frame["plant_id"].isin(plants)].reset_index(drop=True) for name, frame in register.items()}
    metered, meter_faults = _metered(home, plants, register["meter"], batch.tables.get("event"))
    judgement = judge(batch, factors_of(control), register, {"meter_month": metered}, as_of, deposited=True)
    rules = catalogue()
    findings = judgement.findings
    if len(meter_faults):
        months = set(batch.filings[["plant_id", "month"]].itertuples(index=False, name=None))
        known = [pair in months for pair in meter_faults[["plant_id", "month"]].itertuples(index=False, name=None)]
        extra = build(from_faults(meter_faults[known].assign(file_sha256=""), rules), rules)
        findings = ordered(pd.concat([findings, extra], ignore_index=True).drop_duplicates("id"))
    tables = {name: judgement.case.tables[name] for name in RESULTS if name in judgement.case.tables}
    tables["emission"] = emission_table(judgement.accounts.lines)
    tables["finding"] = findings[TABLES["finding"].names]
    years = sorted(set(batch.filings["month"].str[:4]))
    reports = [
        annual_rows(judgement.case.tables, judgement.accounts, findings, year, factors_of(control)) for year in years
    ]
    if reports:
        tables["annual_report"] = pd.concat(reports, ignore_index=True)
    skipped = judgement.not_run.groupby(["plant_id", "sector", "month"])["rule"].agg(tuple).to_dict()
    ran = {
        key: skipped.get(key, ())
        for key in batch.filings[["plant_id", "sector", "month"]].itertuples(index=False, name=None)
    }
    return BatchResult(tuple(plants), tables, ran, {}, len(batch.rows))


def _metered(
    home: Home, plants: Sequence[str], meters: pd.DataFrame, events: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Monthly quantities of the plants' meters and what was odd about their readings."""
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in TABLES["event"].names})
    readings = Lake(home.lake).read("meter_reading", None, plants)
    metered = monthly(readings, meters, empty if events is None else events)
    return metered.month, metered.faults

"""The data quality control plan: its workbook, taking in a version, showing and comparing versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from mrv.intake import Refusal
from mrv.intake.plan_file import PlanFile, read_plan
from mrv.pipeline.deposit import registers
from mrv.pipeline.plan_check import Problem, blocking, check_plan
from mrv.pipeline.receive import file_entry, iso_of, receive, signer_of, software
from mrv.reporting.plan_book import plan_workbook
from mrv.reporting.template_rows import template_rows
from mrv.storage.control import Control
from mrv.storage.evidence import Evidence
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from mrv.storage.ledger import append, leaf_content, leaf_number, note, receipt_of, sign
from mrv.storage.plans import CONTROL_PLAN, lock, put_plan, subject_of, versions
from schemas import TABLES

HEAD = ("plant_id", "sector", "version", "valid_from", "valid_to")
LINE_KEY = ("unit_id", "stream_id", "parameter")


@dataclass(frozen=True)
class Submitted:
    """What became of a plan: taken in (`new`), there already with these bytes (`same`), or not taken in (`problems` block)."""

    plan: PlanFile | Refusal
    problems: list[Problem]
    outcome: str
    file_receipt: dict[str, Any]
    receipt: dict[str, Any] | None


def plan_template(control: Control, lake: Lake, plant_id: str, sector: str, begins: date) -> bytes:
    """The workbook of the next version, filled from the register.

    Starts from the newest version of the plant; without one from what the monthly workbook asks for and what was filed in the year
    before. LookupError for a plant that is not in the register.
    """
    known = _own(registers(control), plant_id)
    if known["plant"].empty:
        raise LookupError(plant_id)
    have = versions(known["control_plan"], plant_id, sector)
    number = 1 + sum(begins.isoformat()[:4] == day[:4] for day in have["valid_from"])
    head = {"plant_id": plant_id, "sector": sector, "version": f"{begins.year}-V{number}"}
    head |= {"valid_from": begins.isoformat(), "valid_to": ""}
    texts: dict[tuple[str, str], str] = {}
    if len(have):
        last = have["version"].iloc[-1]
        plan = known["control_plan"]
        lines = plan[(plan["version"] == last) & plan["sector"].isin([sector, ""])]
        said = known["plan_section"]
        said = said[(said["version"] == last) & (said["sector"] == sector)]
        texts = {(row["section"], row["item"]): row["text"] for row in said.to_dict("records")}
        texts.pop(("B.1", "revision_reason"), None)  # every version says why it is made
    else:
        lines = _first_lines(known, lake, plant_id, sector, begins)
    streams = sorted(
        {part for name in ("unit", "facility") for text in known[name]["fuels"] for part in text.split(";")}
    )
    return plan_workbook(head, lines.reset_index(drop=True), texts, known, [one for one in streams if one])


def _first_lines(
    known: Mapping[str, pd.DataFrame], lake: Lake, plant_id: str, sector: str, begins: date
) -> pd.DataFrame:
    """Lines for a plant that has no plan yet: what was filed lately, as it was filed, and what its workbook requires."""
    filed = lake.read("parameter", [begins.year - 1, begins.year], [plant_id])
    filed = filed[filed["sector"] == sector].sort_values("month", ascending=False, kind="stable")
    rows = {
        tuple(row[name] for name in LINE_KEY): {**row, "description": row["source_document"]}
        for row in reversed(filed.to_dict("records"))
    }
    rows = _required_rows(known, sector) | rows
    names = TABLES[CONTROL_PLAN].names
    made = [
        {name: row.get(name, "") for name in names} | {"plant_id": plant_id, "sector": sector} for row in rows.values()
    ]
    meters = known["meter"].drop_duplicates(list(LINE_KEY)).set_index(list(LINE_KEY))["meter_id"].to_dict()
    for row in made:
        row["meter_id"] = meters.get(tuple(row[name] for name in LINE_KEY), "")
    frame = pd.DataFrame(made, columns=names, dtype="str")
    return frame.sort_values(list(LINE_KEY), ignore_index=True)


def _required_rows(known: Mapping[str, pd.DataFrame], sector: str) -> dict[tuple[str, ...], dict[str, str]]:
    """What the monthly workbook of the sector requires; nothing for a sector without one."""
    try:
        rows = template_rows(known["unit"], sector)
    except ValueError:
        return {}
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        if row.required:
            key = (row.unit_id, row.stream_id, row.parameter)
            found[key] = dict(zip(LINE_KEY, key, strict=True)) | {"method": "measured"}
    return found


def checked_plan(
    name: str, data: bytes, register: Mapping[str, pd.DataFrame] | None = None
) -> tuple[PlanFile | Refusal, list[Problem]]:
    """A plan as read, and what is wrong with it."""
    plan = read_plan(name, data)
    return (plan, []) if isinstance(plan, Refusal) else (plan, check_plan(plan, register))


def submit_plan(
    home: Home, control: Control, name: str, data: bytes, at: datetime, by: str, reason: str, as_of: date
) -> Submitted:
    """Takes in a version of a plan: bytes acknowledged first, then read, checked, put into register, ledger and audit trail together.

    as_of : the day from which the register knows it. PlanFault (`mrv.storage.plans`) for a version that is there with other bytes,
    or that overlaps with another.
    """
    signer = signer_of(home)
    (received,) = receive(home, control, [(name, data)], at, by, signer)
    plan, problems = checked_plan(name, data, registers(control))
    if isinstance(plan, Refusal) or blocking(problems):
        return Submitted(plan, problems, "refused", received.receipt, None)
    head = plan.head
    subject = subject_of(head["plant_id"], head["sector"], head["version"])
    with control.write() as session:
        lock(session, head["plant_id"], head["sector"])
        number = leaf_number(session, CONTROL_PLAN, subject)
        if number is None or leaf_content(session, number)["file"]["sha256"] != received.sha256:
            put_plan(session, plan.lines, plan.sections, as_of, received.sha256)
            number = record(session, head, file_entry(name, data), at, by, reason)
            outcome = "new"
        else:
            outcome = "same"
    sign(control, signer, Evidence(home.evidence), at)
    with control.read() as session:
        return Submitted(plan, problems, outcome, received.receipt, receipt_of(session, number))


def record(session: Any, head: Mapping[str, str], file: Mapping[str, Any], at: datetime, by: str, reason: str) -> int:
    """Puts a version into the ledger and the audit trail, in the transaction that takes it in; the number of its leaf."""
    subject = subject_of(head["plant_id"], head["sector"], head["version"])
    note(session, at, by, CONTROL_PLAN, subject, {"sha256": file["sha256"], "reason": reason})
    entry = {"file": file, "uploader": by, "reason": reason, "software": software()}
    return append(session, CONTROL_PLAN, subject, {**head, **entry, "received_at": iso_of(at)})


def plan_versions(control: Control, plant_id: str) -> pd.DataFrame:
    """Every version of a plant's plans: `sector` and the columns of `mrv.storage.plans.versions`, by sector and first day."""
    known = _own(registers(control), plant_id)
    found = []
    for sector in sorted({*known["plant"]["sector"], *known["control_plan"]["sector"]} - {""}):
        found.append(versions(known["control_plan"], plant_id, sector).assign(sector=sector))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def plan_on(control: Control, plant_id: str, day: date) -> list[dict[str, Any]]:
    """The plan in force on a day, one document for each sector that has one."""
    known = _own(registers(control), plant_id)
    result = []
    have = plan_versions(control, plant_id)
    for row in have.to_dict("records"):
        if row["valid_from"] <= day.isoformat() and (not row["until"] or day.isoformat() <= row["until"]):
            result.append({**row, **_content(known, row["sector"], row["version"])})
    return result


def plan_diff(control: Control, plant_id: str, first: str, second: str) -> list[dict[str, str]]:
    """Every field in which two versions differ: `part, unit_id, stream_id, parameter, field, before, after`.

    An added line or text is one whose `before` is empty throughout. LookupError names the version that is not there.
    """
    known = _own(registers(control), plant_id)
    have = plan_versions(control, plant_id)
    for version in (first, second):
        if have.empty or version not in set(have["version"]):
            raise LookupError(version)
    changes: list[dict[str, str]] = []
    for sector in sorted(set(have.loc[have["version"].isin([first, second]), "sector"])):
        left, right = (_fields(_content(known, sector, version)) for version in (first, second))
        for key in sorted({*left, *right}):
            before, after = left.get(key, ""), right.get(key, "")
            if before != after:
                part, unit_id, stream_id, parameter, name = key
                changes.append(
                    {
                        "sector": sector, "part": part, "unit_id": unit_id, "stream_id": stream_id,
                        "parameter": parameter, "field": name, "before": before, "after": after,
                    }
                )  # fmt: skip
    return changes


def _fields(content: dict[str, Any]) -> dict[tuple[str, str, str, str, str], str]:
    found = {("B.1", "", "", "", name): content[name] for name in ("valid_from", "valid_to")}
    for row in content["lines"]:
        key = tuple(row[name] for name in LINE_KEY)
        found |= {("lines", *key, name): text for name, text in row.items() if name not in LINE_KEY}
    for row in content["texts"]:
        found[row["section"], "", "", "", row["item"]] = row["text"]
    return found


def _content(known: Mapping[str, pd.DataFrame], sector: str, version: str) -> dict[str, Any]:
    plan, said = known["control_plan"], known["plan_section"]
    lines = plan[(plan["version"] == version) & plan["sector"].isin([sector, ""])]
    texts = said[(said["version"] == version) & (said["sector"] == sector)]
    names = [name for name in TABLES[CONTROL_PLAN].names if name not in HEAD]
    ends = {name: str(lines[name].iloc[0]) if len(lines) else "" for name in ("valid_from", "valid_to")}
    return {
        **ends,
        "lines": lines[names].to_dict("records"),
        "texts": texts[["section", "item", "text"]].to_dict("records"),
    }


def _own(register: Mapping[str, pd.DataFrame], plant_id: str) -> dict[str, pd.DataFrame]:
    return {name: frame[frame["plant_id"] == plant_id] for name, frame in register.items()}

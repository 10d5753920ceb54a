"""Many files as one batch: frames put together, shape checked once per table, every row accounted for."""

import json
from dataclasses import dataclass, field

import pandas as pd

from mrv.intake.result import FAULT_COLUMNS, ROW_COLUMNS, Intake
from mrv.screening.shape_faults import faults_of
from schemas import FILING_TABLES, TABLES
from schemas.shapes import PATTERNS
from schemas.validation import validate

REGISTER = ("plant", "unit", "facility", "meter", "control_plan", "plan_section")


@dataclass
class Batch:
    """Accepted rows of a batch and what was said about the others.

    `tables` : canonical frames of accepted rows. `rows` : one line per row read (`ROW_COLUMNS` and `file_sha256`), with the final
    disposition. `faults` : intake's and the schema check's (`FAULT_COLUMNS` and `file_sha256`). `filings` : file_sha256, plant_id,
    sector, month of everything the files speak of. `attachments` : plant_id, month, evidence_sha256.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    faults: pd.DataFrame = field(default_factory=pd.DataFrame)
    filings: pd.DataFrame = field(default_factory=pd.DataFrame)
    attachments: pd.DataFrame = field(default_factory=pd.DataFrame)


def assemble(intakes: list[Intake]) -> Batch:
    """Put the frames of files together and check their shape, one pandera call per table.

    The order of files does not matter: they are taken by hash. A row that breaks shape is refused; of rows that say
    different things under one key all are refused, whichever came first; rows that say the same are one row, the others ignored.
    """
    intakes = sorted(intakes, key=lambda intake: intake.sha256)
    # Two files of one hash are one file.
    intakes = [
        intake for number, intake in enumerate(intakes) if number == 0 or intake.sha256 != intakes[number - 1].sha256
    ]
    rows = _stacked(
        [intake.rows.assign(file_sha256=intake.sha256) for intake in intakes], [*ROW_COLUMNS, "file_sha256"]
    )
    faults = [_stacked([i.faults.assign(file_sha256=i.sha256) for i in intakes], [*FAULT_COLUMNS, "file_sha256"])]
    offsets = _offsets(intakes)
    names = {intake.sha256: intake.name for intake in intakes}
    tables: dict[str, pd.DataFrame] = {}
    for table in TABLES:
        parts = [
            intake.tables[table].set_axis(intake.tables[table].index + offset, axis=0)
            for intake, offset in zip(intakes, offsets, strict=True)
            if table in intake.tables and len(intake.tables[table])
        ]
        if not parts:
            continue
        frame = pd.concat(parts)
        accepted, table_faults = _checked(table, frame, rows, names)
        tables[table] = accepted
        faults.append(table_faults)
    faults[1:] = [_unsaid(faults[0], part) for part in faults[1:]]
    all_faults = pd.concat([part for part in faults if len(part)] or faults[:1], ignore_index=True)
    filings, blank = _filings(rows)
    if len(blank):
        all_faults = pd.concat([part for part in (all_faults, _blank_faults(blank)) if len(part)], ignore_index=True)
    return Batch(tables, rows, all_faults, filings, _attachments(tables))


def _stacked(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns, dtype="str")


def _unsaid(read: pd.DataFrame, shape: pd.DataFrame) -> pd.DataFrame:
    """Faults of the schema check that the reading has not already told, at the very cell."""
    if read.empty or shape.empty:
        return shape
    key = ["file_sha256", "code", "plant_id", "unit_id", "stream_id", "month", "parameter", "item"]
    return shape[~pd.MultiIndex.from_frame(shape[key]).isin(pd.MultiIndex.from_frame(read[key]))]


def _offsets(intakes: list[Intake]) -> list[int]:
    offsets, total = [], 0
    for intake in intakes:
        offsets.append(total)
        total += len(intake.rows)
    return offsets


def _checked(
    table: str, frame: pd.DataFrame, rows: pd.DataFrame, names: dict[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Accepted rows of one table and the faults of the others; writes the dispositions into `rows`.

    names : of the files by their SHA-256, for rows of different files that contradict each other
    """
    definition = TABLES[table]
    place = {"file_sha256", "sheet", "cell", "row", "column_map"}
    said = [name for name in definition.names if name not in place]
    repeated = frame.duplicated(said, keep="first")
    where = frame.index[repeated]
    rows.loc[where, ["disposition", "reason"]] = ["ignored", "same_row_twice"]
    frame = frame[~repeated]
    positions = frame.index.to_numpy()
    failures = validate(table, frame)
    failures = _whole_conflicts(list(definition.key), frame, failures)
    refused = positions[failures["position"].unique().astype(int)]
    rows.loc[refused, "disposition"] = "refused"
    rows.loc[refused, "reason"] = "shape"
    found = faults_of(table, frame.reset_index(drop=True), failures, names)
    if len(found):
        where = positions[failures["position"].astype(int)]
        found = found.assign(file_sha256=rows["file_sha256"].to_numpy()[where])
        blank = (found["sector"] == "").to_numpy()
        found.loc[blank, "sector"] = rows["sector"].to_numpy()[where][blank]
    return frame[~frame.index.isin(refused)].reset_index(drop=True), found


def _whole_conflicts(key: list[str], frame: pd.DataFrame, failures: pd.DataFrame) -> pd.DataFrame:
    """Failures of `unique` for every row of a conflicting key, each with the values the others state."""
    if failures.empty or not (failures["kind"] == "unique").any():
        return failures
    clashing = failures[failures["kind"] == "unique"]
    keys = pd.MultiIndex.from_frame(frame[key])
    members = keys.isin(keys[clashing["position"].astype(int)])
    more = pd.DataFrame(
        {
            "position": members.nonzero()[0],
            "column": clashing["column"].iloc[0],
            "kind": "unique",
            "value": frame[clashing["column"].iloc[0]].to_numpy()[members],
        }
    )
    both = pd.concat([failures[failures["kind"] != "unique"], more], ignore_index=True)
    return both.sort_values(["position", "column", "kind"], ignore_index=True)


def _filings(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the files speak of: each (file, plant, sector, month) with at least one row that is not ignored, and those of
    which a file holds nothing but a form that was not filled in.

    Rows of a table without a sector belong to the filing of the same file, plant and month. A row without a plant, or whose
    month is none, makes no filing: nobody could say whose it is.
    """
    columns = ["file_sha256", "plant_id", "sector", "month"]
    names = {table.name for table in FILING_TABLES}
    named = rows[(rows["plant_id"] != "") & rows["month"].str.fullmatch(PATTERNS["month"]) & rows["table"].isin(names)]
    told = named[(named["disposition"] != "ignored") | (named["reason"] == "same_row_twice")]
    forms = named[(named["reason"] == "not_filled") & (named["sector"] != "")][columns].drop_duplicates()
    spoken = rows.loc[(rows["disposition"] != "ignored") | (rows["reason"] == "same_row_twice"), "file_sha256"]
    blank = forms[~forms["file_sha256"].isin(spoken)]
    found = told[columns].drop_duplicates()
    whole = found[found["sector"] != ""]
    bare = found[found["sector"] == ""].merge(
        whole[["file_sha256", "plant_id", "month"]].drop_duplicates(), how="left", indicator=True
    )
    alone = bare[bare["_merge"] == "left_only"][columns]
    return pd.concat([whole, alone, blank]).sort_values(columns, ignore_index=True), blank


def _blank_faults(blank: pd.DataFrame) -> pd.DataFrame:
    """One fault of completeness for each form that was handed in without a single value."""
    words = {"label": "关键参数（整份填报表没有填写任何数值）", "column": "value"}
    faults = pd.DataFrame("", index=range(len(blank)), columns=[*FAULT_COLUMNS, "file_sha256"], dtype="str")
    for name in ("plant_id", "sector", "month", "file_sha256"):
        faults[name] = blank[name].to_numpy()
    return faults.assign(
        code="CMP-03",
        table="parameter",
        item="filing",
        expected="本月各项必填数据",
        params=json.dumps(words, ensure_ascii=False, sort_keys=True),
    )


def _attachments(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    parts = [
        tables[name][["plant_id", "month", "evidence_sha256"]]
        for name in ("evidence", "coal_analysis")
        if name in tables
    ]
    frame = pd.concat(parts) if parts else pd.DataFrame(columns=["plant_id", "month", "evidence_sha256"], dtype="str")
    return frame[frame["evidence_sha256"] != ""].drop_duplicates(ignore_index=True)

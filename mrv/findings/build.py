"""One place where faults of intake, failures of shape and rows of screening become findings."""

import json
from typing import Any

import pandas as pd

from mrv.findings.identity import identities
from mrv.findings.words import render
from mrv.screening.rule import Rule
from schemas import TABLES
from schemas.location import row_and_column

FIELDS = ["plant_id", "sector", "unit_id", "stream_id", "parameter", "period", "item", "value", "expected"]


def from_faults(faults: pd.DataFrame, rules: dict[str, Rule]) -> pd.DataFrame:
    """Faults of intake and shape in the frame that screening returns (`rule`, key, location, `params` as dict)."""
    rows = faults.rename(columns={"code": "rule"}).copy()
    rows["params"] = [json.loads(text) if text else {} for text in rows["params"]]
    rows["severity"] = [rules[code].severity for code in rows["rule"]]
    rows["counterfactual"] = ""
    return rows


def build(rows: pd.DataFrame, rules: dict[str, Rule]) -> pd.DataFrame:
    """Findings from offending rows: one per identity, with words; impact columns empty until they are measured.

    Rows of one identity (the same fault met in several cells) become one finding: the first cell by sheet and position
    stands for all, and the message says how many there are. Returns the columns of `schemas.TABLES["finding"]`, plus
    `counterfactual`.
    """
    names = [*TABLES["finding"].names, "counterfactual"]
    if rows.empty:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in names})
    rows = rows.assign(period=rows["month"]).reset_index(drop=True)
    rows["id"] = identities(rows)
    rows["count"] = rows["id"].map(rows.drop_duplicates(["id", "file_sha256", "sheet", "cell"])["id"].value_counts())
    first = rows.drop_duplicates("id", keep="first").reset_index(drop=True)
    texts = [_texts(rules[row["rule"]], row) for row in first.to_dict("records")]
    found = first.assign(**{"class": [rules[code].kind for code in first["rule"]]})
    found["basis"] = ["; ".join(rules[code].basis) for code in first["rule"]]
    for part in ("message", "why", "fix"):
        found[f"{part}_zh"] = [text[part][0] for text in texts]
        found[f"{part}_en"] = [text[part][1] for text in texts]
    for column in ("impact_tco2e", "impact_allowance_t", "impact_gap_t", "impact_scope"):
        found[column] = ""
    return found.reindex(columns=names).fillna("").astype("str")


def _texts(rule: Rule, row: dict[str, Any]) -> dict[str, tuple[str, str]]:
    fields = {name: str(row[name]) for name in FIELDS}
    rendered = render(rule, fields, row["params"])
    texts = {part: (text.zh, text.en) for part, text in rendered.items()}
    if row["count"] > 1:
        zh, en = texts["message"]
        texts["message"] = (f"{zh}（同类共{row['count']}处）", f"{en} ({row['count']} places of this kind)")
    return texts


def ordered(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings in the order a person should read them: by size of the gap in tonnes, severity, rule, then as they stand in the
    file: by sheet, row and column."""
    rank = {"blocks": 0, "must_answer": 1, "note": 2}
    gap = pd.to_numeric(findings["impact_gap_t"], errors="coerce").abs().fillna(0.0)
    order = findings.assign(_gap=-gap, _rank=findings["severity"].map(rank))
    places = [row_and_column(cell) for cell in order["cell"]]
    order = order.assign(_row=[row for row, _ in places], _column=[column for _, column in places])
    keys = ["_gap", "_rank", "rule", "plant_id", "period", "sheet", "_row", "_column", "unit_id", "stream_id", "id"]
    return (
        order.sort_values(keys, kind="stable")
        .drop(columns=[name for name in keys if name[0] == "_"])
        .reset_index(drop=True)
    )

"""The JSON documents of the `mrv` command: field names are a contract, decimals are strings."""

import json
from decimal import Decimal
from typing import Any

import pandas as pd

from emission_factors import NoRuleSet, rule_set
from mrv.accounting.accounts import total_of
from mrv.accounting.input_words import input_unit
from mrv.intake import Refusal
from mrv.pipeline.check import Checked, CheckOutcome
from schemas import TABLES
from schemas.vocabulary.parameters import unit_of

INPUTS = {
    "activity": "fuel_consumption",
    "carbon_content_ar": "carbon_content_ar",
    "net_calorific_value": "net_calorific_value",
    "carbon_per_heat": "carbon_per_heat",
    "oxidation_rate": "oxidation_rate",
}


def plain(value: Any) -> str | None:
    """A decimal as plain text (no exponent), None where absent."""
    if value is None or (isinstance(value, float) and value != value) or value == "":
        return None
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def rule_set_id(sector: str, month: str) -> str | None:
    """The rule set in force for a filing, None where the sector or the month has none."""
    try:
        return rule_set(sector, month).id
    except (NoRuleSet, ValueError):
        return None


def line_inputs(line: dict[str, Any]) -> dict[str, dict[str, str | None]]:
    """What went into an emission line: parameter → value and unit."""
    if line["inputs"] is not None:
        return {
            name: {"value": plain(value), "unit": input_unit(name, line["stream_id"])} for name, value in line["inputs"]
        }
    if line["source"] == "electricity":
        return {
            "purchased_electricity": {"value": plain(line["activity"]), "unit": "MWh"},
            "grid_factor": {"value": plain(line["grid_factor"]), "unit": "tCO2/MWh"},
        }
    used = {name: plain(line[column]) for column, name in INPUTS.items()}
    return {
        name: {"value": value, "unit": unit_of(name, line["stream_id"])}
        for name, value in used.items()
        if value is not None
    }


def emission_line(line: dict[str, Any]) -> dict[str, Any]:
    """One emission line of the contract."""
    return {
        "unit_id": line["unit_id"],
        "stream_id": line["stream_id"],
        "source": line["source"],
        "gas": line["gas"],
        "level": line["level"],
        "tonnes": plain(line["tonnes"]),
        "tco2e": plain(line["tco2"]),
        "formula": line["formula"],
        "inputs": line_inputs(line),
        "factors": line["factors"].split(),
        "substituted": line["substituted"].split(),
        "provisional": bool(line["provisional"]),
    }


def finding_document(row: dict[str, Any]) -> dict[str, Any]:
    """One finding of the contract; empty texts are null where a value may be absent."""
    return {
        "id": row["id"],
        "rule": row["rule"],
        "severity": row["severity"],
        "class": row["class"],
        "plant_id": row["plant_id"],
        "sector": row["sector"] or None,
        "unit_id": row["unit_id"],
        "stream_id": row["stream_id"],
        "parameter": row["parameter"],
        "period": row["period"],
        "item": row["item"],
        "message": {"zh": row["message_zh"], "en": row["message_en"]},
        "why": {"zh": row["why_zh"], "en": row["why_en"]},
        "fix": {"zh": row["fix_zh"], "en": row["fix_en"]},
        "basis": row["basis"],
        "sheet": row["sheet"] or None,
        "cell": row["cell"] or None,
        "value": row["value"] or None,
        "expected": row["expected"] or None,
        "impact_tco2e": row["impact_tco2e"] or None,
        "impact_allowance_t": row["impact_allowance_t"] or None,
        "impact_gap_t": row["impact_gap_t"] or None,
        "impact_scope": row["impact_scope"] or None,
    }


def checked_document(checked: Checked) -> dict[str, Any]:
    """One object per (file, plant, month, sector)."""
    total = total_of(checked.lines)
    return {
        "file": {
            "name": checked.file.name,
            "sha256": checked.file.sha256,
            "kind": checked.file.kind,
            "encoding": checked.file.encoding or None,
            "copies": list(checked.copies),
        },
        "filing": {
            "plant_id": checked.plant_id,
            "sector": checked.sector,
            "period": checked.month,
            "rule_set": rule_set_id(checked.sector, checked.month),
        },
        "understood": [
            {
                "sheet": part.sheet or None,
                "table": part.table,
                "header_row": part.header_row,
                "columns": part.columns,
                "ignored": part.ignored,
            }
            for part in checked.file.understood
        ],
        "rows": checked.rows,
        "findings": [finding_document(row) for row in checked.findings.to_dict("records")],
        "not_run": [{"rule": row.rule, "needs": row.needs} for row in checked.not_run.itertuples(index=False)],
        "emissions": {
            "total_tco2e": plain(total),
            "provisional": bool(checked.lines["provisional"].astype(bool).any()),
            "lines": [emission_line(line) for line in checked.lines.to_dict("records")],
        },
    }


def refusal_document(refusal: Refusal) -> dict[str, Any]:
    """An input that cannot be read."""
    return {
        "file": {"name": refusal.name, "sha256": refusal.sha256},
        "error": {"code": refusal.code, "message": dict(refusal.message)},
    }


def check_document(outcome: CheckOutcome) -> dict[str, Any] | list[dict[str, Any]]:
    """What `mrv check --json` prints: one object, or a list when there are several."""
    documents = [checked_document(checked) for checked in outcome.filings]
    documents += [
        refusal_document(refusal) for refusal in sorted(outcome.refused, key=lambda one: (one.name, one.sha256))
    ]
    return documents[0] if len(documents) == 1 else documents


def check_status(outcome: CheckOutcome) -> int:
    """Exit status of a check: 2 when an input could not be read, 1 when a finding blocks, else 0."""
    if outcome.refused or not outcome.filings:
        return 2
    return int(any((checked.findings["severity"] == "blocks").any() for checked in outcome.filings))


def dumps(document: Any) -> str:
    """JSON as the command prints it: UTF-8, two spaces, keys in the order of the contract."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def emission_table(lines: pd.DataFrame) -> pd.DataFrame:
    """Emission lines as the canonical `emission` frame (text), for stores and publication."""
    records = lines.to_dict("records")
    frame = lines[
        ["plant_id", "sector", "unit_id", "stream_id", "month", "source", "level", "gas", "formula", "rule_set"]
    ].copy()
    frame["tonnes"] = [plain(line["tonnes"]) or "" for line in records]
    frame["tco2e"] = [plain(line["tco2"]) or "" for line in records]
    frame["inputs"] = [json.dumps(line_inputs(line), ensure_ascii=False, sort_keys=True) for line in records]
    frame["factors"] = [json.dumps(line["factors"].split()) for line in records]
    frame["provisional"] = ["yes" if line["provisional"] else "no" for line in records]
    return frame[TABLES["emission"].names].astype("str")

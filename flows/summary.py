"""The summary of a night, as a document, a page and a table; Chinese first, English beside it."""

from datetime import date
from typing import Any

from mrv.pipeline.deposit import SubmitOutcome
from mrv.pipeline.nightly import NightlyOutcome

STATUS = {"completed": "完成 completed", "partial": "部分完成 partial"}
SEVERITIES = {"blocks": "阻断 blocks", "must_answer": "须说明 must answer", "note": "提示 note"}
OUTCOMES = {"new": "新存证 new", "same": "重复 same bytes", "superseded": "已被替代 superseded"}
EMPTY = "（无 none）"


def inbox_document(taken: SubmitOutcome) -> dict[str, Any]:
    """What became of the inbox."""
    outcomes = [one.deposited.outcome for one in taken.submissions]
    return {
        "deposits": {name: outcomes.count(name) for name in OUTCOMES},
        "refused": [{"file": one.name, "sha256": one.sha256, "reason": dict(one.message)} for one in taken.stopped],
    }


def night_document(outcome: NightlyOutcome, as_of: date) -> dict[str, Any]:
    """What became of a night; the result of the flow."""
    severities = outcome.findings["severity"].tolist()
    return {
        "run_id": outcome.run_id,
        "as_of": as_of.isoformat(),
        "status": outcome.status,
        "inbox": inbox_document(outcome.inbox),
        "plants": outcome.plants,
        "recomputed": outcome.recomputed,
        "failures": dict(sorted(outcome.failures.items())),
        "findings": {name: severities.count(name) for name in SEVERITIES},
        "timestamp": outcome.facts["timestamp"],
        "published": {name: table.rows for name, table in sorted(outcome.manifest.tables.items())},
    }


def inbox_rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Counts of the inbox, one per line of the table."""
    rows = [_row("收件 inbox", OUTCOMES[name], count) for name, count in document["deposits"].items()]
    return [*rows, _row("收件 inbox", "拒收文件 files refused", len(document["refused"]))]


def night_rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Counts of a night, one per line of the table."""
    plants = {
        "已存证企业 plants with deposits": document["plants"],
        "重算 recomputed": document["recomputed"],
        "失败 failed": len(document["failures"]),
    }
    return [
        *inbox_rows(document["inbox"]),
        *(_row("企业 plants", name, count) for name, count in plants.items()),
        *(_row("检查结果 findings", SEVERITIES[name], count) for name, count in document["findings"].items()),
        *(_row("发布的表 published", name, count) for name, count in document["published"].items()),
    ]


def inbox_page(document: dict[str, Any]) -> str:
    """The page of an inbox run, in Markdown."""
    return "\n".join(["# 收件 Inbox", "", *_table(inbox_rows(document)), "", *_refused(document), ""])


def night_page(document: dict[str, Any]) -> str:
    """The page of a night, in Markdown."""
    failed = [f"| {_plain(plant)} | {_plain(reason)} |" for plant, reason in document["failures"].items()]
    head = ["| 企业 plant | 原因 reason |", "|---|---|"]
    return "\n".join(
        [
            f"# 夜间运行 Nightly run {document['as_of']}",
            "",
            f"{document['run_id']} · **{STATUS[document['status']]}**",
            "",
            *_table(night_rows(document)),
            "",
            "## 计算失败的企业 Plants that failed",
            "",
            *([*head, *failed] if failed else [EMPTY]),
            "",
            *_refused(document["inbox"]),
            "",
            *_timestamp(document["timestamp"]),
        ]
    )


def _timestamp(stamped: dict[str, Any]) -> list[str]:
    """How far time-stamps reach, where an authority is set."""
    if stamped["state"] == "off":
        return []
    words = f"覆盖 {stamped['covered']}/{stamped['leaves']} 条 leaves covered"
    error = f"\n\n**{_plain(stamped['error'])}**" if stamped["error"] else ""
    return ["## 时间戳 Time-stamps", "", f"{words}{error}", ""]


def _row(group: str, item: str, count: int) -> dict[str, Any]:
    return {"类别 group": group, "项目 item": item, "数量 count": count}


def _table(rows: list[dict[str, Any]]) -> list[str]:
    return [
        f"| {' | '.join(rows[0])} |",
        "|---|---|---:|",
        *(f"| {' | '.join(str(value) for value in row.values())} |" for row in rows),
    ]


def _refused(document: dict[str, Any]) -> list[str]:
    files = [
        f"| {_plain(one['file'])} | {_plain(one['reason']['zh'])} {_plain(one['reason']['en'])} |"
        for one in document["refused"]
    ]
    head = ["| 文件 file | 原因 reason |", "|---|---|"]
    return ["## 拒收的文件 Files refused", "", *([*head, *files] if files else [EMPTY])]


def _plain(text: str) -> str:
    """Text from outside as text of a table cell: no mark-up of whoever named the file reaches the page."""
    for mark in "\\`*_[]<>|#!":
        text = text.replace(mark, f"\\{mark}" if mark not in "<>" else {"<": "&lt;", ">": "&gt;"}[mark])
    return " ".join(text.split())

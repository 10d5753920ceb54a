"""The summary of a night: every count once, two languages, and no mark-up from outside."""

from typing import Any

from flows.summary import inbox_page, night_page, night_rows


def document(**other: Any) -> dict[str, Any]:
    return {
        "run_id": "nightly-2026-03-05.1",
        "as_of": "2026-03-05",
        "status": "completed",
        "inbox": {"deposits": {"new": 2, "same": 1, "superseded": 0}, "refused": []},
        "plants": 7,
        "recomputed": 6,
        "failures": {},
        "findings": {"blocks": 3, "must_answer": 4, "note": 5},
        "timestamp": {"state": "off", "leaves": 3, "covered": 0, "at": "", "error": ""},
        "published": {"emission": 41},
    } | other


def test_every_count_has_its_line() -> None:
    counts = [row["数量 count"] for row in night_rows(document())]
    assert counts == [2, 1, 0, 0, 7, 6, 0, 3, 4, 5, 41]
    page = night_page(document())
    assert "| 检查结果 findings | 阻断 blocks | 3 |" in page
    assert page.count("（无 none）") == 2


def test_what_failed_and_what_was_refused_is_named() -> None:
    refused = [{"file": "a.pdf", "sha256": "0", "reason": {"zh": "不是填报文件", "en": "not a filing"}}]
    inbox = {"deposits": {"new": 0, "same": 0, "superseded": 0}, "refused": refused}
    page = night_page(document(status="partial", failures={"P1": "KeyError: 'x'"}, inbox=inbox))
    assert "部分完成 partial" in page
    assert "| P1 | KeyError: 'x' |" in page
    assert "| a.pdf | 不是填报文件 not a filing |" in page
    assert "| a.pdf | 不是填报文件 not a filing |" in inbox_page(inbox)


def test_how_far_time_stamps_reach() -> None:
    assert "时间戳" not in night_page(document())
    told = {"state": "failed", "leaves": 3, "covered": 1, "at": "2026-03-04T04:00:00Z", "error": "URLError: <x>"}
    page = night_page(document(timestamp=told))
    assert "覆盖 1/3" in page and "URLError: &lt;x&gt;" in page


def test_a_file_name_is_text_and_no_mark_up() -> None:
    name = "x|y\n[click](http://z) <script>`"
    refused = [{"file": name, "sha256": "0", "reason": {"zh": "", "en": ""}}]
    page = inbox_page({"deposits": {}, "refused": refused})
    line = page.splitlines()[-1]
    assert line.startswith("| x\\|y \\[click\\](http://z) &lt;script&gt;\\` |")

"""What `mrv submit` and `mrv findings` print of findings: severity, cell, number, and where to see the rest."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from mrv.cli.submit import _show_findings
from mrv.pipeline.remarks import findings_with_remarks
from mrv.storage.finding_life import PlantMonth, update_findings
from mrv.storage.lake import Lake
from schemas import empty
from tests.cli.corrections_home import Place, make_place  # noqa: F401
from tests.pipeline.plants import FIRST_GAS, JANUARY


def told(severity: str, rule: str, cell: str | None) -> dict[str, object]:
    text = {"zh": f"{rule} 的说明", "en": f"words of {rule}"}
    return {"severity": severity, "rule": rule, "sheet": None, "cell": cell, "message": text, "fix": text}


def test_submit_tells_what_must_be_answered_and_counts_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    found = [told("must_answer", "V26", "E10"), told("must_answer", "CMP-04", None), told("note", "PHY-05", "Y5")]
    receipt = {"plant_id": "P1", "period": "2026-10", "findings": found}
    _show_findings(receipt, "zh")
    text = capsys.readouterr().out
    assert "状态：已完成；检查结果：须说明 2 项，提示 1 项" in text
    assert "须说明 V26 E10 V26 的说明" in text and "须说明 CMP-04 CMP-04 的说明" in text
    assert "PHY-05" not in text and "mrv findings P1 2026-10" in text
    _show_findings(receipt | {"findings": [told("blocks", "SCH-10", "D5"), *found]}, "en")
    assert "Status: incomplete; findings: 1 blocks, 2 must be answered, 1 note" in capsys.readouterr().out
    _show_findings(receipt | {"findings": []}, "zh")
    assert capsys.readouterr().out == ""


def test_findings_name_severity_and_cell(make_place: Callable[..., Place]) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    row = {"id": "ab" * 32, "rule": "PHY-15", "severity": "blocks", "plant_id": FIRST_GAS, "sector": "power"}
    row |= {"period": JANUARY, "message_zh": "小时数过多。", "message_en": "Too many hours.", "sheet": "生产参数"}
    row |= {"cell": "D6", "class": "consistency"}
    frame = empty("finding").reindex([0]).fillna("").assign(**row).astype("str")
    with place.control.write() as session:
        update_findings(session, [PlantMonth(FIRST_GAS, JANUARY)], frame, "cd" * 32, datetime(2026, 2, 1, tzinfo=UTC))
    Lake(place.home.lake).write("finding", frame, 2026)
    assert findings_with_remarks(place.control, FIRST_GAS, JANUARY, Lake(place.home.lake))[0]["cell"] == "D6"
    assert "阻断 PHY-15 2026-01 生产参数!D6 [新出现] 小时数过多。" in place.run("findings", FIRST_GAS).stdout

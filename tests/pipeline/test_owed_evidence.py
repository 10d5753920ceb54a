"""A deposit owes its evidence: to attach nothing, or nothing with content, is no way to a complete month."""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from mrv.pipeline.deposit import registers, submit
from mrv.pipeline.opening import opened
from mrv.pipeline.plant_batch import work
from mrv.storage.home import Home
from mrv.storage.register import put_register
from tests.pipeline.plants import AS_OF, FIRST_GAS, csv_of, filing, judged, register

AT = datetime(2026, 3, 4, 2, tzinfo=UTC)


def repacked(change: Mapping[str, bytes | None]) -> bytes:
    """The filing zip of January with members replaced, or left out."""
    with zipfile.ZipFile(io.BytesIO(filing()[1])) as archive:
        members = {name: archive.read(name) for name in archive.namelist()} | change
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            if content is not None:
                archive.writestr(name, content)
    return target.getvalue()


def members() -> list[str]:
    with zipfile.ZipFile(io.BytesIO(filing()[1])) as archive:
        return archive.namelist()


def blocks(findings: pd.DataFrame) -> set[tuple[str, str]]:
    found = findings[findings["severity"] == "blocks"]
    return set(found[["rule", "parameter"]].itertuples(index=False, name=None))


def test_a_deposit_without_evidence_owes_all_of_it(tmp_path: Path) -> None:
    """Judged alike when it is deposited and by night; the check of a bare file says that the rule was not run."""
    Home.create(tmp_path / "home")
    with opened(tmp_path / "home") as (home, control):
        with control.write() as session:
            for name, frame in register(FIRST_GAS).items():
                put_register(session, name, frame, AS_OF)
        (done,) = submit(home, control, [("1.csv", csv_of())], AT, "填报员", AS_OF).submissions
        owed = {parameter for rule, parameter in blocks(done.checked.findings) if rule == "CMP-05"}
        assert done.receipt()["status"] == "incomplete" and {"fuel_consumption", "power_generation"} <= owed
        night = work(home.path, [FIRST_GAS], AS_OF)
        assert blocks(night.tables["finding"]) == blocks(done.checked.findings)
        known = registers(control, AS_OF)
    (alone,) = judged(("1.csv", csv_of()), known=known).filings
    assert "CMP-05" in set(alone.not_run["rule"]) and "CMP-05" not in set(alone.findings["rule"])


def test_a_listed_file_that_is_absent_or_empty_is_told_at_its_cell() -> None:
    named = [name for name in members() if name.endswith(".pdf")]
    for change, words in ((None, "不在提交的压缩包中"), (b"", "是 0 字节的空文件")):
        (checked,) = judged(("1.zip", repacked({named[0]: change}))).filings
        told = checked.findings[checked.findings["rule"] == "SCH-21"].to_dict("records")
        assert [one["item"] for one in told] == [named[0]] and words in told[0]["message_zh"]
        assert told[0]["cell"] and told[0]["sheet"] == "evidence.csv"
        assert "CMP-05" in set(checked.findings["rule"])


def test_names_without_files_are_no_evidence_of_a_deposit() -> None:
    none = dict.fromkeys([name for name in members() if name.endswith(".pdf")])
    data = repacked(none)
    (checked,) = judged(("1.zip", data)).filings
    (deposit,) = judged(("1.zip", data), deposited=True).filings
    assert "CMP-05" not in set(checked.findings["rule"]) and "CMP-05" in set(deposit.findings["rule"])

"""Corrections through the command line and the inbox: what is asked of them, how it is told, and what they change."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd

from mrv.pipeline.nightly import nightly
from mrv.pipeline.proofs import audited, proof_of
from mrv.storage.deposits import deposit_versions
from tests.cli.corrections_home import AFTER, IN_TIME, Place, gas, make_place  # noqa: F401
from tests.pipeline.plants import FEBRUARY, FIRST_GAS, JANUARY, SECOND_GAS, changed, csv_of, lay, value_of

Make = Callable[..., Place]


def versions(place: Place) -> list[tuple[str, str, int]]:
    with place.control.read() as session:
        held = deposit_versions(session)
    return list(held[["plant_id", "month", "version"]].itertuples(index=False, name=None))


def consumption(factor: str) -> bytes:
    """January of the first gas plant as a CSV, with its gas multiplied."""
    filed = value_of("fuel_consumption")
    return changed(csv_of(), f"fuel_consumption,{filed}", f"fuel_consumption,{Decimal(filed) * Decimal(factor)}")


def test_a_correction_needs_a_reason(make_place: Make) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    assert place.submit(gas("743.00"))[0] == 0
    again = place.submit(gas("743.00"), day=AFTER)
    assert again[0] == 0 and again[1]["outcome"] == "same"
    status, refused = place.submit(gas())
    assert status == 2 and refused["error"]["code"] == "reason_needed"
    assert refused["filing"] == {"plant_id": FIRST_GAS, "sector": "power", "period": JANUARY}
    printed = place.sent(gas("743.00")).stdout
    assert re.search(r"接收时间 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", printed, re.MULTILINE)
    told = place.sent(gas(), "--reason", "  ")
    assert told.exit_code == 2
    assert (
        "第 1 版" in told.stdout
        and "2026-01（发电）" in told.stdout
        and "更正原因" in told.stdout
        and "--reason" in told.stdout
    )
    assert versions(place) == [(FIRST_GAS, JANUARY, 1)]
    # What was refused as a deposit is acknowledged as bytes.
    leaf = json.loads((proof_of(place.control, refused["file"]["sha256"]) or {})["leaf"])
    assert leaf["kind"] == "received" and leaf["file"]["sha256"] == refused["file"]["sha256"]
    status, receipt = place.submit(gas(), "--reason", "小时数抄错")
    assert (status, receipt["version"], receipt["reason"]) == (0, 2, "小时数抄错")
    assert "不代替" in receipt["note"]["zh"]
    assert audited(place.home, place.control, []).faults == ()


def test_after_the_deadline_a_correction_names_the_return(make_place: Make) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    place.submit(gas("743.00"))
    assert place.submit(gas("742.00"), "--reason", "更正", day="2026-03-12")[0] == 0  # the deadline itself is in time
    status, refused = place.submit(gas(), "--reason", "更正", day=AFTER)
    assert status == 2 and refused["error"]["code"] == "return_needed"
    words = refused["error"]["message"]["zh"]
    assert "2026-03-12" in words and "退回" in words and "--return-reference" in words
    status, receipt = place.submit(gas(), "--reason", "更正", "--return-reference", "粤环退〔2026〕7号", day=AFTER)
    assert (status, receipt["version"], receipt["return_reference"]) == (0, 3, "粤环退〔2026〕7号")
    assert json.loads(receipt["proof"]["leaf"])["return_reference"] == "粤环退〔2026〕7号"
    with place.control.read() as session:
        assert deposit_versions(session)["return_reference"].tolist() == ["", "", "粤环退〔2026〕7号"]


def test_the_day_of_judgement_moves_no_deadline(make_place: Make) -> None:  # noqa: F811
    """What came after the deadline is late as of any day, and what came in time as of none."""
    place = make_place(FIRST_GAS)
    place.submit(gas("743.00"))
    for day in (IN_TIME, AFTER):
        status, refused = place.submit(gas(), "--reason", "更正", "--as-of", day, day=AFTER)
        assert status == 2 and refused["error"]["code"] == "return_needed"
    status, receipt = place.submit(gas(), "--reason", "更正", "--as-of", AFTER)
    assert status == 0 and receipt["version"] == 2


def test_a_first_deposit_after_the_deadline_is_late_not_refused(make_place: Make) -> None:  # noqa: F811
    status, receipt = make_place(FIRST_GAS).submit(gas(), day=AFTER)
    assert status == 0 and receipt["version"] == 1


def test_a_return_of_the_platform_opens_the_way_once(make_place: Make) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    _, first = place.submit(gas("743.00"))
    record = ("platform", "record", first["deposit_id"][:12], "--by", "填报员", "--at", "2026-03-20")
    assert place.run(*record, "--number", "S-1", "--status", "submitted").exit_code == 0
    assert place.submit(gas(), "--reason", "更正", day="2026-03-21")[0] == 2
    assert place.run(*record, "--number", "R-7", "--status", "returned").exit_code == 0
    status, receipt = place.submit(gas(), "--reason", "更正", day="2026-03-21")
    assert (status, receipt["version"], receipt["return_reference"]) == (0, 2, "R-7")
    assert place.submit(gas("742.00"), "--reason", "再改", day="2026-03-22")[1]["error"]["code"] == "return_needed"


def test_a_return_allows_one_correction(make_place: Make) -> None:  # noqa: F811
    """Named or found by itself, a return that a version has answered opens nothing more; the bytes that answered it stay the same."""
    place = make_place(FIRST_GAS)
    place.submit(gas("743.00"))
    named = ("--reason", "更正", "--return-reference", "PT-77")
    assert place.submit(gas("742.00"), *named, day=AFTER)[1]["version"] == 2
    for number in ("PT-77", " ｐｔ-77 "):
        status, refused = place.submit(gas(), "--reason", "再改", "--return-reference", number, day=AFTER)
        assert status == 2 and refused["error"]["code"] == "return_spent"
    words = refused["error"]["message"]
    assert "已用于第 2 版，一次退回只对应一次更正" in words["zh"] and "a return allows one correction" in words["en"]
    status, same = place.submit(gas("742.00"), *named, day=AFTER)
    assert status == 0 and (same["outcome"], same["return_reference"]) == ("same", "PT-77")
    record = (
        "platform",
        "record",
        same["deposit_id"][:12],
        "--by",
        "填报员",
        "--number",
        "PT-80",
        "--status",
        "returned",
    )
    assert place.run(*record, "--at", "2026-03-20").exit_code == 0
    assert place.submit(gas(), "--reason", "再改", day="2026-03-21")[1]["return_reference"] == "PT-80"
    again = ("--reason", "又改", "--return-reference", "PT-80")
    assert place.submit(gas("741.00"), *again, day="2026-03-22")[1]["error"]["code"] == "return_spent"


def test_each_filing_of_a_file_is_told_by_itself(make_place: Make) -> None:  # noqa: F811
    """January is a correction without a reason, February is new: one is declined, the other deposited, neither silently."""
    place = make_place(FIRST_GAS)
    place.submit(gas("743.00"))
    both = csv_of(months=(JANUARY, FEBRUARY))
    status, documents = place.submit(both, name="both.csv")
    assert status == 2
    told = {(one.get("period") or one["filing"]["period"]): one for one in documents}
    assert told[JANUARY]["error"]["code"] == "reason_needed" and told[FEBRUARY]["outcome"] == "new"
    assert told[FEBRUARY]["rows"]["read"] == len(csv_of(months=(FEBRUARY,)).splitlines()) - 1
    assert versions(place) == [(FIRST_GAS, JANUARY, 1), (FIRST_GAS, FEBRUARY, 1)]
    hours = place.json("explain", FIRST_GAS, JANUARY, "run_hours")
    assert "743.00" in json.dumps(hours)


def test_the_inbox_refuses_with_the_way_to_do_it_right(make_place: Make) -> None:  # noqa: F811
    place = make_place(FIRST_GAS, SECOND_GAS)
    place.submit(gas("743.00"))
    lay(place.home.inbox_new / "更正.zip", gas())
    lay(place.home.inbox_new / "both.csv", csv_of(months=(JANUARY, FEBRUARY)))
    lay(place.home.inbox_new / "second.csv", csv_of(SECOND_GAS))
    outcome = nightly(place.home, place.control, date(2026, 3, 10), lambda: datetime.now(UTC))
    assert {one.name for one in outcome.inbox.declined} == {"更正.zip", "both.csv"}
    assert [path.name for path in place.home.inbox_done.rglob("*") if path.is_file()] == ["second.csv"]
    reasons = {
        path.name: json.loads(path.read_text(encoding="utf-8"))["reason"]["zh"]
        for path in place.home.inbox_refused.rglob("*.reason.json")
    }
    assert "--reason" in reasons["更正.zip.reason.json"]
    assert f"{FIRST_GAS} {FEBRUARY}（发电）已存证" in reasons["both.csv.reason.json"]
    assert set(versions(place)) == {(FIRST_GAS, JANUARY, 1), (FIRST_GAS, FEBRUARY, 1), (SECOND_GAS, JANUARY, 1)}


def test_totals_never_add_two_versions(make_place: Make) -> None:  # noqa: F811
    """Half the gas was filed first: after the correction every published table holds the corrected month and nothing else."""
    place = make_place(FIRST_GAS)
    place.submit(consumption("0.5"), name="a.csv")
    status, receipt = place.submit(csv_of(), "--reason", "漏报一半", name="a.csv")
    assert status in (0, 1) and receipt["version"] == 2
    clean = make_place(FIRST_GAS)
    clean.submit(csv_of(), name="a.csv")
    for one in (place, clean):
        nightly(one.home, one.control, date(2026, 2, 11), lambda: datetime.now(UTC))
    for table in ("parameter", "emission", "annual_report", "finding"):
        frames = [pd.read_parquet(one.home.published / table).astype(str) for one in (place, clean)]
        names = list(frames[0].columns)
        ordered = [frame.sort_values(names, ignore_index=True) for frame in frames]
        pd.testing.assert_frame_equal(*ordered)
    found = place.json("diff", FIRST_GAS, JANUARY)
    emission = pd.read_parquet(place.home.published / "emission")
    total = sum(Decimal(str(value)) for value in emission["tco2e"])
    effects = {one["name"]: one for one in found["effects"]}
    assert Decimal(effects["month"]["to"]) == Decimal(effects["year"]["to"]) == total
    assert Decimal(effects["month"]["from"]) < total


def test_the_receipt_of_a_correction(make_place: Make) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    _, first = place.submit(gas("900.00"))
    found = [one["id"] for one in first["findings"]]
    assert first["lives"]["new"] == sorted(found) and found and first["correction"] is None
    finding = next(one["id"] for one in first["findings"] if one["severity"] == "blocks")
    told = place.run("findings", "remark", finding[:10], "已查运行日志", "--by", "王工")
    assert told.exit_code == 0 and finding[:12] in told.stdout
    _, second = place.submit(gas(), "--reason", "抄错")
    assert finding in second["lives"]["fixed"]
    assert (second["correction"]["changed"], second["correction"]["added"]) == (1, 0)
    _, third = place.submit(gas("901.00"), "--reason", "又改")
    assert finding in third["lives"]["came_back"]
    shown = place.sent(gas("902.00"), "--reason", "再改")
    assert "1 个字段有改动" in shown.stdout and "t，全年" in shown.stdout and "仍存在" in shown.stdout

    listed = {one["id"]: one for one in place.json("findings", FIRST_GAS, JANUARY)}
    assert listed[finding]["life"] == "came_back"
    assert [(one["by"], one["text"]) for one in listed[finding]["remarks"]] == [("王工", "已查运行日志")]
    text = place.run("findings", FIRST_GAS).stdout
    assert "[再次出现]" in text and "王工: 已查运行日志" in text
    assert place.json("findings", "remark", "zzz", "x", "--by", "王工")["error"]["code"] == "unknown_finding"
    assert place.run("findings", "remark", finding, " ", "--by", "王工").exit_code == 2


def test_diff_names_the_field_with_label_cell_and_tonnes(make_place: Make) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    place.submit(csv_of(), name="a.csv")
    alone = place.run("diff", FIRST_GAS, JANUARY, "--json")
    assert alone.exit_code == 2 and json.loads(alone.stdout)["error"]["code"] == "one_version"
    place.submit(consumption("2"), "--reason", "单位错", name="a.csv")
    found = place.json("diff", FIRST_GAS, JANUARY)
    (change,) = found["changes"]
    filed = Decimal(value_of("fuel_consumption"))
    assert (change["kind"], change["table"], change["field"]) == ("changed", "parameter", "value")
    assert Decimal(change["difference"]) == filed and change["unit"] == "1e4Nm3"
    assert change["label"]["zh"] and change["from"]["cell"] == change["to"]["cell"] and change["from"]["sheet"] is None
    effects = {one["name"]: one for one in found["effects"]}
    assert effects["month"]["difference"] == effects["year"]["difference"] and "gap" in effects
    assert Decimal(effects["gap"]["difference"]) != 0 and effects["month"]["difference"].startswith(tuple("123456789"))
    back = place.json("diff", FIRST_GAS, JANUARY, "--from", "2", "--to", "1")
    assert Decimal({one["name"]: one for one in back["effects"]}["month"]["difference"]) == -Decimal(
        effects["month"]["difference"]
    )
    text = place.run("diff", FIRST_GAS, JANUARY).stdout
    assert "v1 → v2" in text and change["label"]["zh"] in text and "本月排放量" in text
    assert place.json("diff", FIRST_GAS, JANUARY, "--to", "9")["error"]["code"] == "unknown_version"
    assert place.json("diff", FIRST_GAS, FEBRUARY)["error"]["code"] == "nothing_deposited"
    same = place.json("diff", FIRST_GAS, JANUARY, "--from", "1", "--to", "1")
    assert same["changes"] == []

"""`mrv platform`: what the platform said is kept beside the version, and its values are held against those in force."""

import json
from collections.abc import Callable

from mrv.pipeline.proofs import audited
from tests.cli.corrections_home import Place, gas, make_place  # noqa: F401
from tests.pipeline.plants import FEBRUARY, FIRST_GAS, JANUARY, changed, csv_of, line_of, value_of

Make = Callable[..., Place]


def test_record_and_show(make_place: Make) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    _, receipt = place.submit(gas())
    deposit = receipt["deposit_id"]
    record = ("platform", "record", deposit, "--by", "填报员")
    told = place.run(*record, "--number", "S-1", "--status", "submitted", "--at", "2026-02-11T09:00")
    assert told.exit_code == 0 and "已提交 S-1" in told.stdout
    place.run(
        *record, "--number", "R-7", "--status", "returned", "--at", "2026-02-12T09:00+00:00", "--note", "水分有误"
    )
    (row,) = place.json("platform", "show", FIRST_GAS, JANUARY)
    assert [(one["number"], one["status"], one["at"]) for one in row["records"]] == [
        (1, "submitted", "2026-02-11T01:00:00Z"),
        (2, "returned", "2026-02-12T09:00:00Z"),
    ]
    text = place.run("platform", "show", FIRST_GAS).stdout
    assert "2026-02-12 17:00:00 已退回 R-7 (填报员) 水分有误" in text and "2026-02-11 09:00:00 已提交 S-1" in text
    assert audited(place.home, place.control, []).faults == ()

    unknown = place.json(
        "platform", "record", "zz", "--by", "x", "--number", "1", "--status", "submitted", "--at", "2026-02-11"
    )
    assert unknown["error"]["code"] == "unknown_deposit"
    future = place.json(*record, "--number", "1", "--status", "submitted", "--at", "2999-01-01")
    assert future["error"]["code"] == "future"
    assert (
        place.json(*record, "--number", " ", "--status", "submitted", "--at", "2026-02-11")["error"]["code"]
        == "no_number"
    )
    assert place.run(*record, "--number", "1", "--status", "submitted", "--at", "yesterday").exit_code == 2
    assert place.json("platform", "show", "X")["error"]["code"] == "nothing_deposited"


def test_compare_value_by_value(make_place: Make) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    place.submit(gas())
    same = place.run("platform", "compare", place.file(csv_of(), "p.csv"), "--json")
    document = json.loads(same.stdout)
    assert same.exit_code == 0 and document["agrees"] and len(document["values"]) == len(csv_of().splitlines()) - 1

    # Columns in another order, Chinese header words, a value that differs, a row missing, a row more.
    hours = value_of("run_hours")
    data = changed(csv_of(), f"run_hours,{hours}", "run_hours,700")
    head, *lines = data.decode().splitlines()
    gone = next(line for line in lines if ",power_generation," in line)
    lines.remove(gone)
    lines.append(gone.replace(JANUARY, FEBRUARY))
    order = [5, 0, 1, 2, 3, 4, 7, 6, 8]
    words = ["参数", "企业编号", "行业", "机组编号", "燃料或物料", "月份", "计量单位", "数值", "取值方式"]
    assert len(head.split(",")) >= 10
    rows = [",".join(words), *(",".join(line.split(",")[place] for place in order) for line in lines)]
    path = place.file("\r\n".join(rows).encode(), "platform.csv")
    found = json.loads(place.run("platform", "compare", path, "--json").stdout)
    other = [one for one in found["values"] if one["verdict"] != "same"]
    told = {(one["verdict"], one["parameter"], one["month"]): one for one in other}
    assert set(told) == {
        ("differs", "run_hours", JANUARY),
        ("only_here", "power_generation", JANUARY),
        ("only_there", "power_generation", FEBRUARY),
    }
    differs = told["differs", "run_hours", JANUARY]
    assert (differs["here"]["value"], differs["there"]["value"]) == (hours, "700")
    assert float(differs["difference"]) == float(hours) - 700 and differs["there"]["cell"].endswith("C8")
    shown = place.run("platform", "compare", path)
    assert shown.exit_code == 1 and "[不一致]" in shown.stdout and "[仅平台有]" in shown.stdout


def test_what_cannot_be_read_is_no_agreement(make_place: Make) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    place.submit(gas())
    hours = value_of("run_hours")
    path = place.file(changed(csv_of(), f"run_hours,{hours}", "run_hours,about 700"), "p.csv")
    found = place.run("platform", "compare", path, "--json")
    document = json.loads(found.stdout)
    assert found.exit_code == 1 and document["refused"] == 1 and not document["agrees"]
    (told,) = document["refused_rows"]
    assert told["row"] == line_of(csv_of(), ",run_hours,") and told["reasons"][0]["cell"] == f"R{told['row']}C7"
    assert "about 700" in told["reasons"][0]["message"]["zh"]
    verdicts = {one["parameter"]: one["verdict"] for one in document["values"] if one["verdict"] != "same"}
    assert verdicts == {"run_hours": "unreadable"}
    shown = place.run("platform", "compare", path).stdout
    assert (
        f"第 {told['row']} 行：R{told['row']}C7" in shown
        and "[平台值无法读取]" in shown
        and "[仅本系统有]" not in shown
    )
    nothing = place.run("platform", "compare", place.file(b"", "empty.csv"), "--json")
    assert nothing.exit_code == 2 and json.loads(nothing.stdout)["error"]["code"] == "empty"

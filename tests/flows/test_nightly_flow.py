"""The night as a Prefect flow is the night: same results, failures told, nothing leaves the machine."""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from flows import steps
from flows.annual import annual_flow
from flows.intake import intake_flow
from flows.nightly import nightly_flow
from flows.steps import day_of
from mrv.pipeline import nightly as use_case
from mrv.pipeline import plant_batch
from mrv.pipeline.nightly import nightly
from mrv.pipeline.opening import opened
from mrv.storage.published import manifest_of
from mrv.storage.runs import plant_outcomes, runs, start_run
from tests.flows.homes import AS_OF, PLANTS, Received, deposited, drop, new_home
from tests.pipeline.plants import COAL, FIRST_GAS, JANUARY, filing

pytestmark = pytest.mark.usefixtures("prefect_server")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return deposited(tmp_path_factory.mktemp("flow") / "home")


def run(flow: Any, *given: Any, **named: Any) -> Any:
    """The final state of a flow run."""
    return flow(*given, **named, return_state=True)


def latest_artifact(key: str) -> Any:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

    with get_client(sync_client=True) as client:
        found = client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key])))
    return max(found, key=lambda artifact: artifact.created)


def name_of(state: Any) -> str:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return client.read_flow_run(state.state_details.flow_run_id).name


def published(path: Path) -> dict[str, str]:
    with opened(path) as (home, _):
        manifest = manifest_of(home)
    assert manifest is not None
    return {name: table.content_sha256 for name, table in manifest.tables.items()}


def last_run(path: Path) -> tuple[str, dict[str, str]]:
    """Status of the last run in the ledger, and what it came to for each plant."""
    with opened(path) as (_, control), control.read() as session:
        last = runs(session, "nightly").iloc[-1]
        plants = plant_outcomes(session, last["id"])
    return last["status"], dict(zip(plants["plant_id"], plants["status"], strict=True))


CONNECTIONS: list[str] | None = None


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    if CONNECTIONS is not None and event == "socket.connect" and isinstance(arguments[1], tuple):
        CONNECTIONS.append(str(arguments[1][0]))


@contextmanager
def connections() -> Iterator[list[str]]:
    """The addresses that this process connects to."""
    global CONNECTIONS
    if not getattr(sys, "_tanheng_listens", False):
        sys.addaudithook(_listen)
        sys._tanheng_listens = True  # type: ignore[attr-defined]
    CONNECTIONS = []
    try:
        yield CONNECTIONS
    finally:
        CONNECTIONS = None


def test_the_flow_publishes_what_the_plain_night_publishes(place: Path, tmp_path: Path) -> None:
    plain = shutil.copytree(place, tmp_path / "plain")
    with opened(plain) as (home, control):
        nightly(home, control, AS_OF, Received())
    drop(place, "扫描件.pdf", b"%PDF-1.7 a scan")
    with connections() as addresses:
        state = run(nightly_flow, str(place), AS_OF.isoformat())
    assert (state.type.value, state.name) == ("COMPLETED", "Completed")
    assert name_of(state) == "2026-03-05"
    assert published(place) == published(plain)
    assert addresses and set(addresses) <= {"127.0.0.1", "::1"}
    document = state.result()
    assert (document["plants"], document["recomputed"], document["failures"]) == (len(PLANTS), len(PLANTS), {})
    assert [one["file"] for one in document["inbox"]["refused"]] == ["扫描件.pdf"]
    page = latest_artifact("nightly-summary").data
    assert "拒收" in page and "refused" in page and "扫描件.pdf" in page and "完成 completed" in page
    assert last_run(place) == ("completed", dict.fromkeys(PLANTS, "ok"))


def test_a_second_night_changes_nothing(place: Path) -> None:
    before = published(place)
    document = run(nightly_flow, str(place), AS_OF).result()
    assert document["recomputed"] == 0
    assert published(place) == before


def test_a_plant_that_fails_stops_no_other(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, judge = published(place), plant_batch._judge

    def broken(home: Any, control: Any, plants: list[str], as_of: date) -> Any:
        if FIRST_GAS in plants:
            raise ValueError("the | plant's <b>own</b> fault")
        return judge(home, control, plants, as_of)

    monkeypatch.setattr(plant_batch, "_judge", broken)
    state = run(nightly_flow, str(place), AS_OF, everything=True)
    assert (state.type.value, state.name) == ("COMPLETED", "Partial")
    assert FIRST_GAS in state.message and COAL not in state.message
    document = state.result()
    assert (document["recomputed"], list(document["failures"])) == (len(PLANTS), [FIRST_GAS])
    page = latest_artifact("nightly-summary").data
    assert f"| {FIRST_GAS} | ValueError: the \\| plant's &lt;b&gt;own" in page and "部分完成 partial" in page
    assert last_run(place) == ("partial", {COAL: "ok", FIRST_GAS: "failed"})
    assert published(place) == before, "a plant that fails keeps its former results"


def test_publishing_is_tried_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_all, calls = use_case.publish_all, []

    def first_time_no(*given: Any) -> Any:
        calls.append(given)
        if len(calls) == 1:
            raise OSError("disk away")
        return publish_all(*given)

    monkeypatch.setattr(use_case, "publish_all", first_time_no)
    monkeypatch.setattr(steps.attempt, "retry_delay_seconds", 0)
    assert run(nightly_flow, str(place), AS_OF).name == "Completed"
    assert len(calls) == 2


def test_a_night_that_breaks_off_is_told_in_the_ledger(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> Any:
        raise OSError("disk away")

    monkeypatch.setattr(use_case, "publish_all", never)
    monkeypatch.setattr(steps.attempt, "retry_delay_seconds", 0)
    assert run(nightly_flow, str(place), AS_OF).name == "Failed"
    assert last_run(place)[0] == "failed"


def test_a_night_that_was_killed_is_closed_by_the_next(place: Path) -> None:
    with opened(place) as (home, control):
        with control.write() as session:
            killed = start_run(session, "nightly", AS_OF, Received()(), "0", "host")
        nightly(home, control, AS_OF, Received())
        with control.read() as session:
            status = runs(session, "nightly").set_index("id")["status"]
    assert status[killed] == "failed"
    assert "running" not in set(status)


def test_the_inbox_flow_deposits_and_may_be_repeated(tmp_path: Path) -> None:
    path = new_home(tmp_path / "home")
    name, data = filing(FIRST_GAS, JANUARY)
    for outcome in ("new", "same"):
        drop(path, name, data)
        document = run(intake_flow, str(path), AS_OF).result()
        assert {kind: count for kind, count in document["deposits"].items() if count} == {outcome: 1}
        assert document["refused"] == []
    rows = json.loads(latest_artifact("intake-counts").data)
    assert [row["数量 count"] for row in rows if row["项目 item"] == "重复 same bytes"] == [1]
    assert [entry.name for entry in (path / "inbox" / "new").iterdir()] == []


def test_the_annual_flow_writes_the_reports(place: Path) -> None:
    state = run(annual_flow, str(place), 2026)
    written = state.result()
    assert name_of(state) == "2026"
    assert {Path(name).name for name in written} == {f"{plant}{end}" for plant in PLANTS for end in (".xlsx", ".json")}
    before = [Path(name).read_bytes() for name in written]
    assert [Path(name).read_bytes() for name in run(annual_flow, str(place), 2026).result()] == before


def test_the_day_is_that_of_the_plants(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for hour, day in ((15, date(2026, 3, 4)), (16, date(2026, 3, 5))):  # UTC; Shanghai is eight hours ahead
        monkeypatch.setattr(steps, "now", lambda hour=hour: datetime(2026, 3, 4, hour, tzinfo=UTC))
        assert day_of(str(place), None) == day
    assert day_of(str(place), AS_OF) == AS_OF


def test_a_bad_day_is_refused_before_anything_runs(place: Path) -> None:
    state = run(nightly_flow, str(place), "2026-02-30")
    assert state.type.value == "FAILED" and "as_of" in state.message

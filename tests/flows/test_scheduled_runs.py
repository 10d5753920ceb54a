"""A schedule that really fires: a server of its own, a run by the clock, a worker. Minutes, so only where they are asked for."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from flows.environment import variables
from flows.server import own_server
from mrv.pipeline.opening import opened
from mrv.storage.runs import runs
from tests.flows.homes import deposited
from tests.pipeline.plants import FIRST_GAS

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
ASKED = ("TANHENG_REQUIRE_SERVICES", "TANHENG_SERVICE_TESTS")
STARTS_WITHIN, FIRES_WITHIN = 200, 150  # s

pytestmark = [
    pytest.mark.service,
    pytest.mark.skipif(
        all(os.environ.get(name) != "1" for name in ASKED), reason=f"takes minutes; set {' or '.join(ASKED)} to 1"
    ),
]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return deposited(tmp_path_factory.mktemp("scheduled") / "home", [FIRST_GAS])


def completed(port: int) -> list[dict[str, Any]]:
    """The flow runs that a server knows as completed; none while it does not answer."""
    body = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
    request = Request(
        f"http://127.0.0.1:{port}/api/flow_runs/filter",
        json.dumps(body).encode(),
        {"content-type": "application/json"},
    )
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=5) as answer:
            return list(json.load(answer))
    except OSError:
        return []


def nights(place: Path) -> list[str]:
    with opened(place) as (_, control), control.read() as session:
        return list(runs(session, "nightly")["status"])


@pytest.fixture
def served(place: Path, port: int, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (tmp_path / "out").open("wb") as out:
        process = subprocess.Popen(
            [BIN / "mrv", "serve", "--home", place, "--port", str(port), "--cron", "* * * * *"],
            stdout=out,
            stderr=out,
            cwd=tmp_path,
        )
    yield process
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def test_a_night_runs_by_the_clock_and_everything_ends_on_request(
    place: Path, port: int, tmp_path: Path, served: subprocess.Popen[bytes]
) -> None:
    out = tmp_path / "out"

    def wait(done: Callable[[], Any], seconds: float) -> None:
        until = time.monotonic() + seconds
        while not done() and time.monotonic() < until:
            assert served.poll() is None, out.read_text()
            time.sleep(2)

    wait(lambda: "已部署" in out.read_text(), STARTS_WITHIN)
    wait(lambda: completed(port), FIRES_WITHIN)
    fired = completed(port)
    assert fired, out.read_text()
    assert all(run["auto_scheduled"] and run["parameters"] == {"home": str(place)} for run in fired)
    assert nights(place)[0] == "completed"
    said = out.read_text()
    assert f"Prefect 页面：http://127.0.0.1:{port}" in said and "“* * * * *”（Asia/Shanghai）" in said
    served.send_signal(signal.SIGTERM)
    assert served.wait(60) == 0
    assert "Traceback" not in out.read_text()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "the server outlived us"


def test_a_worker_runs_what_prefect_yaml_deploys(place: Path, port: int) -> None:
    before = nights(place)
    with own_server(place, port) as api:
        environment = os.environ | variables(place, api, port) | {"TANHENG_HOME": str(place)}

        def prefect(*words: str) -> None:
            done = subprocess.run(
                [BIN / "prefect", *words],
                env=environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=120,
            )
            assert done.returncode == 0, done.stdout + done.stderr

        prefect("work-pool", "create", "tanheng", "--type", "process")
        prefect("deploy", "--all")
        prefect("deployment", "run", "nightly/nightly")
        prefect("worker", "start", "--pool", "tanheng", "--run-once")
        mine = [run for run in completed(port) if run["work_pool_name"] == "tanheng"]
        assert [run["parameters"] for run in mine] == [{"home": str(place)}]
    assert nights(place) == [*before, "completed"]


def test_the_server_of_prefect_can_be_imported() -> None:
    code = "import prefect.server.api.server"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)

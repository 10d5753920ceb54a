"""What Prefect is told: everything stays in the home, nothing is reported to anyone."""

import ast
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from flows import environment
from flows.environment import prepare, variables
from flows.server import ServerFault, own_server

ROOT = Path(__file__).parents[2]


def test_nothing_is_reported_and_everything_stays_in_the_home(tmp_path: Path) -> None:
    given = variables(tmp_path)
    assert given["DO_NOT_TRACK"] == "1"
    assert given["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    for name in ("PREFECT_HOME", "PREFECT_PROFILES_PATH", "PREFECT_SERVER_DATABASE_CONNECTION_URL"):
        assert str(tmp_path / "prefect") in given[name]
    assert int(given["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"]) >= 120
    assert "PREFECT_API_URL" not in given
    assert variables(tmp_path, "http://127.0.0.1:1/api")["PREFECT_API_URL"] == "http://127.0.0.1:1/api"


def test_a_proxy_is_not_asked_for_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "intranet.example")
    assert variables(tmp_path)["NO_PROXY"].split(",") == ["intranet.example", "127.0.0.1", "localhost"]


def test_the_shell_of_a_person_sends_no_run_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.os, "environ", dict(os.environ) | {"PREFECT_API_URL": "http://elsewhere/api"})
    monkeypatch.delitem(sys.modules, "prefect", raising=False)
    prepare(tmp_path)
    assert "PREFECT_API_URL" not in environment.os.environ
    assert environment.os.environ["DO_NOT_TRACK"] == "1"


def test_too_late_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prefect", ast)
    with pytest.raises(RuntimeError, match="imported already"):
        prepare(tmp_path)


def test_prefect_reads_what_it_was_told(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from flows.environment import prepare; prepare(Path(sys.argv[1]))\n"
        "from prefect.settings import get_current_settings as current\n"
        "s = current(); print(s.home, s.server.analytics_enabled, s.api.url, s.server.ephemeral.startup_timeout_seconds,"
        " s.server.concurrency.lease_storage, s.server.database.connection_url.get_secret_value(), sep='\\n')"
    )
    hostile = {**os.environ, "PREFECT_API_URL": "http://elsewhere/api", "PREFECT_HOME": "/nowhere", "DO_NOT_TRACK": "0"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], env=hostile, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [
        str(tmp_path / "prefect"),
        "False",
        "None",
        "120",
        "prefect.server.concurrency.lease_storage.filesystem",
        f"sqlite+aiosqlite:///{tmp_path}/prefect/prefect.db",
    ]


def test_a_port_in_use_is_told_in_words(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServerFault) as told, own_server(tmp_path, taken.getsockname()[1]):
            pass
    assert "已被占用" in told.value.zh and "--port" in told.value.en

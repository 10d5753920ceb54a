"""A Prefect server of the home's own, on this machine only, for as long as somebody needs it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from flows.environment import HOST, variables

START_CHECKS, BETWEEN_CHECKS = (
    400,
    0.5,
)  # times, s; making the tables of a new home takes half a minute on a slow machine
STOP_LIMIT = 15  # s
LOG = "server.log"


class ServerFault(Exception):
    """The server cannot be had; `zh` and `en` say why and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def page(port: int) -> str:
    """Where a person looks at the server."""
    return f"http://{HOST}:{port}"


@contextmanager
def own_server(home: Path, port: int) -> Iterator[str]:
    """Starts a server with its data in `<home>/prefect`, yields the address of its API, and ends it.

    ServerFault when the port is taken, or the server ends or stays silent.
    """
    if _taken(port):
        raise ServerFault(
            f"端口 {port} 已被占用，请用 --port 另选一个",
            f"port {port} is taken; choose another with --port",
        )
    folder = home.absolute() / "prefect"
    folder.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    with (folder / LOG).open("ab") as log:
        # A session of its own: Ctrl+C in the terminal reaches us, and we end the server last.
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start"],
            env=environment | variables(home, "", port, "WARNING"),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait(process, port, folder / LOG)
        yield f"{page(port)}/api"
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that we started, kindly first."""
    process.terminate()
    try:
        process.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    opener = build_opener(ProxyHandler({}))  # a proxy of the environment has no business on this machine
    for _ in range(START_CHECKS):
        if process.poll() is not None:
            raise ServerFault(
                f"Prefect 服务未能启动（退出码 {process.returncode}），详见 {log}",
                f"the Prefect server did not start (exit status {process.returncode}); see {log}",
            )
        try:
            with opener.open(f"{page(port)}/api/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            pass
        time.sleep(BETWEEN_CHECKS)
    raise ServerFault(
        f"Prefect 服务已启动但迟迟没有响应，详见 {log}",
        f"the Prefect server was started but does not answer; see {log}",
    )

"""What Prefect is told before it is imported: nothing leaves the machine, everything stays in the home.

Prefect reads its settings once, when it is imported; this module therefore imports nothing of it.
"""

import os
import sys
from pathlib import Path

HOST = "127.0.0.1"
# Read under several names; whatever the shell of the person holds must not send a run of this home elsewhere.
FOREIGN = ("PREFECT_API_URL", "PREFECT_API_KEY", "PREFECT_PROFILE", "PREFECT_API_DATABASE_CONNECTION_URL")


def variables(home: Path, api_url: str = "", port: int = 4200, log_level: str = "INFO") -> dict[str, str]:
    """Environment of every process that runs Prefect for a home.

    `api_url` is that of a server (`http://…/api`), empty for one that lives as long as the process; `port` is where a
    server of one's own listens.
    """
    folder = home.absolute() / "prefect"
    around_proxy = ",".join(filter(None, [os.environ.get("NO_PROXY") or os.environ.get("no_proxy"), HOST, "localhost"]))
    given = {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_HOME": str(folder),
        "PREFECT_PROFILES_PATH": str(folder / "profiles.toml"),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{folder / 'prefect.db'}",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
        # The first start makes the tables of Prefect; the 20 s it allows itself are often not enough.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        # In memory, the mark of a run that was killed would outlive it, and every later night be refused.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_LOGGING_LEVEL": log_level,
        "NO_PROXY": around_proxy,  # a proxy of the company has no business between processes of this machine
        "no_proxy": around_proxy,
    }
    return given | ({"PREFECT_API_URL": api_url} if api_url else {})


def prepare(home: Path, api_url: str = "", port: int = 4200, log_level: str = "INFO") -> None:
    """Puts the variables into this process. RuntimeError once Prefect has been imported: it would not see them."""
    if "prefect" in sys.modules:
        raise RuntimeError("prefect is imported already and has read its settings")
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ |= variables(home, api_url, port, log_level)

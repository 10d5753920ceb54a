"""Prefect for the tests of the flows: its home is a directory of the test run, set before anything imports it.

pandera is loaded first, so that the flows do not choose how text is kept for tests that run after them.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandera.pandas  # noqa: F401
import pytest

from flows.environment import prepare

PREFECT = tempfile.TemporaryDirectory(prefix="tanheng-prefect-")
if "prefect" not in sys.modules:
    prepare(Path(PREFECT.name), log_level="WARNING")


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """A Prefect server with an empty data base, for as long as the tests of this process last."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=150):
        yield

"""Small logs for tampering, and control stores on PostgreSQL where one answers."""

import os
from collections.abc import Callable, Iterator

import pandera.pandas  # noqa: F401  (before any fork, so that no child loads it again)
import pytest

from mrv.drill.databases import Databases, NoServer

REQUIRE = "TANHENG_REQUIRE_SERVICES"


@pytest.fixture
def fresh_database() -> Iterator[Callable[[str], str]]:
    """The address of a new data base for each copy of a home, like the one first made for that action."""
    try:
        databases = Databases()
    except NoServer as reason:
        if os.environ.get(REQUIRE) == "1":
            pytest.fail(f"{REQUIRE}=1, but {reason}")
        pytest.skip(str(reason))
    with databases:
        yield databases.fresh


@pytest.fixture
def one_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ed25519 alone: SM2 is made by a command of the system, a hundred times as slow as the rest of an audit."""
    from mrv.ledger import signing

    monkeypatch.setattr(signing, "sm2_available", lambda: False)

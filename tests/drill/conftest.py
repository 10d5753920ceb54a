"""Small logs for tampering, and control stores on PostgreSQL where one answers."""

import os
import secrets
from collections.abc import Callable, Iterator

import pandera.pandas  # noqa: F401  (before any fork, so that no child loads it again)
import pytest

SERVER = "postgresql://postgres@127.0.0.1:5432"
REQUIRE = "TANHENG_REQUIRE_SERVICES"


@pytest.fixture
def fresh_database() -> Iterator[Callable[[str], str]]:
    """For a kill drill: the address of a new data base for each copy of a home, like the one first made for that action."""
    try:
        import psycopg

        psycopg.connect(f"{SERVER}/postgres", connect_timeout=3).close()
    except Exception as error:
        if os.environ.get(REQUIRE) == "1":
            pytest.fail(f"{REQUIRE}=1, but PostgreSQL does not answer: {error}")
        pytest.skip(f"PostgreSQL does not answer at 127.0.0.1:5432: {error}")
    prefix = f"tanheng_drill_{secrets.token_hex(4)}"
    made: set[str] = set()

    def run(*statements: str) -> None:
        # No connection is held over a fork.
        with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as server:
            for statement in statements:
                server.execute(statement)  # type: ignore[arg-type]

    def fresh(action: str) -> str:
        base, copy = f"{prefix}_{action}", f"{prefix}_{action}_copy"
        if base not in made:
            made.add(base)
            run(f"CREATE DATABASE {base}")
            return f"{SERVER}/{base}"
        made.add(copy)
        run(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)", f"CREATE DATABASE {copy} TEMPLATE {base}")
        return f"{SERVER}/{copy}"

    yield fresh
    run(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in sorted(made)))


@pytest.fixture
def one_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ed25519 alone: SM2 is made by a command of the system, a hundred times as slow as the rest of an audit."""
    from mrv.ledger import signing

    monkeypatch.setattr(signing, "sm2_available", lambda: False)

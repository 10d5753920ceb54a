"""Data bases of a drill on the PostgreSQL server of this machine: one for each home and one for its copy, dropped at the end."""

import secrets
from typing import Any

SERVER = "postgresql://postgres@127.0.0.1:5432"


class NoServer(Exception):
    """PostgreSQL does not answer, or there is nothing installed to speak to it with."""


class Databases:
    """Makes and drops data bases. NoServer where none answers.

    No connection is held between the calls, so that a process that makes them may fork.
    """

    def __init__(self) -> None:
        self._prefix = f"tanheng_drill_{secrets.token_hex(4)}"
        self._made: set[str] = set()
        try:
            self._run()
        except Exception as error:
            raise NoServer(f"PostgreSQL does not answer at {SERVER}: {error}") from error

    def __enter__(self) -> "Databases":
        return self

    def __exit__(self, *_: object) -> None:
        self._run(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in sorted(self._made)))

    def fresh(self, action: str) -> str:
        """The address of an empty data base at first; from then on of a new copy of that one."""
        base, copy = f"{self._prefix}_{action}", f"{self._prefix}_{action}_copy"
        if base not in self._made:
            self._made.add(base)
            self._run(f"CREATE DATABASE {base}")
            return f"{SERVER}/{base}"
        self._made.add(copy)
        self._run(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)", f"CREATE DATABASE {copy} TEMPLATE {base}")
        return f"{SERVER}/{copy}"

    def _run(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=3) as server:
            for statement in statements:
                run: Any = server.execute
                run(statement)

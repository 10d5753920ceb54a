"""Uploads beside a night: how long receipts take while every plant is judged in another process on the same home."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mrv.bench.load_home import build
from mrv.bench.proofs import quantiles

SESSIONS, RATE, SIZE = 50, 5.0, 2_000_000  # how many upload, uploads a second in all, bytes of each
MONTHS = 1  # deposited before; one more comes by the inbox


def bench_load(plants: int, seconds: float) -> dict[str, Any]:
    """Receipt times [s] of uploads for some seconds, the nights that went on meanwhile, and what was wrong with any receipt."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        build(home, plants, MONTHS)
        # Each in a session of its own, as services are: Linux shares the processors out between sessions, then within them.
        nights = subprocess.Popen(
            [sys.executable, "-m", "mrv.bench.nights", str(home)],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            told = [nights.stdout.readline()] if nights.stdout else []  # uploads begin when the night does
            asked = [str(value) for value in (home, SESSIONS, RATE, seconds, SIZE)]
            done = subprocess.run(
                [sys.executable, "-m", "mrv.bench.sessions", *asked],
                capture_output=True,
                text=True,
                check=True,
                start_new_session=True,
            )
        finally:
            nights.terminate()
            told += nights.communicate()[0].splitlines()
    uploads = json.loads(done.stdout.splitlines()[-1])
    return figures(uploads, [json.loads(line) for line in told if line.endswith(("}", "}\n"))]) | {
        "plants": plants,
        "sessions": SESSIONS,
        "rate": RATE,
        "size": SIZE,
    }


def figures(uploads: dict[str, Any], told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The figures of a run from what `mrv.bench.sessions` and `mrv.bench.nights` said."""
    first, ended = uploads["first"], uploads["ended"]
    took = [one for one in uploads["took"] if one is not None]
    within = [one for one in told if first <= one["at"] <= ended]
    return {
        "uploads": len(uploads["took"]),
        "receipts": len(took),
        "errors": uploads["errors"],
        "unproven": uploads["unproven"],
        "distinct": uploads["distinct"],
        "seconds": round(ended - first, 1),
        "receipt_s": quantiles(took) if took else None,
        "cpu_ms_each": round(uploads["cpu_s"] / len(uploads["took"]) * 1000, 1),
        "night_share": round(under_way(told, first, ended), 3),
        "nights_finished": sum(one["step"] == "ended" for one in within),
        "deposits_by_inbox": sum(one["deposits"] for one in within if one["step"] == "inbox"),
        "statuses": sorted({one["status"] for one in told if one["step"] == "ended"}),
    }


def under_way(told: Sequence[dict[str, Any]], first: float, ended: float) -> float:
    """The share of the time from `first` to `ended` [s] that a night was under way; one that was not ended lasts to the end."""
    covered, began = 0.0, None
    for one in [*told, {"step": "ended", "at": ended}]:
        if one["step"] == "began":
            began = one["at"]
        elif one["step"] == "ended" and began is not None:
            covered += max(0.0, min(one["at"], ended) - max(began, first))
            began = None
    return covered / (ended - first)

"""Uploads at fixed moments: `python -m mrv.bench.sessions HOME RATE SECONDS` prints one JSON document.

Open loop: an upload is due when it is due, whatever became of those before, and its time counts from then. A service that falls
behind therefore shows it: what waits in front of it is counted.
"""

import json
import os
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from mrv.ledger.receipt import proof_fails
from mrv.pipeline.opening import opened
from mrv.pipeline.receive import receive, signer_of
from mrv.storage.control import Control
from mrv.storage.home import Home

SEED = 20261015
NUMBER = 8  # bytes that tell one upload from another; all others are the same noise
LEAD = 1.0  # s until the first upload is due
WARM_UP = -1


class Uploads:
    """The uploads of a run and what became of them."""

    def __init__(self, home: Home, control: Control, size: int) -> None:
        self._home, self._control, self._signer = home, control, signer_of(home)
        self._noise = np.random.default_rng(SEED).bytes(size - NUMBER)
        self.took: dict[int, float] = {}  # number → s from when it was due to its receipt
        self.receipts: dict[int, dict[str, Any]] = {}
        self.errors: dict[int, str] = {}

    def one(self, number: int, due: float) -> None:
        """Sends one upload and waits for its receipt; `due` as `time.monotonic` has it [s]."""
        data = number.to_bytes(NUMBER, "big", signed=True) + self._noise
        try:
            [received] = receive(
                self._home, self._control, [(f"{number}.zip", data)], datetime.now(UTC), "load", self._signer
            )
        except Exception as error:  # whatever it is, it is a receipt that somebody did not get
            self.errors[number] = f"{type(error).__name__}: {error}"
            return
        self.took[number] = time.monotonic() - due
        self.receipts[number] = received.receipt

    def session(self, numbers: range, first: float, rate: float) -> None:
        """One session: its uploads in turn, upload n due n / rate [s] after the first."""
        for number in numbers:
            due = first + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            self.one(number, due)


def run(path: Path, sessions: int, rate: float, seconds: float, size: int) -> dict[str, Any]:
    """Uploads of `size` [bytes] for some seconds, `rate` [1/s] in all, dealt to the sessions in turn; receipts are checked afterwards."""
    count = round(rate * seconds)
    with opened(path) as (home, control):
        uploads = Uploads(home, control, size)
        uploads.one(WARM_UP, time.monotonic())  # whatever is loaded on first use is
        uploads.took.clear()
        before = processor_time()
        first = time.monotonic() + LEAD
        threads = [
            threading.Thread(target=uploads.session, args=(range(number, count, sessions), first, rate))
            for number in range(sessions)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ended, spent = time.monotonic(), processor_time() - before
    leaves = {receipt["leaf"] for receipt in uploads.receipts.values()}
    reasons = [reason for receipt in uploads.receipts.values() if (reason := proof_fails(receipt))]
    return {
        "first": first,
        "ended": ended,
        "cpu_s": spent,
        "took": [uploads.took.get(number) for number in range(count)],
        "errors": list(uploads.errors.values()),
        "distinct": len(leaves) == len(uploads.receipts),
        "unproven": reasons,
    }


def processor_time() -> float:
    """What this process and those it waited for took of the processors so far [s]."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


if __name__ == "__main__":
    home, sessions, rate, seconds, size = sys.argv[1:]
    document = run(Path(home), int(sessions), float(rate), float(seconds), int(size))
    sys.stdout.write(json.dumps(document) + "\n")

"""Night after night of one home: `python -m mrv.bench.nights HOME` tells of each on lines of its own, until it is ended.

Each night every plant is judged anew; what lies in the inbox comes in the first.
"""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mrv.bench.load_home import AS_OF
from mrv.pipeline.nightly import nightly
from mrv.pipeline.opening import opened


def run(path: Path) -> None:
    """Runs nights without end; moments are those of `time.monotonic` [s], which processes share."""
    with opened(path) as (home, control):
        while True:
            tell("began", {})
            outcome = nightly(home, control, AS_OF, lambda: datetime.now(UTC), observe=tell, everything=True)
            tell("ended", {"status": outcome.status, "findings": len(outcome.findings)})


def tell(step: str, facts: dict[str, Any]) -> None:
    """One line for the process that counts the nights."""
    sys.stdout.write(json.dumps({"step": step, "at": time.monotonic(), **facts}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    run(Path(sys.argv[1]))

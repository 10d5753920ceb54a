"""`python -m mrv.drill WHAT`: runs a drill, keeps its figures as JSON, and writes docs/reliability.md from them."""

import argparse
import json
import os
import sys
from pathlib import Path

from mrv.drill import kill_sittings


def main() -> int:
    """Exit status 0: nothing failed. 1: something did."""
    parser = argparse.ArgumentParser(prog="python -m mrv.drill")
    parser.add_argument("what", choices=["kills"])
    parser.add_argument("--results", type=Path, default=Path("drill-results"))
    parser.add_argument("--points", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    found = kill_sittings.sitting(options.points, options.results, options.workers)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return int(any(entry["failed"] for entry in found.values()))


if __name__ == "__main__":
    sys.exit(main())

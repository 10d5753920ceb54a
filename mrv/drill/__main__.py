"""`python -m mrv.drill WHAT`: runs a drill and keeps its figure as JSON; `page` writes the table of docs/reliability.md."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from mrv.drill import duplicates, flip_runs, full_disk, kill_sittings, page, rewrites
from mrv.drill.figures import Figure, keep, kept
from mrv.drill.small_disk import NotPermitted

# drill → its run over so many trials, with a directory for what it keeps and a number of processes; how many trials it wants
Drill = Callable[[int, Path, int], Figure]
DRILLS: dict[str, tuple[Drill, int]] = {
    "kills": (kill_sittings.run, 2000),
    "bits": (flip_runs.run_bits, flip_runs.EVERY),
    "flips": (flip_runs.run_flips, 20_000),
    "rewrites": (rewrites.run, 10_000),
    "duplicates": (duplicates.run, 2200),
    "disk-full": (full_disk.run, 240),
}


def main() -> int:
    """Exit status 0: nothing failed. 1: something did."""
    parser = argparse.ArgumentParser(prog="python -m mrv.drill")
    parser.add_argument("what", choices=[*DRILLS, "all", "page"])
    parser.add_argument("--results", type=Path, default=Path("drill-results"))
    parser.add_argument("--trials", type=int, help="how many; each drill has a number of its own")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--write", type=Path, default=Path("docs/reliability.md"), help="page: the file to bring up to date"
    )
    options = parser.parse_args()
    if options.what == "page":
        text = options.write.read_text(encoding="utf-8")
        options.write.write_text(page.brought_up_to_date(text, kept(options.results)), encoding="utf-8")
        return 0
    failed = 0
    for name in DRILLS if options.what == "all" else (options.what,):
        run, wanted = DRILLS[name]
        began = time.monotonic()
        try:
            figure = run(options.trials or wanted, options.results, options.workers)
        except NotPermitted as reason:  # the page says "not shown"
            sys.stderr.write(f"{name}: {reason}\n")
            continue
        path = keep(figure, options.results, time.monotonic() - began)
        sys.stdout.write(path.read_text(encoding="utf-8"))
        failed += len(figure.failures)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())

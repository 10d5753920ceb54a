"""The table of docs/reliability.md, written from the figures that drills kept. The words around it are written by hand."""

from collections.abc import Mapping
from typing import Any

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
# drill → what it shows
GOALS = {
    "kills": "killed at a lasting deed or moment, SQLite: everything acknowledged is there, nothing torn, the deed done again ends "
    "in the same state",
    "bits": "every single bit of every entry of a small ledger flipped: found by a full audit, and the entry named",
    "flips": "random bit flips in store and evidence: found by a full audit, and the entry or file named",
    "rewrites": "history rewritten before one checkpoint held outside, four of five times rebuilt with the key: found",
    "duplicates": "one file from 20 processes at once, 5 times each: one deposit, one receipt; with corrections between: every receipt "
    "proven, versions without a gap",
    "disk-full": "a real file system full at one page after another: refused in words or done, nothing torn, the same works and ends "
    "alike once there is room",
}


def brought_up_to_date(text: str, figures: Mapping[str, Mapping[str, Any]]) -> str:
    """The page with its table written anew. ValueError for a page without the two marks, KeyError for a drill without a goal."""
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError("the page has no place for the figures")
    return f"{before}{BEGIN}\n{table(figures)}\n{END}{after}"


def table(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """One row for each goal: trials, failures, upper bound, and on what it was measured; "not shown" without a run."""
    lines = ["| goal | n | failures | upper bound 3/n | measured |", "|---|---|---|---|---|"]
    unknown = figures.keys() - GOALS.keys()
    if unknown:
        raise KeyError(f"no goal for {sorted(unknown)}")
    for name, goal in GOALS.items():
        found = figures.get(name)
        if found is None:
            lines.append(f"| {goal} | not shown | | | |")
            continue
        counted = "; ".join(f"{kind} {number:,}" for kind, number in found["detail"].items())
        trials, failed, on = found["trials"], found["failed"], found["where"]
        bound = "–" if found["bound"] is None else f"{found['bound'] * 100:.2g} %"
        measured = f"{on['date'][:10]}, {on['commit']}, {on['system']} {on['machine']}, {on['processors']} processors"
        said = f"{trials:,} ({counted})" if counted else f"{trials:,}"
        lines.append(f"| {goal} | {said} | {failed} | {bound} | {measured} |")
    return "\n".join(lines)

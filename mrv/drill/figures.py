"""What a drill counted, kept as JSON with the day, the machine and the state of the program it was counted on."""

import json
import subprocess
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from mrv.bench.machine import machine

SHOWN = 20  # failures kept in words; all of them count


@dataclass(frozen=True)
class Figure:
    """One drill: how many trials, what went wrong in words, and counts by kind.

    name : the drill ; detail : kind → count, in the words of the page
    """

    name: str
    trials: int
    failures: list[str] = field(default_factory=list)
    detail: dict[str, int] = field(default_factory=dict)

    @property
    def bound(self) -> float | None:
        """Upper bound of the true rate with 95 % confidence, 3/n; None where something failed or nothing was tried."""
        return None if self.failures or not self.trials else 3 / self.trials


def where() -> dict[str, Any]:
    """The machine and the moment."""
    return {**machine(), "commit": commit()}


def keep(figure: Figure, folder: Path, seconds: float) -> Path:
    """Writes a figure to `<name>.json` of a directory."""
    folder.mkdir(parents=True, exist_ok=True)
    document = {
        **asdict(figure),
        "failures": figure.failures[:SHOWN],
        "failed": len(figure.failures),
        "bound": figure.bound,
        "seconds": round(seconds),
        "where": where(),
    }
    path = folder / f"{figure.name}.json"
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def kept(folder: Path) -> dict[str, dict[str, Any]]:
    """Name → document of every figure in a directory."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


@cache
def commit() -> str:
    """The state of the program when it was first asked for, since a drill goes on with what it loaded; empty outside a checkout, with `+` where files were changed."""
    root = Path(__file__).parents[2]
    said = [
        subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False).stdout.strip()
        for arguments in (("rev-parse", "--short", "HEAD"), ("status", "--porcelain", "--untracked-files=no"))
    ]
    return said[0] + "+" * bool(said[0] and said[1])

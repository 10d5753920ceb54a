"""The `mrv` command: the composition root. Each command is loaded only when it is called, so that `mrv check` starts fast."""

from mrv.cli.main import main

__all__ = ["main"]

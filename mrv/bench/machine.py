"""Where and when something was measured."""

import os
import platform
from datetime import UTC, datetime
from typing import Any


def machine() -> dict[str, Any]:
    """The moment (UTC), processors, machine, system and Python."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "processors": os.cpu_count(),
        "machine": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
    }

"""What is printed for a person is the time where the plants are."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mrv.cli.common import local_time
from mrv.storage.home import Home


@pytest.mark.parametrize(
    "moment",
    ["2026-11-27T18:04:09.073256+00:00", "2026-11-27T18:04:09Z", datetime(2026, 11, 27, 18, 4, 9, 999999, UTC)],
)
def test_a_moment_is_printed_where_the_plants_are(tmp_path: Path, moment: str | datetime) -> None:
    assert local_time(moment, Home.create(tmp_path / "home")) == "2026-11-28 02:04:09"

"""One evidence file for two plants, or for two months: found at the second deposit, whatever else is in the batch."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mrv.pipeline.deposit import submit
from mrv.pipeline.nightly import nightly
from mrv.pipeline.opening import opened
from mrv.storage.home import Home
from mrv.storage.register import put_register
from mrv.storage.settings import Settings
from tests.pipeline.plants import FEBRUARY, FIRST_GAS, JANUARY, SECOND_GAS, filing, register

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
AS_OF = date(2026, 3, 5)
REPORT, OXIDATION = "U1_unit_production_report.pdf", "U1_natural_gas_oxidation_rate.pdf"


def member(data: bytes, ending: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(next(name for name in archive.namelist() if name.endswith(ending)))


def with_member(data: bytes, ending: str, content: bytes) -> bytes:
    """A filing zip in which one evidence file has other bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as archive:
        for info in source.infolist():
            archive.writestr(info, content if info.filename.endswith(ending) else source.read(info))
    return target.getvalue()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which one plant has deposited January; plants are judged one by one."""
    Home.create(tmp_path / "home", Settings(batch_size=1))
    with opened(tmp_path / "home") as (_, control), control.write() as session:
        for table, frame in register(FIRST_GAS, SECOND_GAS).items():
            put_register(session, table, frame, date(2026, 1, 1))
    deposit(tmp_path / "home", filing(FIRST_GAS, JANUARY)[1])
    return tmp_path / "home"


def deposit(path: Path, data: bytes, name: str = "filing.zip") -> list[dict[str, str]]:
    """Deposits a filing and returns what FOR-20 says of it."""
    with opened(path) as (home, control):
        outcome = submit(home, control, [(name, data)], NOON, "u", AS_OF, "更正附件")
    findings = outcome.submissions[0].checked.findings
    return findings[findings["rule"] == "FOR-20"].to_dict("records")


def borrowed(plant: str, month: str, ending: str = REPORT) -> bytes:
    """A filing that comes with a file of the first plant's January."""
    return with_member(filing(plant, month)[1], ending, member(filing(FIRST_GAS, JANUARY)[1], ending))


def test_a_file_of_another_plant(home: Path) -> None:
    [told] = deposit(home, borrowed(SECOND_GAS, JANUARY))
    assert (told["plant_id"], told["severity"], told["item"]) == (SECOND_GAS, "blocks", f"{JANUARY}_{REPORT}")
    assert f"其他企业 {JANUARY}" in told["message_zh"] and FIRST_GAS not in told["message_zh"]


def test_a_file_of_another_month(home: Path) -> None:
    [told] = deposit(home, borrowed(FIRST_GAS, FEBRUARY))
    assert (
        told["period"] == FEBRUARY
        and JANUARY in told["message_zh"]
        and f"本企业 {JANUARY}" in told["message_zh"]
        and "其他企业" not in told["message_zh"]
    )


def test_what_is_no_reuse(home: Path) -> None:
    assert deposit(home, filing(SECOND_GAS, JANUARY)[1]) == []
    assert deposit(home, borrowed(FIRST_GAS, FEBRUARY, OXIDATION)) == []  # a document that holds for several months
    correction = with_member(filing(FIRST_GAS, JANUARY)[1], OXIDATION, b"another")
    assert deposit(home, correction) == []  # comes with the files of the version before
    assert deposit(home, filing(FIRST_GAS, JANUARY)[1]) == []  # the bytes of the first version once more


def test_a_file_of_a_version_that_was_corrected_is_free_again(home: Path) -> None:
    """Attached to January by mistake and taken back: the month whose record it is may have it."""
    mistaken = with_member(filing(SECOND_GAS, JANUARY)[1], REPORT, member(filing(SECOND_GAS, FEBRUARY)[1], REPORT))
    assert deposit(home, mistaken) == []
    assert deposit(home, filing(SECOND_GAS, JANUARY)[1]) == []
    assert deposit(home, filing(SECOND_GAS, FEBRUARY)[1]) == []


def test_the_night_tells_both_plants(home: Path) -> None:
    def told(path: Path, everything: bool = False) -> set[tuple[str, str]]:
        with opened(path) as (place, control):
            findings = nightly(place, control, AS_OF, lambda: NOON, everything=everything).findings
        found = findings[findings["rule"] == "FOR-20"]
        return set(found[["plant_id", "period"]].itertuples(index=False, name=None))

    assert told(home) == set()
    deposit(home, borrowed(SECOND_GAS, JANUARY))
    both = {(FIRST_GAS, JANUARY), (SECOND_GAS, JANUARY)}
    assert told(home) == both  # the first plant filed nothing new, and is judged again all the same
    assert told(home, everything=True) == both

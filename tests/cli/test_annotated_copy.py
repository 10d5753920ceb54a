"""`mrv check --annotate` says what it wrote, and never writes over a file that it checks."""

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mrv.cli.main import mrv
from mrv.simulation import filing_csv
from tests.cli.corrections_home import gas
from tests.pipeline.plants import FIRST_GAS, JANUARY, SECOND_GAS, tables


def run(*words: object) -> Result:
    result = CliRunner().invoke(mrv, ["check", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def filed(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "a.csv"
    path.parent.mkdir()
    path.write_bytes(filing_csv(tables(), FIRST_GAS, [JANUARY]))
    return path


def test_what_was_written_is_said(filed: Path, tmp_path: Path) -> None:
    told = run(filed, "--annotate", tmp_path / "a.xlsx")
    assert f"已写入批注副本 {tmp_path / 'a.xlsx'}" in told.stdout and (tmp_path / "a.xlsx").is_file()
    told = run(filed, "--annotate", tmp_path / "out", "--lang", "en", "--json")
    assert f"annotated copy written to {tmp_path / 'out' / 'a.checked.xlsx'}" in told.stderr
    assert "annotated" not in told.stdout


def test_a_file_that_is_checked_is_never_overwritten(filed: Path, tmp_path: Path) -> None:
    given = filed.rename(filed.with_suffix(".xlsx"))  # told by its content, whatever its name
    before = hashlib.sha256(given.read_bytes()).hexdigest()
    (tmp_path / "soft.xlsx").symlink_to(given)
    (tmp_path / "hard.xlsx").hardlink_to(given)
    for inputs, target in (
        (given, given),
        (given, tmp_path / "soft.xlsx"),
        (given, tmp_path / "hard.xlsx"),
        (tmp_path / "soft.xlsx", given),
        (given.parent, given),
    ):
        told = run(inputs, "--annotate", target)
        assert told.exit_code == 2 and "原文件不能被批注副本覆盖" in told.stderr
        assert hashlib.sha256(given.read_bytes()).hexdigest() == before


def test_a_target_that_does_not_fit_is_refused(filed: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.csv"
    told = run(filed, "--annotate", target)
    assert told.exit_code == 2 and str(target.with_suffix(".xlsx")) in told.stderr and not target.exists()
    (filed.parent / "b.csv").write_bytes(filing_csv(tables(), SECOND_GAS, [JANUARY]))
    target = tmp_path / "b.xlsx"
    told = run(filed.parent, "--annotate", target)
    assert told.exit_code == 2 and "2 个批注副本" in told.stderr and not target.exists()


def test_a_zip_alone_has_no_copy(tmp_path: Path) -> None:
    (tmp_path / "1.zip").write_bytes(gas())
    for target in (tmp_path / "a.xlsx", tmp_path / "out"):
        told = run(tmp_path / "1.zip", "--annotate", target)
        assert "没有写批注副本" in told.stderr and not target.exists()


def test_a_folder_without_files_is_told(tmp_path: Path) -> None:
    told = run(tmp_path)
    assert told.exit_code == 2 and f"{tmp_path} 中没有文件" in told.stderr

"""Broken and odd files from the field: each gives a refusal in plain words or an intake that adds up, never an exception."""

from pathlib import Path

import pytest

from mrv.intake import Intake, Refusal, read_file

FOLDER = Path(__file__).parents[1] / "data" / "messy"
FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file())
CODES = {
    "simple.unknown": "empty",
    "encrypted_no_password.xls": "old_xls",
    "complex.html": "not_a_filing",
    "invisible_text.html": "not_a_filing",
    "book.ods": "not_a_filing",
    "spanish_chars.csv": "unknown_encoding",
    "bad_dimensions.xlsx": "no_known_table",
    "utf-16le_encoded.csv": "no_known_table",
    "simple.zip": "no_known_table",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_answered(path: Path) -> None:
    answer = read_file(path.name, path.read_bytes())
    if isinstance(answer, Intake):
        assert answer.rows["disposition"].isin(["accepted", "refused", "ignored"]).all()
    else:
        assert isinstance(answer, Refusal)
        assert all(text and "{" not in text for text in answer.message.values())
        assert answer.code == CODES.get(path.name, answer.code)


def test_the_files_are_there() -> None:
    assert {path.name for path in FILES} >= set(CODES)

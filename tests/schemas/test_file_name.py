"""Names of files that no JSON can hold become text; any other name is itself."""

import json
import os

import pytest

from schemas.file_name import plain_name


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        (os.fsdecode("一月.zip".encode("gb18030")), "一月.zip"),
        (os.fsdecode("㐀厂一月.zip".encode("gb18030")), "㐀厂一月.zip"),  # four bytes each
        (os.fsdecode(b"\xe9.zip"), "\ufffd.zip"),  # Latin-1: no GB18030 either
        ("一月\udcff.zip", "一月\ufffd.zip"),
        ("\ud83d.zip", "\ufffd.zip"),  # of no file system, but of a JSON
        ("a\0b.csv", "a␀b.csv"),
        ("一月 é �.zip", "一月 é �.zip"),
    ],
)
def test_a_name_is_plain_text(name: str, plain: str) -> None:
    assert plain_name(name) == plain == plain_name(plain)
    assert json.dumps(plain, ensure_ascii=False).encode()

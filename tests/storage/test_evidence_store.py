"""Evidence: what was put comes back, whole or not at all."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mrv.storage import durable
from mrv.storage.evidence import Evidence, IntegrityError


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return Evidence(tmp_path / "evidence")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(data=st.binary(max_size=200))
def test_bytes_come_back_under_their_hash(evidence: Evidence, data: bytes) -> None:
    address = evidence.put(data)
    assert address == hashlib.sha256(data).hexdigest()
    assert evidence.get(address) == data


def test_a_file_lies_two_directories_deep_and_is_not_written_twice(evidence: Evidence) -> None:
    address = evidence.put("存证".encode())
    path = evidence.root / address[:2] / address[2:4] / address
    before = path.stat().st_mtime_ns
    assert evidence.put("存证".encode()) == address
    assert path.stat().st_mtime_ns == before
    assert list(evidence.addresses()) == [address]
    assert evidence.has(address)


def test_a_flipped_bit_is_noticed_and_the_good_bytes_mend_it(evidence: Evidence) -> None:
    address = evidence.put(b"reading 1234")
    path = evidence.path(address)
    path.chmod(0o644)
    path.write_bytes(b"reading 1235")
    with pytest.raises(IntegrityError, match="no longer"):
        evidence.get(address)
    evidence.put(b"reading 1234")
    assert evidence.get(address) == b"reading 1234"


def test_what_was_never_put_is_an_integrity_error_and_no_path_can_escape(evidence: Evidence) -> None:
    with pytest.raises(IntegrityError, match="no such file"):
        evidence.get("0" * 64)
    for name in ("../../etc/passwd", "A" * 64, "0" * 63, ""):
        with pytest.raises(ValueError, match="not a SHA-256"):
            evidence.path(name)


def test_a_failure_before_the_rename_leaves_nothing(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Path, target: Path) -> None:
        raise OSError("power gone")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="power gone"):
            evidence.put(b"half")
    assert not evidence.has(hashlib.sha256(b"half").hexdigest())
    assert not [path for path in evidence.root.rglob("*") if path.is_file()]


def test_bytes_that_read_back_otherwise_are_not_acknowledged(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "write", lambda path, data, mode: path.write_bytes(data[:-1]))
    with pytest.raises(IntegrityError, match="read back"):
        evidence.put(b"whole")


def test_file_then_rename_then_directory_reach_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deeds: list[str] = []
    sync, replace = durable.sync, Path.replace
    monkeypatch.setattr(
        durable, "sync", lambda path: (deeds.append("directory" if path.is_dir() else "file"), sync(path))[1]
    )
    monkeypatch.setattr(Path, "replace", lambda self, target: (deeds.append("rename"), replace(self, target))[1])
    durable.write(tmp_path / "x", b"1")
    assert deeds == ["file", "rename", "directory"]

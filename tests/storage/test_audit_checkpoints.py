"""What others hold speaks against the log only when a key of the log has signed it; a signature that cannot be checked is told."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mrv.cli.main import mrv
from mrv.drill.small_log import SmallLog, filings, small_log
from mrv.ledger import signing
from mrv.ledger.receipt import Checkpoint
from mrv.ledger.signing import ED25519, SM2, create_keys, sm2_available
from mrv.pipeline.proofs import AlteredReceipt, outside_checkpoints
from mrv.storage.home import Home
from mrv.storage.ledger import receipt_of
from mrv.storage.ledger_audit import Outcome, audit

OTHER_ROOT = "00" * 32


@pytest.fixture(scope="module")
def log() -> Iterator[SmallLog]:
    with small_log(4) as made:
        made.build(filings(4), [2, 4])
        yield made


def receipt(log: SmallLog, **changed: Any) -> bytes:
    """A receipt of the log, its checkpoint changed."""
    with log.control.read() as session:
        document = receipt_of(session, 0)
    document["checkpoint"] |= changed
    return json.dumps(document).encode()


def audited(log: SmallLog, *documents: bytes) -> Outcome:
    with log.control.read() as session:
        return audit(session, log.evidence, [log.signer.key_id], outside_checkpoints(documents))


def codes(outcome: Outcome) -> list[str]:
    return [fault.code for fault in outcome.faults]


def signed_by(folder: Path, checkpoint: Checkpoint) -> Checkpoint:
    """The checkpoint signed by the key of a folder alone, which is made there."""
    folder.mkdir(exist_ok=True)
    signer = create_keys(folder, _put)
    return replace(checkpoint, signatures=signer.sign(checkpoint.body()))


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def document(checkpoint: Checkpoint) -> bytes:
    return json.dumps(checkpoint.document()).encode()


def test_a_true_receipt_fits(log: SmallLog) -> None:
    assert audited(log, receipt(log)).faults == ()


def test_an_altered_receipt_accuses_nobody_but_itself(log: SmallLog) -> None:
    for changed in (
        {"roots": {"sha256": OTHER_ROOT}},
        {"at": "2020-01-01T00:00:00Z"},
        {"size": 3},
        {"signatures": []},
        {"signatures": [{"algorithm": ED25519, "key_id": log.signer.key_id, "public_key": "zz", "signature": 5}]},
        {"signatures": [{"algorithm": "rsa", "key_id": "a", "public_key": "00", "signature": "00"}]},
    ):
        outcome = audited(log, receipt(log, **changed))
        assert codes(outcome) == ["outside_signature"], changed
        (fault,) = outcome.faults
        assert "rewritten" not in fault.message["en"] and "改写" not in fault.message["zh"]
        assert "says nothing of the log" in fault.message["en"] and "不在账本" in fault.message["zh"]


def test_a_receipt_with_another_entry_than_was_signed_accuses_itself(log: SmallLog, tmp_path: Path) -> None:
    altered = json.loads(receipt(log))
    altered["leaf"] = altered["leaf"].replace("2026", "2025", 1)
    with pytest.raises(AlteredReceipt, match="0"):
        outside_checkpoints([json.dumps(altered).encode()])
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(altered), encoding="utf-8")
    Home.create(tmp_path / "another")
    told = CliRunner().invoke(mrv, ["ledger", "audit", "--home", str(tmp_path / "another"), "--against", str(file)])
    assert told.exit_code == 3 and "该回执被改动，问题不在账本" in told.stderr


def test_a_document_of_another_key_is_told_as_such(log: SmallLog, tmp_path: Path) -> None:
    (true,) = outside_checkpoints([receipt(log)])
    other = signed_by(tmp_path / "keys", replace(true, roots={"sha256": OTHER_ROOT}, signatures=()))
    outcome = audited(log, document(other))
    assert codes(outcome) == ["outside_key"]
    assert other.signatures[0].key_id in outcome.faults[0].where
    # One that the home knew and lists no more, even where it says what the log says.
    assert codes(audited(log, document(signed_by(tmp_path / "keys", true)))) == ["outside_key"]


def test_a_rewritten_log_is_still_accused_by_what_its_key_has_signed(log: SmallLog) -> None:
    (true,) = outside_checkpoints([receipt(log)])
    changed = replace(true, roots={"sha256": OTHER_ROOT}, signatures=())
    signed = replace(changed, signatures=log.signer.sign(changed.body()))
    assert codes(audited(log, document(signed))) == ["outside"]


@pytest.mark.parametrize("changed", [{"size": []}, {"size": True}, {"size": "2"}, {"roots": {"sha256": 5}}])
def test_what_is_no_checkpoint_is_no_checkpoint(log: SmallLog, changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="size"):
        outside_checkpoints([receipt(log, **changed)])


@pytest.mark.skipif(not sm2_available(), reason="this system's openssl cannot use SM2")
def test_sm2_that_cannot_be_checked_here_is_told_and_accuses_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = SmallLog(tmp_path / "home", 2, sm2=True)
    log.build(filings(2), [1, 2])
    held = receipt(log)
    assert (audited(log, held).faults, audited(log, held).unchecked) == ((), ())
    monkeypatch.setenv("PATH", str(tmp_path))  # no openssl at all
    monkeypatch.setattr(signing, "sm2_available", signing.sm2_available.__wrapped__)
    outcome = audited(log, held)
    assert outcome.faults == ()
    assert [(one.code, one.count) for one in outcome.unchecked] == [("sm2", 3)]
    assert "SM2" in outcome.unchecked[0].message["zh"] and "not checked here" in outcome.unchecked[0].message["en"]
    # A signature that nobody checked vouches for nothing, whatever key it names.
    (true,) = outside_checkpoints([held])
    sm2 = [one for one in true.signatures if one.algorithm == SM2]
    assert codes(audited(log, document(replace(true, signatures=tuple(sm2))))) == ["outside_signature"]
    log.close()

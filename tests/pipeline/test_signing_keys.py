"""The keys of a home are made once, whoever asks first and however many ask together."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Event

import pytest

from mrv.ledger import signing
from mrv.ledger.signing import Signer
from mrv.pipeline.receive import signer_of
from mrv.storage import durable
from mrv.storage.home import Home


def test_two_that_are_the_first_sign_with_the_same_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, meet, ready, write = Home.create(tmp_path / "home"), Barrier(2), Event(), durable.write

    def together(path: Path, data: bytes, mode: int | None = None) -> None:
        """Where both have seen that there is no key, one writes his once the other has his signer; else one alone comes here."""
        with suppress(BrokenBarrierError):
            if meet.wait(0.3) == 1:
                ready.wait(30)
        write(path, data, mode)

    def first_or_second(_: int) -> Signer:
        signer = signer_of(home)
        ready.set()
        return signer

    monkeypatch.setattr(durable, "write", together)
    monkeypatch.setattr(signing, "sm2_available", lambda: False)
    with ThreadPoolExecutor(2) as pool:
        signers = list(pool.map(first_or_second, range(2)))
    assert [signer.key_id for signer in signers] == [signer_of(home).key_id] * 2

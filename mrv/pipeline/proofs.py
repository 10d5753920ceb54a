"""Proofs of a home: the audit, and the receipt of a deposit or of a file."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from mrv.ledger.receipt import Checkpoint, checkpoint_of, proof_fails, signatures_of
from mrv.pipeline.keys import trusted_keys
from mrv.pipeline.timestamps import stamp_faults
from mrv.storage.audit_faults import Unchecked
from mrv.storage.control import Control
from mrv.storage.deposits import deposit_named
from mrv.storage.evidence import Evidence
from mrv.storage.home import Home
from mrv.storage.ledger import DEPOSIT, RECEIVED, leaf_number, receipt_of
from mrv.storage.ledger_audit import Outcome, audit
from mrv.storage.timestamps import stamped_receipt_of


class AlteredReceipt(ValueError):
    """A receipt whose checkpoint is signed, and whose entry does not lead to it: the receipt was changed, and the log is not to blame."""


def outside_checkpoints(documents: Iterable[bytes]) -> list[Checkpoint]:
    """The checkpoints of receipts (also those that `mrv submit` prints) or of checkpoint files.

    ValueError for anything else, AlteredReceipt for a receipt whose entry is another than was signed.
    """
    found = []
    for data in documents:
        try:
            document = json.loads(data)
            document = document.get("proof", document)
            checkpoint = checkpoint_of(document.get("checkpoint", document))
            if type(checkpoint.size) is not int or not all(isinstance(root, str) for root in checkpoint.roots.values()):
                raise ValueError("size, roots")
            if "leaf" in document and signatures_of(checkpoint).hold and proof_fails(document).startswith("path"):
                raise AlteredReceipt(str(document["index"]))
            found.append(checkpoint)
        except (AttributeError, KeyError, TypeError, UnicodeDecodeError) as error:
            raise ValueError(str(error)) from error
    return found


def audited(home: Home, control: Control, outside: list[Checkpoint]) -> Outcome:
    """The full audit of a home, against the keys it stands by and against what others hold.

    A document of others counts only when its signatures hold and a key of the home, its own or a former one, made one of them.
    """
    with control.read() as session:
        found = audit(session, Evidence(home.evidence), trusted_keys(home), outside)
    faults, passed_over = stamp_faults(home, control)
    unchecked = (Unchecked("timestamp", passed_over),) if passed_over else ()
    return replace(found, faults=(*found.faults, *faults), unchecked=(*found.unchecked, *unchecked))


def proof_of(control: Control, subject: str, timestamped: bool = False) -> dict[str, Any] | None:
    """The receipt of a deposit (by its id, or the beginning of it) or of acknowledged bytes (by their SHA-256); None when the ledger does not speak of it.

    timestamped : by the first checkpoint that an authority has stamped; LookupError while none covers it.
    """
    with control.read() as session:
        with suppress(LookupError):
            subject = deposit_named(session, subject).id if subject else subject
        for kind in (DEPOSIT, RECEIVED):
            number = leaf_number(session, kind, subject)
            if number is not None:
                return stamped_receipt_of(session, number) if timestamped else receipt_of(session, number)
    return None

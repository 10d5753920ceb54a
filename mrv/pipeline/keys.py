"""The keys whose signatures a home stands by: its own, and those that signed before it was restored elsewhere."""

import json
from collections.abc import Iterable

from mrv.pipeline.receive import signer_of
from mrv.storage import durable
from mrv.storage.home import Home

FORMER = "former-keys.json"


def trusted_keys(home: Home) -> list[str]:
    """Ids of the keys that may have signed checkpoints of a home; its own key first, made when it is missing."""
    return [signer_of(home).key_id, *former_keys(home)]


def former_keys(home: Home) -> list[str]:
    """Ids of keys that signed earlier and are not here any more; they prove what they signed, and sign nothing."""
    path = home.keys / FORMER
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


def keep_former_keys(home: Home, ids: Iterable[str]) -> None:
    """Notes keys that signed before, beside those noted already."""
    together = sorted({*former_keys(home), *ids})
    durable.write(home.keys / FORMER, (json.dumps(together) + "\n").encode())
    (home.keys / FORMER).chmod(0o600)

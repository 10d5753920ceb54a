"""One byte string for one document: JSON as RFC 8785 (JCS) writes it, for the values that a leaf may hold."""

import json
from typing import Any


def canonical(value: Any) -> bytes:
    """The canonical JSON of a document, UTF-8.

    value : dict with text keys, list, text, whole number, true, false, null. Raises TypeError for anything else: a fraction has no
    place in a ledger (amounts are kept as the text that was filed), and ValueError for a whole number beyond ±(2^53 − 1), which RFC
    8785 cannot write, and for half a surrogate pair.
    """
    _check(value)
    ordered = json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":"))
    try:
        return ordered.encode()
    except UnicodeEncodeError as error:
        raise ValueError("half a surrogate pair cannot be written") from error


def _check(value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a key of a document is text, not {type(key).__name__}")
            _check(inner)
    elif isinstance(value, list):
        for inner in value:
            _check(inner)
    elif isinstance(value, bool) or value is None or isinstance(value, str):
        return
    elif isinstance(value, int):
        if abs(value) > 2**53 - 1:
            raise ValueError(f"{value} is beyond what RFC 8785 can write")
    else:
        raise TypeError(f"a document holds no {type(value).__name__}")


def _sorted(value: Any) -> Any:
    """Keys in the order of their UTF-16 code units, as RFC 8785 has it (not of code points)."""
    if isinstance(value, dict):
        return {
            key: _sorted(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        }
    return [_sorted(inner) for inner in value] if isinstance(value, list) else value

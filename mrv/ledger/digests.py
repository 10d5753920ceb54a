"""The hash functions of the ledger: SHA-256 always, SM3 (GB/T 32905) beside it where the system's OpenSSL has it."""

import hashlib
from functools import cache

SHA256, SM3 = "sha256", "sm3"


@cache
def algorithms() -> tuple[str, ...]:
    """The hash functions at hand, SHA-256 first."""
    try:
        hashlib.new(SM3)
    except ValueError:
        return (SHA256,)
    return (SHA256, SM3)


def digest(algorithm: str, data: bytes) -> bytes:
    """The hash of some bytes [32 bytes]; ValueError for a function the system does not have."""
    return hashlib.new(algorithm, data).digest()

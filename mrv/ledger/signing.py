"""Keys of a log: Ed25519 always, SM2 (GB/T 32918) beside it where the system's OpenSSL can sign with it.

Private keys lie in one directory that only its owner may read. A key is named by the first sixteen digits of the SHA-256 of its public
part, so that a receipt says which key signed it without holding a secret.
"""

import hashlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, SM2 = "ed25519", "sm2"
FILES = {ED25519: "ledger-ed25519.pem", SM2: "ledger-sm2.pem"}


class CannotCheck(RuntimeError):
    """A signature that this system has no means to check; it may hold or not."""


@dataclass(frozen=True)
class Signature:
    """One signature: by which algorithm and key, and the public key itself (DER SubjectPublicKeyInfo), all in hexadecimal."""

    algorithm: str
    key_id: str
    public_key: str
    signature: str


def key_id_of(public_key: bytes) -> str:
    """Name of a public key (DER SubjectPublicKeyInfo)."""
    return hashlib.sha256(public_key).hexdigest()[:16]


class Signer:
    """The signing keys of a directory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        key = serialization.load_pem_private_key((folder / FILES[ED25519]).read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{folder / FILES[ED25519]}: no Ed25519 key")
        self._key = key
        self.public_key = _spki(key.public_key())
        self.key_id = key_id_of(self.public_key)

    def sign(self, message: bytes) -> tuple[Signature, ...]:
        """Signatures over a message: Ed25519 (the same message gives the same bytes), and SM2 where there is a key for it."""
        found = [Signature(ED25519, self.key_id, self.public_key.hex(), self._key.sign(message).hex())]
        path = self._folder / FILES[SM2]
        if path.is_file() and sm2_available():
            public = self._sm2_public
            with TemporaryDirectory() as scratch:
                file = Path(scratch) / "message"
                file.write_bytes(message)
                made = _openssl("pkeyutl", "-sign", "-inkey", str(path), "-rawin", "-digest", "sm3", "-in", str(file))
            found.append(Signature(SM2, key_id_of(public), public.hex(), made.hex()))
        return tuple(found)

    @cached_property
    def _sm2_public(self) -> bytes:
        """The public part of the SM2 key, asked for once: each question starts a process."""
        return _openssl("pkey", "-in", str(self._folder / FILES[SM2]), "-pubout", "-outform", "DER")


def create_keys(folder: Path, write: Callable[[Path, bytes], None]) -> Signer:
    """Makes the keys that are missing in a directory and returns its signer. `write` puts a file there so that it survives a crash."""
    path = folder / FILES[ED25519]
    if not path.is_file():
        private = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write(path, private)
    if not (folder / FILES[SM2]).is_file() and sm2_available():
        write(folder / FILES[SM2], _openssl("genpkey", "-algorithm", "SM2"))
    return Signer(folder)


def verify(signature: Signature, message: bytes) -> bool:
    """Whether a signature is that of its public key over a message. CannotCheck for SM2 on a system that has no means to."""
    public = bytes.fromhex(signature.public_key)
    if key_id_of(public) != signature.key_id:
        return False
    if signature.algorithm == ED25519:
        key = serialization.load_der_public_key(public)
        if not isinstance(key, Ed25519PublicKey):
            return False
        try:
            key.verify(bytes.fromhex(signature.signature), message)
        except InvalidSignature:
            return False
        return True
    if signature.algorithm != SM2:
        return False
    if not sm2_available():
        raise CannotCheck("this system's OpenSSL cannot check SM2 signatures")
    with TemporaryDirectory() as scratch:
        names = {name: Path(scratch) / name for name in ("key", "message", "signature")}
        names["key"].write_bytes(public)
        names["message"].write_bytes(message)
        names["signature"].write_bytes(bytes.fromhex(signature.signature))
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", str(names["key"]), "-rawin",
                   "-digest", "sm3", "-in", str(names["message"]), "-sigfile", str(names["signature"])]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, check=False)
        except OSError as error:  # gone since the system was asked
            raise CannotCheck(f"no openssl: {error}") from error
    return done.returncode == 0


@cache
def sm2_available() -> bool:
    """Whether the system has an `openssl` command that makes and uses SM2 keys."""
    try:
        return b"PRIVATE KEY" in _openssl("genpkey", "-algorithm", "SM2")
    except (OSError, subprocess.CalledProcessError):
        return False


def _openssl(*arguments: str) -> bytes:
    return subprocess.run(["openssl", *arguments], capture_output=True, check=True).stdout


def _spki(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)

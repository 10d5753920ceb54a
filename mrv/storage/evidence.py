"""Files as deposited, addressed by the SHA-256 of their bytes: `evidence/ab/cd/abcd…`."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from mrv.storage import durable

ADDRESS = re.compile(r"[0-9a-f]{64}")


class IntegrityError(Exception):
    """What is stored is absent or is not what its address says: the file was lost, damaged or tampered with.

    `zh`: the words in Chinese; where there are none, those in English.
    """

    def __init__(self, en: str, zh: str = "") -> None:
        super().__init__(en)
        self.zh = zh or en


def damaged(path: Path) -> IntegrityError:
    """For a file whose bytes are not those it is filed under."""
    return IntegrityError(
        f"{path}: the bytes no longer have the hash they are filed under", f"{path} 的内容与其文件名所示的摘要不符"
    )


class Evidence:
    """A content-addressed directory. Nothing is ever changed or deleted by it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes) -> str:
        """Keeps the bytes and returns their SHA-256 (64 hexadecimal digits).

        When this returns, the bytes have reached the disk and were read back. Putting the same bytes again changes
        nothing; where the stored copy is damaged it is replaced by the good one. IntegrityError when what is read back
        differs from what was written.
        """
        address = hashlib.sha256(data).hexdigest()
        path = self.path(address)
        if not path.is_file() or _digest(path) != address:
            durable.make_directories(path.parent)
            durable.write(path, data, 0o444)
            if _digest(path) != address:
                raise IntegrityError(
                    f"{path}: read back other bytes than were written", f"{path} 读回的内容与写入的不同"
                )
        # Whoever made these entries may have been killed before forcing them to the disk, or may be about to.
        for entry in (path, *path.parents[:3]):
            durable.sync(entry)
        return address

    def get(self, address: str) -> bytes:
        """The bytes with this SHA-256. IntegrityError when they are absent or no longer have it."""
        path = self.path(address)
        if not path.is_file():
            raise IntegrityError(f"{address}: no such file in {self.root}", f"{self.root} 中没有文件 {address}")
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != address:
            raise damaged(path)
        return data

    def has(self, address: str) -> bool:
        """Whether a file is filed under this SHA-256 (its bytes are not checked)."""
        return self.path(address).is_file()

    def path(self, address: str) -> Path:
        """Where the bytes with this SHA-256 are filed; ValueError when it is no SHA-256."""
        if not ADDRESS.fullmatch(address):
            raise ValueError(f"not a SHA-256: {address!r}")
        return self.root / address[:2] / address[2:4] / address

    def addresses(self) -> Iterator[str]:
        """Every address filed, in order; `get` each of them to audit the store."""
        for path in sorted(self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
            if ADDRESS.fullmatch(path.name):
                yield path.name


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()

"""Where a backup lies: a directory, or one tar file. Both are written under another name and stand there whole or not at all."""

import hashlib
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from mrv.storage import durable

CHUNK = 1 << 20  # bytes


class BadArchive(ValueError):
    """A place that holds no backup."""


class Target:
    """A backup that is being written; `files` tells SHA-256 and size [bytes] of what was added so far."""

    def __init__(self, folder: Path | None, archive: tarfile.TarFile | None) -> None:
        self._folder, self._archive = folder, archive
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, path: Path) -> str:
        """Adds the bytes of a file and returns their SHA-256."""
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
            size = handle.tell()
            handle.seek(0)
            if self._archive is not None:
                # Nothing of time, host or user: the same content is the same archive.
                info = tarfile.TarInfo(name)
                info.size, info.mode = size, 0o600
                self._archive.addfile(info, handle)
            elif self._folder is not None:
                target = self._folder / name
                durable.make_directories(target.parent)
                with target.open("wb") as out:
                    shutil.copyfileobj(handle, out, CHUNK)
                target.chmod(0o600)
                durable.sync(target)
        self.files[name] = {"sha256": digest, "size": size}
        return digest


@contextmanager
def writing(place: Path) -> Iterator[Target]:
    """A backup at `place` – a tar file where the name ends in `.tar`, else a directory – that appears when the block ends well.

    FileExistsError when something stands there.
    """
    if place.exists():
        raise FileExistsError(str(place))
    durable.make_directories(place.absolute().parent)
    partial = place.with_name(f".{place.name}.partial")
    _remove(partial)
    try:
        if place.suffix == ".tar":
            with partial.open("wb") as raw:
                partial.chmod(0o600)
                with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
                    yield Target(None, archive)
        else:
            partial.mkdir(mode=0o700)
            yield Target(partial, None)
        durable.sync(partial)
        partial.rename(place)
        durable.sync(place.absolute().parent)
    finally:
        _remove(partial)


class Source:
    """A backup that is being read."""

    def __init__(self, place: Path, archive: tarfile.TarFile | None) -> None:
        self._place, self._archive = place, archive
        if archive is not None:
            self._members = {info.name: info for info in archive.getmembers() if info.isfile()}
            names = list(self._members)
        else:
            names = [path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()]
        for name in names:
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise BadArchive(f"a name that leads elsewhere: {name}")
        self.names = sorted(names)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """The bytes of one file; KeyError for a name that is not there."""
        if name not in self.names:
            raise KeyError(name)
        if self._archive is None:
            with (self._place / name).open("rb") as handle:
                yield handle
        else:
            found = self._archive.extractfile(self._members[name])
            assert found is not None  # only plain files are among the members
            with found:
                yield found

    def read(self, name: str) -> bytes:
        """All bytes of one file; KeyError for a name that is not there."""
        with self.open(name) as handle:
            return handle.read()


@contextmanager
def reading(place: Path) -> Iterator[Source]:
    """The backup at `place`; BadArchive when that is neither a directory nor a tar file."""
    if place.is_dir():
        yield Source(place, None)
        return
    try:
        archive = tarfile.open(place)  # noqa: SIM115 - closed by the block below
    except (OSError, tarfile.TarError) as error:
        raise BadArchive(str(error)) from error
    with archive:
        yield Source(place, archive)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

"""Where a backup lies: a directory, or one tar file. Both are written under another name and stand there whole or not at all."""

import hashlib
import lzma
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from mrv.storage import durable
from mrv.storage.evidence import IntegrityError

CHUNK = 1 << 20  # bytes


class BadArchive(ValueError):
    """A place that holds no backup; `zh` are the words in Chinese."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


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
                raise BadArchive(f"a name that leads elsewhere: {name}", f"其中的文件名指向别处：{name}")
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
    """The backup at `place`; BadArchive when that is neither a directory nor a tar file, IntegrityError for one that is cut short."""
    if place.is_dir():
        yield Source(place, None)
        return
    try:
        archive = tarfile.open(place)  # noqa: SIM115 - closed by the block below
    except PermissionError:
        raise
    except (OSError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError) as error:
        raise BadArchive("neither a directory nor a tar file", "既不是文件夹，也不是 tar 文件") from error
    with archive:
        try:
            source = Source(place, archive)
            _to_the_end(archive)
            yield source
        except (EOFError, zlib.error, lzma.LZMAError, tarfile.TarError) as error:
            raise IntegrityError(f"{place.name} is cut short or damaged", f"{place.name} 不完整或已损坏") from error


def _to_the_end(archive: tarfile.TarFile) -> None:
    """EOFError for an archive without the two empty blocks at its end: cut between two files it would be read as a shorter one."""
    assert archive.fileobj is not None  # opened by name
    archive.fileobj.seek(archive.offset)
    if len(archive.fileobj.read(2 * tarfile.BLOCKSIZE)) < 2 * tarfile.BLOCKSIZE:
        raise EOFError


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

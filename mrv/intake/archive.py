"""Opening a zip without trusting it: every name is checked and every byte counted while it is unpacked."""

import io
import re
import stat
import zipfile
import zlib

from mrv.intake.refusal import Deadline, RefusedError
from mrv.intake.result import MEGABYTE, Limits

_BLOCK = 1 << 20
_DRIVE = re.compile(r"^[A-Za-z]:")
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def _name_of(info: zipfile.ZipInfo) -> str:
    """The member's name: UTF-8 when it says so, else UTF-8 or GB18030 (archives packed on a Chinese Windows)."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _check_name(name: str) -> None:
    if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/") or "\0" in name:
        raise RefusedError("hostile_path", entry=name.replace("\0", ""))


def _inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int, limits: Limits) -> bytes:
    """The member's bytes; stops as soon as more comes out than `room` or than the ratio allows."""
    out = io.BytesIO()
    # Small members of great regularity are honest (an empty sheet); the ratio counts from a megabyte on.
    ratio_limit = max(MEGABYTE, limits.ratio * max(info.compress_size, 1))
    with archive.open(info) as stream:
        while block := stream.read(_BLOCK):
            out.write(block)
            if out.tell() > min(room, ratio_limit):
                raise RefusedError("hostile_zip_bomb", entry=info.filename)
    return out.getvalue()


def unpack(data: bytes, limits: Limits, deadline: Deadline) -> dict[str, bytes]:
    """All files of a zip, name to bytes, in the order of the archive.

    Raises RefusedError: `damaged`, `encrypted`, `too_many_entries`, or a `hostile_…` code.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise RefusedError("damaged", detail="zip") from error
    infos = archive.infolist()
    if len(infos) > limits.entries:
        raise RefusedError("too_many_entries", count=len(infos), limit=limits.entries)
    members: dict[str, bytes] = {}
    seen: set[str] = set()
    room = limits.unpacked_bytes
    for info in infos:
        name = _name_of(info)
        _check_name(name)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise RefusedError("hostile_symlink", entry=name)
        if name.casefold() in seen:
            raise RefusedError("hostile_duplicate_name", entry=name)
        seen.add(name.casefold())
        if info.flag_bits & _ENCRYPTED:
            raise RefusedError("encrypted")
        if name.endswith("/") or name.startswith(_LITTER[0]) or name.rpartition("/")[2] in _LITTER:
            continue
        deadline.check()
        try:
            members[name] = _inflate(archive, info, room, limits)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
            raise RefusedError("damaged", detail=name) from error
        room -= len(members[name])
    return members


def repack(members: dict[str, bytes]) -> bytes:
    """The XML parts as a fresh, uncompressed zip.

    The workbook reader gets exactly the bytes that were counted and checked here, whatever the original's directory
    claimed: two readers of one archive can otherwise be made to see different contents.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            if name.endswith((".xml", ".rels")):
                archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()

"""What a file is, from its first bytes; the name it carries is not believed."""

import codecs

from mrv.intake.refusal import RefusedError

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD = 4096


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _ole(data: bytes) -> RefusedError:
    if _utf16("EncryptedPackage") in data:
        return RefusedError("encrypted")
    if _utf16("Workbook") in data or _utf16("Book") in data:
        return RefusedError("old_xls")
    return RefusedError("not_a_filing", what="ole")


def obvious_utf16(head: bytes) -> str:
    """The UTF-16 codec of text without a byte-order mark, or empty: every other byte of Latin text is zero."""
    odd, even = head[1::2].count(0), head[0::2].count(0)
    many = max(4, len(head) // 8)
    if odd >= many and even * 8 <= odd:
        return "utf-16-le"
    return "utf-16-be" if even >= many and odd * 8 <= even else ""


def container_of(data: bytes) -> str:
    """`zip`, `parquet` or `text`.

    Raises RefusedError: `empty`, `encrypted`, `old_xls`, or `not_a_filing` naming what the file seems to be.
    """
    if not data.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise RefusedError("empty")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith(_OLE):
        raise _ole(data)
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise RefusedError("not_a_filing", what=what)
    head = data[:_HEAD]
    if b"\0" in head and not data.startswith(_UTF16) and not obvious_utf16(head):
        raise RefusedError("not_a_filing", what="binary")
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<div")):
        raise RefusedError("not_a_filing", what="html")
    if start.startswith(b"<"):
        raise RefusedError("not_a_filing", what="html" if b"<html" in start or b"<table" in start else "xml")
    if start.startswith((b"{", b"[{", b"[[", b'["')):
        raise RefusedError("not_a_filing", what="json")
    return "text"

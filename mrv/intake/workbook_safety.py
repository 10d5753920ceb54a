"""Parts a filing workbook may not hold: macros, links to other files, embedded objects, entity declarations."""

import re
from collections.abc import Mapping

from mrv.intake.refusal import RefusedError

_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_EXTERNAL = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")
_UTF16_STARTS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


def _as_ascii(part: bytes) -> bytes:
    """XML text with UTF-16 reduced to bytes, so that one pattern sees a declaration in either form."""
    return part.replace(b"\0", b"") if part.startswith(_UTF16_STARTS) else part


def check_parts(members: Mapping[str, bytes]) -> None:
    """Raise RefusedError with a `hostile_…` code for the first part that does not belong in a filing."""
    for name in sorted(members):
        lower = name.lower()
        base = lower.rpartition("/")[2]
        if base in {"vbaproject.bin", "vbadata.xml"} or "/macrosheets/" in lower or "/dialogsheets/" in lower:
            raise RefusedError("hostile_macro", entry=name)
        if "/embeddings/" in lower or "/activex/" in lower:
            raise RefusedError("hostile_embedded_object", entry=name)
        if "/externallinks/" in lower or base == "connections.xml":
            raise RefusedError("hostile_external_link", entry=name)
        if not lower.endswith((".xml", ".rels", ".vml")):
            continue
        text = _as_ascii(members[name])
        if _DECLARATION.search(text):
            raise RefusedError("hostile_xml_entity", entry=name)
        if base == "[content_types].xml" and b"macroenabled" in text.lower():
            raise RefusedError("hostile_macro", entry=name)
        if b"<ddeLink" in text:
            raise RefusedError("hostile_external_link", entry=name)
        # A hyperlink is external too, but nothing is fetched unless a person clicks it.
        if lower.endswith(".rels") and any(b"/hyperlink" not in found for found in _EXTERNAL.findall(text)):
            raise RefusedError("hostile_external_link", entry=name)

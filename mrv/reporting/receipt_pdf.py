"""A receipt on paper: one A4 page with a QR code, the receipt itself attached, the same bytes every time."""

import io
import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import segno
import typst

from mrv.ledger.digests import SHA256
from mrv.ledger.merkle import leaf_hash
from mrv.reporting.receipt_words import page_of

TEMPLATE = Path(__file__).with_name("receipt_page.typ")
FONT_PACKAGE = "cvttf_NotoSansCJK_Regular"
QR_FORMAT = "TANHENG1"


class NoFont(RuntimeError):
    """The Chinese font is not there: without it a page would be set in empty boxes."""


def receipt_pdf(receipt: Mapping[str, Any], lang: str = "zh", sm3: str = "") -> bytes:
    """The page of a receipt as PDF.

    Parameters
    ----------
    receipt : the document of `mrv.ledger.receipt.receipt`; it travels with the page as the attachment `receipt.json`
    lang : `zh` or `en`
    sm3 : SM3 of the file, where its leaf does not name it [64 hexadecimal digits]

    Returns
    -------
    Bytes of the PDF; the same receipt gives the same bytes. KeyError for a document that is no receipt, NoFont where the font is
    missing.
    """
    return _set(receipt, lang, sm3, "pdf")


def receipt_png(receipt: Mapping[str, Any], lang: str = "zh", sm3: str = "") -> bytes:
    """The page of a receipt as a picture, for looking at."""
    return _set(receipt, lang, sm3, "png")


def qr_text(receipt: Mapping[str, Any]) -> str:
    """What the QR code says: format, leaf number, size, leaf hash, root (SHA-256) and key, in about 170 characters.

    `offline_verifier.py qr TEXT RECEIPT.json` holds it against a receipt.
    """
    checkpoint = receipt["checkpoint"]
    leaf = leaf_hash(SHA256, receipt["leaf"].encode()).hex()
    parts = (QR_FORMAT, receipt["index"], checkpoint["size"], leaf, checkpoint["roots"][SHA256], checkpoint["origin"])
    return " ".join(str(part) for part in parts)


def receipt_text(receipt: Mapping[str, Any]) -> str:
    """A receipt as a file: JSON for people and programs."""
    return json.dumps(receipt, ensure_ascii=False, indent=2) + "\n"


def font_folder() -> Path:
    """Where the Chinese font lies; NoFont when it is not installed."""
    spec = find_spec(FONT_PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        if any(Path(place).glob("NotoSansCJK*.otf")):
            return Path(place)
    raise NoFont(f"the package {FONT_PACKAGE} with the font Noto Sans CJK is not installed")


def _set(receipt: Mapping[str, Any], lang: str, sm3: str, form: Literal["pdf", "png"]) -> bytes:
    picture = io.BytesIO()
    segno.make(qr_text(receipt), error="m", micro=False).save(picture, kind="svg", border=2, xmldecl=False)
    inputs = {
        "page": json.dumps(page_of(receipt, lang, sm3), ensure_ascii=False),
        "qr": picture.getvalue().decode(),
        "receipt": receipt_text(receipt),
    }
    compiler = typst.Compiler(
        str(TEMPLATE), font_paths=[str(font_folder())], ignore_system_fonts=True, sys_inputs=inputs
    )
    made, warnings = compiler.compile_with_warnings(format=form, ppi=110.0)
    if warnings:  # a font that is missing is a warning to typst, and empty boxes to the reader
        raise NoFont("; ".join(warning.message for warning in warnings))
    if not isinstance(made, bytes):
        raise ValueError(f"the receipt does not fit one page: {len(made or [])} pages")
    return made

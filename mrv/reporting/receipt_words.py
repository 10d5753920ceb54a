"""What stands on a receipt, in the chosen language: labels, values and how to verify it."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mrv.ledger.receipt import NOTE
from schemas.choices import SECTORS

ZONE = ZoneInfo("Asia/Shanghai")
SIGNATURE_DIGITS = 32  # of a signature on paper; all of it is in the attached document
_UNBROKEN = re.compile(r"[!-~]{40}")  # a longer word of Latin letters would run off the page: it may break here
NAMES_SHOWN, SHORT_NAME = 4, 24  # evidence files named on the page, and characters of each name
NAME_LENGTH = 72  # characters of a text that others wrote; the rest is in the attached document

Pair = tuple[str, str]  # Chinese, English
TITLES: dict[str, Pair] = {
    "deposit": ("存证回执", "Deposit receipt"),
    "received": ("文件接收回执", "Receipt of a file"),
}
LABELS: dict[str, Pair] = {
    "what": ("存证内容", "What was deposited"),
    "plant_id": ("企业", "Plant"),
    "sector": ("行业", "Sector"),
    "month": ("月份", "Month"),
    "version": ("版本", "Version"),
    "uploader": ("填报人", "Filed by"),
    "received_at": ("接收时间", "Received"),
    "reason": ("更正原因", "Reason of correction"),
    "return_reference": ("退回编号", "Return reference"),
    "deposit_id": ("存证编号", "Deposit id"),
    "file": ("文件", "File"),
    "name": ("文件名", "Name"),
    "size": ("大小", "Size"),
    "attachments": ("支撑材料", "Evidence files"),
    "proof": ("账本证明", "Proof in the ledger"),
    "index": ("账本条目", "Leaf number"),
    "checkpoint": ("检查点", "Checkpoint"),
    "root": ("根哈希", "Root"),
    "key": ("签名密钥", "Signing key"),
    "signature": ("签名", "Signature"),
    "timestamp": ("时间戳", "Time-stamp"),
    "software": ("程序版本", "Program"),
}
BYTES: Pair = ("字节", "bytes")
QR_WORDS: Pair = ("条目哈希、根哈希与密钥", "Hashes of leaf and root, key")
ATTACHED: Pair = (
    "回执原文（JSON），可用独立验证器验证",
    "The receipt itself (JSON), for the offline verifier",
)
STEPS: list[tuple[Pair, str]] = [
    (
        (
            "1. 取出本 PDF 的附件 receipt.json（阅读器的“附件”栏）。",
            "1. Take receipt.json out of this PDF (the reader's pane of attachments).",
        ),
        "pdfdetach -saveall RECEIPT.pdf",
    ),
    (
        (
            "2. 不联网、不需要本系统：独立验证器 offline_verifier.py 只需 Python 与 cryptography。",
            "2. Without network and without us: offline_verifier.py needs Python and cryptography, nothing else.",
        ),
        "python offline_verifier.py receipt receipt.json FILE",
    ),
    (("3. 装有碳衡时：", "3. Where Tanheng is installed:"), "mrv ledger verify-receipt receipt.json FILE"),
    (
        (
            "4. 核对纸面：扫描二维码，将所得文字与 receipt.json 比对。",
            "4. Check the paper: scan the code and compare its text with receipt.json.",
        ),
        'python offline_verifier.py qr "TEXT" receipt.json',
    ),
]


def page_of(receipt: Mapping[str, Any], lang: str, sm3: str = "") -> dict[str, Any]:
    """What `receipt_page.typ` sets: words and rows of a receipt (`mrv.ledger.receipt.receipt`).

    lang : `zh` or `en`. sm3 : of the file, where its leaf does not name it. KeyError for a document that is no receipt.
    """
    which = 0 if lang == "zh" else 1
    leaf = json.loads(receipt["leaf"])
    kind = "deposit" if "deposit_id" in leaf else "received"
    subject = leaf["file"]["name"]
    if kind == "deposit":
        subject = f"{leaf['plant_id']}　{leaf['month']}　{_version(leaf['version'], which)}"
    sections = [
        _section("what", _what(leaf, which), which),
        _section("file", _file(leaf, sm3, which), which),
        _section("proof", _proof(receipt, which), which),
    ]
    return {
        "lang": lang,
        "region": "cn" if lang == "zh" else "gb",
        "product": "碳衡 Tanheng",
        "title": TITLES[kind][which],
        "subject": _short(subject),
        "note": NOTE["zh" if which == 0 else "en"],
        "qr_words": QR_WORDS[which],
        "sections": sections,
        "verify": {
            "title": ("如何验证", "How to verify")[which],
            "steps": [{"text": words[which], "command": command} for words, command in STEPS],
        },
        "attachment": "receipt.json",
        "attached": ATTACHED[which],
    }


def _section(name: str, rows: list[tuple[str, str, bool]], which: int) -> dict[str, Any]:
    listed = [{"label": label, "text": text, "code": code} for label, text, code in rows if text]
    return {"title": LABELS[name][which], "rows": listed}


def _what(leaf: Mapping[str, Any], which: int) -> list[tuple[str, str, bool]]:
    rows = []
    for name in ("plant_id", "month", "uploader", "reason", "return_reference"):
        rows.append((LABELS[name][which], _short(str(leaf.get(name, ""))), False))
    if "sector" in leaf:
        sector = SECTORS[leaf["sector"]][which] if leaf["sector"] in SECTORS else leaf["sector"]
        rows.insert(1, (LABELS["sector"][which], sector, False))
        rows.insert(3, (LABELS["version"][which], _version(leaf["version"], which), False))
    rows.append((LABELS["received_at"][which], _moment(leaf["received_at"]), False))
    rows.append((LABELS["deposit_id"][which], leaf.get("deposit_id", ""), True))
    return rows


def _file(leaf: Mapping[str, Any], sm3: str, which: int) -> list[tuple[str, str, bool]]:
    file = leaf["file"]
    attached = leaf.get("attachments", [])
    return [
        (LABELS["name"][which], _short(file["name"]), False),
        (LABELS["size"][which], f"{file['size']:,} {BYTES[which]}", False),
        ("SHA-256", file["sha256"], True),
        ("SM3", file.get("sm3") or sm3, True),
        (LABELS["attachments"][which], _attached(attached, which), False),
    ]


def _attached(files: list[Mapping[str, Any]], which: int) -> str:
    """The evidence files by name as far as a line or two go; all of them, with their hashes, are in the attached document."""
    if not files:
        return ""
    names = [_short(file["name"], SHORT_NAME) for file in files[:NAMES_SHOWN]]
    more = len(files) > NAMES_SHOWN
    if which == 0:
        return "、".join(names) + ("等" if more else "") + f"，共 {len(files)} 份，哈希见附件"
    return ", ".join(names) + (" …" if more else "") + f"; {len(files)} in all, hashes in the attachment"


def _proof(receipt: Mapping[str, Any], which: int) -> list[tuple[str, str, bool]]:
    checkpoint = receipt["checkpoint"]
    size, at = checkpoint["size"], _moment(checkpoint["at"])
    covering = (f"{size} 条，签于 {at}", f"{size} leaves, signed {at}")[which]
    rows = [
        (LABELS["index"][which], f"#{receipt['index']}", False),
        (LABELS["checkpoint"][which], covering, False),
    ]
    for name, value in sorted(checkpoint["roots"].items()):
        rows.append((f"{LABELS['root'][which]} {_algorithm(name)}", value, True))
    for entry in checkpoint["signatures"]:
        shown = f"{entry['signature'][:SIGNATURE_DIGITS]}…"
        rows.append((f"{LABELS['key'][which]} {_algorithm(entry['algorithm'])}", entry["key_id"], True))
        rows.append((f"{LABELS['signature'][which]} {_algorithm(entry['algorithm'])}", shown, True))
    stamped = ("RFC 3161，见附件", "RFC 3161, in the attachment")[which]
    rows.append((LABELS["timestamp"][which], stamped if receipt.get("timestamp") else "", False))
    rows.append((LABELS["software"][which], json.loads(receipt["leaf"]).get("software", ""), False))
    return rows


def _algorithm(name: str) -> str:
    return {"sha256": "SHA-256", "sm3": "SM3", "ed25519": "Ed25519", "sm2": "SM2"}.get(name, name)


def _version(number: int, which: int) -> str:
    return (f"第 {number} 版", f"version {number}")[which]


def _moment(text: str) -> str:
    """A moment as people in China read it, and in UTC as the ledger has it."""
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M:%S} (UTC+8)　{at:%Y-%m-%d %H:%M:%S} UTC"


def _short(text: str, length: int = NAME_LENGTH) -> str:
    """A text that others wrote, short enough for its place and never wider than the page."""
    shown = text if len(text) <= length else f"{text[:length]}…"
    return _UNBROKEN.sub(lambda run: f"{run[0]}\u200b", shown)

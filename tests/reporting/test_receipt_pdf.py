"""The receipt on paper: readable, complete, the same bytes every time, with the receipt itself inside."""

import json
import re
import zlib
from pathlib import Path
from typing import Any

import pytest

from mrv.ledger import offline_verifier
from mrv.ledger.canonical import canonical
from mrv.ledger.digests import algorithms, digest
from mrv.ledger.merkle import leaf_hash, node_hash
from mrv.ledger.receipt import Checkpoint, receipt
from mrv.ledger.signing import create_keys
from mrv.reporting import receipt_pdf as page
from mrv.reporting.receipt_words import page_of


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A receipt of the second of two leaves."""
    signer = create_keys(tmp_path_factory.mktemp("keys"), lambda path, data: path.write_bytes(data) and None)
    leaf = canonical(
        {
            **{
                "kind": "deposit",
                "deposit_id": "d" * 64,
                "plant_id": "滨海热电",
                "sector": "power",
                "month": "2026-01",
            },
            **{"version": 2, "file": {"name": "一月填报.xlsx", "sha256": "5" * 64, "size": 20480}, "attachments": []},
            **{"uploader": "张三", "received_at": "2026-02-10T02:30:00Z", "reason": "复核更正骨直"},
            **{"return_reference": "退回-17", "software": "tanheng 0.1.0", "audit": "0" * 64},
        }
    )
    paths, roots = {}, {}
    for name in algorithms():
        paths[name] = [leaf_hash(name, b"first")]
        roots[name] = node_hash(name, paths[name][0], leaf_hash(name, leaf)).hex()
    bare = Checkpoint(signer.key_id, 2, roots, "2026-02-10T02:30:00Z")
    return receipt(leaf, 1, paths, Checkpoint(bare.origin, 2, roots, bare.at, signer.sign(bare.body())))


def streams(pdf: bytes) -> list[bytes]:
    """The contents of the streams of a PDF, unpacked where they are packed."""
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, flags=re.DOTALL):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            found.append(match[1])
    return found


def glyphs(pdf: bytes) -> dict[str, int]:
    """Character → number of its glyph, from the fonts of a PDF; 0 is the empty box."""
    found: dict[str, int] = {}
    for content in streams(pdf):
        if b"beginbfchar" not in content:
            continue
        for glyph, text in re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>", content):
            found[bytes.fromhex(text.decode()).decode("utf-16-be")] = int(glyph, 16)
    return found


def shown(document: dict[str, Any], lang: str) -> str:
    words = page_of(document, lang, "a" * 64)
    rows = [row["label"] + row["text"] for section in words["sections"] for row in section["rows"]]
    return "".join(
        [words["title"], words["subject"], words["note"], *rows, *(s["text"] for s in words["verify"]["steps"])]
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_receipt_gives_the_same_bytes(document: dict[str, Any], lang: str) -> None:
    first = page.receipt_pdf(document, lang, "a" * 64)
    assert first.startswith(b"%PDF-") and first == page.receipt_pdf(json.loads(json.dumps(document)), lang, "a" * 64)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_character_has_a_glyph(document: dict[str, Any], lang: str) -> None:
    pdf = page.receipt_pdf(document, lang, "a" * 64)
    known = glyphs(pdf)
    wanted = {letter for letter in shown(document, lang) if "\u4e00" <= letter <= "\u9fff"}
    assert len(wanted) > 5
    assert {letter for letter in wanted if not known.get(letter)} == set()


def test_a_missing_font_is_refused(document: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "font_folder", lambda: tmp_path)
    with pytest.raises(page.NoFont):
        page.receipt_pdf(document)
    monkeypatch.undo()
    monkeypatch.setattr(page, "FONT_PACKAGE", "no_such_font")
    with pytest.raises(page.NoFont):
        page.receipt_pdf(document)


def test_the_receipt_travels_in_the_page(document: dict[str, Any]) -> None:
    attached = [content for content in streams(page.receipt_pdf(document)) if content.startswith(b'{\n  "format"')]
    assert attached == [page.receipt_text(document).encode()]
    assert offline_verifier.check_receipt(json.loads(attached[0]), [], [])["plant_id"] == "滨海热电"


def test_the_page_says_what_was_deposited(document: dict[str, Any]) -> None:
    zh, en = shown(document, "zh"), shown(document, "en")
    checkpoint = document["checkpoint"]
    for text in (
        "滨海热电",
        "2026-01",
        "5" * 64,
        "a" * 64,
        "一月填报.xlsx",
        "20,480",
        "张三",
        "退回-17",
        "#1",
        "d" * 64,
    ):
        assert text in zh and text in en
    for text in (*checkpoint["roots"].values(), checkpoint["origin"], checkpoint["signatures"][0]["signature"][:32]):
        assert text in zh
    assert "2026-02-10 10:30:00 (UTC+8)" in zh and "2026-02-10 02:30:00 UTC" in zh
    assert "第 2 版" in zh and "发电" in zh and "不代替全国碳市场管理平台存证" in zh
    assert "version 2" in en and "Power" in en and "does not replace" in en


def test_evidence_files_are_named_as_far_as_there_is_room(document: dict[str, Any]) -> None:
    leaf = json.loads(document["leaf"])
    file = leaf["file"]
    leaf["attachments"] = [{**file, "name": f"报告{number}.pdf"} for number in range(1, 6)]
    text = shown({**document, "leaf": json.dumps(leaf)}, "zh")
    assert "报告1.pdf、报告2.pdf、报告3.pdf、报告4.pdf等，共 5 份" in text and "报告5" not in text
    leaf["attachments"] = leaf["attachments"][:1]
    assert "报告1.pdf，共 1 份" in shown({**document, "leaf": json.dumps(leaf)}, "zh")
    assert "报告1.pdf; 1 in all" in shown({**document, "leaf": json.dumps(leaf)}, "en")


def test_long_texts_stay_on_one_page(document: dict[str, Any]) -> None:
    leaf = json.loads(document["leaf"])
    for name in ("uploader", "reason", "return_reference"):
        leaf[name] = "更正" * 500
    leaf["file"] = {**leaf["file"], "name": "x" * 500}
    leaf["attachments"] = [leaf["file"]] * 40
    for lang in ("zh", "en"):
        assert page.receipt_png({**document, "leaf": json.dumps(leaf), "timestamp": "token"}, lang, "a" * 64)


def test_a_file_that_was_only_received_has_a_page(document: dict[str, Any]) -> None:
    leaf = {"kind": "received", "file": {"name": "a.csv", "sha256": "6" * 64, "sm3": "7" * 64, "size": 3}}
    leaf |= {"uploader": "inbox", "received_at": "2026-02-10T02:30:00Z", "software": "tanheng", "audit": ""}
    received = {**document, "leaf": canonical(leaf).decode()}
    assert "7" * 64 in shown(received, "zh")
    assert page.receipt_png(received)


def test_the_code_on_paper_is_held_against_the_receipt(
    document: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = page.qr_text(document)
    assert len(text.encode()) <= 400
    file = tmp_path / "receipt.json"
    file.write_text(page.receipt_text(document), encoding="utf-8")
    assert offline_verifier.main(["qr", text, str(file)]) == 0
    for position, part in enumerate(text.split()):
        parts = text.split()
        parts[position] = ("0" if part[0] != "0" else "1") + part[1:]
        assert offline_verifier.main(["qr", " ".join(parts), str(file)]) == 3
    assert digest("sha256", b"\x00" + document["leaf"].encode()).hex() in text
    assert "二维码与回执不符" in capsys.readouterr().out

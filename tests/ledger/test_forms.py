"""Canonical JSON, keys and receipts, against the vectors of their standards."""

import ast
import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from mrv.ledger import offline_verifier
from mrv.ledger.canonical import canonical
from mrv.ledger.digests import SHA256, algorithms
from mrv.ledger.merkle import inclusion_path, root
from mrv.ledger.receipt import Checkpoint, checkpoint_of, proof_fails, receipt
from mrv.ledger.signing import ED25519, Signature, create_keys, key_id_of, sm2_available, verify
from tests.ledger.logs import tree

VERIFIER = Path(offline_verifier.__file__)
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def test_keys_stand_in_the_order_of_their_utf16_units():
    # RFC 8785 section 3.2.3: the example of the standard.
    document = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    values = [
        *("Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign"),
        *("Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"),
    ]
    assert list(json.loads(canonical(document)).values()) == values
    assert offline_verifier.canonical(document) == canonical(document)


def test_texts_are_written_as_the_standard_has_them():
    # RFC 8785 section 3.2.2.2: what must be escaped, and nothing else.
    text = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"
    assert canonical({"string": text}) == '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()
    assert canonical(["\b\t\n\f\r", None, True, False, 0, -1]) == b'["\\b\\t\\n\\f\\r",null,true,false,0,-1]'
    assert canonical({}) == b"{}"
    assert canonical({"b": [], "a": {"d": 1, "c": 2}}) == b'{"a":{"c":2,"d":1},"b":[]}'


@pytest.mark.parametrize("value", [1.0, b"x", {1: "a"}, {"a": {1, 2}}, [object()]])
def test_what_a_ledger_cannot_hold_is_refused(value: Any):
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800", {"\udc00": 1}])
def test_what_the_standard_cannot_write_is_refused(value: Any):
    with pytest.raises(ValueError, match=r"RFC 8785|surrogate"):
        canonical(value)


@given(DOCUMENTS)
def test_one_document_has_one_form(document: Any):
    written = canonical(document)
    assert json.loads(written) == document
    assert canonical(json.loads(written)) == written == offline_verifier.canonical(document)


def signature_of(public: bytes, made: bytes) -> Signature:
    key = Ed25519PublicKey.from_public_bytes(public)
    info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Signature(ED25519, key_id_of(info), info.hex(), made.hex())


@pytest.mark.parametrize(
    ("secret", "public", "message", "made"),
    [  # RFC 8032 section 7.1, tests 1 to 3
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a",
        ),
    ],
)
def test_ed25519_of_the_standard(secret: str, public: str, message: str, made: str):
    signature = signature_of(bytes.fromhex(public), bytes.fromhex(made))
    body = bytes.fromhex(message)
    assert verify(signature, body)
    assert not verify(signature, body + b"x")
    flipped = bytes([bytes.fromhex(made)[0] ^ 1]) + bytes.fromhex(made)[1:]
    assert not verify(replace(signature, signature=flipped.hex()), body)
    assert not verify(replace(signature, key_id="0" * 16), body)
    assert not verify(replace(signature, algorithm="rsa"), body)
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(body).hex() == made


@pytest.mark.skipif(not sm2_available(), reason="this system's openssl cannot use SM2")
def test_an_sm2_signature_holds_for_its_message_only(tmp_path: Path):
    signer = create_keys(tmp_path, lambda path, data: [path.write_bytes(data), None][1])
    names = [signature.algorithm for signature in signer.sign(b"abc")]
    assert names == ["ed25519", "sm2"]
    made = signer.sign(b"abc")[1]
    assert verify(made, b"abc")
    assert not verify(made, b"abd")


def log_of(folder: Path, size: int) -> list[dict[str, Any]]:
    """The receipts of a log of some leaves, signed with Ed25519 alone."""
    leaves = [canonical({"file": {"name": f"{number}.csv", "sha256": "0", "size": 1}}) for number in range(size)]
    nodes = {name: tree(name, leaves) for name in algorithms()}
    signer = create_keys(folder, lambda path, data: [path.write_bytes(data), None][1])
    roots = {name: root(name, size, node).hex() for name, node in nodes.items()}
    bare = Checkpoint(signer.key_id, size, roots, "2026-02-01T00:00:00Z")
    signed = replace(bare, signatures=signer.sign(bare.body())[:1])
    return [
        receipt(
            leaf,
            number,
            {name: inclusion_path(name, number, size, node) for name, node in nodes.items()},
            signed,
        )
        for number, leaf in enumerate(leaves)
    ]


def fails_offline(document: dict[str, Any]) -> bool:
    try:
        offline_verifier.check_receipt(document, [], [])
    except (offline_verifier.NotProven, ValueError, KeyError, TypeError, AttributeError):
        return True
    return False


def fails_here(document: dict[str, Any]) -> bool:
    try:
        return proof_fails(document) != ""
    except (ValueError, KeyError, TypeError, AttributeError):
        return True


@pytest.mark.parametrize("size", [1, 2, 7, 64, 100])
def test_both_verifiers_take_every_receipt_of_a_log(tmp_path: Path, size: int):
    for document in log_of(tmp_path, size):
        assert proof_fails(document) == ""
        assert offline_verifier.check_receipt(document, [], [])["file"]["name"] == f"{document['index']}.csv"
        assert checkpoint_of(document["checkpoint"]).document() == document["checkpoint"]


@settings(max_examples=300)
@given(st.integers(0, 10**9), st.integers(0, 12))
def test_both_verifiers_refuse_every_changed_receipt(tmp_path_factory: pytest.TempPathFactory, where: int, number: int):
    document = receipts(tmp_path_factory)[number]
    text = bytearray(canonical({name: document[name] for name in ("leaf", "index", "paths", "checkpoint", "format")}))
    place, bit = divmod(where % (len(text) * 8), 8)
    text[place] ^= 1 << bit
    try:
        changed = json.loads(text)
    except ValueError:  # no document at all
        return
    # A letter of a hexadecimal number may be large or small: that is the same number.
    if lowered(changed) != lowered({name: document[name] for name in changed if name in document}):
        assert fails_here(changed), (place, bit)
        assert fails_offline(changed), (place, bit)


KEPT: list[list[dict[str, Any]]] = []


def receipts(factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    if not KEPT:
        KEPT.append(log_of(factory.mktemp("log"), 13))
    return KEPT[0]


def lowered(document: dict[str, Any]) -> Any:
    """The receipt with its hexadecimal numbers in small letters."""
    if not isinstance(document.get("paths"), dict) or not isinstance(document.get("checkpoint"), dict):
        return document
    return document | {
        "paths": {name: [str(step).lower() for step in steps] for name, steps in document["paths"].items()},
        "checkpoint": document["checkpoint"]
        | {
            "signatures": [
                entry | {name: str(entry[name]).lower() for name in ("signature", "public_key") if name in entry}
                for entry in document["checkpoint"].get("signatures", [])
            ]
        },
    }


def test_a_receipt_without_sha256_or_signature_proves_nothing(tmp_path: Path):
    document = log_of(tmp_path, 3)[1]
    unsigned = document | {"checkpoint": document["checkpoint"] | {"signatures": []}}
    assert proof_fails(unsigned) == "unsigned"
    assert fails_offline(unsigned)
    others = {name: path for name, path in document["paths"].items() if name != SHA256}
    assert proof_fails(document | {"paths": others}) == "path.sha256"
    assert fails_offline(document | {"paths": others})
    assert proof_fails(document | {"format": "x"}) == "format"


def forged(folder: Path, *, honest: str) -> dict[str, Any]:
    """A receipt of a log that was never kept, by a key of the forger's own; `honest` is the key id it claims."""
    document = log_of(folder, 1)[0]
    body = {**document["checkpoint"], "origin": honest}
    signer = create_keys(folder, lambda path, data: [path.write_bytes(data), None][1])
    signed = signer.sign(canonical({name: body[name] for name in ("origin", "size", "roots", "at")}))[:1]
    return document | {"checkpoint": {**body, "signatures": [asdict(one) for one in signed]}}


def unchecked(document: dict[str, Any]) -> dict[str, str]:
    """An entry that says the honest key signed, in a way that a system without SM2 cannot check."""
    (own,) = document["checkpoint"]["signatures"]
    return {**own, "algorithm": "sm2", "signature": "00"}


def test_a_signature_that_cannot_be_checked_speaks_for_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(offline_verifier, "openssl", lambda words, **files: None)
    for name in ("honest", "forger"):
        (tmp_path / name).mkdir()
    honest = log_of(tmp_path / "honest", 3)[1]
    key = honest["checkpoint"]["origin"]
    claim = forged(tmp_path / "forger", honest=key)
    claims = [unchecked(honest)], [*claim["checkpoint"]["signatures"], unchecked(honest)], []
    for signatures in claims:
        document = claim | {"checkpoint": claim["checkpoint"] | {"signatures": signatures}}
        for trusted in ([], [key]):
            with pytest.raises(offline_verifier.NotProven) as refused:
                offline_verifier.check_receipt(document, trusted, [])
            assert (refused.value.code, refused.value.where) == ("unsigned", key)
    told: list[str] = []
    beside = honest["checkpoint"] | {"signatures": [*honest["checkpoint"]["signatures"], unchecked(honest)]}
    assert offline_verifier.check_receipt(honest | {"checkpoint": beside}, [key], told)
    assert told == ["sm2: {unable}", f"{{signed}}: {key}"]
    own = forged(tmp_path / "forger", honest=claim["checkpoint"]["signatures"][0]["key_id"])
    with pytest.raises(offline_verifier.NotProven) as refused:
        offline_verifier.check_receipt(own, [key], [])
    assert refused.value.code == "key"
    assert offline_verifier.check_receipt(own, [], told) and told[-1] == "{anybody}"  # nobody said whom to trust
    assert proof_fails(claim) == "unsigned"


@pytest.mark.parametrize("roots", [{}, {"sm3": "00"}, {"other": "00"}])
def test_a_checkpoint_that_leaves_out_a_hash_function_has_not_grown(tmp_path: Path, roots: dict[str, str]):
    old = log_of(tmp_path, 3)[0]["checkpoint"]
    signer = create_keys(tmp_path, lambda path, data: [path.write_bytes(data), None][1])
    bare = Checkpoint(signer.key_id, 5, roots, "2026-02-02T00:00:00Z")
    new = replace(bare, signatures=signer.sign(bare.body())[:1]).document()
    for pair in ((old, new), (new, old)):
        with pytest.raises(offline_verifier.NotProven) as refused:
            offline_verifier.check_growth(*pair, {"paths": {}}, [], [])
        assert refused.value.code == "consistency"


def test_the_offline_verifier_says_what_it_could_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "receipt.json"
    file.write_bytes(canonical(log_of(tmp_path, 2)[1]))
    for missing in (["receipt", "nowhere.json"], ["receipt", str(file), "nowhere.csv"]):
        assert offline_verifier.main(missing) == 2
        said = capsys.readouterr().out
        assert "文件无法读取" in said and missing[-1] in said
    console = {**os.environ, "PYTHONIOENCODING": "gbk"}
    done = subprocess.run([sys.executable, VERIFIER, "receipt", file], capture_output=True, env=console)
    assert done.returncode == 0 and "已证明" in done.stdout.decode("gbk"), done.stderr


def test_the_offline_verifier_stands_alone():
    text = VERIFIER.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 300
    roots = set()
    for entry in ast.walk(ast.parse(text)):
        if isinstance(entry, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in entry.names}
        elif isinstance(entry, ast.ImportFrom):
            assert entry.level == 0
            roots.add((entry.module or "").split(".")[0])
    assert roots - set(sys.stdlib_module_names) == {"cryptography"}


def test_the_pure_room_knows_nothing_of_the_project():
    for path in sorted(VERIFIER.parent.glob("*.py")):
        for entry in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in entry.names] if isinstance(entry, ast.Import) else []
            names += [entry.module or ""] if isinstance(entry, ast.ImportFrom) else []
            for name in names:
                assert not name.startswith(("schemas", "emission_factors", "flows")), (path.name, name)
                assert not name.startswith("mrv.") or name.startswith("mrv.ledger"), (path.name, name)

"""碳衡离线验证器 / Tanheng offline verifier. One file, no network, nothing of the project: Python 3.9 or later and `cryptography`.

    python offline_verifier.py receipt RECEIPT.json [FILE]        a receipt, and the file it is for
    python offline_verifier.py checkpoint OLD.json NEW.json PROOF.json   the newer log grew out of the older one
    python offline_verifier.py bundle BUNDLE.zip                  every receipt in a bundle, and every file they name
    python offline_verifier.py qr "TEXT" RECEIPT.json             what the code on a paper receipt says, against the receipt
    python offline_verifier.py timestamp RECEIPT.json CA.pem      the token in a receipt, by the authority's certificates
    options: --key KEY_ID (repeatable) trust only these keys    --lang zh|en

Exit status 0: proven. 3: not proven, and the first reason is said. 2: the call or a file is wrong.
What is checked: the leaf leads to the root by its path (RFC 9162) under SHA-256 and, where the system has it, SM3; the checkpoint over
that root is signed (Ed25519, and SM2 where the system's openssl can check it); the bytes of the file have the hashes the leaf names.
"""

import base64
import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

LEAF, NODE = b"\x00", b"\x01"
WORDS = {
    "proven": ("已证明", "proven"),
    "failed": ("未能证明", "not proven"),
    "format": ("不是碳衡回执", "this is no Tanheng receipt"),
    "path": (
        "叶子到根的路径不成立：回执或账本被改动",
        "the path does not lead to the root: receipt or log were changed",
    ),
    "signature": ("检查点签名无效", "the signature of the checkpoint is not valid"),
    "unsigned": ("检查点没有签名", "the checkpoint is not signed"),
    "key": ("签名的密钥不在信任名单中", "signed by a key that is not trusted"),
    "file": ("文件内容与回执不符", "the file is not the one of the receipt"),
    "missing": ("包中缺少回执所指的文件", "a file that a receipt names is not in the bundle"),
    "consistency": (
        "新检查点不是旧检查点的延续：历史被改写",
        "the newer log did not grow out of the older one: history was rewritten",
    ),
    "qr": ("二维码与回执不符", "the code on paper is not that of the receipt"),
    "timestamp": ("时间戳不成立", "the time-stamp does not hold"),
    "empty": ("包中没有回执", "there is no receipt in the bundle"),
    "skipped": ("本机无法检查，已略过", "this system cannot check it, passed over"),
}


class NotProven(Exception):
    """What does not hold: a code of WORDS, and where."""

    def __init__(self, code, where=""):
        super().__init__(code)
        self.code, self.where = code, where


def canonical(value):
    """JSON as RFC 8785 writes it, for text, whole numbers, lists and objects."""

    def ordered(part):
        if isinstance(part, dict):
            return {key: ordered(part[key]) for key in sorted(part, key=lambda key: key.encode("utf-16-be"))}
        return [ordered(inner) for inner in part] if isinstance(part, list) else part

    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def digest(name, data):
    """A hash, None where this system does not have the function."""
    try:
        return hashlib.new(name, data).digest()
    except ValueError:
        return None


def root_from_path(name, index, size, leaf, path):
    """RFC 9162, 2.1.3.2; None when the path has not the length it must have."""
    if not (isinstance(index, int) and isinstance(size, int) and 0 <= index < size):
        return None
    number, last, value = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if number % 2 or number == last:
            value = digest(name, NODE + sibling + value)
            while number % 2 == 0 and number:
                number, last = number >> 1, last >> 1
        else:
            value = digest(name, NODE + value + sibling)
        number, last = number >> 1, last >> 1
    return value if last == 0 else None


def is_consistent(name, first, second, old_root, new_root, path):
    """RFC 9162, 2.1.4.2."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and old_root == new_root
    steps = ([old_root] if first & (first - 1) == 0 else []) + list(path)
    if not steps:
        return False
    number, last = first - 1, second - 1
    while number % 2:
        number, last = number >> 1, last >> 1
    old = new = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if number % 2 or number == last:
            old, new = digest(name, NODE + sibling + old), digest(name, NODE + sibling + new)
            while number % 2 == 0 and number:
                number, last = number >> 1, last >> 1
        else:
            new = digest(name, NODE + new + sibling)
        number, last = number >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def check_signature(entry, body):
    """True, False, or None where this system cannot tell."""
    public, made = bytes.fromhex(entry["public_key"]), bytes.fromhex(entry["signature"])
    if hashlib.sha256(public).hexdigest()[:16] != entry["key_id"]:
        return False
    if entry["algorithm"] == "ed25519":
        try:
            loaded = load_der_public_key(public)
            if isinstance(loaded, Ed25519PublicKey):
                loaded.verify(made, body)
                return True
        except (InvalidSignature, ValueError):
            pass
        return False
    if entry["algorithm"] != "sm2":
        return False
    with TemporaryDirectory() as scratch:
        key, message, signature = (Path(scratch) / name for name in ("key", "message", "signature"))
        key.write_bytes(public)
        message.write_bytes(body)
        signature.write_bytes(made)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", str(key), "-rawin"]
        command += ["-digest", "sm3", "-in", str(message), "-sigfile", str(signature)]
        try:
            if b"SM2" not in subprocess.run(["openssl", "list", "-public-key-algorithms"], capture_output=True).stdout:
                return None
            return subprocess.run(command, capture_output=True).returncode == 0
        except OSError:
            return None


def check_checkpoint(checkpoint, trusted, told):
    """The signatures of a checkpoint over its body."""
    body = canonical({name: checkpoint[name] for name in ("origin", "size", "roots", "at")})
    if not checkpoint["signatures"]:
        raise NotProven("unsigned")
    for entry in checkpoint["signatures"]:
        answer = check_signature(entry, body)
        if answer is None:
            told.append(f"{entry['algorithm']}: {{skipped}}")
        elif not answer:
            raise NotProven("signature", entry["algorithm"])
    if trusted and not any(entry["key_id"] in trusted for entry in checkpoint["signatures"]):
        raise NotProven("key", ", ".join(entry["key_id"] for entry in checkpoint["signatures"]))


def check_receipt(receipt, trusted, told):
    """A receipt; returns its leaf."""
    if not isinstance(receipt, dict) or receipt.get("format") != "tanheng-receipt/1":
        raise NotProven("format")
    checkpoint, content = receipt["checkpoint"], receipt["leaf"].encode()
    if "sha256" not in receipt["paths"] or set(receipt["paths"]) != set(checkpoint["roots"]):
        raise NotProven("path", "sha256")
    for name, steps in receipt["paths"].items():
        leaf = digest(name, LEAF + content)
        if leaf is None:
            told.append(f"{name}: {{skipped}}")
            continue
        path = [bytes.fromhex(step) for step in steps]
        found = root_from_path(name, receipt["index"], checkpoint["size"], leaf, path)
        if found is None or found.hex() != checkpoint["roots"][name]:
            raise NotProven("path", name)
    check_checkpoint(checkpoint, trusted, told)
    return json.loads(receipt["leaf"])


def check_file(named, data):
    """The bytes of a file against what a leaf says of them."""
    if hashlib.sha256(data).hexdigest() != named["sha256"] or len(data) != named["size"]:
        raise NotProven("file", named["name"])
    if named.get("sm3") and digest("sm3", data) not in (None, bytes.fromhex(named["sm3"])):
        raise NotProven("file", named["name"])


def check_growth(old, new, proof, trusted, told):
    """Two checkpoints and the consistency proof between them: `{"paths": {"sha256": [...], "sm3": [...]}}`."""
    for checkpoint in (old, new):
        check_checkpoint(checkpoint, trusted, told)
    for name in sorted(set(old["roots"]) & set(new["roots"])):
        if digest(name, b"") is None:
            continue
        path = [bytes.fromhex(step) for step in proof["paths"].get(name, [])]
        roots = bytes.fromhex(old["roots"][name]), bytes.fromhex(new["roots"][name])
        if not is_consistent(name, old["size"], new["size"], *roots, path):
            raise NotProven("consistency", name)


def check_bundle(path, trusted, told):
    """Every `*.receipt.json` of a zip, and every file their leaves name, found by its hash."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    by_hash = {hashlib.sha256(data).hexdigest(): data for data in contents.values()}
    receipts = [name for name in sorted(contents) if name.endswith(".receipt.json")]
    if not receipts:
        raise NotProven("empty")
    for name in receipts:
        leaf = check_receipt(json.loads(contents[name]), trusted, told)
        for named in [leaf["file"], *leaf.get("attachments", [])]:
            if named["sha256"] not in by_hash:
                raise NotProven("missing", f"{name}: {named['name']}")
            check_file(named, by_hash[named["sha256"]])
    return len(receipts)


def check_qr(text, receipt, trusted, told):
    """The text of a QR code against a receipt that holds; returns the leaf."""
    leaf, checkpoint = check_receipt(receipt, trusted, told), receipt["checkpoint"]
    hashed = digest("sha256", LEAF + receipt["leaf"].encode()).hex()
    said = ["TANHENG1", str(receipt["index"]), str(checkpoint["size"]), hashed, checkpoint["roots"]["sha256"]]
    if text.split() != [*said, checkpoint["origin"]]:
        raise NotProven("qr", text)
    return leaf


def check_timestamp(receipt, authority):
    """The RFC 3161 token over the checkpoint of a receipt, through the system's openssl."""
    with TemporaryDirectory() as scratch:
        token, message = Path(scratch) / "token", Path(scratch) / "message"
        token.write_bytes(base64.b64decode(receipt["timestamp"] or ""))
        message.write_bytes(canonical(receipt["checkpoint"]))
        command = ["openssl", "ts", "-verify", "-data", str(message), "-in", str(token), "-token_in"]
        done = subprocess.run([*command, "-CAfile", authority], capture_output=True, text=True)
    if done.returncode:
        raise NotProven("timestamp", done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "")


def main(arguments):
    """Runs one command; returns the exit status."""
    trusted, lang, rest = [], 0, []
    words = iter(arguments)
    for word in words:
        if word == "--key":
            trusted.append(next(words, ""))
        elif word == "--lang":
            lang = 1 if next(words, "zh") == "en" else 0
        else:
            rest.append(word)
    told: list[str] = []
    say = {code: pair[lang] for code, pair in WORDS.items()}
    try:
        if rest[:1] == ["receipt"] and len(rest) in (2, 3):
            leaf = check_receipt(json.loads(Path(rest[1]).read_text(encoding="utf-8")), trusted, told)
            if len(rest) == 3:
                check_file(leaf["file"], Path(rest[2]).read_bytes())
            about = json.dumps(leaf, ensure_ascii=False, indent=1)
        elif rest[:1] == ["checkpoint"] and len(rest) == 4:
            old, new, proof = (json.loads(Path(name).read_text(encoding="utf-8")) for name in rest[1:])
            check_growth(old, new, proof, trusted, told)
            about = f"{old['size']} → {new['size']}"
        elif rest[:1] == ["qr"] and len(rest) == 3:
            leaf = check_qr(rest[1], json.loads(Path(rest[2]).read_text(encoding="utf-8")), trusted, told)
            about = json.dumps(leaf, ensure_ascii=False, indent=1)
        elif rest[:1] == ["timestamp"] and len(rest) == 3:
            receipt = json.loads(Path(rest[1]).read_text(encoding="utf-8"))
            about = json.dumps(check_receipt(receipt, trusted, told), ensure_ascii=False, indent=1)
            check_timestamp(receipt, rest[2])
        elif rest[:1] == ["bundle"] and len(rest) == 2:
            about = str(check_bundle(rest[1], trusted, told))
        else:
            print(__doc__)
            return 2
    except NotProven as reason:
        print(f"✗ {say['failed']}: {say[reason.code]}{f' ({reason.where})' if reason.where else ''}")
        return 3
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        print(f"✗ {say['format']}: {error}")
        return 2
    print(f"✓ {say['proven']}\n{about}")
    for line in dict.fromkeys(told):
        print("  " + line.format(**say))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

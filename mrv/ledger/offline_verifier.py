"""碳衡离线验证器 / Tanheng offline verifier. One file, no network, nothing of the project: Python 3.9 or later and `cryptography`.

    python offline_verifier.py receipt RECEIPT.json [FILE]        a receipt, and the file it is for
    python offline_verifier.py checkpoint OLD.json NEW.json PROOF.json   the newer log grew out of the older one
    python offline_verifier.py bundle BUNDLE.zip                  every receipt in a bundle, and every file they name
    python offline_verifier.py qr "TEXT" RECEIPT.json             what the code on a paper receipt says, against the receipt
    python offline_verifier.py timestamp RECEIPT.json CA.pem      the token in a receipt, by the authority's certificates
    options: --key KEY_ID (repeatable) trust only these keys; without it whoever made the key is believed    --lang zh|en

Exit status 0: proven. 3: not proven, and the first reason is said. 2: the call or a file is wrong.
What is checked: the leaf leads to the root by its path (RFC 9162) under SHA-256 and, where the system has it, SM3; the checkpoint over
that root is signed by the key it names (and by SM2 where the system's openssl can check it); the bytes of the file have the hashes the
leaf names. A time-stamp is judged as of its own moment: it outlives the certificate of its authority.
"""

import base64
import hashlib
import json
import subprocess
import sys
import zipfile
from calendar import timegm
from pathlib import Path
from tempfile import TemporaryDirectory
from time import strptime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LEAF, NODE = b"\x00", b"\x01"
ED25519 = bytes.fromhex("302a300506032b6570032100")  # what stands before the 32 bytes of such a key (RFC 8410)
WORDS = {
    "proven": ("已证明", "proven"),
    "failed": ("未能证明", "not proven"),
    "format": ("不是碳衡回执", "this is no Tanheng receipt"),
    "path": ("到根的路径不成立：回执或账本被改动", "the path does not lead to the root: receipt or log were changed"),
    "signature": ("检查点签名无效", "the signature of the checkpoint is not valid"),
    "unsigned": ("检查点没有其所称密钥的有效签名", "the checkpoint lacks a signature of the key that it names"),
    "key": ("签名的密钥不在信任名单中", "signed by a key that is not trusted"),
    "file": ("文件内容与回执不符", "the file is not the one of the receipt"),
    "missing": ("包中缺少回执所指的文件", "a file that a receipt names is not in the bundle"),
    "consistency": ("新检查点不是旧检查点的延续：历史被改写", "the newer log did not grow out of the older one"),
    "qr": ("二维码与回执不符", "the code on paper is not that of the receipt"),
    "timestamp": ("时间戳不成立", "the time-stamp does not hold"),
    "empty": ("包中没有回执", "there is no receipt in the bundle"),
    "unable": ("本机无法检查", "this system cannot check it"),
    "signed": ("签名密钥", "signed by"),
    "anybody": ("未指定可信密钥，请用 --key 核对", "nobody said which keys to trust: name them with --key"),
    "unreadable": ("文件无法读取", "a file cannot be read"),
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


def climb(name, number, last, value, path):
    """The roots of the older and of the newer log to which a path leads; none when it has not the length it must have."""
    old = new = value
    for sibling in path:
        if last == 0:
            return None, None
        if number % 2 or number == last:
            old, new = digest(name, NODE + sibling + old), digest(name, NODE + sibling + new)
            while number % 2 == 0 and number:
                number, last = number >> 1, last >> 1
        else:
            new = digest(name, NODE + new + sibling)
        number, last = number >> 1, last >> 1
    return (old, new) if last == 0 else (None, None)


def root_from_path(name, index, size, leaf, path):
    """RFC 9162, 2.1.3.2; None when the path has not the length it must have."""
    if not (isinstance(index, int) and isinstance(size, int) and 0 <= index < size):
        return None
    return climb(name, index, size - 1, leaf, path)[1]


def is_consistent(name, first, second, old_root, new_root, path):
    """RFC 9162, 2.1.4.2."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and old_root == new_root
    steps = [*([old_root] if first & (first - 1) == 0 else []), *path]
    low = (first & -first).bit_length() - 1  # height of the last whole subtree of the older log
    return bool(steps) and climb(name, first - 1 >> low, second - 1 >> low, steps[0], steps[1:]) == (old_root, new_root)


def openssl(words, **files):
    """Runs the system's openssl among files of these names and contents; None where there is none."""
    command = ["openssl", *words.split()]
    with TemporaryDirectory() as scratch:
        for name, data in files.items():
            (Path(scratch) / name).write_bytes(data)
        try:
            return subprocess.run(command, capture_output=True, text=True, errors="replace", cwd=scratch)
        except OSError:
            return None


def check_signature(entry, body):
    """True, False, or None where this system cannot tell."""
    public, made = bytes.fromhex(entry["public_key"]), bytes.fromhex(entry["signature"])
    if hashlib.sha256(public).hexdigest()[:16] != entry["key_id"] or entry["algorithm"] not in ("ed25519", "sm2"):
        return False
    if entry["algorithm"] == "ed25519":
        try:
            Ed25519PublicKey.from_public_bytes(public[len(ED25519) :]).verify(made, body)
        except (InvalidSignature, ValueError):
            return False
        return public.startswith(ED25519)
    listed = openssl("list -public-key-algorithms")
    if listed is None or "SM2" not in listed.stdout:
        return None
    words = "pkeyutl -verify -pubin -keyform DER -inkey key -rawin -digest sm3 -in message -sigfile made"
    return openssl(words, key=public, message=body, made=made).returncode == 0


def check_checkpoint(checkpoint, trusted, told):
    """The signatures of a checkpoint over its body. One that cannot be checked here speaks for nobody."""
    body = canonical({name: checkpoint[name] for name in ("origin", "size", "roots", "at")})
    held = []
    for entry in checkpoint["signatures"]:
        answer = check_signature(entry, body)
        if answer is None:
            told.append(f"{entry['algorithm']}: {{unable}}")
        elif not answer:
            raise NotProven("signature", entry["algorithm"])
        else:
            held.append(entry["key_id"])
    if checkpoint["origin"] not in held:
        raise NotProven("unsigned", checkpoint["origin"])
    if trusted and not set(trusted) & set(held):
        raise NotProven("key", ", ".join(held))
    told += [f"{{signed}}: {', '.join(held)}", *([] if trusted else ["{anybody}"])]


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
            told.append(f"{name}: {{unable}}")
            continue
        path = [bytes.fromhex(step) for step in steps]
        found = root_from_path(name, receipt["index"], checkpoint["size"], leaf, path)
        if found is None or found.hex() != checkpoint["roots"][name]:
            raise NotProven("path", name)
    check_checkpoint(checkpoint, trusted, told)
    return json.loads(receipt["leaf"])


def check_file(named, data):
    """The bytes of a file against what a leaf says of them."""
    other = digest("sm3", data) if named.get("sm3") else None
    held = other is None or other.hex() == named["sm3"]
    if not held or hashlib.sha256(data).hexdigest() != named["sha256"] or len(data) != named["size"]:
        raise NotProven("file", named["name"])


def check_growth(old, new, proof, trusted, told):
    """Two checkpoints and the consistency proof between them: `{"paths": {"sha256": [...], "sm3": [...]}}`."""
    for checkpoint in (old, new):
        check_checkpoint(checkpoint, trusted, told)
    if "sha256" not in old["roots"] or set(old["roots"]) != set(new["roots"]):  # nothing may be left uncompared
        raise NotProven("consistency", "roots")
    for name in sorted(old["roots"]):
        if digest(name, b"") is None:
            told.append(f"{name}: {{unable}}")
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


def load(name):
    """A JSON document."""
    return json.loads(Path(name).read_text(encoding="utf-8"))


def check_timestamp(receipt, authority):
    """The RFC 3161 token over the checkpoint of a receipt, through the system's openssl."""
    files = {"message": canonical(receipt["checkpoint"]), "token": base64.b64decode(receipt["timestamp"] or "")}
    files["authority"] = Path(authority).read_bytes()
    said = openssl("ts -reply -token_in -in token -text", **files)
    if said is None:
        raise NotProven("unable", "openssl")
    words = "ts -verify -token_in -in token -data message -CAfile authority"
    for line in said.stdout.splitlines():
        if line.startswith("Time stamp: "):  # Nov 27 18:00:00.25 2026 GMT
            month, day, clock, year, _ = line[12:].split()
            words += f" -attime {timegm(strptime(f'{month} {day} {clock[:8]} {year}', '%b %d %H:%M:%S %Y'))}"
    done = openssl(words, **files)
    if done.returncode:
        raise NotProven("timestamp", (done.stderr.strip().splitlines() or [""])[-1])


def run(what, given, trusted, told):
    """Carries out a command; what there is to say of it, None for no command."""
    leaf, asked = None, (what, len(given))
    if asked in (("receipt", 1), ("receipt", 2), ("timestamp", 2)):
        receipt = load(given[0])
        leaf = check_receipt(receipt, trusted, told)
        if what == "timestamp":
            check_timestamp(receipt, given[1])
        elif given[1:]:
            check_file(leaf["file"], Path(given[1]).read_bytes())
    elif asked == ("qr", 2):
        leaf = check_qr(given[0], load(given[1]), trusted, told)
    elif asked == ("checkpoint", 3):
        old, new, proof = map(load, given)
        check_growth(old, new, proof, trusted, told)
        return f"{old['size']} → {new['size']}"
    elif asked == ("bundle", 1):
        return str(check_bundle(given[0], trusted, told))
    return leaf and json.dumps(leaf, ensure_ascii=False, indent=1)


def main(arguments):
    """Runs one command; returns the exit status."""
    rest, told, words, options = list[str](), list[str](), iter(arguments), {"--key": [], "--lang": ["zh"]}
    for word in words:
        options.get(word, rest).append(next(words, "") if word in options else word)
    say = {code: pair[options["--lang"][-1] == "en"] for code, pair in WORDS.items()}
    try:
        about = run(rest[0] if rest else "", rest[1:], options["--key"], told)
    except NotProven as reason:
        print(f"✗ {say['failed']}: {say[reason.code]}{f' ({reason.where})' if reason.where else ''}")
        return 3
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        print(f"✗ {say['unreadable' if isinstance(error, OSError) else 'format']}: {error}")
        return 2
    print(__doc__ if about is None else f"✓ {say['proven']}\n{about}")
    for line in dict.fromkeys(told):
        print("  " + line.format(**say))
    return 2 if about is None else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console of few characters must not undo a proof
    sys.exit(main(sys.argv[1:]))

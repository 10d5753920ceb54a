"""Time-stamps of RFC 3161: the request, the authority's reply, and what a token vouches for – through the system's `openssl`.

`openssl` is at work for SM2 already, and `openssl ts` is what anybody else will check a token with; a library of its own would bring
nothing but itself. A token is DER; the message is what it speaks of, by its SHA-256.
"""

import hashlib
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

_MOMENT = re.compile(r"^Time stamp: (\w{3} +\d+ [\d:]{8})(?:\.\d+)? (\d{4}) GMT$", re.MULTILINE)
_BYTES = re.compile(r"^ +[0-9a-f]{4} - ((?:[0-9a-f]{2}[ -])+)", re.MULTILINE)
_NONCE = re.compile(r"^Nonce: (\S+)$", re.MULTILINE)


class TimestampFault(Exception):
    """A reply or a token that does not vouch for what was asked, or a system that cannot tell."""


class NoOpenssl(TimestampFault):
    """The system has no `openssl`, so it cannot tell."""


@dataclass(frozen=True)
class Token:
    """A token and the moment the authority puts into it."""

    der: bytes
    at: datetime


def request(message: bytes) -> bytes:
    """The request (DER TimeStampReq) for a message: SHA-256, a nonce, and the wish for the authority's certificate."""
    digest = hashlib.sha256(message).hexdigest()
    return _openssl("ts", "-query", "-digest", digest, "-sha256", "-cert")


def token_of(reply: bytes, asked: bytes, message: bytes, trusted: Path | None = None) -> Token:
    """The token of a reply (DER TimeStampResp) to a request.

    trusted : certificates (PEM) of the authority; without them its signature is not checked. TimestampFault for a refusal, another
    message, another nonce, or a signature that does not hold.
    """
    with TemporaryDirectory() as scratch:
        answer, query = _write(scratch, "reply", reply), _write(scratch, "query", asked)
        told = _openssl("ts", "-reply", "-in", answer, "-text").decode("utf-8", "replace")
        if "Status: Granted" not in told:
            raise TimestampFault(f"the authority did not grant it: {told.strip()[:200]}")
        wanted = _openssl("ts", "-query", "-in", query, "-text").decode("utf-8", "replace")
        if _NONCE.findall(told) != _NONCE.findall(wanted):
            raise TimestampFault("the reply answers another request")
        token = _openssl("ts", "-reply", "-in", answer, "-token_out")
    return checked(token, message, trusted)


def checked(token: bytes, message: bytes, trusted: Path | None = None) -> Token:
    """A token that vouches for a message; TimestampFault for one that does not.

    trusted : certificates (PEM) of the authority; without them only the hash in the token is compared. They are asked whether they
    were valid at the moment in the token, not today: a token outlives the certificate that it was made with.
    """
    with TemporaryDirectory() as scratch:
        file = _write(scratch, "token", token)
        told = _openssl("ts", "-reply", "-in", file, "-token_in", "-text").decode("utf-8", "replace")
        # The dump shows the hash as lines of bytes; whatever stands in the other fields comes after them.
        shown = "".join(
            part for line in _BYTES.findall(told.partition("Message data:")[2]) for part in re.split("[ -]", line)
        )
        moment = _MOMENT.search(told)
        if shown[:64] != hashlib.sha256(message).hexdigest() or "Hash Algorithm: sha256" not in told or moment is None:
            raise TimestampFault("the token speaks of something else")
        at = datetime.strptime(f"{' '.join(moment[1].split())} {moment[2]}", "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
        if trusted is not None:
            data = _write(scratch, "message", message)
            asked = ("-data", data, "-in", file, "-token_in", "-CAfile", str(trusted))
            _openssl("ts", "-verify", *asked, "-attime", f"{at.timestamp():.0f}")
    return Token(token, at)


def _write(folder: str, name: str, data: bytes) -> str:
    path = Path(folder) / name
    path.write_bytes(data)
    return str(path)


def _openssl(*arguments: str) -> bytes:
    try:
        return subprocess.run(["openssl", *arguments], capture_output=True, check=True).stdout
    except OSError as error:
        raise NoOpenssl(f"no openssl: {error}") from error
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode("utf-8", "replace").strip().splitlines()
        raise TimestampFault(f"openssl {arguments[0]} {arguments[1]}: {lines[-1] if lines else 'failed'}") from error

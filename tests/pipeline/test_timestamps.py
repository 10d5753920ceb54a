"""Time-stamps: a stub authority on the loopback vouches for the log; one that is down, or lies, stops nothing and is told."""

import base64
import hashlib
import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from flows.summary import night_document, night_page
from mrv.cli.main import mrv
from mrv.ledger import offline_verifier
from mrv.ledger.timestamp import TimestampFault, Token, checked, request, token_of
from mrv.pipeline.nightly import nightly
from mrv.pipeline.opening import opened
from mrv.pipeline.proofs import audited, proof_of
from mrv.pipeline.receive import receive
from mrv.pipeline.timestamps import Stamping, post, stamp
from mrv.storage.control import Control
from mrv.storage.home import Home
from mrv.storage.settings import Settings
from mrv.storage.timestamps import put_stamp
from tests.storage.conftest import BACKENDS, _postgres_schema

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
CONFIG = """
[tsa]
default_tsa = tsa_config
[tsa_config]
dir = {folder}
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def openssl(*words: str, **options: object) -> bytes:
    return subprocess.run(["openssl", *words], check=True, capture_output=True, **options).stdout  # type: ignore[call-overload]


class Authority:
    """A time-stamping authority of the tests: `openssl ts -reply`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked, self.down, self.lie = folder, 0, False, b""
        key, certificate = str(folder / "key.pem"), str(folder / "ca.pem")
        openssl(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "3650"),
            *("-subj", "/CN=stub", "-addext", "extendedKeyUsage=critical,timeStamping"),
        )
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))

    def reply(self, asked: bytes) -> bytes:
        (self.folder / "query").write_bytes(self.lie or asked)
        words = ["-config", str(self.folder / "tsa.cnf"), "-signer", str(self.folder / "ca.pem")]
        words += ["-inkey", str(self.folder / "key.pem"), "-queryfile", str(self.folder / "query")]
        return openssl("ts", "-reply", *words)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Authority, str]]:
    stub = Authority(tmp_path_factory.mktemp("authority"))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            stub.asked += 1
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            body = b"" if stub.down else stub.reply(asked)
            self.send_response(503 if stub.down else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *rest: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield stub, f"http://127.0.0.1:{server.server_port}/tsa"
    server.shutdown()
    server.server_close()


@pytest.fixture
def authority(served: tuple[Authority, str]) -> Authority:
    stub = served[0]
    stub.asked, stub.down, stub.lie = 0, False, b""
    return stub


@pytest.fixture(params=BACKENDS)
def path(request: pytest.FixtureRequest, tmp_path: Path, served: tuple[Authority, str]) -> Iterator[Path]:
    """A home with an authority and one acknowledged file, on either store."""
    schemas = _postgres_schema() if request.param == "postgresql" else iter([""])
    database = next(schemas)
    ca = str(served[0].folder / "ca.pem")
    Home.create(tmp_path / "home", Settings(database_url=database, timestamp_authority=served[1], timestamp_ca=ca))
    put(tmp_path / "home", b"first")
    yield tmp_path / "home"
    next(schemas, None)


def put(path: Path, data: bytes) -> str:
    with opened(path) as (home, control):
        return receive(home, control, [("a.bin", data)], NOON, "u")[0].sha256


def asked_at(path: Path, at: datetime) -> Stamping:
    with opened(path) as (home, control):
        return stamp(home, control, at)


def run(*words: str) -> Result:
    return CliRunner().invoke(mrv, words)


def test_a_token_vouches_for_its_message_alone(authority: Authority) -> None:
    asked = request(b"message")
    ca = authority.folder / "ca.pem"
    token = token_of(authority.reply(asked), asked, b"message", ca)
    assert checked(token.der, b"message", ca) == checked(token.der, b"message") == token
    assert abs(token.at - datetime.now(UTC)) < timedelta(minutes=5)
    with pytest.raises(TimestampFault):
        checked(token.der, b"another", ca)
    with pytest.raises(TimestampFault):
        checked(token.der, b"another")
    with pytest.raises(TimestampFault):
        token_of(authority.reply(request(b"message")), asked, b"message", ca)  # another nonce
    with pytest.raises(TimestampFault):
        token_of(b"no reply", asked, b"message", ca)
    changed = bytearray(token.der)
    changed[-1] ^= 1  # in the signature
    with pytest.raises(TimestampFault):
        checked(bytes(changed), b"message", ca)


def long_expired(folder: Path) -> Authority:
    """An authority whose certificate was valid in 2020 only."""
    authority = Authority(folder)
    key = serialization.load_pem_private_key((folder / "key.pem").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stub")])
    use = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING])
    begin, end = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, end)
    certificate = made.add_extension(use, critical=True).sign(key, hashes.SHA256())
    (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return authority


def in_year(authority: Authority, token: Token, year: int) -> bytes:
    """The token with another year in it, signed anew by its authority: `openssl` stamps by the clock alone."""
    key = serialization.load_pem_private_key((authority.folder / "key.pem").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    content = (
        token.der.index(bytes.fromhex("060b2a864886f70d0109100104 a0")) + 17
    )  # type, [0], OCTET STRING, each below 128 bytes
    length = token.der[content - 1]
    before = token.der[content : content + length]
    after = before.replace(f"{token.at:%Y%m%d%H%M%S}".encode(), f"{year}{token.at:%m%d%H%M%S}".encode())
    attributes = (
        token.der.index(bytes.fromhex("301a 06092a864886f70d010903")) - 3
    )  # the first one: of what type the content is
    length = token.der[attributes + 2]
    signed = token.der[attributes + 3 : attributes + 3 + length]
    changed = signed.replace(hashlib.sha256(before).digest(), hashlib.sha256(after).digest())
    # What is signed is a SET; in the token it goes by its place.
    signature = key.sign(bytes([0x31, 0x81, length]) + changed, padding.PKCS1v15(), hashes.SHA256())
    return (token.der.replace(before, after).replace(signed, changed))[: -len(signature)] + signature


def test_a_token_outlives_the_certificate_of_its_authority(tmp_path: Path) -> None:
    authority, ca = long_expired(tmp_path), tmp_path / "ca.pem"
    asked = request(b"message")
    late = token_of(authority.reply(asked), asked, b"message")
    with pytest.raises(TimestampFault, match="ts -verify"):
        checked(late.der, b"message", ca)  # made when the certificate had run out
    old = in_year(authority, late, 2020)
    assert checked(old, b"message", ca).at.year == 2020
    with pytest.raises(TimestampFault):
        checked(in_year(authority, late, 2019), b"message", ca)  # nor when it did not hold yet
    with pytest.raises(TimestampFault):
        checked(old[:-1] + bytes([old[-1] ^ 1]), b"message", ca)


def test_a_token_of_somebody_else_is_refused(authority: Authority, tmp_path: Path) -> None:
    other = Authority(tmp_path)
    asked = request(b"message")
    with pytest.raises(TimestampFault):
        token_of(other.reply(asked), asked, b"message", authority.folder / "ca.pem")


def test_at_most_one_an_hour_and_only_for_what_is_new(path: Path, authority: Authority) -> None:
    told = asked_at(path, NOON)
    assert (told.state, told.leaves, told.covered, told.at) == ("stamped", 1, 1, "2026-03-04T04:00:00Z")
    assert asked_at(path, NOON + timedelta(hours=5)).state == "current"  # nothing new
    put(path, b"second")
    assert asked_at(path, NOON + timedelta(minutes=59)).state == "current"
    assert authority.asked == 1
    told = asked_at(path, NOON + timedelta(minutes=60))
    assert (told.state, told.covered, authority.asked) == ("stamped", 2, 2)


def test_on_the_day_of_a_deadline_every_checkpoint(path: Path, authority: Authority) -> None:
    from emission_factors import deadline, rule_set

    day = deadline(rule_set("power", "2026-02"), "2026-02")
    assert day is not None
    at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    assert asked_at(path, at).state == "stamped"
    put(path, b"second")
    assert asked_at(path, at + timedelta(seconds=1)).state == "stamped"


def test_the_receipt_that_carries_the_token(path: Path, authority: Authority, tmp_path: Path) -> None:
    sha256 = put(path, b"second")
    with opened(path) as (_, control):
        before = proof_of(control, sha256)
        with pytest.raises(LookupError):
            proof_of(control, sha256, timestamped=True)
    assert run("ledger", "prove", sha256, "--timestamped", "--home", str(path)).exit_code == 2
    asked_at(path, NOON)
    with opened(path) as (_, control):
        assert proof_of(control, sha256) == before  # a receipt that was handed out stays what it was
    file = tmp_path / "receipt.json"
    assert run("ledger", "prove", sha256, "--timestamped", "-o", str(file), "--home", str(path)).exit_code == 0
    ca = str(authority.folder / "ca.pem")
    assert offline_verifier.main(["timestamp", str(file), ca]) == 0
    receipt = json.loads(file.read_text(encoding="utf-8"))
    assert offline_verifier.main(["receipt", str(file)]) == 0
    for wrong in (None, base64.b64encode(authority.reply(request(b"x"))).decode()):
        file.write_text(json.dumps({**receipt, "timestamp": wrong}), encoding="utf-8")
        assert offline_verifier.main(["timestamp", str(file), ca]) == 3


def test_an_authority_that_is_down_stops_nothing_and_is_told(path: Path, authority: Authority) -> None:
    authority.down = True
    put(path, b"second")
    told = asked_at(path, NOON)
    assert told.state == "failed" and "503" in told.error and (told.leaves, told.covered) == (2, 0)
    audit = run("ledger", "audit", "--home", str(path))
    assert audit.exit_code == 0 and "2 条尚无时间戳" in audit.stdout
    assert json.loads(run("ledger", "audit", "--home", str(path), "--json").stdout)["timestamps"] == {
        **{"leaves": 2, "covered": 0, "at": ""}
    }
    assert run("ledger", "timestamp", "--home", str(path)).exit_code == 2
    with opened(path) as (home, control):
        night = nightly(home, control, date(2026, 3, 5), lambda: NOON)
    assert night.status == "completed" and night.facts["timestamp"]["state"] == "failed"
    page = night_page(night_document(night, date(2026, 3, 5)))
    assert "0/2" in page and "503" in page
    authority.down = False
    assert asked_at(path, NOON).state == "stamped"
    assert run("ledger", "timestamp", "--home", str(path)).exit_code == 0


def test_an_authority_that_answers_something_else_is_no_authority(path: Path, authority: Authority) -> None:
    authority.lie = request(b"other")
    told = asked_at(path, NOON)
    assert (told.state, told.covered) == ("failed", 0)


def test_submit_is_acknowledged_while_the_authority_is_down(path: Path, authority: Authority, tmp_path: Path) -> None:
    authority.down = True
    (tmp_path / "note.csv").write_text("nothing that is known\n")
    told = run("submit", str(tmp_path / "note.csv"), "--home", str(path))
    assert told.exit_code == 2 and authority.asked == 1  # refused as a filing, acknowledged as bytes
    authority.down = False
    assert run("submit", str(tmp_path / "note.csv"), "--home", str(path)).exit_code == 2
    with opened(path) as (home, control):
        assert audited(home, control, []).faults == ()
        assert stamp(home, control, datetime.now(UTC)).covered == 2


def test_a_token_of_another_checkpoint_is_found_by_the_audit(path: Path, authority: Authority) -> None:
    asked = request(b"something else")
    token = token_of(authority.reply(asked), asked, b"something else").der
    with opened(path) as (home, control):
        with control.write() as session:
            assert put_stamp(session, 1, token, NOON)
            assert not put_stamp(session, 1, token, NOON)
        assert [fault.code for fault in audited(home, control, []).faults] == ["timestamp"]
        _refused(control, "UPDATE ledger_timestamp SET token = ''")
        _refused(control, "DELETE FROM ledger_timestamp")


def test_without_openssl_tokens_are_told_as_not_checked(
    path: Path, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_at(path, NOON)
    monkeypatch.setenv("PATH", str(tmp_path))
    with opened(path) as (home, control):
        found = audited(home, control, [])
    assert found.faults == ()
    assert ("timestamp", 1) in [(one.code, one.count) for one in found.unchecked]


def _refused(control: Control, statement: str) -> None:
    with pytest.raises(DBAPIError), control.write() as session:
        session.execute(text(statement))


def test_without_an_authority_nothing_is_asked(tmp_path: Path, authority: Authority) -> None:
    home = Home.create(tmp_path / "home").path
    put(home, b"first")
    assert asked_at(home, NOON).state == "off" and authority.asked == 0
    assert "时间戳" not in run("ledger", "audit", "--home", str(home)).stdout
    with pytest.raises(ValueError, match="web"):
        post("file:///etc/hostname", b"")

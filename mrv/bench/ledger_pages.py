"""The figures of the ledger as text: a section of docs/benchmarks.md, lines for the terminal."""

from typing import Any

from mrv.bench.load import MONTHS

PROOF_BYTES, PROOF_MS = 1024, 1.0  # of one inclusion proof, by one hash function
RECEIPT_P50_S, RECEIPT_P99_S = 1.0, 3.0
LABELS = {"sha256": ("SHA-256", "SHA-256"), "both": ("SHA-256 与 SM3", "SHA-256 and SM3")}


def verdict(met: bool) -> str:
    """The last cell of a row of targets."""
    return "met" if met else "**not met**"


def wrong(load: dict[str, Any]) -> int:
    """How many uploads did not get a good receipt of their own."""
    lost = load["uploads"] - load["receipts"]
    return lost + len(load["unproven"]) + (0 if load["distinct"] else 1)


def ledger_lines(one: dict[str, Any], zh: bool) -> list[str]:
    """What a person reads on the terminal."""
    proofs, load = one["proofs"], one["load"]
    said = []
    for name, labels in LABELS.items():
        found = proofs["inclusion"][name]
        size, wall = found["bytes"], found["wall_ms"]
        said.append(
            f"{proofs['leaves']:,} 片叶子，存在证明（{labels[0]}）：{size} 字节，验证中位数 {wall['p50']} ms，p99 {wall['p99']} ms"
            if zh
            else f"{proofs['leaves']:,} leaves, inclusion by {labels[1]}: {size} bytes, verified in {wall['p50']} ms, "
            f"p99 {wall['p99']} ms"
        )
    took = load["receipt_s"] or {"p50": "–", "p99": "–", "max": "–"}
    said.append(
        f"夜间运行中上传 {load['uploads']} 份：回执中位数 {took['p50']} s，p99 {took['p99']} s，最长 {took['max']} s；"
        f"未得到有效回执 {wrong(load)} 份；夜间运行占 {load['night_share'] * 100:g}% 时间"
        if zh
        else f"{load['uploads']} uploads beside a night: receipt in {took['p50']} s, p99 {took['p99']} s, longest {took['max']} s; "
        f"{wrong(load)} without a good receipt; a night was under way {load['night_share'] * 100:g} % of the time"
    )
    return said


def ledger_section(one: dict[str, Any]) -> list[str]:
    """The section of the page."""
    return ["## Ledger", *_proofs(one["proofs"]), *_load(one["load"])]


def _proofs(one: dict[str, Any]) -> list[str]:
    rows = [
        "| proof | hash functions | bytes of hashes | wall ms p50 | p99 | processor ms p50 | p99 |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind in ("inclusion", "consistency"):
        for name, labels in LABELS.items():
            found = one[kind][name]
            wall, cpu = found["wall_ms"], found["cpu_ms"]
            rows.append(
                f"| {kind} | {labels[1]} | {found['bytes']} | {wall['p50']} | {wall['p99']} | {cpu['p50']} | {cpu['p99']} |"
            )
    whole = one["receipt"]
    for name, times in (
        ("whole receipt", whole),
        *((f"signature {key}", at) for key, at in whole["signatures"].items()),
    ):
        size = whole["bytes"] if times is whole else ""
        wall, cpu = times["wall_ms"], times["cpu_ms"]
        rows.append(f"| {name} | | {size} | {wall['p50']} | {wall['p99']} | {cpu['p50']} | {cpu['p99']} |")
    small = one["inclusion"]["sha256"]
    targets = ["| target | measured | |", "|---|---|---|"]
    targets.append(
        f"| inclusion proof at most {PROOF_BYTES} bytes | {small['bytes']} bytes | {verdict(small['bytes'] <= PROOF_BYTES)} |"
    )
    for name, labels in LABELS.items():
        measured = one["inclusion"][name]["cpu_ms"]["p99"]
        targets.append(
            f"| verified within {PROOF_MS:g} ms by {labels[1]} | p99 {measured} ms of processor time | {verdict(measured <= PROOF_MS)} |"
        )
    kinds = [one[kind] for kind in ("inclusion", "consistency")]
    passed, forged = (sum(kind[name] for kind in kinds) for name in ("forgeries_passed", "forgeries"))
    refused = sum(kind[name]["refused"] for kind in kinds for name in LABELS) + whole["refused"]
    targets.append(
        f"| a proof with one bit flipped is refused | {passed} of {forged:,} passed | {verdict(passed == 0)} |"
    )
    targets.append(f"| a proof of the log is accepted | {refused} refused | {verdict(refused == 0)} |")
    built = ", ".join(f"{name} {seconds:g} s" for name, seconds in one["built_s"].items())
    return [
        f"### Proofs in a log of {one['leaves']:,} leaves",
        f"The tree over {one['leaves']:,} leaves of a received file each is built in memory with `mrv.ledger.merkle` ({built}); "
        f"{one['samples']:,} random leaves and {one['samples']:,} random earlier sizes. Bytes are the largest of all samples. Times are "
        "those of verifying: hash the leaf, walk the path, compare with the root; no signature. Below stand the whole receipt of "
        f"{whole['samples']} leaves with its signatures (bytes: JSON), and each signature alone; SM2 starts a process of openssl, whose "
        "processor time is not in the column.",
        "\n".join(rows),
        "\n".join(targets),
    ]


def _load(one: dict[str, Any]) -> list[str]:
    took = one["receipt_s"] or {"p50": float("inf"), "p99": float("inf"), "max": float("inf")}
    targets = ["| target | measured | |", "|---|---|---|"]
    for name, limit in (("p50", RECEIPT_P50_S), ("p99", RECEIPT_P99_S)):
        targets.append(f"| receipt {name} at most {limit:g} s | {took[name]} s | {verdict(took[name] <= limit)} |")
    targets.append(
        f"| every upload has a receipt of its own that proves it | {wrong(one)} of {one['uploads']:,} without | "
        f"{verdict(wrong(one) == 0)} |"
    )
    share = one["night_share"]
    targets.append(f"| a night is under way all the time | {share * 100:.1f} % | {verdict(share > 0.999)} |")
    return [
        "### Receipts beside a night",
        f"{one['rate']:g} uploads a second of {one['size'] / 1e6:g} MB from {one['sessions']} sessions (threads of one process) for "
        f"{one['seconds']:g} s, {one['uploads']:,} in all; longest {took['max']} s, errors {len(one['errors'])}. An upload is due at a "
        "fixed moment and its time counts from then, so what waits before it counts. The same home, on disk: SQLite, signatures Ed25519 "
        f"and, where the system has it, SM2. Meanwhile another process runs one night after the other over {one['plants']} plants "
        f"({MONTHS} month deposited, one more by the inbox of the first night), every plant judged anew: {one['nights_finished']} "
        f"finished within the time, {one['deposits_by_inbox']} filings came by the inbox. An upload takes {one['cpu_ms_each']} ms of a "
        "processor; where other programs leave less than that, uploads wait whatever the ledger does. The network and a web server are not in it.",
        "\n".join(targets),
    ]

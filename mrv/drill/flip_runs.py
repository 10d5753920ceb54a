"""Every bit of a ledger flipped, and random bits of store and evidence: drills over `mrv.drill.flips`."""

import random
import shutil
import sys
from functools import partial
from pathlib import Path

from mrv.drill.crew import shared_out
from mrv.drill.figures import Figure
from mrv.drill.flips import EVIDENCE, LEDGER, Count, cells, every_bit, flip_cells, flip_files, random_bits
from mrv.drill.folders import scratch
from mrv.drill.small_log import SmallLog, filings, small_log
from mrv.ledger import signing

EVERY = sys.maxsize  # more bits than any log has
FILINGS, RECEIVED = 4, 1
SIGNED_AT = (2, 4)
SM2_FILINGS = 3
PART = 50  # random flips of one log
WORDS = {
    "ledger_leaf": "leaves",
    "ledger_node": "tree",
    "ledger_checkpoint": "checkpoints",
    "audit": "audit trail",
}
REFUSED = "refused by the store, not counted"


def run_bits(trials: int, results: Path, workers: int) -> Figure:
    """Every bit of every entry of one log, or so many spread over it, and of a checkpoint that SM2 has signed too.

    results : nothing is kept there but the figure
    """
    with scratch() as folder:
        base, signed = Path(folder) / "log", Path(folder) / "signed"
        log = SmallLog(base, FILINGS)
        log.build(filings(FILINGS), SIGNED_AT)
        log.receive(RECEIVED)
        log.plan()
        found = _bits(log, LEDGER, trials, workers)
        detail = {words: found.taken[table] for table, words in WORDS.items()}
        if signing.sm2_available():
            log = SmallLog(signed, SM2_FILINGS, sm2=True)
            log.build(filings(SM2_FILINGS), [SM2_FILINGS])
            with_sm2 = _bits(log, ("ledger_checkpoint",), trials, workers)
            detail["checkpoint with SM2"] = with_sm2.taken.total()
            found += with_sm2
    return _figure("bits", found, detail)


def run_flips(trials: int, results: Path, workers: int) -> Figure:
    """So many random flips, one of four in a file, in logs of different length."""
    parts = [(seed, min(PART, trials - begin)) for seed, begin in enumerate(range(0, trials, PART))]
    found = sum(shared_out(_random, parts, workers), Count())
    in_files = found.taken[EVIDENCE]
    return _figure("flips", found, {"cells": found.taken.total() - in_files, "files": in_files})


def _bits(log: SmallLog, tables: tuple[str, ...], trials: int, workers: int) -> Count:
    """Every bit of these tables, or one of so many, each process with a copy of the log of its own."""
    bits = sum(cell.bits for cell in cells(log, tables))
    log.close()
    step = -(-bits // min(trials, bits))
    parts = [(begin * step, log.home.path.with_name(f"{log.home.path.name}-{begin}")) for begin in range(workers)]
    return sum(shared_out(partial(_share, log.home.path, log.count, tables, step * workers), parts, workers), Count())


def _share(base: Path, filed: int, tables: tuple[str, ...], step: int, part: tuple[int, Path]) -> Count:
    begin, folder = part
    shutil.copytree(base, folder)
    log = SmallLog(folder, filed, sm2=True)  # it signs nothing more, and keeps the keys it has
    try:
        return flip_cells(log, every_bit(cells(log, tables), step, begin))
    finally:
        log.close()


def _random(part: tuple[int, int]) -> Count:
    seed, flips = part
    draw = random.Random(seed)
    filed = draw.randrange(4, 12)
    with small_log(filed) as log:
        log.build(filings(filed), sorted({draw.randrange(1, filed), filed}))
        log.receive(draw.randrange(1, 4))
        log.plan()
        found, in_files = cells(log), flips // 4
        count = flip_files(log, in_files, draw)
        while missing := flips - count.taken.total():  # another for each that the store refused
            count += flip_cells(log, random_bits(found, missing, draw))
    return count


def _figure(name: str, found: Count, detail: dict[str, int]) -> Figure:
    wrong = [*(f"not found: {flip}" for flip in found.unfound), *(f"not named: {flip}" for flip in found.unnamed)]
    return Figure(name, found.taken.total(), wrong, {**detail, REFUSED: found.refused})

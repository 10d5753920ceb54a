"""Two people file different bytes for one month at the same moment: one deposit, and the other is told that it is a correction."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier

from mrv.pipeline.deposit import SubmitOutcome, submit
from mrv.pipeline.receive import signer_of
from mrv.storage.control import Control
from mrv.storage.deposits import deposit_versions
from mrv.storage.home import Home
from tests.pipeline.plants import FIRST_GAS, JANUARY, SECOND_GAS, changed, csv_of, value_of


def test_only_one_is_the_first(home: Home, url: str, noon: datetime) -> None:
    signer_of(home)
    hours = value_of("run_hours")
    files = [csv_of(), changed(csv_of(), f"run_hours,{hours}", "run_hours,743.00")]
    other = value_of("run_hours", SECOND_GAS)
    both = [csv_of(SECOND_GAS), changed(csv_of(SECOND_GAS), f"run_hours,{other}", "run_hours,743.00")]
    start = Barrier(2)

    def file(number: int) -> SubmitOutcome:
        control = Control.at(url)
        # The plants in opposite order: neither may wait for what the other holds.
        named = [("a.csv", files[number]), ("b.csv", both[number])]
        sent = named if number == 0 else [("a.csv", both[number]), ("b.csv", files[number])]
        start.wait(60)
        outcome = submit(home, control, sent, noon, f"填报员{number}", date(2026, 2, 10))
        control.close()
        return outcome

    Control.at(url).close()
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(file, range(2)))
    assert sum(len(one.submissions) for one in outcomes) == 2
    declined = [entry for one in outcomes for entry in one.declined]
    assert {(one.plant_id, one.month, one.code) for one in declined} == {
        (plant, JANUARY, "reason_needed") for plant in (FIRST_GAS, SECOND_GAS)
    }
    control = Control.at(url)
    with control.read() as session:
        held = deposit_versions(session)
    control.close()
    assert held[["plant_id", "version"]].to_numpy().tolist() == [[FIRST_GAS, 1], [SECOND_GAS, 1]]

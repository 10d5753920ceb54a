"""One measurement in one process: `python -m mrv.bench.worker METHOD PLANTS MONTHS` prints one JSON document.

Start-up (imports, the making of the data, and one plant judged to warm up) stands beside the measured work, not in it.
"""

import json
import resource
import sys
import time
from dataclasses import asdict
from typing import Any


def measured(method: str, plants: int, months: int) -> dict[str, Any]:
    """Wall and processor time [s] of a method of `mrv.bench.methods`, peak memory of the process [MiB], what it found."""
    began = time.process_time()
    from mrv.bench.country import by_sector, country, of_plants, sample
    from mrv.bench.methods import METHODS, SAMPLED
    from schemas.validation import build

    build("parameter", "polars")
    tables = country(plants, months)
    chosen = sample(tables)
    # Whatever is loaded or compiled on first use is: nothing of it is counted, for any method.
    METHODS[method](
        of_plants(tables, [name for name in tables["plant"]["plant_id"] if name not in chosen][:1] or chosen)
    )
    if method in SAMPLED or method == "incremental":
        tables = of_plants(tables, chosen)
    start_up = time.process_time() - began
    wall, cpu = time.perf_counter(), time.process_time()
    outcome = METHODS[method](tables)
    return {
        "method": method,
        "wall_s": round(time.perf_counter() - wall, 3),
        "cpu_s": round(time.process_time() - cpu, 3),
        "start_up_cpu_s": round(start_up, 3),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "plants": len(tables["plant"]),
        "sectors": by_sector(tables),
        **asdict(outcome),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))) + "\n")

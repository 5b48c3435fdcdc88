"""How long `flask up` takes to serve once its tables are there, by the clock and of the processor.

python -m bench.starts [--times 5]
"""

import argparse
import os
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.surroundings import cpu_seconds
from tests.servers.running import Running


def main() -> None:
    """Start and stop a helpdesk a few times, and print medians."""
    parser = argparse.ArgumentParser(prog="python -m bench.starts", description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="how often (5)")
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder:
        helpdesk = Running(Path(folder) / "instance")
        start(helpdesk)  # makes the tables, and is not counted
        taken = [start(helpdesk) for _ in range(times)]
    seconds, processor = (median(each) for each in zip(*taken, strict=True))
    print(
        f"a start: {seconds:.1f} s until /healthz answers, {processor:.1f} s of the processor "
        f"(medians of {times}; load {os.getloadavg()[0]:.1f})"
    )


def start(helpdesk: Running) -> tuple[float, float]:
    """Seconds from the command to the first answer, and those that all processes took by then."""
    began = perf_counter()
    with helpdesk:
        return perf_counter() - began, cpu_seconds([*helpdesk.processes()])


if __name__ == "__main__":
    main()

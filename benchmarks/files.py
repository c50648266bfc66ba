"""How fast and how large a whole file is: CSV to CSV, beside a loop that only reads and writes the same rows.

    python benchmarks/files.py [--rows 50000] [--repeat 3] [--large 1000000]

Ratios are of times that follow each other, the median of some repeats, rows with distinct texts; memory is the peak of
all processes.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from statistics import median

import psutil
from texts import write_inventory

_EVERY = 0.1  # seconds between two looks at the memory
SCORES = "label,focus,process,specialization,driver,activities,customer_contact"
RUN = """
import sys
from outsourcing_classifier import Classifier
from outsourcing_classifier.inventory import Options, score_file
names = None if sys.argv[4] == "all" else tuple("oc_" + name for name in sys.argv[4].split(","))
score_file(sys.argv[1], sys.argv[2], classifier=Classifier(), processes=int(sys.argv[3]), options=Options(keep=names))
"""
COPY = """
import csv, sys
source = open(sys.argv[1], newline="", encoding="utf-8")
out = open(sys.argv[2], "w", newline="", encoding="utf-8")
writer = csv.writer(out, delimiter=";")
for row in csv.reader(source, delimiter=";"):
    writer.writerow(row)
"""


def _memory(process: psutil.Process) -> int:
    """Bytes of a process; what it shares with others counts in part (Linux), or wholly."""
    found = process.memory_full_info() if psutil.LINUX else process.memory_info()
    return getattr(found, "pss", found.rss)


def timed(program: str, source: Path, target: Path, *arguments: str) -> tuple[float, float]:
    """Seconds of a fresh Python, and megabytes at its peak, with all processes that it starts."""
    target.unlink(missing_ok=True)  # an output that is there is looked through for decisions first
    start, most = time.perf_counter(), 0
    with subprocess.Popen([sys.executable, "-W", "ignore", "-c", program, source, target, *arguments]) as running:
        while running.poll() is None:
            with suppress(psutil.NoSuchProcess):
                process = psutil.Process(running.pid)
                most = max(most, sum(map(_memory, (process, *process.children(recursive=True)))))
            time.sleep(_EVERY)
    if running.returncode:
        raise SystemExit("a run failed; see above")
    return time.perf_counter() - start, most / 1e6


def _ratio(one: list[float], other: list[float]) -> float:
    """The median of the ratios of times that were taken one after the other."""
    return median(a / b for a, b in zip(one, other, strict=True))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--large", type=int, default=0, help="rows of a second file: memory and time a row")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        source, target = folder / "in.csv", folder / "out.csv"
        write_inventory(source, options.rows)
        runs = {
            "copy": (COPY, ()), "all": (RUN, ("1", "all")), "labels": (RUN, ("1", SCORES)), "two": (RUN, ("2", "all")),
        }
        seconds: dict[str, list[float]] = {name: [] for name in runs}
        memory = dict.fromkeys(runs, 0.0)
        for _ in range(options.repeat):  # side by side: a machine that others share changes its speed
            for name, (program, arguments) in runs.items():
                spent, most = timed(program, source, target, *arguments)
                seconds[name].append(spent)
                memory[name] = max(memory[name], most)
        for name, title in (
            ("all", "all columns, one process"), ("labels", "labels and scores, one process"),
            ("two", "all columns, two processes"),
        ):
            print(f"{title}: {options.rows / median(seconds[name]):,.0f} rows a second, {memory[name]:.0f} MB, "
                  f"{_ratio(seconds['copy'], seconds[name]):.3f} of the speed of a loop that copies the rows")
        print(f"two processes / one: {_ratio(seconds['all'], seconds['two']):.2f}")
        if options.large:
            write_inventory(source, options.large)
            spent, most = timed(RUN, source, target, "2", "all")
            each = (spent / options.large) / (median(seconds["two"]) / options.rows)
            print(
                f"{options.large:,} rows, two processes: {most:.0f} MB at most, "
                f"time a row {each:.2f} of that above"
            )


if __name__ == "__main__":
    main()

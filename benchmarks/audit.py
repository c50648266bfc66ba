"""How often the intervals of an audit cover the truth, by simulation.

    python benchmarks/audit.py [--runs 1000] [--rows 2000] [--sample 120]

Invented inventories with known answers: error rates from 2 to 20 % that depend on the band, FTE equal, mixed or
heavy-tailed (Pareto). Each run draws as `audit draw` does and estimates as `audit read` does. 93 to 97 % of the
intervals should hold the truth.
"""

import argparse

import numpy as np
import numpy.typing as npt

from outsourcing_classifier.audit.draw import allocated
from outsourcing_classifier.audit.estimate import ANSWERS, Stratum, corrected

Ints, Floats, Bools = npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.bool_]
ERRORS = {"2 %": 0.02, "5 %": 0.05, "10 %": 0.1, "20 %": 0.2}
BANDS = {"high": 0.5, "medium": 1.0, "low": 2.5}  # times the error rate
TAILS = ("equal", "mixed", "heavy")


def inventory(
    chance: np.random.Generator, rows: int, error: float, tail: str
) -> tuple[Ints, Ints, Ints, Floats]:
    """Machine's answer, band, truth and weights (rows, FTE) of an invented inventory."""
    machine = chance.choice(3, rows, p=[0.5, 0.35, 0.15])
    band = chance.choice(3, rows, p=[0.4, 0.35, 0.25])
    wrong = chance.random(rows) < error * np.array(list(BANDS.values()))[band]
    truth = np.where(wrong, (machine + chance.choice([1, 2], rows, p=[0.8, 0.2])) % 3, machine)
    fte = {"equal": np.ones(rows), "mixed": chance.gamma(1.0, 1.0, rows) + 0.1,
           "heavy": np.minimum(chance.pareto(1.3, rows) + 0.1, 200)}[tail]
    return machine, band, truth, np.column_stack([np.ones(rows), fte])


def covered(chance: np.random.Generator, options: argparse.Namespace, error: float, tail: str) -> Bools:
    """Which of the intervals (answers, weights) hold the truth in one run."""
    machine, band, truth, weights = inventory(chance, options.rows, error, tail)
    stratum = machine * 3 + band
    sizes = {int(s): int((stratum == s).sum()) for s in np.unique(stratum)}
    ftes = {s: float(weights[stratum == s, 1].sum()) for s in sizes}
    strata = []
    for name, count in allocated(sizes, ftes, options.sample).items():
        places = np.flatnonzero(stratum == name)
        drawn = chance.choice(places, count, replace=False)
        rest = np.setdiff1d(places, drawn)
        strata.append(Stratum(name // 3, weights[rest], weights[drawn], np.eye(3)[truth[drawn]]))
    found = corrected(strata, draws=options.draws, seed=int(chance.integers(2**31)))
    wanted = np.array([weights[truth == place].sum(axis=0) for place in range(3)])
    return (found["low"] <= wanted + 1e-9) & (wanted - 1e-9 <= found["high"])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--sample", type=int, default=120)
    parser.add_argument("--draws", type=int, default=1000)
    options = parser.parse_args()
    head = "".join(f"{name + ' ' + what:>14}" for what in ("rows", "FTE") for name in ANSWERS)
    print(f"{'errors':8}{'FTE':8}{head}   all")
    for title, error in ERRORS.items():
        for tail in TAILS:
            chance = np.random.default_rng(7)
            hits = np.mean([covered(chance, options, error, tail) for _ in range(options.runs)], axis=0)
            cells = "".join(f"{100 * value:>13.1f}%" for value in hits.T.ravel())
            print(f"{title:8}{tail:8}{cells}  {100 * hits.mean():.1f}%")


if __name__ == "__main__":
    main()

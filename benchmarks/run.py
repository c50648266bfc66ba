"""How fast, next to TF-IDF + logistic regression on the same texts in the same run.

    python benchmarks/run.py [--texts FILE] [--json] [--plot FILE]

Prints ratios, never times: what they mean stands in README.md beside this file.
"""

import argparse
import gc
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from texts import LANGUAGES, ROOT, project_texts, read_labelled, read_tasks

HERE = Path(__file__).resolve().parent
START_TASK = "Check supplier invoices against purchase orders and enter them in the ledger"
START_OURS = f"from outsourcing_classifier import classify; classify({START_TASK!r}).label"
START_NUMPY = "import numpy"
LOADED = START_OURS + "; import sys; print('sklearn' in sys.modules)"
FEWEST = 20  # texts; a language with fewer is not timed

ROWS = (
    ("labels_scores_warm", "labels and scores, warm"),
    ("labels_scores_first_pass", "labels and scores, first pass of a process"),
    ("labels_scores_first_pass_loading", "  the same, loading words and model included"),
    ("evidence_warm", "labels, scores and evidence, warm"),
    ("explanation_warm", "labels, scores and explanations, warm"),
    ("vader", "VADER's scorer, the best-known lexicon"),
    ("floor", "the floor: our tokens and nothing else"),
)


def main() -> int:
    """Run, print, leave judging to the reader."""
    options = _options()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    if options.texts is None:
        groups = {language: project_texts(language, options.count) for language in LANGUAGES}
        source = "training_data/ and examples/ of this project, with variations"
    else:
        groups = _by_language(read_tasks(options.texts, options.text_column)[: options.count])
        source = f"{options.texts.name}, as they are, by the language the package finds"
    result: dict[str, Any] = {
        "ran": _statement(source, groups, options),
        "unit": "times as fast as TfidfVectorizer(ngram_range=(1, 2)) + LogisticRegression.predict",
        "ratios": {language: measure(texts, language, options.repeats) for language, texts in groups.items()},
        "start": start_up(options.starts),
    }
    if options.plot is not None:
        _plot(result, options.plot)
    if options.json:
        print(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        _print(result)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--texts", type=Path, metavar="FILE", help="CSV with tasks, instead of this project's texts")
    parser.add_argument("--text-column", metavar="NAME", help="its column with the task")
    parser.add_argument("--count", type=int, default=10_000, help="texts a language (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=5, help="of every pass (default: %(default)s)")
    parser.add_argument("--starts", type=int, default=7, help="fresh processes for the start (default: %(default)s)")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the figures as well (.svg, .png)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser.parse_args()


def _by_language(texts: list[str]) -> dict[str, list[str]]:
    from outsourcing_classifier import classify_many

    unique = list(dict.fromkeys(texts))
    found = classify_many(unique).language
    groups = {name: [t for t, language in zip(unique, found, strict=True) if language == name] for name in LANGUAGES}
    groups = {name: group for name, group in groups.items() if len(group) >= FEWEST}
    if not groups:
        raise SystemExit(f"{len(unique)} distinct texts; at least {FEWEST} in one language are needed")
    return groups


def measure(texts: list[str], language: str, repeats: int) -> dict[str, float]:
    """Ratios for one language; the passes of a repeat follow each other, the median of pairs counts."""
    from outsourcing_classifier import Classifier
    from outsourcing_classifier.text.tokens import ChunkTable

    pipeline = _fitted(language)
    classifier, floor = Classifier(), ChunkTable()

    def labels_scores() -> Any:
        results = classifier.classify_many(texts)
        return results, results.label, results.scores

    passes: dict[str, Callable[[], Any]] = {
        "baseline": lambda: pipeline.predict(texts),
        "labels_scores_warm": labels_scores,
        "evidence_warm": lambda: labels_scores()[0].evidence,
        "explanation_warm": lambda: labels_scores()[0].explanation,
        "floor": lambda: floor.encode(texts),
    }
    scorer = _vader()
    if scorer is not None:
        passes["vader"] = lambda: [scorer.polarity_scores(text) for text in texts]
    for run in passes.values():
        run()
    seconds: dict[str, list[float]] = {name: [] for name in passes}
    for _ in range(repeats):
        for name, run in passes.items():
            seconds[name].append(_timed(run))
    base = seconds.pop("baseline")
    ratios = {name: _ratio(base, values) for name, values in seconds.items()}
    ratios |= _first_pass(texts, pipeline, repeats)
    return {name: ratios[name] for name, _ in ROWS if name in ratios}


def _vader() -> Any:
    """The scorer, None where vaderSentiment is not installed."""
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        return None
    return SentimentIntensityAnalyzer()


def _fitted(language: str) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    texts, labels = read_labelled(ROOT / "training_data" / f"{language}.csv")
    return make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=1000)).fit(texts, labels)


def _first_pass(texts: list[str], pipeline: Any, repeats: int) -> dict[str, float]:
    import joblib

    with tempfile.TemporaryDirectory() as folder:
        given, fitted = Path(folder, "texts.json"), Path(folder, "pipeline.joblib")
        given.write_text(json.dumps(texts), "utf-8")
        joblib.dump(pipeline, fitted)
        ours, base = [], []
        for _ in range(repeats):
            base.append(json.loads(_python(HERE / "first_pass.py", "baseline", given, fitted)))
            ours.append(json.loads(_python(HERE / "first_pass.py", "ours", given)))
    return {
        "labels_scores_first_pass": _ratio([b["pass"] for b in base], [o["pass"] for o in ours]),
        "labels_scores_first_pass_loading": _ratio(
            [b["pass"] + b["load"] for b in base], [o["pass"] + o["load"] for o in ours]
        ),
    }


def start_up(starts: int) -> dict[str, Any]:
    """A fresh process that classifies one task, as a multiple of one that imports numpy."""
    loaded = _python("-c", LOADED).strip() == "True"
    _python("-c", START_NUMPY)
    numpy_seconds, our_seconds = [], []
    for _ in range(starts):
        numpy_seconds.append(_timed(lambda: _python("-c", START_NUMPY)))
        our_seconds.append(_timed(lambda: _python("-c", START_OURS)))
    return {
        "classify_one_per_import_numpy": round(median(our_seconds) / median(numpy_seconds), 3),
        "sklearn_imported": loaded,
    }


def _timed(run: Callable[[], Any]) -> float:
    gc.collect()
    start = perf_counter()
    run()
    return perf_counter() - start


def _ratio(base: Sequence[float], ours: Sequence[float]) -> float:
    return round(median(b / o for b, o in zip(base, ours, strict=True)), 3)


def _python(*arguments: object) -> str:
    # As at a user's: Python keeps the modules that it has compiled.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8",
        env={**kept, "PYTHONIOENCODING": "utf-8"}, check=False,
    )
    if done.returncode:
        raise SystemExit(f"a fresh Python failed: {done.stderr.strip()}")
    return done.stdout


def _statement(source: str, groups: dict[str, list[str]], options: argparse.Namespace) -> dict[str, Any]:
    sizes = {}
    for language, texts in groups.items():
        words = [word for text in texts for word in text.split()]
        sizes[language] = {
            "texts": len(texts), "words_per_text": round(len(words) / len(texts), 1), "distinct_words": len(set(words)),
        }
    return {
        "texts_from": source, "sizes": sizes, "repeats": options.repeats, "starts": options.starts,
        "python": platform.python_version(), "numpy": version("numpy"), "scikit-learn": version("scikit-learn"),
    }


def _plot(result: dict[str, Any], path: Path) -> None:
    """Bars of the ratios, a group a row, on a scale of logarithms."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "benchmark"
    import matplotlib.pyplot as plt

    ratios = result["ratios"]
    rows = [(name, title.strip()) for name, title in ROWS if all(name in values for values in ratios.values())]
    figure, axes = plt.subplots(figsize=(8, 0.55 * len(rows) + 1.2), layout="constrained")
    height = 0.8 / len(ratios)
    for number, (language, values) in enumerate(ratios.items()):
        places = [place + number * height for place in range(len(rows))]
        bars = axes.barh(places, [values[name] for name, _ in rows], height, label=language)
        axes.bar_label(bars, fmt="%.2f×", padding=2, fontsize=8)
    axes.set_yticks([place + 0.4 - height / 2 for place in range(len(rows))], [title for _, title in rows])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xlabel("times as fast as TF-IDF + logistic regression (line: as fast)")
    axes.margins(x=0.12)
    axes.legend()
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def _print(result: dict[str, Any]) -> None:
    ran, ratios = result["ran"], result["ratios"]
    width = max(len(title) for _, title in ROWS)
    print(f"{'':{width}}" + "".join(f"{language:>9}" for language in ratios))
    for name, title in ROWS:
        if all(name in values for values in ratios.values()):
            print(f"{title:{width}}" + "".join(f"{values[name]:8.2f}×" for values in ratios.values()))
        else:
            print(f"{title:{width}}  not measured: pip install vaderSentiment")
    print(f"\n× = {result['unit']}, same texts, same run; above 1 is faster.\n")
    start = result["start"]
    said = "imported" if start["sklearn_imported"] else "not imported"
    print(f"A fresh process that classifies one task takes {start['classify_one_per_import_numpy']:.2f} times")
    print(f'as long as python -c "import numpy" (smaller is better). scikit-learn: {said}.\n')
    print(f"Texts: {ran['texts_from']}")
    for language, size in ran["sizes"].items():
        print(
            f"  {language}: {size['texts']} distinct, {size['words_per_text']} words each, "
            f"{size['distinct_words']} distinct words"
        )
    print(
        f"Median of {ran['repeats']} interleaved repeats ({ran['starts']} for the start); Python {ran['python']}, "
        f"numpy {ran['numpy']}, scikit-learn {ran['scikit-learn']}"
    )


if __name__ == "__main__":
    raise SystemExit(main())

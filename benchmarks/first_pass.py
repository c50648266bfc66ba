"""One pass over texts in a fresh process: `first_pass.py ours|baseline TEXTS.json [PIPELINE]`.

Started by `run.py`, once a repeat. Prints seconds for loading and for the first pass as JSON.
"""

import json
import sys
from pathlib import Path
from time import perf_counter


def ours(texts: list[str]) -> dict[str, float]:
    """Load words and model, then read labels and scores of texts never seen before."""
    from outsourcing_classifier import Classifier

    start = perf_counter()
    classifier = Classifier()
    loaded = perf_counter()
    results = classifier.classify_many(texts)
    _ = results.label, results.scores
    return {"load": loaded - start, "pass": perf_counter() - loaded}


def baseline(texts: list[str], pipeline: Path) -> dict[str, float]:
    """Load the fitted pipeline that `run.py` has just written, then predict."""
    import joblib
    import sklearn.feature_extraction.text
    import sklearn.linear_model
    import sklearn.pipeline  # noqa: F401  imports are outside the clock for both

    start = perf_counter()
    fitted = joblib.load(pipeline)
    loaded = perf_counter()
    fitted.predict(texts)
    return {"load": loaded - start, "pass": perf_counter() - loaded}


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[2]).read_text("utf-8"))
    seconds = ours(given) if sys.argv[1] == "ours" else baseline(given, Path(sys.argv[3]))
    print(json.dumps(seconds))

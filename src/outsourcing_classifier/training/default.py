"""Examples of this project → the default model: decision, gates, figures; the same bytes in any order of rows."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .. import __version__
from ..classifier import Classifier
from ..decision import GATE_SIGNS, GateModel, probability, rule, vetoes
from ..dimensions import DIMENSIONS, LANGUAGES
from ..drift import reference
from ..errors import TrainingDataError
from ..estimator import FOLDS, TrainedDecision, fingerprint, fit_decision, fit_signed, learning_curve, significant
from ..evaluation import label_figures, share, status_figures
from ..lexicon import Lexicon
from ..model import Model, finished
from ..threshold import review_threshold
from .examples import Example

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
GATE_ALPHA: Final = 10.0  # pull of the gates towards the untrained ones
# How far the rarer side is raised: 0 leaves it as rare as it is here, 1 lets both sides weigh the same. Out of scope is
# more frequent in inventories of whole firms; how much more, no text can say. Set as the limits of `lexicon refit` are,
# by coverage and recall on real tasks, which both have a mark.
_TOWARDS_EQUAL: Final = 0.35


def train(examples: Sequence[Example], lexicon: Lexicon, *, keep_reference: bool = False) -> Model:
    """The model that the examples give: decision, fingerprints and figures.

    The label's figures are cross-validated (five folds by group), computed from the rounded numbers that
    the file holds; status is not trained, its figures are those of all rows with the gates on. With
    ``keep_reference`` the model knows what its training texts are like, so that drift can be seen.
    """
    rows = sorted(examples)
    labelled = [row for row in rows if row.label]
    if not labelled:
        raise TrainingDataError("no row has a label; write BPO or KPO into the label column")
    result = Classifier(model=Model(), lexicon=lexicon).classify_many([row.text for row in labelled], assume_task=True)
    kpo = np.array([row.label == "KPO" for row in labelled], np.bool_)
    own = np.array([row.scores or (math.nan,) * len(DIMENSIONS) for row in labelled], np.float64)
    weight = np.array([row.weight for row in labelled], np.float64)
    trained = fit_decision(result.scores, kpo, weight, [row.group for row in labelled], own)
    decision = replace(trained.decision, gate=_fit_gate(rows, lexicon))
    # Without languages of their own (a user's file), rows count under the language they were read in.
    languages = [row.language or read for row, read in zip(labelled, result.language, strict=True)]
    model = finished(Model(
        decision=decision,
        lexicon_fingerprint=lexicon.fingerprint,
        training_fingerprint=fingerprint("\t".join(map(repr, astuple(row))) for row in rows),
        versions={"package": __version__},
    ))
    figures = {
        "folds": FOLDS,
        "annotators": dict(sorted(Counter(row.annotator for row in rows).items())),
        "rows": len(rows),
        "label": _label_figures(trained, result.scores, kpo, languages),
        "learning_curve": learning_curve(result.scores, kpo, weight, [row.group for row in labelled]),
        "status": _status_figures(rows, Classifier(model=model, lexicon=lexicon)),
    }
    texts = [row.text for row in rows]
    known = reference(Classifier(model=model, lexicon=lexicon), texts) if keep_reference else {}
    return finished(replace(model, figures=figures, reference=known))


def _fit_gate(rows: Sequence[Example], lexicon: Lexicon) -> GateModel:
    """The gates' margins from the examples' statuses; untrained without such rows."""
    known = [row for row in rows if row.status in ("ok", "mixed", "out_physical", "out_presence")]
    untrained = GateModel()
    batch = Classifier(model=Model(), lexicon=lexicon).batch([row.text for row in known], None, assume_task=False)
    features = batch.gates.features
    fitted = []
    for place, (status, prior) in enumerate((("out_physical", untrained.hands), ("out_presence", untrained.presence))):
        inside = np.array([row.status == status for row in known], np.bool_)
        use = inside | np.array([row.status in ("ok", "mixed") for row in known], np.bool_)
        if features is None or not inside.any() or not (use & ~inside).any():
            fitted.append(prior)
            continue
        weight = np.where(inside, ((use & ~inside).sum() / inside.sum()) ** _TOWARDS_EQUAL, 1.0)
        coefficients, intercept, _ = fit_signed(
            features[use, place], inside[use], weight[use], alpha=GATE_ALPHA, signs=GATE_SIGNS, prior=prior[1:],
        )
        hands_or_presence = [significant(value) for value in (intercept, *coefficients)]
        fitted.append((hands_or_presence[0], hands_or_presence[1], hands_or_presence[2]))
    return GateModel(*fitted)


def _label_figures(trained: TrainedDecision, scores: Floats, kpo: Bools, languages: Sequence[str]) -> dict[str, Any]:
    """Out-of-fold figures for each language and for all: margins that have not seen their group, capped."""
    decision = trained.decision
    vetoed = np.logical_or(*vetoes(list(scores.T)))
    margin = np.where(vetoed, np.minimum(trained.out_of_fold, decision.cap), trained.out_of_fold)
    chance, rule_kpo = probability(margin, decision), rule(scores)[1]
    names = np.array(languages)
    figures = {"all": label_figures(kpo, chance, rule_kpo)}
    allowed = review_threshold(chance, (chance >= 0.5) == kpo)
    if allowed.value is not None:
        figures["all"]["review"] = {"from": allowed.value, "unreviewed": share(allowed.unreviewed, allowed.rows)}
    for language in LANGUAGES:
        of = names == language
        if of.any():
            figures[language] = label_figures(kpo[of], chance[of], rule_kpo[of])
    return figures


def _status_figures(rows: Sequence[Example], classifier: Classifier) -> dict[str, Any]:
    known = [row for row in rows if row.status]
    if not known:
        return {}
    found = classifier.classify_many([row.text for row in known]).status
    pairs = list(zip(known, found, strict=True))
    figures = {"all": status_figures([row.status for row in known], found)}
    for language in LANGUAGES:
        of = [(row.status, status) for row, status in pairs if row.language == language]
        if of:
            figures[language] = status_figures([right for right, _ in of], [status for _, status in of])
    return figures

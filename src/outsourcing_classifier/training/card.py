"""The default model's card, in Markdown."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from ..dimensions import SUM_WEIGHTS, WORDING
from ..evaluation import percent
from ..model import Model
from ..threshold import CONFIDENCE, WANTED

CARD_NAME: Final = "README.md"
_BASELINES: Final = ("Codebook's rule, accuracy %", "Always the same label, accuracy %")
_MACHINE: Final = "language model"  # how `annotator` begins where no person labelled


def card(model: Model, folder: Path | None = None) -> str:
    """The model card, in Markdown: from the model, and from figures that other commands left in its folder."""
    figures, decision = model.figures, model.decision
    label, status = figures["label"], figures["status"]
    machine = all(name.startswith(_MACHINE) for name in figures["annotators"])
    who = (
        "labelled by a language model with the codebook; no person has coded them"
        if machine
        else "labelled by " + ", ".join(f"{name} ({count})" for name, count in figures["annotators"].items())
    )
    sizes = ", ".join(f"{name} {figure['accuracy']['n']}" for name, figure in label.items() if name != "all")
    lines = [
        "# The default model",
        "",
        "Decides BPO (transaction work) or KPO (knowledge work) from the six scores that the lexicon reads out of",
        "a task description: a logistic regression with coefficients of at least 0, pulled towards the weights of",
        "the codebook, with the codebook's two vetoes as caps on its margin. `default.json` holds its numbers and",
        "nothing that runs. Written by `outsourcing-classifier train`; do not edit either file by hand.",
        "",
        f"Model {model.version}, package {model.versions['package']},",
        f"words {model.lexicon_fingerprint[:12]}, training data {model.training_fingerprint[:12]}.",
        "",
        "## Data",
        "",
        f"{figures['rows']} task descriptions in `training_data/`,",
        f"{label['all']['accuracy']['n']} with a label ({sizes});",
        f"{who}.",
        "",
        "## Figures",
        "",
        f"Label, always answered (gates off), {figures['folds']}-fold cross-validation; rows of one `group`",
        "(paraphrases, minimal pairs) are held out together. Brackets: 95 % Wilson intervals.",
        "",
        _row(("Language", "Tasks", "Accuracy %", "Balanced %", "Brier", "Calibration error", *_BASELINES)),
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, figure in label.items():
        base = figure["baselines"]
        cells = (
            name, figure["accuracy"]["n"], _bare(figure["accuracy"]), _bare(figure["balanced_accuracy"]),
            f"{figure['brier']:.3f}", f"{figure['calibration_error']:.3f}", _bare(base["rule"]["accuracy"]),
            _bare(base["majority"]["accuracy"]),
        )
        lines.append(_row(cells))
    if "review" in label["all"]:
        lines += ["", *_review(label["all"]["review"])]
    if figures["learning_curve"]:
        lines += [
            "",
            (
                "Learning curve: the label's seven numbers from a part of the groups, balanced accuracy on groups "
                "held out. What the words weigh does not come from these texts (see the lexicon tables)."
            ),
            "",
            "| Examples | Balanced % |",
            "|---|---|",
            *(_row((count, f"{100 * accuracy:.1f}")) for count, accuracy in figures["learning_curve"]),
        ]
    if status:
        lines += [
            "",
            (
                "Status, gates on, all rows: the gates are trained on these very rows, "
                "and whoever wrote the tables could see them."
            ),
            "",
            "| Language | Rows | Status right % | In or out of scope right % |",
            "|---|---|---|---|",
        ]
        for name, figure in status.items():
            accuracy = figure["accuracy"]
            lines.append(_row((name, accuracy["n"], _bare(accuracy), _bare(figure["scope_accuracy"]))))
    lines += [*_measured(folder), *_ablation(folder)]
    lines += ["", "## Numbers", "", "| Score | Weight | Weight in the codebook |", "|---|---|---|"]
    for words, trained, given in zip(WORDING["en"], decision.coefficients, SUM_WEIGHTS, strict=True):
        lines.append(_row((words.name, f"{trained:.3f}", f"{given:g}")))
    lines += [
        "",
        f"Intercept {decision.intercept:.3f}. P(KPO) = 1 / (1 + exp(-{decision.slope:.3f} · margin)); a veto leaves a",
        f"margin of at most {decision.cap:.3f}. Band by |2P - 1|, the lines chosen to agree best with the codebook's",
        f"bands on the examples' own scores: medium from {decision.medium_from:.3f},",
        f"high from {decision.high_from:.3f}.",
        "",
        "## Limits",
        "",
        "- The folds hold rows back from the decision, not from whoever wrote the words of the lexicon. Figures on",
        "  your own tasks can be lower: `outsourcing-classifier evaluate FILE` measures them.",
        "- Slope and cap are fitted to the same held-out margins that Brier and calibration error are measured on.",
        "- The examples are no random sample of inventories: both labels are about equally frequent here.",
        "- English and German only; task descriptions, not job titles or names of departments.",
        "- Says what kind of work a text describes: nothing about people, and not whether to outsource.",
    ]
    return "\n".join(lines) + "\n"


def _review(allowed: Mapping[str, Any]) -> list[str]:
    return [(
        f"Review threshold: none is set. If rows under |2P - 1| = {allowed['from']:g} went to review too, at most "
        f"{100 * WANTED:g} % of the other rows would be wrong on texts like these (held out, with "
        f"{100 * CONFIDENCE:g} % confidence); these are {_bare(allowed['unreviewed'])} % of the rows. For your own "
        "texts an audit sets it: `outsourcing-classifier audit threshold`."
    )]


def _measured(folder: Path | None) -> list[str]:
    """Figures on real tasks, as `measured.json` holds them: what was measured, who labelled, the figures."""
    path = folder / "measured.json" if folder else None
    if path is None or not path.is_file():
        return []
    data = json.loads(path.read_text("utf-8"))
    lines = ["", "## Figures on real tasks", "", *data["statement"]]
    lines += ["", "| Figure | English | German |", "|---|---|---|"]
    return lines + [_row((name, *values)) for name, values in data["figures"].items()]


def _ablation(folder: Path | None) -> list[str]:
    """What each mechanism is worth, as `benchmarks/ablation.py --write` measured it."""
    path = folder / "ablation.json" if folder else None
    if path is None or not path.is_file():
        return []
    table = json.loads(path.read_text("utf-8"))
    names = [name for name in next(iter(table.values())) if ", label, " in name]
    lines = [
        "", "## What each mechanism is worth", "",
        "Balanced accuracy of the label with every row answered, one mechanism at a time switched off; the decision",
        "is not trained again. Training texts were in sight of whoever wrote the words, the inventory rows were not;",
        "all were labelled by a language model with the codebook. Made by `python benchmarks/ablation.py --write`.", "",
        _row(("", *(name.replace(", label", "") for name in names))), "|---" * (len(names) + 1) + "|",
    ]
    return lines + [_row((name, *(f"{100 * row[key]:.1f}" for key in names))) for name, row in table.items()]


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _bare(figure: dict[str, Any]) -> str:
    return percent(figure).replace(" %", "")

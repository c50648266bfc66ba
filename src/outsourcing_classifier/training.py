"""Labelled examples → model and card: the same bytes whatever the order of rows or the number of threads."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from . import __version__
from .classifier import Classifier
from .decision import GATE_SIGNS, GateModel, probability, rule, vetoes
from .dimensions import DIMENSIONS, LANGUAGES, SUM_WEIGHTS, WORDING
from .drift import reference
from .errors import ModelError, TaskFileError, TrainingDataError
from .estimator import (
    FOLDS,
    TrainedDecision,
    fingerprint,
    finished,
    fit_decision,
    fit_signed,
    learning_curve,
    significant,
)
from .evaluation import label_figures, percent, read_labelled, status_figures
from .files.csv_file import read_csv
from .files.output import complete_file
from .files.table import Table
from .gates import STATUSES
from .lexicon import Lexicon, load_lexicon
from .lexicon.snapshot import NAME as SNAPSHOT_NAME
from .lexicon.snapshot import snapshot
from .model import DEFAULT_NAME, Model, load_model

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
COLUMNS: Final = (
    "id", "group", "text", "language", "status", "label", *DIMENSIONS, "weight", "source", "annotator", "note"
)
GATE_ALPHA: Final = 10.0  # pull of the gates towards the untrained ones
CARD_NAME: Final = "README.md"
_BASELINES: Final = ("Codebook's rule, accuracy %", "Always the same label, accuracy %")
_MACHINE: Final = "language model"  # how `annotator` begins where no person labelled


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """A labelled row; the order of the fields is the canonical order of rows.

    ``status`` and ``label`` are empty where not given; ``scores`` are the six labelled scores or none.
    """

    id: str
    language: str
    text: str
    group: str
    status: str
    label: str
    scores: tuple[float, ...]
    weight: float
    annotator: str


def read_examples(paths: Iterable[Path]) -> tuple[Example, ...]:
    """The rows of training data (`COLUMNS`), checked, in canonical order: by id, language, text.

    Raises `TrainingDataError` that names file, row and column.
    """
    examples: list[Example] = []
    seen: dict[tuple[str, str], str] = {}
    for path in paths:
        table = _table(path)
        for row, cells in enumerate(table.rows, table.first_row):
            where = f"{path.name}, row {row}"
            example = _example(dict(zip(COLUMNS, cells, strict=True)), where)
            for kind, value in (("id", example.id), ("text", f"{example.language} {example.text}")):
                first = seen.setdefault((kind, value), where)
                if first is not where:
                    raise TrainingDataError(f"{where}, column '{kind}': the same as in {first}; remove one of the rows")
            examples.append(example)
    return tuple(sorted(examples))


def _table(path: Path) -> Table:
    try:
        table = read_csv(path)
    except TaskFileError as error:
        raise TrainingDataError(str(error)) from error
    if tuple(table.header) != COLUMNS:
        raise TrainingDataError(
            f"{path.name}, row 1: columns are {', '.join(table.header)}; training data have {', '.join(COLUMNS)}"
        )
    for row, cells in enumerate(table.rows, table.first_row):
        if row - table.first_row in table.broken or len(cells) != len(COLUMNS):
            raise TrainingDataError(
                f"{path.name}, row {row}: {len(cells)} fields for {len(COLUMNS)} columns; quote texts with commas"
            )
    return table


def _example(cells: dict[str, str], where: str) -> Example:
    def refuse(column: str, problem: str) -> TrainingDataError:
        return TrainingDataError(f"{where}, column '{column}': {problem}, got {cells[column]!r}")

    for column in ("id", "group", "annotator"):
        if not cells[column].strip():
            raise refuse(column, "must not be empty")
    for column, offered in (("language", LANGUAGES), ("status", STATUSES)):
        if cells[column] not in offered:
            raise refuse(column, f"must be one of {', '.join(offered)}")
    if cells["status"] != "empty" and not cells["text"].strip():
        raise refuse("text", "must not be empty")
    if cells["label"] not in ("", "BPO", "KPO"):
        raise refuse("label", "must be BPO, KPO or empty")
    if cells["label"] and cells["status"] != "ok":
        raise refuse("label", f"must be empty where status is {cells['status']}")
    scores = tuple(_number(cells[name]) for name in DIMENSIONS) if any(cells[name] for name in DIMENSIONS) else ()
    for name, score in zip(DIMENSIONS, scores, strict=False):
        if not abs(score) <= 1:
            raise refuse(name, "must be a number from -1 to 1 (give all six or none)")
    weight = _number(cells["weight"])
    if not 0 < weight < math.inf:
        raise refuse("weight", "must be a number above 0")
    return Example(
        cells["id"], cells["language"], cells["text"], cells["group"], cells["status"], cells["label"], scores,
        weight, cells["annotator"],
    )


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def read_own_examples(paths: Sequence[Path]) -> tuple[Example, ...]:
    """The labelled rows of a user's files (any CSV or XLSX with a task and a label a row), in canonical order.

    Rows of one value in a column `group`, else equal texts, are held out together. Raises `TrainingDataError`.
    """
    examples: list[Example] = []
    for path in paths:
        try:
            data = read_labelled(path)
        except TaskFileError as error:
            raise TrainingDataError(str(error)) from error
        for place, (text, label) in enumerate(zip(data.texts, data.labels, strict=True)):
            if label and text.strip():
                own = [] if data.scores is None else data.scores[place].tolist()
                scores = () if any(map(math.isnan, own)) else tuple(own)
                group = text if data.groups is None else data.groups[place] or text
                examples.append(Example("", "", text, group, "", label, scores, 1.0, path.name))
    if not examples:
        names = ", ".join(path.name for path in paths)
        raise TrainingDataError(f"{names}: no row has a task and a label; write BPO or KPO into the label column")
    return tuple(sorted(examples))


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
        # Half-way to both sides weighing the same: out of scope is rarer here than in most inventories of whole firms.
        weight = np.where(inside, np.sqrt((use & ~inside).sum() / inside.sum()), 1.0)
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


def train_command(
    files: list[Path], output: Path | None, *, check: bool, lexicon: Path | None, say: Callable[[str], None]
) -> bool:
    """Train and write a model; what `outsourcing-classifier train` does.

    Without ``files`` the training data of the checkout give ``models/default.json`` and its card (or
    ``output`` alone); with files their rows give ``output``, never the default model. ``check`` writes
    nothing and compares. False where that found a difference. Raises `TrainingDataError`.
    """
    root = _checkout()
    default = None if root is None else root / "models" / DEFAULT_NAME
    _refuse(files, output, default, lexicon)
    examples = read_own_examples(files) if files else read_examples(sorted(_data_folder(root).glob("*.csv")))
    words = load_lexicon(*([] if lexicon is None else [lexicon]))
    # The default model has no reference yet: with one its file would be another.
    model = train(examples, words, keep_reference=bool(files))
    target = output or default
    if target is None:
        raise TrainingDataError(_OUTSIDE)
    written = {target: model.to_json().encode()}
    if output is None:
        written[target.with_name(CARD_NAME)] = card(model, target.parent).encode()
        written[target.with_name(SNAPSHOT_NAME)] = snapshot()
    label = model.figures["label"]
    counts = ", ".join(f"{name} {figure['accuracy']['n']}" for name, figure in label.items() if name != "all")
    say(f"Labelled tasks: {label['all']['accuracy']['n']} of {model.figures['rows']} rows ({counts}).")
    if check:
        return _same(written, say)
    for path, content in written.items():
        with complete_file(path) as temporary:
            temporary.write_bytes(content)
    base = label["all"]["baselines"]
    say(f"Label right on held-out rows: {percent(label['all']['accuracy'])}, 95 % interval in brackets;")
    say(f"codebook's rule {percent(base['rule']['accuracy'])}, always {base['majority']['label']} "
        f"{percent(base['majority']['accuracy'])}.")
    say(f"Wrote {' and '.join(str(path) for path in written)}.")
    if output is None:
        say("Next: it is in use from now on; see its figures in models/README.md.")
    else:
        say(f'Next: use it with  Classifier(model="{output}")  or  outsourcing-classifier batch FILE --model {output}')
    return True


_OUTSIDE: Final = (
    "training data are part of a checkout, not of the installed package; name your labelled files: "
    "outsourcing-classifier train FILE -o my_model.json"
)


def _checkout() -> Path | None:
    """The top of the checkout that this module stands in, None where it is installed."""
    root = Path(__file__).resolve().parents[2]
    pyproject = root / "pyproject.toml"
    ours = pyproject.is_file() and "outsourcing-classifier" in pyproject.read_text("utf-8")
    return root if ours and (root / "training_data").is_dir() else None


def _data_folder(root: Path | None) -> Path:
    if root is None:
        raise TrainingDataError(_OUTSIDE)
    return root / "training_data"


def _refuse(files: Sequence[Path], output: Path | None, default: Path | None, lexicon: Path | None) -> None:
    """Stop before anything of the user's, or the default model, could be overwritten."""
    if files and output is None:
        raise TrainingDataError("name the model to write: outsourcing-classifier train FILE -o my_model.json")
    if lexicon is not None and output is None:
        raise TrainingDataError("a model for your own words is your own model: name it with -o my_model.json")
    if output is None:
        return
    if files and default is not None and output.resolve() == default.resolve():
        raise TrainingDataError(f"{output} is the default model and stays as it is; choose another name with -o")
    if output.exists():
        try:
            load_model(output)
        except ModelError:
            raise TrainingDataError(
                f"{output} exists and is no model; it was left as it is. Choose another name with -o"
            ) from None


def _same(written: dict[Path, bytes], say: Callable[[str], None]) -> bool:
    """Whether the files are, to the byte, what training gives."""
    different = [path for path, content in written.items() if not path.is_file() or path.read_bytes() != content]
    for path in different:
        say(f"{path} is not what training gives; run 'outsourcing-classifier train' and commit what it writes.")
    if not different:
        say(f"{' and '.join(str(path) for path in written)}: exactly what training gives.")
    return not different

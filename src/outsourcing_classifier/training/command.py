"""`train`: examples of a checkout → the default model; a user's decided texts → a model of their own."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ..classifier import Classifier
from ..errors import ModelError, TaskFileError, TrainingDataError
from ..evaluation import percent
from ..files.output import complete_file
from ..lexicon import load_lexicon
from ..lexicon.snapshot import NAME as SNAPSHOT_NAME
from ..lexicon.snapshot import snapshot
from ..lexicon.tables import USER_COLUMNS, LexiconSource
from ..model import DEFAULT_NAME, load_model
from ..model_file import NO_MODELS
from .card import CARD_NAME, card
from .default import train
from .examples import read_examples
from .own import FEWEST, Learned, Options, learn
from .said import carried, closing_lines, learned_lines
from .taught import Taught, read_taught, refuse

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What a user asks of training on their own files.

    ``proposals`` is a table to write with the proposed cues; ``language`` that of the summary, by default that of
    most tasks; ``in_use`` the model of the user's project, which is never written over.
    """

    text_column: str | None = None
    label_column: str | None = None
    lexicon: LexiconSource | None = None
    proposals: Path | None = None
    language: str | None = None
    json: bool = False
    options: Options = field(default_factory=Options)
    in_use: Path | None = None


def train_command(
    files: Sequence[Path], output: Path | None, *, check: bool = False, request: Request | None = None, say: Say,
) -> bool:
    """What `outsourcing-classifier train` does; False where a check found a difference. Raises `TrainingDataError`.

    Without ``files`` the training data of the checkout give ``models/default.json`` and its card (or ``output``
    alone); ``check`` then writes nothing and compares. With files their decided rows give ``output``, never the model
    in use.
    """
    request = request or Request()
    if check and files:
        raise TrainingDataError("--check compares the default model with the training data of a checkout, not files")
    root = _checkout()
    default = None if root is None else root / "models" / DEFAULT_NAME
    _refuse(files, output, default, request)
    if files and output is not None:
        _train_own(files, output, request, say)
        return True
    return _train_default(root, output, default, request.lexicon, check=check, say=say)


def _train_own(files: Sequence[Path], output: Path, request: Request, say: Say) -> None:
    taught = read_taught(files, text_column=request.text_column, label_column=request.label_column)
    refuse(taught, FEWEST)
    learned = learn(taught.lessons, request.options, request.lexicon)
    language = request.language or _main_language(taught)
    if not request.json:  # before anything is written
        for line in learned_lines(learned, taught, language):
            say(line)
    if request.proposals is not None:
        _write(request.proposals, _table(learned))
    _write(output, learned.model.to_json())
    if request.json:
        say(json.dumps(_plain(learned, taught, output), ensure_ascii=False))
        return
    for line in closing_lines(output, request.proposals, language):
        say(line)


def _main_language(taught: Taught) -> str:
    given = Counter(lesson.language for lesson in taught.lessons if lesson.language)
    if not given:
        given = Counter(Classifier().classify_many([lesson.text for lesson in taught.lessons]).language)
    return max(sorted(given), key=given.__getitem__)


def _write(path: Path, text: str) -> None:
    with complete_file(path) as temporary:
        temporary.write_text(text, "utf-8", newline="\n")


def _table(learned: Learned) -> str:
    """The proposed cues as a table of a user's own words."""
    rows = (row for proposal in learned.proposals for row in proposal.rows)
    lines = ("\t".join(row.get(name, "") for name in USER_COLUMNS) for row in rows)
    return "\n".join(["\t".join(USER_COLUMNS), *lines]) + "\n"


def _plain(learned: Learned, taught: Taught, output: Path) -> dict[str, object]:
    """What a program reads of it."""
    return {
        "model": str(output), "version": learned.model.version, "texts": learned.texts, "decided": learned.counts,
        "confirmations": taught.confirmations, "undecided": taught.undecided, "others": taught.others,
        "near_duplicates": learned.near, "pull": learned.pull._asdict(), "cues_moved": learned.moved,
        "held_out": learned.lead, "learning_curve": learned.curve, "accepted": learned.accepted,
        "carried": carried(learned),
        "proposals": [
            {
                "language": one.language, "cue": one.cue, "narrowing": one.narrowing, "label": one.label,
                "decisions": len(one.texts), "corrected": len(one.wrong), "own_words": one.own_words,
                "rows": list(one.rows),
            }
            for one in learned.proposals
        ],
    }


def _train_default(
    root: Path | None, output: Path | None, default: Path | None, lexicon: LexiconSource | None, *, check: bool,
    say: Say,
) -> bool:
    examples = read_examples(sorted(_data_folder(root).glob("*.csv")))
    model = train(examples, load_lexicon(*([] if lexicon is None else [lexicon])), keep_reference=True)
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
    root = Path(__file__).resolve().parents[3]
    pyproject = root / "pyproject.toml"
    ours = pyproject.is_file() and "outsourcing-classifier" in pyproject.read_text("utf-8")
    return root if ours and (root / "training_data").is_dir() else None


def _data_folder(root: Path | None) -> Path:
    if root is None:
        raise TrainingDataError(_OUTSIDE)
    return root / "training_data"


def _refuse(files: Sequence[Path], output: Path | None, default: Path | None, request: Request) -> None:
    """Stop before anything of the user's, or the model in use, could be overwritten."""
    if files and output is None:
        raise TrainingDataError("name the model to write: outsourcing-classifier train FILE -o my_model.json")
    if request.lexicon is not None and output is None:
        raise TrainingDataError("a model for your own words is your own model: name it with -o my_model.json")
    if output is None:
        return
    if files and default is not None and output.resolve() == default.resolve():
        raise TrainingDataError(f"{output} is the default model and stays as it is; choose another name with -o")
    if request.in_use is not None and output.resolve() == request.in_use.resolve():
        raise TrainingDataError(
            f"{output} is the model in use and stays as it is; choose another name with -o, then: "
            "outsourcing-classifier promote"
        )
    if output.exists():
        try:
            load_model(output)
        except ModelError:
            raise TrainingDataError(
                f"{output} exists and is no model; it was left as it is. Choose another name with -o"
            ) from None
    if output.suffix.lower() in NO_MODELS:
        raise TrainingDataError(f"{output.name}: a model is a .json file; name it so with -o")
    if request.proposals is not None and request.proposals.exists():  # somebody may have corrected rows in it
        raise TaskFileError(f"{request.proposals} is there already and was left as it is; choose another name")


def _same(written: dict[Path, bytes], say: Callable[[str], None]) -> bool:
    """Whether the files are, to the byte, what training gives."""
    different = [path for path, content in written.items() if not path.is_file() or path.read_bytes() != content]
    for path in different:
        say(f"{path} is not what training gives; run 'outsourcing-classifier train' and commit what it writes.")
    if not different:
        say(f"{' and '.join(str(path) for path in written)}: exactly what training gives.")
    return not different

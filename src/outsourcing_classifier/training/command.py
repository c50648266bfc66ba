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
    model = train(examples, words)
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

"""The texts that are timed: tasks of this project, varied; or those of a CSV file."""

import csv
import io
from collections.abc import Iterator
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "de")
DISTINCT = 100_000  # texts of an inventory; in a larger one they come back with a number behind
TASK_HEADERS = ("text", "task", "activity", "description", "tätigkeit", "aufgabe", "beschreibung")

FRAMES = {
    "en": (
        "{task}", "{task} for {unit}", "- {task}", "{task} ({unit})", "{task} each month",
        "{number} {task}", "{unit}: {task}", "{task}, see list {number}", "{task} during the year-end close",
        "{task} on behalf of {unit}", "{number}) {task} / {unit}", "{task} – ref. {number}",
    ),
    "de": (
        "{task}", "{task} für {unit}", "- {task}", "{task} ({unit})", "{task} monatlich",
        "{number} {task}", "{unit}: {task}", "{task}, siehe Liste {number}", "{task} zum Jahresabschluss",
        "{task} im Auftrag von {unit}", "{number}) {task} / {unit}", "{task} – Az. {number}",
    ),
}
UNITS = {
    "en": (
        "the Leeds office", "plant 3", "Retail North", "Group Treasury", "the Dublin branch", "Field Sales",
        "the spare-parts business",
    ),
    "de": (
        "Werk Plauen", "Standort Graz", "Vertrieb Süd", "Konzernrevision", "die Filiale Bern", "Außendienst",
        "das Ersatzteilgeschäft",
    ),
}
SLIP_EVERY = 4  # every fourth text has two letters swapped, so that new word forms keep coming


def project_texts(language: str, size: int) -> list[str]:
    """`size` distinct texts: training data and example inventory, first as written, then varied."""
    base: list[str] = []
    for path in (ROOT / "training_data" / f"{language}.csv", ROOT / "examples" / f"inventory_{language}.csv"):
        if path.is_file():
            base += read_tasks(path)
    if not base:
        raise SystemExit(f"no texts: {ROOT} has neither training_data/{language}.csv nor an example")
    found: dict[str, None] = {}
    for text in _varied(list(dict.fromkeys(base)), language):
        found.setdefault(text)
        if len(found) == size:
            break
    return list(found)


def _varied(base: list[str], language: str) -> Iterator[str]:
    frames, units = FRAMES[language], UNITS[language]
    for turn in count():
        for place, written in enumerate(base):
            if turn == 0:
                yield written
                continue
            task = written.rstrip(". ")
            if (turn + place) % SLIP_EVERY == 0:
                task = _slip(task, turn)
            frame = frames[turn % len(frames)]
            number = f"{1 + turn}.{1 + place % 97}"
            yield frame.format(task=task, unit=units[(turn + place) % len(units)], number=number)


def _slip(text: str, turn: int) -> str:
    """The longest word with two inner letters swapped."""
    words = text.split(" ")
    where = max(range(len(words)), key=lambda i: (len(words[i]), -i))
    word = words[where]
    if len(word) >= 5:
        at = 1 + turn % (len(word) - 3)
        words[where] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def read_tasks(path: Path, column: str | None = None) -> list[str]:
    """Texts of the task column of a CSV file, without empty ones."""
    if not path.is_file():
        raise SystemExit(f"{path}: no such file")
    return [text for text in _column(path, column) if text]


def read_labelled(path: Path) -> tuple[list[str], list[str]]:
    """Texts and labels of training data, where there is a label."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["label"]]
    return [row["text"] for row in rows], [row["label"] for row in rows]


def _column(path: Path, column: str | None) -> Iterator[str]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    if not text:
        raise SystemExit(f"{path}: empty file")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [cell.strip() for cell in next(rows)]
    wanted = (column.lower(),) if column else TASK_HEADERS
    place = next((i for name in wanted for i, cell in enumerate(header) if cell.lower() == name), None)
    if place is None and len(header) == 1 and column is None:
        place = 0
    if place is None:
        raise SystemExit(
            f"{path}: no column {' / '.join(wanted)}; columns are {', '.join(header)}; choose one with --text-column"
        )
    for row in rows:
        yield row[place].strip() if place < len(row) else ""


def write_inventory(path: Path, rows: int) -> None:
    """Rows with distinct texts of both languages, FTE and cost."""
    german, english = (project_texts(name, min(rows, DISTINCT) // 2 + 1) for name in ("de", "en"))
    texts = [text for pair in zip(german, english, strict=True) for text in pair]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(["Nr", "Abteilung", "Tätigkeit", "VZÄ", "Kosten"])
        for number in range(rows):
            text = texts[number % len(texts)]
            turn = number // len(texts)
            task = f"{text} {turn}" if turn else text
            writer.writerow([number, f"Abteilung {number % 40}", task, "0,5", "41.000"])

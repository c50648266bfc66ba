"""The figures as one page: no script, nothing from outside, diagrams as inline SVG."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from textwrap import shorten
from typing import Final

import numpy as np

from ..errors import TaskFileError
from ..explanation.facts import shortened
from ..files.output import complete_file
from ..gates import STATUSES
from .charts import coverage_diagram, reliability_diagram
from .figures import LABELS, Evaluation
from .intervals import Bools, Figures
from .words import Row, Words, main_language, measured, notes, source_name, table_rows

_EXAMPLES: Final = 3  # a cell of the confusion table
_EXAMPLE_LENGTH: Final = 160
_COLUMNS: Final = 3  # of a table of sources: as many as fit on a printed page
_NO_BREAK: Final = str.maketrans({" ": "\u00a0"})


def write_page(measured_file: Evaluation, path: Path, language: str | None = None, *, source: Path) -> None:
    """Write the page; it replaces what is there, but never ``source``. Raises `TaskFileError`."""
    if path.resolve() == source.resolve():
        raise TaskFileError(f"{path} is the file to measure; choose another name with --html")
    text = page_html(measured_file, language)
    try:
        with complete_file(path) as temporary:
            temporary.write_bytes(text.encode("utf-8", "replace"))
    except TaskFileError as error:
        message = str(error)
        raise TaskFileError(f"{message.removesuffix('-o')}--html" if message.endswith("-o") else message) from error


def page_html(measured_file: Evaluation, language: str | None = None) -> str:
    """The page as HTML, in ``language`` (`en`, `de`), by default that of most rows."""
    figures = measured_file.figures
    words = Words(language or main_language(figures))
    title = _said(words, "title", name=measured_file.name)
    css = (Path(__file__).parent / "page.css").read_text("utf-8")
    return "\n".join([
        f'<!DOCTYPE html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>\n<style>\n{css}</style>\n</head>\n<body>\n<main>",
        f"<h1>{title}</h1>",
        f"<p>{escape(measured(figures, measured_file.name, words))}</p>",
        *(f"<p>{escape(note)}</p>" for note in notes(figures, words)),
        *_tiles(figures, words),
        *_charts(figures, words),
        *_confusion(measured_file, words),
        *_statuses(figures, words),
        *_all_figures(measured_file, words),
        "</main>",
        *_footer(measured_file, words),
        "</body>\n</html>\n",
    ])


def _said(words: Words, name: str, /, **values: object) -> str:
    return escape(words.say("page", name, **values))


def _tiles(figures: Figures, words: Words) -> Iterator[str]:
    status = figures["status"] and figures["status"]["accuracy"]
    shares = {
        "tiles_status": status, "tiles_coverage": figures["coverage"], "tiles_accuracy": figures["accuracy"],
        "tiles_balanced": figures["forced"]["balanced_accuracy"],
    }
    yield '<div class="tiles">'
    for name, figure in shares.items():
        if figure is not None and figure["value"] is not None:
            value = f"{words.number(figure['value'] * 100, 1)} %".translate(_NO_BREAK)
            yield _tile(name, value, _range(figure, words, "%"), words)
    lead = figures["lead"]
    if lead is not None and lead["value"] is not None:
        value = words.say("page", "tile_points", value=words.number(lead["value"] * 100, 1, signed=True))
        yield _tile("tiles_lead", value, _range(lead, words, ""), words)
    yield "</div>"


def _range(figure: Figures, words: Words, unit: str) -> str:
    if figure["low"] is None:
        return ""
    low, high = (words.number(figure[name] * 100, 1, signed=not unit) for name in ("low", "high"))
    return f"{words.say('page', 'tile_range', low=low, high=high)} {unit}".strip().translate(_NO_BREAK)


def _tile(name: str, value: str, interval: str, words: Words) -> str:
    return (
        f'<div class="tile"><span>{_said(words, name)}</span><b>{escape(value)}</b>'
        f"<span>{escape(interval)}</span></div>"
    )


def _charts(figures: Figures, words: Words) -> Iterator[str]:
    yield '<div class="charts">'
    calibration = figures["calibration"]
    if calibration["bins"]:
        caption = _said(
            words, "reliability_text", error=words.plain(calibration["error"]),
            by_chance=words.plain(calibration["by_chance"]), brier=words.mean(calibration["brier"]),
        )
        yield _chart(_said(words, "reliability"), reliability_diagram(calibration["bins"], words), caption)
    diagram = coverage_diagram(figures["curve"], figures["coverage"], figures["accuracy"], words)
    yield _chart(_said(words, "curve"), diagram, _said(words, "curve_text"))
    yield "</div>"


def _chart(title: str, diagram: str, caption: str) -> str:
    return f"<section><h2>{title}</h2><figure>{diagram}<figcaption>{caption}</figcaption></figure></section>"


def _confusion(measured_file: Evaluation, words: Words) -> Iterator[str]:
    """What the file says × what we answer, with examples."""
    data, answers = measured_file.data, measured_file.answers
    given = np.array(data.labels)
    rows = {label: given == label for label in LABELS}
    if data.statuses is not None:  # rows whose status the file gives instead of a label
        rows["other"] = (given == "") & (np.array(data.statuses) != "")
    kpo = answers.probability >= 0.5
    columns = {"BPO": answers.answered & ~kpo, "KPO": answers.answered & kpo, "none": ~answers.answered}
    names = words.table["confusion"]
    yield f"<h2>{_said(words, 'confusion')}</h2>\n<p class=\"soft small\">{_said(words, 'confusion_text')}</p>"
    yield '<div class="wide"><table class="confusion"><thead><tr>'
    yield f'<th class="soft small">{escape(names["truth"])}\u00a0↓<br>{escape(names["answer"])}\u00a0→</th>'
    yield "".join(f'<th scope="col">{escape(names[name])}</th>' for name in columns) + "</tr></thead><tbody>"
    for truth, of in rows.items():
        if not of.any():
            continue
        yield f'<tr><th scope="row">{escape(names[truth])}</th>'
        for answer, answered in columns.items():
            # A row without a label is rightly left without one; a row with one is not wrong, only unanswered.
            right = answer == truth or (truth == "other" and answer == "none")
            kind = "hit" if right else "" if answer == "none" else "miss"
            yield f'<td class="{kind}">{_cell(measured_file, of & answered, int(of.sum()), words)}</td>'
        yield "</tr>"
    yield "</tbody></table></div>"


def _cell(measured_file: Evaluation, of: Bools, total: int, words: Words) -> str:
    count = int(of.sum())
    share = words.say("page", "share_of_row", value=words.number(100 * count / total, 0), n=words.whole(total))
    head = f'<b>{words.whole(count)}</b><span class="soft small">{escape(share.translate(_NO_BREAK))}</span>'
    examples = "".join(_example(measured_file, place, words) for place in _surest(measured_file, of))
    return f"{head}<ul>{examples}</ul>" if examples else head


def _surest(measured_file: Evaluation, of: Bools) -> Iterable[int]:
    """Rows of the mask for show: the surest answers first, of equal ones and without answers the first in the file."""
    rows = np.flatnonzero(of)
    sureness = np.nan_to_num(np.abs(2 * measured_file.answers.probability[rows] - 1))
    places: list[int] = rows[np.argsort(-sureness, kind="stable")][:_EXAMPLES].tolist()
    return places


def _example(measured_file: Evaluation, place: int, words: Words) -> str:
    data, answers = measured_file.data, measured_file.answers
    statuses = words.table["status"]
    row = words.whole(data.rows[place])
    if answers.answered[place]:
        probability = words.number(float(answers.probability[place]), 2)
        said = [words.say("page", "example_probability", row=row, probability=probability)]
    else:
        said = [words.say("page", "example", row=row), statuses[answers.statuses[place]]]
    expected = "" if data.statuses is None else data.statuses[place]
    if expected not in ("", "ok", answers.statuses[place]):
        said.append(f"{words.table['confusion']['truth']}: {statuses[expected]}")
    text = escape(_cut(data.texts[place]))
    return f'<li><bdi>{text}</bdi><br><span class="soft small">{escape("; ".join(said))}</span></li>'


def _cut(text: str) -> str:
    """A text of at most so many characters, cut between words where there are any."""
    cut = shorten(text, _EXAMPLE_LENGTH, placeholder=" …")
    return cut if cut != "…" else shortened(text, _EXAMPLE_LENGTH)


def _statuses(figures: Figures, words: Words) -> Iterator[str]:
    if figures["status"] is None or not figures["status"]["confusion"]:
        return
    confusion = figures["status"]["confusion"]
    found = [status for status in STATUSES if any(status in row for row in confusion.values())]
    names = words.table["status"]
    yield f"<h2>{_said(words, 'statuses')}</h2>\n<p class=\"soft small\">{_said(words, 'statuses_text')}</p>"
    yield '<div class="wide"><table class="counts"><thead><tr><th></th>'
    yield "".join(f'<th scope="col">{escape(names[name])}</th>' for name in found) + "</tr></thead><tbody>"
    for right, row in confusion.items():
        cells = "".join(
            f'<td class="{"hit" if got == right else ""}">{words.whole(row[got]) if got in row else ""}</td>'
            for got in found
        )
        yield f'<tr><th scope="row">{escape(names[right])}</th>{cells}</tr>'
    yield "</tbody></table></div>"


def _all_figures(measured_file: Evaluation, words: Words) -> Iterator[str]:
    figures = measured_file.figures
    groups = "" if measured_file.data.groups is None else words.say("page", "figures_groups")
    yield f"<h2>{_said(words, 'figures')}</h2>"
    yield f'<p class="soft small">{_said(words, "figures_text", groups=groups)}</p>'
    slices = {words.say("table", "all"): figures}
    if len(figures["languages"]) > 1:
        slices |= {words.table["language"][name]: of for name, of in figures["languages"].items()}
    yield _table(list(slices), list(table_rows(list(slices.values()), words)))
    sources = [(source_name(name, words), of) for name, of in figures["sources"].items()]
    if sources:
        yield f"<h2>{_said(words, 'sources')}</h2>"
    for start in range(0, len(sources), _COLUMNS):
        part = sources[start : start + _COLUMNS]
        yield _table([name for name, _ in part], list(table_rows([of for _, of in part], words)))


def _table(columns: Sequence[str], rows: Sequence[Row]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    lines = [f'<div class="wide"><table class="figures"><thead><tr><th></th>{head}</tr></thead><tbody>']
    for name, cells in rows:
        if cells is None:
            lines.append(f'<tr class="group"><th colspan="{len(columns) + 1}">{escape(name)}</th></tr>')
        else:
            kind = ' class="in"' if name.startswith(" ") else ""
            filled = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            lines.append(f'<tr><th scope="row"{kind}>{escape(name.strip())}</th>{filled}</tr>')
    return "\n".join([*lines, "</tbody></table></div>"])


def _footer(measured_file: Evaluation, words: Words) -> Iterator[str]:
    figures = measured_file.figures
    yield f'<footer class="small">\n<h2>{_said(words, "methods")}</h2>'
    yield f"<p>{_said(words, 'method_gates')}</p>"
    trained = figures["tfidf"]["trained_on"]
    if trained:
        listed = ", ".join(
            words.say("page", "method_trained", language=words.table["language"][name], count=words.whole(count))
            for name, count in trained.items()
        )
        yield f"<p>{_said(words, 'method_tfidf', trained=listed)}</p>"
    coverage = words.share(figures["baselines"]["cues"]["coverage"])
    yield f"<p>{_said(words, 'method_rule', coverage=coverage)}</p>"
    yield f"<p>{_said(words, 'method_error')}</p>"
    yield f"<p>{escape(words.say('measured', 'used', **figures['versions']))}</p>"
    yield f"<p>{_said(words, 'command', name=measured_file.name)}</p>"
    yield f"<p>{_said(words, 'quotes')}</p>\n</footer>"

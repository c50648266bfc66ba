"""A result as a piece of HTML for a notebook: marked text, six bars, explanation. No script, no network."""

from html import escape

from ..dimensions import DIMENSIONS, WORDING
from ..result import Classification
from . import number
from .spans import added

_LOW, _HIGH = "#9ecae9", "#ffbf79"  # distinguishable without red and green


def marked_text(result: Classification) -> str:
    """The task with its evidence marked; overlapping spans share a mark."""
    sums = [0.0] * len(result.text)
    notes: list[list[str]] = [[] for _ in result.text]
    for (start, end), own in added(result).items():
        for place in range(start, end):
            sums[place] += sum(own.values())
            notes[place] += [f"{dimension} {value:+.2f}" for dimension, value in own.items()]
    pieces: list[str] = []
    place = 0
    while place < len(result.text):
        end = place + 1
        while end < len(result.text) and notes[end] == notes[place]:
            end += 1
        piece = escape(result.text[place:end])
        if notes[place]:
            colour = _LOW if sums[place] < 0 else _HIGH
            title = escape(", ".join(notes[place]), quote=True)
            piece = f'<mark style="background:{colour};color:#000" title="{title}">{piece}</mark>'
        pieces.append(piece)
        place = end
    return "".join(pieces)


def show(result: Classification) -> str:
    """The whole result."""
    rows = []
    for place, (dimension, score) in enumerate(zip(DIMENSIONS, result.scores, strict=True)):
        words = WORDING[result.language][place]
        stated = dimension in result.stated
        width = abs(score) * 50
        left = 50 - width if score < 0 else 50
        colour = _LOW if score < 0 else _HIGH
        value = number(score, result.language) if stated else "–"
        rows.append(
            f'<tr><td title="{escape(words.question, quote=True)}">{escape(words.name)}</td>'
            '<td style="width:14em"><div style="position:relative;height:1em;background:#eee">'
            f'<div style="position:absolute;left:{left:.1f}%;width:{width:.1f}%;height:1em;background:{colour}"></div>'
            '<div style="position:absolute;left:50%;width:1px;height:1em;background:#555"></div></div></td>'
            f"<td>{value}</td></tr>"
        )
    lines = result.explanation.split("\n")
    table = f"<table>{''.join(rows)}</table>" if result.status == "ok" else ""
    rest = "<br>".join(escape(line) for line in lines[1:])
    return (
        '<div style="max-width:50em;line-height:1.5">'
        f"<p>{marked_text(result)}</p><p><b>{escape(lines[0])}</b></p>{table}<p>{rest}</p></div>"
    )

"""A result on a terminal: the text with marked quotes, six bars, the explanation."""

from typing import TextIO

from ..dimensions import DIMENSIONS, WORDING
from ..result import Classification
from . import number
from .spans import added

_HALF = 10  # characters of half a bar


def show(result: Classification, stream: TextIO) -> None:
    """Print one result; colours and marks only where the stream is a terminal."""
    if not stream.isatty():
        stream.write(f"{result.text}\n{result.explanation}\n\n")
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False)
    marked = Text(result.text)
    for (start, end), own in added(result).items():
        marked.stylize("black on bright_cyan" if sum(own.values()) < 0 else "black on bright_yellow", start, end)
    for item in () if result.evidence else result.status_evidence:
        for start, end in item.spans:
            marked.stylize("underline", start, end)
    console.print(marked)
    lines = result.explanation.split("\n")
    console.print(Text(lines[0], style="bold"))
    if result.status == "ok":
        plain = not (console.encoding or "").lower().startswith("utf")
        for place, (dimension, score) in enumerate(zip(DIMENSIONS, result.scores, strict=True)):
            name = WORDING[result.language][place].name
            shown = number(score, result.language) if dimension in result.stated else "·" if not plain else "."
            console.print(f"  {name:<16} {bar(score, plain=plain)} {shown:>6}")
    for line in lines[1:]:
        console.print(Text(line))
    console.print()


def bar(score: float, *, plain: bool = False) -> str:
    """A bar from -1 to +1 around a middle line."""
    full, empty, middle = ("#", ".", "|") if plain else ("█", "·", "│")
    size = round(abs(score) * _HALF)
    left = empty * (_HALF - size) + full * size if score < 0 else empty * _HALF
    right = full * size + empty * (_HALF - size) if score > 0 else empty * _HALF
    return left + middle + right

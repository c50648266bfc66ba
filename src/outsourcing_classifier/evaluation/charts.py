"""The two diagrams of the page as inline SVG; colours come from its style sheet."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from .intervals import Figures
from .words import Words

_WIDTH, _HEIGHT = 520, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 28, 14, 52
_STEPS: Final = 5  # of an axis
_MARK: Final = 7  # half the size of the cross


class _Plane:
    """The area between two axes; x runs from 0 to 1, y from ``floor`` to 1."""

    def __init__(self, floor: float = 0.0) -> None:
        self.floor = floor

    def x(self, value: float) -> float:
        return round(_LEFT + value * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        height = _HEIGHT - _TOP - _BOTTOM
        return round(_TOP + (1 - value) / (1 - self.floor) * height, 1)

    def axes(self, across: str, up: str, words: Words) -> Iterator[str]:
        """Grid, numbers in percent, and what the axes are."""
        bottom, middle = _HEIGHT - _BOTTOM, (_TOP + _HEIGHT - _BOTTOM) / 2
        for step in range(_STEPS + 1):
            value = step / _STEPS
            x, level = self.x(value), self.floor + value * (1 - self.floor)
            y = self.y(level)
            yield f'<line class="grid" x1="{x}" x2="{x}" y1="{_TOP}" y2="{bottom}"/>'
            yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>'
            yield _text(x, bottom + 18, _percent(value, words), kind="tick", anchor="middle")
            yield _text(_LEFT - 8, y + 4, _percent(level, words), kind="tick", anchor="end")
        yield _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 10, across, anchor="middle")
        yield f'<g transform="translate(14 {middle}) rotate(-90)">{_text(0, 0, up, anchor="middle")}</g>'


def _percent(value: float, words: Words) -> str:
    return f"{words.number(value * 100, 0)}\u00a0%"


def _text(x: float, y: float, text: str, *, kind: str = "", anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


def _drawing(title: str, pieces: Sequence[str]) -> str:
    head = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title, quote=True)}">'
    return "\n".join([head, *pieces, "</svg>"])


def reliability_diagram(bins: Sequence[Figures], words: Words) -> str:
    """Mean P(KPO) of each bin against the share that is KPO, with its interval; ``bins`` as in `calibration`."""
    plane = _Plane()
    pieces = [
        *plane.axes(words.say("page", "reliability_x"), words.say("page", "reliability_y"), words),
        f'<line class="ideal" x1="{plane.x(0)}" y1="{plane.y(0)}" x2="{plane.x(1)}" y2="{plane.y(1)}"/>',
    ]
    for item in bins:
        x, share = plane.x(item["mean"]), item["share"]
        told = f"P(KPO) {words.number(item['mean'], 2)}: {words.share(share)}, n = {words.whole(share['n'])}"
        pieces += [
            f'<line class="ours" x1="{x}" x2="{x}" y1="{plane.y(share["low"])}" y2="{plane.y(share["high"])}"/>',
            f'<circle class="dot" cx="{x}" cy="{plane.y(share["value"])}" r="5"><title>{escape(told)}</title></circle>',
        ]
    return _drawing(words.say("page", "reliability"), pieces)


def coverage_diagram(
    curves: Mapping[str, Sequence[Sequence[float]]], coverage: Mapping[str, Any], accuracy: Mapping[str, Any],
    words: Words,
) -> str:
    """Share right among the surest rows against their share; a cross for what the gates let through."""
    reached = accuracy["value"] is not None
    lowest = min([y for curve in curves.values() for _, y in curve] + [accuracy["value"]] * reached)
    plane = _Plane(floor=min(0.5, int(lowest * 10) / 10))
    pieces = list(plane.axes(words.say("page", "curve_x"), words.say("page", "curve_y"), words))
    for name, kind in (("tfidf", "other"), ("ours", "ours")):
        if name in curves:
            points = " ".join(f"{plane.x(x)},{plane.y(y)}" for x, y in curves[name])
            pieces.append(f'<polyline class="{kind}" points="{points}"/>')
    if reached:
        x, y, size = plane.x(coverage["value"]), plane.y(accuracy["value"]), _MARK
        told = f"{words.share(coverage)}, {words.share(accuracy)}"
        pieces.append(
            f'<path class="cross" d="M{x - size} {y - size}L{x + size} {y + size}M{x - size} {y + size}'
            f'L{x + size} {y - size}"><title>{escape(told)}</title></path>'
        )
    pieces += _legend(curves, plane, words, gates=reached)
    return _drawing(words.say("page", "curve"), pieces)


def _legend(curves: Mapping[str, object], plane: _Plane, words: Words, *, gates: bool) -> Iterator[str]:
    """Names of the lines, in the corner that curves seldom reach: lower left."""
    entries = [("ours", words.say("page", "curve_ours"))]
    entries += [("other", words.table["method"]["tfidf"])] * ("tfidf" in curves)
    entries += [("cross", words.say("page", "curve_gates"))] * gates
    x, y = plane.x(0) + 14, _HEIGHT - _BOTTOM - 14 - 20 * (len(entries) - 1)
    for place, (kind, name) in enumerate(entries):
        level = y + 20 * place
        if kind == "cross":
            yield f'<path class="cross" d="M{x + 7} {level - 9}l10 10m-10 0l10 -10"/>'
        else:
            yield f'<line class="{kind}" x1="{x}" x2="{x + 24}" y1="{level - 4}" y2="{level - 4}"/>'
        yield _text(x + 32, level, name, kind=f"name-{kind}")

"""What the marked words of a text add, for those who show it."""

from ..result import Classification


def added(result: Classification) -> dict[tuple[int, int], dict[str, float]]:
    """What each span adds to each score: a word may stand there as a cue and as a learned word."""
    found: dict[tuple[int, int], dict[str, float]] = {}
    for item in result.evidence:
        if item.contribution:
            for span in item.spans:
                own = found.setdefault(span, {})
                own[item.dimension] = own.get(item.dimension, 0.0) + item.contribution
    return found

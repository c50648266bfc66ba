"""New cues of the user's own words: words that the lexicon does not know, and verb with object (`suggest`)."""

from collections.abc import Sequence
from typing import Final

from ..classifier import Classifier
from ..suggest import Task, suggest
from ..suggest.cues import PLACEHOLDERS
from .design import Bools
from .narrow import SUPPORT, Form, Proposal
from .taught import Lesson

_KINDS: Final = ("phrase", "weight")


def unknown_words(
    classifier: Classifier, lessons: Sequence[Lesson], rows: Bools, names: Sequence[str], explained: set[int]
) -> list[Proposal]:
    """Proposals from the chosen texts, for errors that no narrower cue explains: three such errors, none against."""
    places = [place for place in range(len(lessons)) if rows[place]]
    tasks = [Task(lessons[place].text, lessons[place].label, (), str(place)) for place in places]
    known = {(identity[0], identity[1]) for identity in classifier.lexicon.identities}
    found: list[Proposal] = []
    for one in suggest(classifier, tasks, at_least=SUPPORT):
        new = (one.language, one.cue.casefold()) not in known and not one.needs
        if one.kind not in _KINDS or one.role not in PLACEHOLDERS or one.against or not new:
            continue
        texts, wrong = tuple(sorted(map(int, one.support))), tuple(sorted(set(map(int, one.wrong)) - explained))
        labels = {lessons[place].label for place in texts}
        if len(labels) == 1 and len({names[place] for place in wrong}) >= SUPPORT:
            form = Form(one.cue, "", PLACEHOLDERS[one.role])
            found.append(Proposal(
                one.language, one.cue, one.role, labels.pop(), "", (form,), texts, wrong, own_words=True,
            ))
            explained = explained | set(wrong)
    return found

"""New cues of the user's own words: words that the lexicon does not know, and verb with object (`suggest`)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ..classifier import Classifier
from ..suggest import Task
from ..suggest.cues import PLACEHOLDERS, KnownCues
from ..suggest.gathered import Gathered, gather
from ..suggest.phrases import from_wrong_labels
from ..suggest.regression import from_labels
from ..suggest.table import one_row_a_cue
from ..suggest.words import TextReader
from .design import Bools
from .narrow import SUPPORT, Form, Proposal
from .taught import Lesson

_KINDS: Final = ("phrase", "weight")


class OwnWords:
    """What the decided texts gather, read once for all folds."""

    def __init__(self, classifier: Classifier, lessons: Sequence[Lesson]) -> None:
        self._labels = [lesson.label for lesson in lessons]
        self._cues = KnownCues(classifier)
        self._known = {identity[:2] for identity in classifier.lexicon.identities}
        tasks = [Task(lesson.text, lesson.label, (), str(place)) for place, lesson in enumerate(lessons)]
        self._found = gather(TextReader(classifier), tasks, self._cues)

    def propose(self, rows: Bools, names: Sequence[str], explained: set[int]) -> list[Proposal]:
        """Proposals for errors in the chosen texts that no narrower cue explains: three such errors, none against."""
        part = self._part(rows)
        found: dict[tuple[str, str], Proposal] = {}
        for one in one_row_a_cue([
            *from_labels(part, self._cues, SUPPORT), *from_wrong_labels(part, self._cues, SUPPORT),
        ]):
            words = one.language, one.cue.casefold()
            if one.kind not in _KINDS or one.role not in PLACEHOLDERS or one.against or one.needs:
                continue
            texts, wrong = tuple(sorted(map(int, one.support))), tuple(sorted(set(map(int, one.wrong)) - explained))
            labels = {self._labels[place] for place in texts}
            if words in self._known or words in found or len(labels) != 1:
                continue
            if len({names[place] for place in wrong}) >= SUPPORT:
                form = Form(one.cue, "", PLACEHOLDERS[one.role], one.role)
                found[words] = Proposal(
                    one.language, one.cue, one.role, labels.pop(), "", (form,), texts, wrong, own_words=True,
                )
                explained = explained | set(wrong)
        return list(found.values())

    def _part(self, rows: Bools) -> Gathered:
        """What the chosen texts alone gather of labels."""
        found = self._found
        kept = [place for place, task in enumerate(found.tasks) if rows[int(task.row)]]
        place_of = {place: number for number, place in enumerate(kept)}
        return replace(
            found, tasks=[found.tasks[place] for place in kept], answers=[found.answers[place] for place in kept],
            features=[found.features[place] for place in kept],
            phrases={
                phrase: [place_of[place] for place in places if place in place_of]
                for phrase, places in found.phrases.items()
            },
        )

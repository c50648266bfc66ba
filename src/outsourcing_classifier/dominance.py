"""Which of two opposed works of a text is said to rule: "mainly …", "80 % …" (codebook 2.3)."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from .dimensions import ACTIVITIES, FOCUS
from .evidence import WeighedCues
from .lexicon.codes import FUNCTION, function_set
from .lexicon.words import LETTERS
from .reading.clauses import SUBORDINATE
from .reading.columns import Bools, before
from .reading.forms import BREAK, COMMA, LINE, OPEN, SLASH
from .reading.hits import ACTING, ROLE, Reading
from .reading.tokens import DE
from .text.runs import distinct

DOMINANT: Final = 70  # per cent: the least share of a part that rules (codebook 2.3)
LEANING: Final = 300  # thousandths in focus and activities together: what is done speaks for a side
ROUNDING: Final = 5  # shares of the work may miss 100 by so much
_PARTING: Final = np.zeros(7, np.bool_)
_PARTING[[BREAK, COMMA, LINE, SLASH]] = True
_JOINING: Final = function_set("and", "but")
_OF_A_THING: Final = function_set("article", "determiner", "genitive")
_NUMBER: Final = re.compile(r"(\d+)(?:[.,:]\d+)*(\s*%)?")  # its whole part, in either language; whether per cent
_MOST_DIGITS: Final = 9  # of a number that is looked at; a longer one is no share, and might not be read at all
_SHARE_WORDS: Final = 3  # a number stands so near to the words that make it a share


def overruled(reading: Reading, weighed: WeighedCues, texts: Sequence[str]) -> Bools:
    """Cues of work that an opposed work of their text is said to rule ("mainly", "80 %"), one entry a cue.

    Works are told apart by what is done, not by complete parts: "mainly scan, and devise a new filing plan".
    """
    hits, words = reading.hits, reading.words
    ruled_out = np.zeros(len(hits), np.bool_)
    said = mainly(reading, texts)
    if not said.any() or not len(hits):
        return ruled_out
    for text in distinct(words.text[said]).tolist():
        begin, end = np.searchsorted(words.text, [text, text + 1]).tolist()
        marks = np.flatnonzero(said[begin:end]) + begin
        own = slice(*np.searchsorted(hits.text, [text, text + 1]).tolist())
        lean = weighed.given[own, FOCUS] + weighed.given[own, ACTIVITIES]
        telling = (np.abs(lean) >= LEANING) & ~hits.negated[own] & ~hits.contrasted[own]
        telling &= hits.context[own] != SUBORDINATE
        anchor, role = hits.anchor[own], hits.role[own]
        parting = _parting(reading, begin, end)
        stretch = np.cumsum(parting)
        acting = telling & ACTING[role]
        # "75 % invoices, the rest analysing": what a mark names may have no verb; then its objects speak.
        named = np.zeros(int(stretch[-1]) + 1, np.bool_)
        named[stretch[marks - begin]] = True
        named[stretch[anchor[acting] - begin]] = False
        some = np.append(
            acting.nonzero()[0], (telling & named[stretch[anchor - begin]] & (role == ROLE["object"])).nonzero()[0]
        )
        acts: dict[int, int] = {}
        for hit in some.tolist():
            place = int(anchor[hit])
            acts[place] = max(acts.get(place, 0), int(lean[hit]), key=abs)
        starts, signs = _works(reading, parting, begin, sorted((place, value > 0) for place, value in acts.items()))
        work = np.searchsorted(starts, marks, "right") - 1
        ruling = {signs[i] for i in work.tolist()}
        if len(starts) > 1 and len(ruling) == 1:
            work = np.searchsorted(starts, anchor, "right") - 1
            ruled_out[own] = np.array(signs)[work] != ruling.pop()
    return ruled_out


def _parting(reading: Reading, begin: int, end: int) -> Bools:
    """The words of a text that part works: commas, "and", breaks; not inside brackets."""
    words = reading.words
    parting = _PARTING.take(words.punctuation[begin:end]) | _JOINING.take(words.function[begin:end])
    return parting & (words.form[begin:end] != words.colon) & ~reading.clauses.parenthesis[begin:end]


def _works(
    reading: Reading, parting: Bools, begin: int, acts: list[tuple[int, bool]]
) -> tuple[list[int], list[bool]]:
    """Where the opposed works of the text that begins at `begin` begin, and whether each leans to KPO."""
    starts, signs, last = [begin], [bool(acts) and acts[0][1]], begin - 1
    for place, sign in acts:
        if sign != signs[-1]:
            marks = np.flatnonzero(parting[last + 1 - begin : place - begin]) + last + 1
            if not len(marks):
                continue  # "type forecasts": one work
            verb_last = reading.clauses.verb[place] and reading.words.side[place] == DE
            starts.append(int(marks[0] if verb_last else marks[-1]))
            signs.append(sign)
        last = place
    return starts, signs


def mainly(reading: Reading, texts: Sequence[str]) -> Bools:
    """Words that say that their work rules ("mainly", "überwiegend", "80 %"), one entry a token."""
    words = reading.words
    said = words.function == FUNCTION["mainly"]
    said &= reading.clauses.context != SUBORDINATE  # "delivery notes that come mainly from Poland"
    of_thing = _OF_A_THING.take(before(words.function, words.runs, 0))  # "Scheine, die überwiegend aus Polen kommen"
    forms = words.tokens.table.forms
    for place in np.flatnonzero(said).tolist():
        if words.kind[place] & LETTERS:  # a single word
            said[place] = not of_thing[place]
            continue
        phrase = (forms[form] for form in words.form[place : place + _SHARE_WORDS].tolist())
        share = next(filter(None, map(_NUMBER.match, phrase)), None)  # "75 % of the time", "zu rund 75 Prozent"
        said[place] = not of_thing[place] if share is None else _whole(share) >= DOMINANT
    for row in [row for row, text in enumerate(texts) if "%" in text]:
        _mark_shares(said, reading, texts[row], row)
    return said


def _mark_shares(said: Bools, reading: Reading, text: str, row: int) -> None:
    """Mark the numbers of "(80 %)", "zu 80 %", "80 % data entry", and of shares that add up to 100.

    Other percentages are no shares of the work: "with a discount of 90 %".
    """
    written = list(_NUMBER.finditer(text))
    if not any(match[2] and _whole(match) >= DOMINANT for match in written):
        return
    words = reading.words
    first, end = np.searchsorted(words.text, [row, row + 1]).tolist()
    forms = words.tokens.table.forms
    numbers = [place for place in range(first, end) if _NUMBER.match(forms[words.form[place]])]
    if len(numbers) != len(written):
        return
    shares = [(place, _whole(match)) for place, match in zip(numbers, written, strict=True) if match[2]]
    whole = len(shares) > 1 and abs(sum(share for _, share in shares) - 100) <= ROUNDING
    for place, share in shares:
        near = range(max(place - _SHARE_WORDS, first), place)  # "(ca. 80 %)", "zu etwa 80 %"
        opens = place == first or any(
            words.punctuation[i] == OPEN or words.function[i] == FUNCTION["zu"] for i in near
        )
        said[place] |= share >= DOMINANT and (whole or opens)


def _whole(number: re.Match[str]) -> int:
    """The whole part of a number, cut where it has more digits than any share."""
    return int(number[1][:_MOST_DIGITS])

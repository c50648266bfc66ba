"""What was learned, in sentences for the person who decided."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..evaluation.words import Words
from ..wordings import sentence_table
from .fit import expected_gain
from .narrow import Proposal
from .own import Learned
from .taught import Taught

MORE: Final = 200  # decisions, for the learning curve
_WORTH_SAYING: Final = 0.005


def learned_lines(learned: Learned, taught: Taught, language: str) -> Iterator[str]:
    """What was read, how well it does, and which words of the user's texts the model would carry."""
    words, say = Words(language), sentence_table("training/training.toml")[language]
    yield say["read"].format(
        texts=words.whole(learned.texts), bpo=words.whole(learned.counts.get("BPO", 0)),
        kpo=words.whole(learned.counts.get("KPO", 0)),
    )
    if taught.confirmations:
        yield say["confirmed"].format(count=words.whole(taught.confirmations))
    if taught.undecided or taught.others:
        yield say["left_out"].format(undecided=words.whole(taught.undecided), others=words.whole(taught.others))
    if learned.near:
        yield say["near"].format(count=words.whole(learned.near))
    if learned.pull.decision is None:
        yield say["same"]
    else:
        yield say["decision"]
        if learned.moved:
            yield say["moved"].format(count=words.whole(learned.moved))
    if learned.lead and learned.lead["value"] is not None:
        ours, theirs = (words.share(learned.lead[name]) for name in ("ours", "theirs"))
        yield say["lead"].format(ours=ours, theirs=theirs, lead=words.points(learned.lead))
        gain = expected_gain(learned.curve, MORE)
        name = "curve" if gain >= _WORTH_SAYING else "flat"
        yield say[name].format(more=MORE, gain=words.number(100 * gain, 1))
    yield from _proposed(learned, say)


def _proposed(learned: Learned, say: dict[str, str]) -> Iterator[str]:
    if not learned.proposals:
        yield say["none"]
        yield say["no_phrases"]
        return
    yield say["taken" if learned.accepted else "proposed"]
    for proposal in learned.proposals:
        yield say["cue"].format(
            cue=proposal.cue, narrowing=_narrowing(proposal, say), label=proposal.label, texts=len(proposal.texts),
            wrong=len(proposal.wrong), own=say["own"] if proposal.own_words else "",
            stated=say["stated"] if proposal.stated else "",
        )
    if learned.accepted:
        yield say["phrases"].format(phrases=", ".join(say["quoted"].format(cue=one) for one in carried(learned)))
    else:
        yield say["left"]
        yield say["no_phrases"]


def carried(learned: Learned) -> list[str]:
    """Every word and phrase of the user's texts that the model carries: those of accepted proposals."""
    cues = (form.cue for proposal in learned.proposals for form in proposal.used)
    return sorted(set(cues), key=lambda cue: (cue.casefold(), cue)) if learned.accepted else []


def _narrowing(proposal: Proposal, say: dict[str, str]) -> str:
    needs = dict(item.split("=") for item in proposal.narrowing.split())
    said = say[f"form_{needs['form']}"] if "form" in needs else ""
    return said + (say["object"].format(kind=needs["object"]) if "object" in needs else "")


def closing_lines(path: Path, proposals: Path | None, language: str) -> Iterator[str]:
    """What was written, and how to use it."""
    say = sentence_table("training/training.toml")[language]
    if proposals is not None:
        yield say["table"].format(path=proposals)
    for name in ("wrote", "compare", "use"):
        yield say[name].format(path=path)

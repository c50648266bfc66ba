"""The six dimensions of the codebook (sections 0 and 1): names, questions, poles."""

from dataclasses import dataclass
from typing import Final

DIMENSIONS: Final = (
    "focus",
    "process",
    "specialization",
    "driver",
    "activities",
    "customer_contact",
)
FOCUS, PROCESS, SPECIALIZATION, DRIVER, ACTIVITIES, CONTACT = range(6)  # places in arrays of six
LANGUAGES: Final = ("en", "de")
LABELS: Final = ("BPO", "KPO")  # the two answers; in this order wherever they are columns
SUM_WEIGHTS: Final = (1.0, 1.0, 1.0, 1.0, 1.0, 0.5)
"""Weight of each dimension in the codebook's sum: contact counts half (section 1.7)."""


@dataclass(slots=True, eq=False, repr=False)
class Wording:
    """What a reader sees of one dimension in one language."""

    name: str
    question: str
    low: str
    high: str


WORDING: Final[dict[str, tuple[Wording, ...]]] = {
    "en": (
        Wording(
            "Focus", "Is a thing done, or a question answered?", "a finished transaction", "an answer or judgement"
        ),
        Wording("Process", "Who decides the next step: the rule, or the person?", "set by rules", "found by judgement"),
        Wording(
            "Specialization", "Trained on the job, or in a profession?", "learned on the job", "professional knowledge"
        ),
        Wording("Driver", "Is the output counted, or weighed?", "counted output", "insight and decisions"),
        Wording("Activities", "Processing, or working out?", "processing", "working out"),
        Wording("Customer contact", "Serving many, or working with experts?", "serving many", "exchange with experts"),
    ),
    "de": (
        Wording("Fokus", "Erledigt oder beantwortet?", "erledigter Vorgang", "Antwort oder Urteil"),
        Wording("Prozess", "Vorgabe oder Urteil?", "nach Vorgabe", "nach eigenem Urteil"),
        Wording("Spezialisierung", "Eingearbeitet oder ausgebildet?", "Einarbeitung genügt", "berufliches Fachwissen"),
        Wording("Antriebskraft", "Gezählt oder gewogen?", "gezählte Menge", "Erkenntnis und Entscheidung"),
        Wording("Aktivitäten", "Bearbeiten oder erarbeiten?", "bearbeiten", "erarbeiten"),
        Wording("Kundenkontakt", "Bedienen oder abstimmen?", "viele bedienen", "sich mit Fachleuten abstimmen"),
    ),
}

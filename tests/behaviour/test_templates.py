"""The codebook's behavioural templates (section 6), rebuilt with words and sentences of our own.

MFT minimum functionality, INV invariance, DIR directional. Each template yields checks for one
language; the share that holds must reach the pass mark of its type.
"""

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from itertools import permutations

import pytest

import outsourcing_classifier
from outsourcing_classifier import Classification, Scores

# Each text is read once, however many templates ask for it.
classify = cache(outsourcing_classifier.classify)
score = cache(outsourcing_classifier.score)

PASS_MARKS = {"M": 0.8, "I": 0.9, "D": 0.75}
EN, DE = 0, 1
LANGUAGES = ("en", "de")
Check = tuple[bool, str]
Template = Callable[[int], Iterator[Check]]

BPO = [
    ("enter freight bills", "Frachtrechnungen erfassen"),
    ("sort the incoming post", "Posteingang sortieren"),
    ("copy phone numbers into the register", "Telefonnummern ins Register übertragen"),
    ("answer calls on the booking hotline", "Anrufe an der Buchungshotline beantworten"),
    ("update supplier master data", "Lieferantenstammdaten aktualisieren"),
    ("type up recorded interviews", "aufgezeichnete Interviews abtippen"),
    ("post incoming payments", "Zahlungseingänge buchen"),
    ("scan and archive delivery notes", "Lieferscheine scannen und archivieren"),
]
KPO = [
    ("forecast energy demand", "den Energiebedarf prognostizieren"),
    ("write legal opinions", "Rechtsgutachten verfassen"),
    ("design a field experiment", "ein Feldexperiment konzipieren"),
    ("interpret X-ray images", "Röntgenaufnahmen befunden"),
    ("develop a pricing strategy", "eine Preisstrategie entwickeln"),
    ("assess merger candidates", "Fusionskandidaten bewerten"),
    ("analyse the causes of production losses", "die Ursachen von Produktionsverlusten analysieren"),
    ("build a credit risk model", "ein Kreditrisikomodell entwickeln"),
]
NEU = [
    ("prepare the quarterly overview", "die Quartalsübersicht erstellen"),
    ("handle applications", "Anträge bearbeiten"),
    ("check the records", "die Akten prüfen"),
    ("maintain the price list", "die Preisliste pflegen"),
    ("look after project matters", "Projektthemen betreuen"),
]
OUT = [
    ("wash the windows", "die Fenster putzen"),
    ("carry furniture", "Möbel tragen"),
    ("repair pumps in the plant", "Pumpen im Werk reparieren"),
    ("guard the warehouse", "das Lager bewachen"),
    ("bake bread in the bakery", "in der Bäckerei Brot backen"),
]
TOOLS = ["SAP", "Excel", "Jira", "Tableau", "Salesforce", "Python"]
INDUSTRIES = [("a brewery", "eine Brauerei"), ("a bank", "eine Bank"), ("an airline", "eine Fluggesellschaft"), ("a university", "eine Universität")]
PLACES = [("Lisbon", "Lissabon"), ("Chennai", "Chennai"), ("Cebu", "Cebu"), ("Berne", "Bern")]
PEOPLE = [("Ms Okoye", "Frau Okoye"), ("Mr Huber", "Herrn Huber"), ("Ms Patel", "Frau Patel")]

TEMPLATES: dict[str, Template] = {}


def template(name: str) -> Callable[[Template], Template]:
    def register(function: Template) -> Template:
        TEMPLATES[name] = function
        return function

    return register


def tasks(lang: int) -> list[str]:
    return [pair[lang] for pair in (*BPO, *KPO)]


def label(text: str) -> str:
    """The label, else the status."""
    found = classify(text)
    return found.label or found.status


def within(one: Scores, other: Scores, tolerance: float) -> bool:
    return all(abs(a - b) <= tolerance + 1e-9 for a, b in zip(one, other, strict=True))


def total(scores: Scores) -> float:
    return sum(scores) - scores.customer_contact / 2


def confidence(found: Classification) -> float:
    return 0.0 if found.probability is None else abs(2 * found.probability - 1)


def poles(dimension: str, low: str, high: str, least: float = 0.0) -> Iterator[Check]:
    """The dimension is at or below -least for the first text and at or above +least for the second; never 0."""
    a, b = getattr(score(low), dimension), getattr(score(high), dimension)
    yield a < 0 and a <= -least, f"{low!r}: {dimension} {a:+.2f}"
    yield b > 0 and b >= least, f"{high!r}: {dimension} {b:+.2f}"


@template("M01")
def focus_words(lang: int) -> Iterator[Check]:
    frame = ("Hand over {} for every request.", "Zu jeder Anfrage {} abliefern.")[lang]
    for low, high in [(("a completed booking", "a substantiated opinion"), ("eine fertige Buchung", "ein fundiertes Gutachten"))[lang],
                      (("a filled form", "a recommendation"), ("ein ausgefülltes Formular", "eine Empfehlung"))[lang]]:
        yield from poles("focus", frame.format(low), frame.format(high))


@template("M02")
def process_words(lang: int) -> Iterator[Check]:
    frame = ("Handle refunds {}.", "Erstattungen {} bearbeiten.")[lang]
    for low, high in ([("strictly by checklist", "at own discretion"), ("according to the script", "deciding case by case")],
                      [("streng nach Checkliste", "nach eigenem Ermessen"), ("laut Skript", "im Einzelfall nach eigenem Ermessen")])[lang]:
        yield from poles("process", frame.format(low), frame.format(high), 0.5)


@template("M03")
def qualification_words(lang: int) -> Iterator[Check]:
    low, high = (("No prior knowledge needed", "Requires a doctorate in chemistry"),
                 ("Keine Vorkenntnisse erforderlich", "Erfordert eine Promotion in Chemie"))[lang]
    yield from poles("specialization", low, high, 0.5)
    for text in (low, high):
        rest = [value for name, value in score(text).to_dict().items() if name != "specialization"]
        yield max(map(abs, rest)) <= 0.25, f"{text!r}: others {rest}"


@template("M05")
def activity_words(lang: int) -> Iterator[Check]:
    pairs = ([("type in and file sensor readings", "model and interpret sensor readings"), ("copy and archive survey answers", "analyse and explain survey answers")],
             [("Sensorwerte eintippen und ablegen", "Sensorwerte modellieren und interpretieren"), ("Umfrageantworten kopieren und archivieren", "Umfrageantworten analysieren und deuten")])[lang]
    for low, high in pairs:
        yield from poles("activities", low, high, 0.5)


@template("M06")
def contact_words(lang: int) -> Iterator[Check]:
    yield from poles("customer_contact", *(
        ("take inbound calls from consumers", "work out the design in workshops with the client's engineers"),
        ("eingehende Anrufe von Verbrauchern annehmen", "den Entwurf in Workshops mit den Ingenieuren des Auftraggebers erarbeiten"),
    )[lang], 0.5)


@template("M07")
def no_contact(lang: int) -> Iterator[Check]:
    for text in tasks(lang):
        if "hotline" in text.lower():
            continue
        more = text + (", without any customer contact", ", ohne jeden Kundenkontakt")[lang]
        found = classify(more)
        yield abs(found.scores.customer_contact) <= 0.25 and label(text) == label(more), f"{more!r}: {found.status} {found.label}"


ANCHORS: list[tuple[str, int, tuple[str, str]]] = [
    ("focus", -1, ("Register every return in the system.", "Jede Rücksendung im System erfassen.")),
    ("focus", 1, ("Write a substantiated expert opinion on the dispute.", "Ein begründetes Gutachten zum Streitfall verfassen.")),
    ("process", -1, ("Work through the orders strictly by checklist.", "Die Aufträge streng nach Checkliste abarbeiten.")),
    ("process", 1, ("Decide every goodwill case at own discretion.", "Jeden Kulanzfall nach eigenem Ermessen entscheiden.")),
    ("specialization", -1, ("No previous knowledge needed to stamp the forms.", "Formulare stempeln, keine Vorkenntnisse nötig.")),
    ("specialization", 1, ("Requires a degree in civil engineering.", "Erfordert ein abgeschlossenes Bauingenieurstudium.")),
    ("driver", -1, ("Process 600 forms a day.", "Täglich 600 Formulare abarbeiten.")),
    ("activities", -1, ("Copy addresses from letters.", "Adressen aus Briefen abschreiben.")),
    ("activities", 1, ("Analyse why members leave and develop remedies.", "Analysieren, warum Mitglieder austreten, und Maßnahmen entwickeln.")),
    ("customer_contact", -1, ("Answer consumers' calls on the hotline.", "Anrufe von Verbrauchern an der Hotline beantworten.")),
    ("customer_contact", 1, ("Develop the tariff in workshops with the client's actuaries.", "Den Tarif in Workshops mit den Aktuaren des Auftraggebers entwickeln.")),
]


@template("M09")
def anchors(lang: int) -> Iterator[Check]:
    for dimension, sign, texts in ANCHORS:
        value = getattr(score(texts[lang]), dimension)
        yield value * sign > 0, f"{texts[lang]!r}: {dimension} {value:+.2f}"


BOUNDARY: list[tuple[str, tuple[str, str]]] = [
    ("BPO", ("Settle small glass claims by the tariff table.", "Kleine Glasschäden nach Tariftabelle regulieren.")),
    ("BPO", ("Copy last year's figures into the existing forecast model.", "Vorjahreszahlen in das bestehende Prognosemodell übertragen.")),
    ("BPO", ("Check travel claims against the guideline.", "Reiseanträge gegen die Richtlinie prüfen.")),
    ("BPO", ("Support the lawyers by copying files.", "Die Anwälte durch Kopieren von Akten unterstützen.")),
    ("BPO", ("Type up the researchers' lab notes.", "Labornotizen der Forscher abtippen.")),
    ("KPO", ("Explain the cost overrun and recommend measures.", "Die Kostenüberschreitung erklären und Maßnahmen empfehlen.")),
    ("KPO", ("Negotiate restructuring plans with large debtors.", "Sanierungspläne mit Großschuldnern aushandeln.")),
    ("KPO", ("Find the root cause of unexplained outages.", "Die Ursache unerklärter Ausfälle finden.")),
    ("KPO", ("Design the architecture of the claims platform.", "Die Architektur der Schadenplattform entwerfen.")),
    ("KPO", ("Advise exporters individually on customs law.", "Exporteure individuell zum Zollrecht beraten.")),
]


@template("M10")
def boundary(lang: int) -> Iterator[Check]:
    for expected, texts in BOUNDARY:
        yield label(texts[lang]) == expected, f"{texts[lang]!r}: {label(texts[lang])}"


@template("M11")
def instrument_beats_verb(lang: int) -> Iterator[Check]:
    for text in (("Analyse reports of damage using the call script.", "Assess applications by checklist and pick the matching code."),
                 ("Schadenmeldungen anhand des Gesprächsskripts analysieren.", "Anträge nach Checkliste bewerten und das passende Kürzel wählen."))[lang]:
        found = classify(text)
        yield found.scores.process <= -0.5 and found.label == "BPO", f"{text!r}: {found.scores.process} {label(text)}"


@template("M14")
def polysemy(lang: int) -> Iterator[Check]:
    desk, bedside = (("maintain supplier records", "nurse sick residents"), ("Lieferantendaten pflegen", "kranke Bewohner pflegen"))[lang]
    yield label(desk) == "BPO", f"{desk!r}: {label(desk)}"
    yield label(bedside).startswith("out_"), f"{bedside!r}: {label(bedside)}"


@template("M15")
def head_of_a_compound(lang: int) -> Iterator[Check]:
    for low, high in ([("survey data entry", "survey data analysis"), ("contract filing", "contract analysis")],
                      [("Umfragedatenerfassung", "Umfragedatenanalyse"), ("Vertragsablage", "Vertragsanalyse")])[lang]:
        yield from poles("activities", low, high)


@template("M18")
def no_text(lang: int) -> Iterator[Check]:
    for text in ("", "   ", "?!?", "987", "🚚", "\n", "---"):
        yield label(text) in ("empty", "not_a_task"), f"{text!r}: {label(text)}"


@template("M19")
def hands_or_head(lang: int) -> Iterator[Check]:
    hands, head = (("repair pumps in the plant", "plan the repair of pumps remotely from sensor data"),
                   ("Pumpen im Werk reparieren", "die Reparatur von Pumpen aus der Ferne anhand von Sensordaten planen"))[lang]
    yield label(hands) == "out_physical", f"{hands!r}: {label(hands)}"
    yield label(head) == "KPO", f"{head!r}: {label(head)}"
    for pair in OUT:
        yield label(pair[lang]).startswith("out_"), f"{pair[lang]!r}: {label(pair[lang])}"


def joined(lang: int, *parts: str) -> str:
    return ", ".join(parts[:-1]) + (" and ", " und ")[lang] + parts[-1]


@template("M20")
def opposite_parts(lang: int) -> Iterator[Check]:
    for low, high in zip(BPO, KPO[3:] + KPO[:3], strict=True):
        text = joined(lang, low[lang], high[lang])
        found = classify(text)
        yield found.status == "mixed" and [p.label for p in found.parts] == ["BPO", "KPO"], f"{text!r}: {label(text)} {[(p.label, p.text) for p in found.parts]}"


@template("M21")
def equal_parts(lang: int) -> Iterator[Check]:
    for one, other in zip(BPO, BPO[1:] + BPO[:1], strict=True):
        text = joined(lang, one[lang], other[lang])
        yield label(text) == "BPO", f"{text!r}: {label(text)}"


@template("M22")
def subordinate_steps(lang: int) -> Iterator[Check]:
    for pair in KPO:
        text = pair[lang] + (", including data cleaning and filing", ", einschließlich Datenbereinigung und Ablage")[lang]
        yield label(text) == "KPO", f"{text!r}: {label(text)}"


@template("M24")
def leaks(lang: int) -> Iterator[Check]:
    for pairs, mark, expected in ((BPO, "KPO", "BPO"), (KPO, "BPO", "KPO")):
        for pair in pairs[:4]:
            text = f"{mark}: {pair[lang]}"
            yield label(text) == expected and within(score(text), score(pair[lang]), 0.1), f"{text!r}: {label(text)}"


@template("M25")
def literal_quotes(lang: int) -> Iterator[Check]:
    for text in tasks(lang):
        found = classify(text)
        quoted = {item.dimension for item in found.evidence if item.contribution and item.text and item.text in text}
        stated = {name for name, value in found.scores.to_dict().items() if value}
        spoken = ("Driver", "Antriebskraft")[lang] in found.explanation
        yield found.status == "ok" and stated <= quoted and found.language == LANGUAGES[lang] and spoken, f"{text!r}: {found.status} {stated - quoted}"


@template("M26")
def not_only(lang: int) -> Iterator[Check]:
    for text in (("not only enter sensor readings but interpret them", "not only copy survey answers but analyse them"),
                 ("Sensorwerte nicht nur eingeben, sondern interpretieren", "Umfrageantworten nicht nur abtippen, sondern analysieren"))[lang]:
        yield score(text).activities > 0 and label(text) == "KPO", f"{text!r}: {score(text).activities} {label(text)}"


def unchanged(text: str, more: str, tolerance: float) -> Check:
    """Same label and scores within the tolerance."""
    same = label(text) == label(more)
    return same and within(score(text), score(more), tolerance), f"{more!r}: {label(text)} → {label(more)}, {list(score(text))} → {list(score(more))}"


@template("I01")
def layout(lang: int) -> Iterator[Check]:
    for text in tasks(lang):
        for frame in ("{}.", "•  {}", "- {}", "4.1 {}", "{}\n", "2) {}"):
            yield unchanged(text, frame.format(text), 0.1)
        yield unchanged(text, text.replace(" ", "  "), 0.1)
        yield unchanged(text, text.replace(" ", "\n", 1), 0.1)


@template("I03")
def typewriters(lang: int) -> Iterator[Check]:
    for text in [*tasks(DE), "Maßnahmen für Großkunden konzipieren"]:
        yield unchanged(text, text.translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})), 0.1)
        yield unchanged(text, unicodedata.normalize("NFD", text), 0.1)
        yield unchanged(text, text.replace("ß", "ss"), 0.1)


@template("I04")
def swapped_letters(lang: int) -> Iterator[Check]:
    for text in tasks(lang):
        words = text.split()
        long = next((i for i, word in enumerate(words) if len(word) >= 7), None)
        if long is None or abs(total(score(text))) < 2.5:
            continue
        word = words[long]
        words[long] = word[:3] + word[4] + word[3] + word[5:]
        more = " ".join(words)
        yield label(text) == label(more), f"{more!r}: {label(text)} → {label(more)}"


@template("I06")
def industries(lang: int) -> Iterator[Check]:
    for text in tasks(lang):
        for pair in INDUSTRIES:
            yield unchanged(text, text + (" for ", " für ")[lang] + pair[lang], 0.25)


@template("I05")
def places_and_people(lang: int) -> Iterator[Check]:
    for text in tasks(lang):
        for pair in PLACES:
            yield unchanged(text, text + " in " + pair[lang], 0.25)
        for pair in PEOPLE:
            yield unchanged(text, text + (" for ", " für ")[lang] + pair[lang], 0.25)


@template("I07")
def tools(lang: int) -> Iterator[Check]:
    for text in tasks(lang):
        for tool in TOOLS:
            yield unchanged(text, text + (" using ", " mit ")[lang] + tool, 0.25)


@template("I11")
def separable_verbs(lang: int) -> Iterator[Check]:
    groups = [
        ("Frachtbriefe eingeben", "gibt Frachtbriefe ein", "Eingabe von Frachtbriefen", "Frachtbriefe werden eingegeben"),
        ("Akten ablegen", "legt Akten ab", "Ablage von Akten", "Akten werden abgelegt"),
        ("Zahlen auswerten", "wertet Zahlen aus", "Auswertung von Zahlen", "Zahlen werden ausgewertet"),
    ]
    for first, *others in groups:
        for other in others:
            a, b = score(first, language="de").activities, score(other, language="de").activities
            yield abs(a - b) <= 0.25 and a != 0, f"{first!r} {a:+.2f}, {other!r} {b:+.2f}"


@template("I12")
def order(lang: int) -> Iterator[Check]:
    for place in range(0, 6, 2):
        orders = [joined(lang, *(pair[lang] for pair in some)) for some in permutations(BPO[place : place + 3])]
        for text in orders[1:]:
            yield unchanged(orders[0], text, 0.1)


@template("I13")
def repetition(lang: int) -> Iterator[Check]:
    for text in tasks(lang):
        yield unchanged(text, f"{text}. {text}.", 0.1)


@template("I14")
def padding(lang: int) -> Iterator[Check]:
    for text in tasks(lang):
        more = text + (". Our firm has 3,400 employees and offers free lunch.", ". Unsere Firma hat 3.400 Beschäftigte und bietet kostenloses Essen.")[lang]
        yield label(text) == label(more) and abs(score(text).driver - score(more).driver) <= 0.25, f"{more!r}: {label(more)} {score(more).driver}"


@template("I15")
def praise(lang: int) -> Iterator[Check]:
    for text in tasks(lang):
        yield unchanged(text, text + (", first-class and always reliable", ", hervorragend und stets zuverlässig")[lang], 0.25)


@template("I16")
def beneficiaries(lang: int) -> Iterator[Check]:
    for pair in BPO:
        for who in ((" for the executives", " for the data scientists"), (" für die Geschäftsleitung", " für die Wissenschaftler"))[lang]:
            text, more = pair[lang], pair[lang] + who
            a, b = score(text), score(more)
            fine = label(more) == "BPO" and abs(a.focus - b.focus) <= 0.25 and abs(a.specialization - b.specialization) <= 0.25
            yield fine, f"{more!r}: {label(more)} {list(b)}"


@template("I18")
def mixed_script(lang: int) -> Iterator[Check]:
    terms = ((" (Vorgang)", " per Fachbereich"), (" im Ticket", " je Case"))[lang]
    for text in tasks(lang):
        for term in terms:
            yield label(text) == label(text + term), f"{text + term!r}: {label(text)} → {label(text + term)}"


@template("I20")
def no_call_centre(lang: int) -> Iterator[Check]:
    for pair in KPO:
        text = pair[lang] + ("; this is no call-centre job", "; kein Callcenter-Job")[lang]
        yield abs(score(text).customer_contact) <= 0.25 and label(text) == "KPO", f"{text!r}: {label(text)} {score(text).customer_contact}"


@template("D02")
def discretion(lang: int) -> Iterator[Check]:
    for text in tasks(lang):
        more = text + (", deciding each case at own discretion", ", mit Entscheidung im Einzelfall nach eigenem Ermessen")[lang]
        up = score(more).process - score(text).process
        fine = (up >= 0.25 or (score(text).process >= 0.75 and up >= 0)) and not (label(text) == "KPO" and label(more) == "BPO")
        yield fine, f"{more!r}: process {up:+.2f}, {label(text)} → {label(more)}"


@template("D04")
def volume(lang: int) -> Iterator[Check]:
    for text in tasks(lang):
        more = text + (", 350 cases a day", ", 350 Vorgänge am Tag")[lang]
        a, b = score(text), score(more)
        yield b.driver - a.driver <= -0.25 and abs(b.specialization - a.specialization) <= 0.25, f"{more!r}: driver {b.driver:+.2f}"


@template("D05")
def more_volume(lang: int) -> Iterator[Check]:
    for pair in BPO:
        ladder = [score(pair[lang] + f", {count} " + ("a day", "am Tag")[lang]).driver for count in (4, 40, 400)]
        yield ladder == sorted(ladder, reverse=True), f"{pair[lang]!r}: {ladder}"


@template("D06")
def purpose(lang: int) -> Iterator[Check]:
    for pair in NEU:
        text = pair[lang]
        more = text + (" so that the management can choose between two options", ", damit die Leitung zwischen zwei Varianten wählen kann")[lang]
        a, b = score(text), score(more)
        yield b.driver - a.driver >= 0.25 and abs(b.activities - a.activities) <= 0.25, f"{more!r}: {list(a)} → {list(b)}"


@template("D07")
def degree(lang: int) -> Iterator[Check]:
    for pair in NEU:
        text, more = pair[lang], pair[lang] + ("; requires a degree in physics", "; erfordert ein Physikstudium")[lang]
        a, b = score(text), score(more)
        yield b.specialization - a.specialization >= 0.5 and abs(b.process - a.process) <= 0.25, f"{more!r}: {list(a)} → {list(b)}"


@template("D08")
def no_degree(lang: int) -> Iterator[Check]:
    for text in tasks(lang):
        more = text + ("; no prior knowledge required", "; keine Vorkenntnisse erforderlich")[lang]
        down = score(more).specialization - score(text).specialization
        yield down <= -0.25, f"{more!r}: specialization {down:+.2f}"


@template("D09")
def doer_or_addressee(lang: int) -> Iterator[Check]:
    for pair in NEU:
        *thing, verb = pair[DE].split()
        doer = (f"lawyers {pair[EN]}", f"Juristen {verb} {' '.join(thing)}")[lang]
        passed = pair[lang] + (" and pass legal questions to the lawyers", " und Rechtsfragen an die Juristen geben")[lang]
        a, b = score(doer), score(passed)
        yield b.specialization < a.specialization and b.process <= a.process + 1e-9, f"{doer!r} {list(a)}, {passed!r} {list(b)}"


@template("D10")
def end_customers(lang: int) -> Iterator[Check]:
    for pair in BPO:
        text = pair[lang]
        more = text + (" and answer consumers' calls", " und Anrufe von Verbrauchern beantworten")[lang]
        down = score(more).customer_contact - score(text).customer_contact
        yield down <= -0.5 or score(more).customer_contact == -1, f"{more!r}: contact {down:+.2f}"
    for pair in KPO:
        more = pair[lang] + (" and answer consumers' calls", " und Anrufe von Verbrauchern beantworten")[lang]
        yield label(more) == "mixed", f"{more!r}: {label(more)}"


@template("D11")
def expert_exchange(lang: int) -> Iterator[Check]:
    for text in tasks(lang):
        if "hotline" in text.lower():
            continue
        more = text + (" in weekly workshops with the client's physicians", " in wöchentlichen Workshops mit den Ärztinnen des Auftraggebers")[lang]
        a, b = score(text), score(more)
        yield b.customer_contact - a.customer_contact >= 0.5 and abs(b.driver - a.driver) <= 0.25, f"{more!r}: {list(b)}"


@template("D12")
def customers_as_data(lang: int) -> Iterator[Check]:
    served, studied = (("answer customer enquiries", "study the causes of customer enquiries"),
                       ("Kundenanfragen beantworten", "Ursachen von Kundenanfragen untersuchen"))[lang]
    a, b = score(served), score(studied)
    yield a.customer_contact < b.customer_contact and abs(b.customer_contact) <= 0.25, f"contact {a.customer_contact:+.2f} → {b.customer_contact:+.2f}"
    yield b.activities - a.activities >= 0.5, f"activities {a.activities:+.2f} → {b.activities:+.2f}"


def ladder(values: list[float], texts: list[str]) -> Iterator[Check]:
    for place in range(len(values) - 1):
        yield values[place] <= values[place + 1] + 1e-9, f"{texts[place]!r} {values[place]:+.2f} → {texts[place + 1]!r} {values[place + 1]:+.2f}"


@template("D13")
def verb_ladder(lang: int) -> Iterator[Check]:
    for thing in (("figures", "surveys"), ("Zahlen", "Umfragen"))[lang]:
        texts = [f"{v} the {thing}" for v in ("archive", "check", "compare", "evaluate", "interpret")] if lang == EN else [
            f"{thing} {v}" for v in ("archivieren", "prüfen", "vergleichen", "auswerten", "interpretieren")]
        values = [score(text).activities for text in texts]
        yield from ladder(values, texts)
        yield values[0] < 0 < values[-1], f"{thing}: {values}"


@template("D14")
def output_ladder(lang: int) -> Iterator[Check]:
    texts = [("write {}", "{} schreiben")[lang].format(thing) for thing in (
        ("a list", "a table", "a summary", "a commentary", "an expert opinion"),
        ("eine Liste", "eine Tabelle", "eine Zusammenfassung", "einen Kommentar", "ein Gutachten"))[lang]]
    yield from ladder([score(text).focus for text in texts], texts)


@template("D15")
def tier_ladder(lang: int) -> Iterator[Check]:
    texts = (("Tier 1: take calls, reset passwords, log tickets", "Tier 2: check known errors and apply the documented workaround", "Tier 3: find the cause of unknown errors and develop a solution"),
             ("First Level: Anrufe annehmen, Passwörter zurücksetzen, Tickets anlegen", "Second Level: bekannte Fehler prüfen und die dokumentierte Umgehung anwenden", "Third Level: die Ursache unbekannter Fehler finden und eine Lösung entwickeln"))[lang]
    sums = [total(score(text)) for text in texts]
    yield sums[0] < sums[1], f"{sums}"
    yield sums[1] < sums[2], f"{sums}"


@template("D18")
def escalation(lang: int) -> Iterator[Check]:
    for pair in NEU:
        text, more = pair[lang], pair[lang] + ("; unclear cases go to the specialist team", "; unklare Fälle gehen an die Fachabteilung")[lang]
        a, b = score(text), score(more)
        yield b.process <= a.process + 1e-9 and b.specialization <= a.specialization + 1e-9, f"{more!r}: {list(a)} → {list(b)}"


@template("D19")
def rule_owner(lang: int) -> Iterator[Check]:
    for rule in (("guideline", "work instruction"), ("Richtlinie", "Arbeitsanweisung"))[lang]:
        follow, write = (f"follow the {rule}", f"draft the {rule}") if lang == EN else (f"der {rule} folgen", f"die {rule} entwerfen")
        a, b = score(follow), score(write)
        yield b.process - a.process >= 0.5, f"{write!r}: process {a.process:+.2f} → {b.process:+.2f}"
        yield b.focus > a.focus, f"{write!r}: focus {a.focus:+.2f} → {b.focus:+.2f}"


@template("D20")
def cost_as_subject(lang: int) -> Iterator[Check]:
    subject, driver = (("recommend how to cut freight cost", "type addresses at the lowest cost per item"),
                       ("empfehlen, wie die Frachtkosten sinken", "Adressen zu geringsten Stückkosten abtippen"))[lang]
    a, b = score(subject).driver, score(driver).driver
    yield a > b, f"{a:+.2f} against {b:+.2f}"


@template("D21")
def without_cues(lang: int) -> Iterator[Check]:
    for text in tasks(lang):
        found = classify(text)
        less = text
        for item in sorted({e.spans[0] for e in found.evidence}, reverse=True):
            less = less[: item[0]] + ("things", "Dinge")[lang] + less[item[1] :]
        yield confidence(classify(less)) <= confidence(found) + 1e-9, f"{less!r}: {confidence(classify(less)):.2f}"


GERMAN_ONLY = {"I03", "I11"}
# What does not hold yet, and why; a template that comes to hold passes without a change here.
OPEN = {
    ("M01", EN): "'hand over an opinion': the verb outranks what is handed over in focus as well",
    ("D09", EN): "what is passed on ('legal questions') gives the doer its specialization",
}


def cases() -> Iterator[object]:
    for name in TEMPLATES:
        for lang in (EN, DE):
            if lang == DE or name not in GERMAN_ONLY:
                why = OPEN.get((name, lang))
                marks = [pytest.mark.xfail(strict=False, reason=why)] if why else []
                yield pytest.param(name, lang, marks=marks, id=f"{name}-{LANGUAGES[lang]}")


@pytest.mark.parametrize(("name", "lang"), list(cases()))
def test_a_template_holds_for_enough_of_its_fillers(name: str, lang: int) -> None:
    checks = list(TEMPLATES[name](lang))
    failed = [note for holds, note in checks if not holds]
    share = 1 - len(failed) / len(checks)
    assert share >= PASS_MARKS[name[0]], f"{name} {LANGUAGES[lang]}: {share:.2f} of {len(checks)}\n" + "\n".join(failed[:12])

"""Files that go wrong, made by code: one line a file in `NASTY` says what must come of it."""

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Content = bytes | str | Callable[[Path], object]
HEADER = ["Nr", "Aufgabe", "VZÄ"]
ROWS = [["1", "Belege prüfen", "0,5"], ["2", "Löhne abrechnen; monatlich", "1"], ["3", "Größen – „messen“ für 5 €", "2"]]
TEXT = 'Nr;Aufgabe;VZÄ\r\n1;Belege prüfen;0,5\r\n2;"Löhne abrechnen; monatlich";1\r\n3;Größen – „messen“ für 5 €;2\r\n'


@dataclass(frozen=True)
class Nasty:
    """A file and what must come of it.

    Refused: ``refusal`` holds the words that the one sentence must have. Complete: ``rows`` are the owner's cells (or
    their number: then the first column counts them), ``unreadable`` the rows of the file that could not be read, and
    ``says`` words of the summary.
    """

    name: str
    content: Content
    rows: Sequence[Any] | int = ()
    unreadable: tuple[int, ...] = ()
    says: tuple[str, ...] = ()
    refusal: tuple[str, ...] = ()
    target: str = ""  # by default the form of the input
    first: int = 0  # the first row in the file, where that is odd

    def make(self, folder: Path) -> Path:
        """The file in a folder."""
        path = folder / self.name
        if callable(self.content):
            self.content(path)
        else:
            path.write_bytes(self.content if isinstance(self.content, bytes) else self.content.encode())
        return path


def complete(
    name: str, content: Content, rows: Sequence[Any] | int = ROWS, *, unreadable: Sequence[int] = (), says: str = "",
    target: str = "", first: int = 0,
) -> Nasty:
    """A file that comes back whole; ``says`` are words of the summary, between bars."""
    return Nasty(name, content, rows, tuple(unreadable), tuple(filter(None, says.split("|"))), target=target, first=first)


def refused(name: str, content: Content, words: str, *, target: str = "") -> Nasty:
    """A file that is refused in one sentence with these words, between bars."""
    return Nasty(name, content, refusal=tuple(words.split("|")), target=target)


# Text


def lines(header: str, *rows: str, end: str = "\n") -> str:
    """A text of lines."""
    return end.join([header, *rows, ""])


def long_text(rows: int, special: dict[int, str] | None = None, encoding: str = "utf-8") -> Callable[[Path], object]:
    """A file of many rows; ``special`` are lines of some, by their number."""

    def make(path: Path) -> None:
        odd = special or {}
        with path.open("w", encoding=encoding, newline="") as file:
            file.write("Nr;Aufgabe\n")
            for number in range(1, rows + 1):
                file.write(odd.get(number) or f"{number};Belege ordnen\n")

    return make


# Workbooks

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="' + _OFFICE + '/{kind}" Target="{target}"/></Relationships>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(sheet: bytes | str, **changed: bytes | None) -> bytes:
    """A workbook with this XML as its sheet; parts may be changed or left out by the end of their names."""
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": _TYPES, "_rels/.rels": _RELS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Liste" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _RELS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            given = changed.get(Path(name).stem.replace(".", "_").strip("_"), content)
            if given is not None:
                archive.writestr(name, given)
    return out.getvalue()


def sheet_xml(rows: dict[int, dict[str, Any]], dimension: str = "") -> str:
    """The XML of a sheet: cells by row and column."""

    def cell(place: str, value: Any) -> str:
        if value is None:
            return f'<c r="{place}"/>'
        if isinstance(value, str):
            escaped = value.replace("&", "&amp;").replace("<", "&lt;")
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>'
        return f'<c r="{place}"><v>{value}</v></c>'

    body = "".join(
        f'<row r="{number}">' + "".join(cell(f"{column}{number}", value) for column, value in cells.items()) + "</row>"
        for number, cells in rows.items()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_MAIN}">'
        + (f'<dimension ref="{dimension}"/>' if dimension else "") + f"<sheetData>{body}</sheetData></worksheet>"
    )


SHEET_ROWS = [[1, "Belege prüfen", 0.5], [2, "Löhne abrechnen", 1], [3, "Verträge auslegen", 2]]
SHEET = {1: dict(zip("ABC", HEADER, strict=True))} | {
    number: dict(zip("ABC", row, strict=True)) for number, row in enumerate(SHEET_ROWS, 2)
}
BOOK = workbook(sheet_xml(SHEET))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)  # the container of encrypted workbooks and of .xls


def bomb(name: str, size: int, member: str = "xl/worksheets/sheet1.xml", told: int | None = None) -> bytes:
    """A zip with one member of zeros that unpacks to ``size`` bytes; ``told`` is the size that it states."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    data = block * (size >> 24) + b"\x03\x00"
    title, stated = member.encode(), min(size if told is None else told, 0xFFFFFFFE)
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x5A21, 0, len(data), stated, len(title), 0)
    local = b"PK\x03\x04" + common + title + data
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + title
    return local + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)


def parquet(damage: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    """A Parquet file whose bytes were damaged afterwards."""

    def make(path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.table({"task": [f"Belege prüfen {place}" for place in range(5000)], "note": ["x"] * 5000})
        pq.write_table(table, path, row_group_size=500, use_dictionary=False)
        path.write_bytes(damage(path.read_bytes()))

    return make


def _in_the_middle(data: bytes) -> bytes:
    half = len(data) // 2
    return data[:half] + bytes(2000) + data[half + 2000 :]


TWO = [["1", "Post öffnen"], ["2", "Post öffnen"]]
EMPTY = "is empty|export"
WIDE = [f"Spalte {place}" for place in range(5000)]
LONG = "Belege prüfen und ablegen. " * 1112  # 30,000 characters
HUGE = "Belege " * 7_500_000  # 50 MB
BIDI = "Belege \u202eprüfen\u202c und \u200fאבג\u200e ablegen"
EMOJI = "📎 Belege 👩‍💼 prüfen 🇩🇪 ✅"

NASTY: tuple[Nasty, ...] = (
    # Encodings
    complete("utf-8.csv", TEXT),
    complete("utf-8 with mark.csv", TEXT.encode("utf-8-sig")),
    complete("utf-16 le.csv", TEXT.encode("utf-16-le")),
    complete("utf-16 be.csv", TEXT.encode("utf-16-be")),
    complete("utf-16 le with mark.csv", b"\xff\xfe" + TEXT.encode("utf-16-le")),
    complete("utf-16 be with mark.csv", b"\xfe\xff" + TEXT.encode("utf-16-be")),
    complete("windows-1252.csv", TEXT.encode("cp1252")),
    complete("latin-1.csv", TEXT.replace("–", "-").replace("„", "«").replace("“", "»").replace("€", "£").encode("latin-1"),
             [*ROWS[:2], ["3", "Größen - «messen» für 5 £", "2"]]),
    complete("free bytes of windows-1252.csv", "Nr;Aufgabe\n1;Prüf\x81ung \x9d\n".encode("latin-1"), [["1", "Prüf\x81ung \x9d"]]),
    complete("windows-1252 among utf-8.csv", TEXT.encode() + "4;Prämien auslösen;1\r\n".encode("cp1252"),
             [*ROWS, ["4", "Prämien auslösen", "1"]], says="Zeichensatz utf-8 und windows-1252|Buchstaben aus windows-1252 in Zeilen 5"),
    complete("windows-1252 among utf-8 with mark.csv", TEXT.encode("utf-8-sig") + "4;Prämien auslösen;1\r\n".encode("cp1252"),
             [*ROWS, ["4", "Prämien auslösen", "1"]], says="Zeichensatz utf-8 und windows-1252|Buchstaben aus windows-1252 in Zeilen 5"),
    complete("utf-8 cut in the middle of a letter.csv", "Nr;Aufgabe\n1;Löhne prüfen\n2;Gebühr".encode()[:-2] + b"\xc3",
             [["1", "Löhne prüfen"], ["2", "GebüÃ"]], says="windows-1252|3"),
    complete("half a character of utf-16.csv", TEXT.encode("utf-16") + b"4", [*ROWS, ["\ufffd"]]),
    complete("half a pair of utf-16.csv", "Nr;Aufgabe\n1;Post\ud83d öffnen\n".encode("utf-16", "surrogatepass"), [["1", "Post\ufffd öffnen"]]),
    complete("late umlaut.csv", long_text(300_000, {299_999: "299999;Löhne prüfen\n"}), 300_000, says="utf-8"),
    complete("late umlaut of windows.csv", long_text(20_000, {19_999: "19999;Löhne prüfen\n"}, "cp1252"), 20_000, says="windows-1252"),
    # Lines, delimiters, quotes
    complete("delimiters in quotes.csv", 'Nr;Aufgabe\n1;"a;b;c, d"\n2;"sagt ""ja;"" dann"\n3;"zwei\nZeilen; hier"\n',
             [["1", "a;b;c, d"], ["2", 'sagt "ja;" dann'], ["3", "zwei\nZeilen; hier"]]),
    complete("quote unclosed at the end.csv", 'Nr;Aufgabe\n1;Post öffnen\n2;"Post öffnen\n', [["1", "Post öffnen"], ["2", '"Post öffnen']],
             unreadable=[3]),
    complete("quote unclosed before a quoted cell.csv", 'Nr;Aufgabe;Wer\n1;"Post öffnen;A\n2;Post öffnen;B\n3;"Post; öffnen";C\n4;Post;D\n',
             [["1", '"Post öffnen', "A"], ["2", "Post öffnen", "B"], ["3", "Post; öffnen", "C"], ["4", "Post", "D"]], unreadable=[2]),
    complete("quote unclosed in the middle.csv", long_text(20_000, {9000: '9000;"Belege ordnen\n'}), 20_000, unreadable=[9001]),
    complete("quotes unclosed in every line.csv", lines("Nr;Aufgabe", *(f'{n};"Belege ordnen' for n in range(1, 2001))), 2000,
             unreadable=range(2, 2002)),
    complete("cell of 400 lines.csv", 'Nr;Aufgabe\n1;"' + "Belege prüfen\n" * 400 + '"\n2;Post\n', [["1", "Belege prüfen\n" * 400], ["2", "Post"]]),
    complete("ragged.csv", lines("Nr;Aufgabe;VZÄ", "1", "2;Post;1;zu;viel", "", "4;Post;1", "5;Post;1", "6;Post;1"),
             [["1"], ["2", "Post", "1", "zu", "viel"], [], *([str(n), "Post", "1"] for n in (4, 5, 6))], unreadable=[3], says="zu kurze Zeilen 2"),
    complete("lone cr.csv", TEXT.replace("\r\n", "\r")),
    complete("mixed line ends.csv", "Nr;Aufgabe\r\n1;Post öffnen\n2;Post öffnen\r3;Post öffnen\r\n", [*TWO, ["3", "Post öffnen"]]),
    complete("cr in a cell among lf.csv", 'Nr;Aufgabe\n1;"Post\röffnen"\n2;Post öffnen\n', [["1", "Post\röffnen"], TWO[1]]),
    complete("lf in a cell among cr.csv", 'Nr;Aufgabe\r1;"Post\nöffnen"\r2;Post öffnen\r', [["1", "Post\nöffnen"], TWO[1]]),
    complete("first lines blank.csv", lines(";;", "", ";", "Nr;Aufgabe", "1;Post", "2;Post;zu viel", "3;Post"), [["1", "Post"], ["2", "Post", "zu viel"], ["3", "Post"]],
             first=5, unreadable=[6]),
    complete("500 blank lines.csv", "\n" * 500 + TEXT, first=502),
    complete("delimiter in the first header of a ragged file.csv", '\ufeff"Nr; alt";Aufgabe\n1;Post\n2;Post;zu viel\n', [["1", "Post"], ["2", "Post", "zu viel"]], unreadable=[3]),
    complete("sep line.csv", "sep=;\n" + TEXT),
    complete("nul in cells.csv", "Nr;Aufgabe\n1;Post\0öffnen\n2;Post öffnen\n", [["1", "Post\0öffnen"], TWO[1]]),
    complete("semicolons only in a row.csv", "Nr;Aufgabe\n1;Post\n;\n3;Post\n", [["1", "Post"], [], ["3", "Post"]]),
    # Headers
    complete("header only.csv", "Nr;Aufgabe;VZÄ\n", [], says="keine Zeilen unter der Überschrift"),
    complete("headers twice.csv", "Nr;Aufgabe;Notiz;Notiz;Aufgabe\n1;Post;a;b;c\n", [["1", "Post", "a", "b", "c"]]),
    complete("headers twice to json.csv", "Nr;Aufgabe;Notiz;Notiz\n1;Post;a;b\n", [{"Nr": "1", "Aufgabe": "Post", "Notiz": "a", "Notiz (2)": "b"}],
             target="out.jsonl"),
    complete("headers twice to parquet.csv", "Nr;Aufgabe;Notiz;Notiz;;\n1;Post;a;b;c;d\n",
             [{"Nr": "1", "Aufgabe": "Post", "Notiz": "a", "Notiz (2)": "b", "": "c", " (2)": "d"}], target="out.parquet"),
    complete("blank headers.csv", "Nr;;Aufgabe;;\n1;x;Post;y;z\n", [["1", "x", "Post", "y", "z"]]),
    complete("thousands of columns.csv", ";".join(["Aufgabe", *WIDE]) + "\n" + ";".join(["Post", *WIDE]) + "\n", [["Post", *WIDE]]),
    refused("thousands of columns without tasks.csv", ";".join(WIDE) + "\n" + ";".join(WIDE) + "\n", "no column with tasks|'Spalte 1'|--text-column"),
    refused("more columns than a sheet.csv", ";".join(["Aufgabe", *map(str, range(17_000))]) + "\nPost" + ";" * 17_000 + "\n", "16,384 columns|.csv", target="out.xlsx"),
    refused("line breaks in headers.csv", '"a\nb\x1b[2J";"c\r\nd"\n1;2\n3;4\n', "no column with tasks|--text-column"),
    # Nothing, or something else
    refused("empty.csv", b"", EMPTY),
    refused("mark only.csv", b"\xef\xbb\xbf", EMPTY),
    refused("nul only.csv", bytes(10_000), EMPTY),
    refused("empty.jsonl", b"", EMPTY),
    refused("empty.xlsx", b"", EMPTY),
    refused("empty.parquet", b"", EMPTY),
    refused("workbook by content.csv", BOOK, "is a workbook|.xlsx"),
    refused("workbook by content.jsonl", BOOK, "is a workbook|.xlsx"),
    refused("csv by content.xlsx", TEXT, "is a text|.csv"),
    refused("csv by content.parquet", TEXT, "is a text|.csv"),
    refused("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "no text|export"),
    refused("letter.pdf", b"%PDF-1.7\n", ".pdf is not read|.csv"),
    refused("pdf by content.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF|export"),
    refused("compressed.csv", b"\x1f\x8b\x08" + bytes(200), "compressed|unpack"),
    refused("list.json", '[{"task": "Post"}]', ".json is not read|.jsonl"),
    refused("old.xls", OLE, ".xls is not read|.xlsx"),
    refused("old by content.csv", OLE, "password|.xls|.xlsx"),
    # Workbooks
    complete("plain.xlsx", BOOK, SHEET_ROWS),
    refused("protected.xlsx", OLE, "password|without"),
    refused("truncated.xlsx", BOOK[: len(BOOK) // 2], "damaged|save it again"),
    refused("damaged.xlsx", BOOK.replace(b"PK\x01\x02", b"PK\x01\x09", 1), "damaged|save it again"),
    refused("broken sheet.xlsx", workbook(sheet_xml(SHEET)[:-60]), "damaged|save it again"),
    refused("sheet missing.xlsx", workbook("", sheet1=None), "empty|export"),
    refused("zip without workbook.xlsx", workbook("", workbook=None), "no readable workbook|save it"),
    refused("entities.xlsx", workbook('<!DOCTYPE x [<!ENTITY a "' + "a" * 1000 + '">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 40}">' for a, b in zip("abcdefg", "bcdefgh", strict=True)) + f']><worksheet xmlns="{_MAIN}">&h;</worksheet>'),
        "damaged|save it again"),
    refused("bomb.xlsx", bomb("x", 3 << 30), "3.2 GB|.csv"),
    refused("smaller bomb.xlsx", bomb("x", 1 << 30), "1.1 GB|.csv"),
    refused("bomb with a false size.xlsx", bomb("x", 3 << 30, told=1000), "save it again"),
    complete("stray format far away.xlsx", workbook(sheet_xml({**SHEET, 1_048_576: {"XFD": None}}, "A1:XFD1048576")), SHEET_ROWS),
    refused("stray cell far away.xlsx", workbook(sheet_xml({**SHEET, 1_048_576: {"XFD": "x"}}, "A1:XFD1048576")), "1,048,576|XFD|delete"),
    complete("stated size too small.xlsx", workbook(sheet_xml(SHEET, "A1")), SHEET_ROWS),
    complete("cell beside the table.xlsx", workbook(sheet_xml({**SHEET, 3: {**SHEET[3], "E": "x"}})), [SHEET_ROWS[0], [*SHEET_ROWS[1], None, "x"], SHEET_ROWS[2]]),
    refused("row number beyond any sheet.xlsx", workbook(sheet_xml({**SHEET, 4_000_000_000: {"A": "x"}})), "damaged|save it again"),
    complete("characters that no sheet holds.csv", "Nr;Aufgabe\nx1;Post\0 \x07\uffff öffnen\nx2;Post\n", [["x1", "Post     öffnen"], ["x2", "Post"]],
             target="out.xlsx", says="Steuerzeichen|2"),
    complete("formulas to a workbook.csv", "Nr;Aufgabe\nx1;=1+1\nx2;@Post\n", [["x1", "=1+1"], ["x2", "@Post"]], target="out.xlsx"),
    # JSON Lines
    complete("mark in the middle.jsonl", '\ufeff{"task": "Post"}\n\ufeff{"task": "Ablage"}\n', [{"task": "Post"}, {"task": "Ablage"}]),
    complete("object and keys with odd names.jsonl", '{"task": "Post", "": 1, "a\\nb": 2}\n', [{"task": "Post", "": 1, "a\nb": 2}]),
    complete("broken lines.jsonl", '{"task": "Post"}\n{"task": "Po\n[1]\n{"task": "Post"}\n', [{"task": "Post"}, {"unreadable": '{"task": "Po'},
             {"unreadable": "[1]"}, {"task": "Post"}], unreadable=[2, 3]),
    complete("nested.jsonl", '{"task": "Post", "who": {"a": [1, {"b": null}]}, "n": NaN}\n{"task": ["a", "b"]}\n',
             [{"task": "Post", "who": {"a": [1, {"b": None}]}, "n": float("nan")}, {"task": ["a", "b"]}]),
    complete("too deep.jsonl", '{"task": "Post"}\n{"task": ' + "[" * 100_000 + "\n", [{"task": "Post"}, {"unreadable": '{"task": ' + "[" * 100_000}],
             unreadable=[2]),
    complete("numbers too large.jsonl", '{"task": "Post", "n": 1e999}\n{"task": "Post", "n": ' + "9" * 5000 + '}\n{"task": "Post"}\n',
             [{"unreadable": '{"task": "Post", "n": 1e999}'}, {"unreadable": '{"task": "Post", "n": ' + "9" * 5000 + "}"}, {"task": "Post"}], unreadable=[1, 2]),
    complete("key twice.jsonl", '{"task": "Post", "task": "Ablage"}\n{"task": "Post"}\n', [{"unreadable": '{"task": "Post", "task": "Ablage"}'}, {"task": "Post"}],
             unreadable=[1]),
    complete("surrogates.jsonl", '{"task": "Post \\ud83d öffnen"}\n', [{"task": "Post \ud83d öffnen"}]),
    complete("surrogates to csv.jsonl", '{"task": "Post \\ud83d öffnen"}\n', [["Post \ufffd öffnen"]], target="out.csv"),
    complete("utf-16.jsonl", '{"task": "Post öffnen"}\n'.encode("utf-16"), [{"task": "Post öffnen"}]),
    complete("windows-1252.jsonl", '{"task": "Post öffnen"}\n'.encode("cp1252"), [{"task": "Post öffnen"}]),
    refused("no object.jsonl", "[]\n[]\n", "no line is a JSON object|one object a line"),
    # Parquet
    refused("no parquet.parquet", b"PAR1 no such thing PAR1", "damaged|write it again"),
    refused("truncated.parquet", parquet(lambda data: data[: len(data) // 2]), "damaged|write it again"),
    refused("damaged in the middle.parquet", parquet(_in_the_middle), "damaged|write it again"),
    # Cells
    complete("formulas.csv", "Nr;Aufgabe;Notiz\n1;=cmd|'/c calc'!A1;-5\n2;+Post;'-5\n3;'=1+1;\t=2\n", [["1", "=cmd|'/c calc'!A1", "-5"], ["2", "+Post", "'-5"],
             ["3", "=1+1", "\t=2"]]),
    complete("emoji.csv", f"Nr;Aufgabe\n1;{EMOJI}\n", [["1", EMOJI]]),
    complete("right to left.csv", f"Nr;Aufgabe\n1;{BIDI}\n", [["1", BIDI]]),
    complete("long text.csv", f"Nr;Aufgabe\n1;{LONG}\n2;Post\n", [["1", LONG], ["2", "Post"]]),
    complete("cell of 50 MB.csv", f'Nr;Aufgabe\n1;Post\n2;"{HUGE}"\n3;Post\n', [["1", "Post"], ["2", HUGE], ["3", "Post"]]),
    refused("text longer than a cell.csv", f"Nr;Aufgabe\n1;Post\n2;{LONG * 2}\n", "row 3|'Aufgabe'|32,767|.csv", target="out.xlsx"),
    # Names
    complete("zwei\nZeilen\x1b[2J.csv", TEXT),
    complete("'quoted' & $HOME; *.csv", TEXT),
    complete("B\udcfcro.csv", TEXT),  # Latin-1 in the name
    # What is no file
    refused("folder.csv", Path.mkdir, "folder|file"),
    refused("pipe.csv", os.mkfifo, "no ordinary file"),
    refused("pipe.xlsx", os.mkfifo, "no ordinary file"),
    refused("pipe.jsonl", os.mkfifo, "no ordinary file"),
    refused("pipe.parquet", os.mkfifo, "no ordinary file"),
    refused("link to itself.csv", lambda path: path.symlink_to(path.name), "cannot be read"),
    refused("nothing.csv", lambda path: None, "no such file|check"),
)

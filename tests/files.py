"""Documents as customers attach them, made for tests; and secrets that are nobody's."""

from __future__ import annotations

import io
import zipfile

#: Of the BIP-39 test vectors: the wallet of nobody.
PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
CARD = "4111 1111 1111 1111"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CELLS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def pdf(text: str = "Receipt of a payment", *, password: str = "") -> bytes:
    """One page with the text on it."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    stream = DecodedStreamObject()
    lines = " ".join(f"({line}) Tj 0 -14 Td" for line in text.split("\n"))
    stream.set_data(f"BT /F1 10 Tf 10 280 Td {lines} ET".encode("latin-1"))
    page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="AES-256")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def zipped(**files: bytes) -> bytes:
    """``__`` in a name stands for a slash, ``_dot_`` for a dot in front."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def docx(text: str = "Receipt", **more: bytes) -> bytes:
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.split("\n"))
    body = f'<w:document xmlns:w="{_WORDS}"><w:body>{paragraphs}</w:body></w:document>'
    types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return _office("word/document.xml", body.encode(), types, more)


def xlsx(*rows: list[str]) -> bytes:
    """Each text in a cell of its own, told by its number among the shared strings."""
    texts = [text for row in rows for text in row]
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    number, lines = 0, []
    for row in rows:
        cells = ""
        for _text in row:
            cells += f'<c t="s"><v>{number}</v></c>'
            number += 1
        lines.append(f"<row>{cells}</row>")
    sheet = f'<worksheet xmlns="{_CELLS}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
    strings = f'<sst xmlns="{_CELLS}">{shared}</sst>'
    types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return _office(
        "xl/worksheets/sheet1.xml", sheet.encode(), types, {"xl/sharedStrings.xml": strings.encode()}
    )


def _office(main: str, content: bytes, types: bytes, more: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", b"<Relationships/>")
        archive.writestr(main, content)
        for name, part in more.items():
            archive.writestr(name, part)
    return made.getvalue()

# SPDX-License-Identifier: GPL-3.0-or-later
"""The scanned papers of the practice case, and a small PDF writer of the kind scanners have."""

import io
import zlib
from collections.abc import Sequence

from PIL import Image, ImageDraw

from hro_desktop.demo import ink, words

__all__ = [
    "attestation",
    "certificate",
    "consent_sheets",
    "identity",
    "order",
    "signed_account_arabic",
    "signed_account_tigrinya",
]

BANNER = "DOCUMENT D’EXERCICE — PERSONNES ET FAITS INVENTÉS"


def certificate() -> bytes:
    """The medical certificate: a grey scan in a PDF whose properties name the reception desk, as they do."""
    sheet = ink.Sheet(seed=131)
    sheet.typed(BANNER, 16, centred=True, gap=20)
    sheet.typed("Docteure Hélène CASTAIGNE", 24, face="bold", gap=0)
    sheet.typed("Médecin généraliste — Permanence de soins des Oyats", 20, gap=0)
    sheet.typed("2, impasse du Sémaphore-Éteint, 62100 Calais — adresse fictive", 20, gap=30)
    sheet.rule()
    sheet.typed("CERTIFICAT MÉDICAL INITIAL — EXERCICE", 30, face="bold", centred=True, gap=24)
    for paragraph in words.CERTIFICATE:
        sheet.typed(paragraph, 22, gap=14)
    sheet.stamp(("Dre H. CASTAIGNE", "EXERCICE", "Permanence des Oyats"), 120, sheet.y + 20)
    sheet.y += 30
    sheet.signature("Dre H. Castaigne")
    return scanned_pdf([sheet.scanned(grey=True)], author="Accueil Permanence des Oyats")


def attestation(who: str) -> bytes:
    """The signed attestation of one of the three observers, handwritten, as a JPEG scan."""
    name, opening, birth, occupation, paragraphs = words.ATTESTATIONS[who]
    sheet = ink.Sheet(seed=sum(map(ord, who)))
    sheet.typed(BANNER, 16, centred=True, gap=14)
    sheet.typed("ATTESTATION DE TÉMOIN", 28, face="bold", centred=True, gap=4)
    sheet.typed("(articles 200 à 203 du code de procédure civile)", 18, centred=True, gap=18)
    sheet.handwritten(
        f"{opening} {name}, {birth}, {occupation}, demeurant à l’adresse de l’association Veille des Dunes, 9 chemin "
        "de la Vigie-Blanche, 62100 Calais, bénévole de cette association, qui n’est pas partie à la "
        "procédure, sans lien de parenté, d’alliance ni de subordination avec les parties, atteste\u00a0:"
    )
    for paragraph in paragraphs:
        sheet.handwritten(paragraph)
    sheet.handwritten(
        "Cette attestation est établie en vue de sa production en justice. Je sais qu’une attestation faisant état "
        "de faits matériellement inexacts m’expose à un an d’emprisonnement et à 15 000 euros d’amende "
        "(article 441-7 du code pénal)."
    )
    sheet.handwritten("Fait à Calais, le 14 octobre 2026")
    sheet.signature(name)
    return sheet.scanned()


def identity(who: str) -> bytes:
    """A placeholder for the copy of an identity document: visibly a specimen, with nobody's face."""
    name, _, birth, *_ = words.ATTESTATIONS[who]
    sheet = ink.Sheet(seed=400 + sum(map(ord, who)))
    sheet.typed("Copie jointe à l’attestation", 20, gap=60)
    for top, side in ((220, "RECTO"), (760, "VERSO")):
        sheet.draw.rounded_rectangle((150, top, 850, top + 440), 26, fill="#e7eef5", outline="#5b7086", width=3)
        sheet.draw.text(
            (180, top + 24), f"TITRE D’IDENTITÉ D’EXERCICE — {side}", font=ink.font("bold", 22), fill="#31485f"
        )
        _watermark(sheet.image, "SPÉCIMEN", (500, top + 240))
    sheet.draw.rectangle((180, 290, 370, 560), fill="#cbd6e0", outline="#5b7086")
    sheet.draw.text((275, 425), "photo", font=ink.font("latin", 20), fill="#5b7086", anchor="mm")
    for row, line in enumerate((name, birth, "N° 000000000000", "Document sans valeur")):
        sheet.draw.text((400, 300 + 40 * row), line, font=ink.font("latin", 19), fill="#26262a")
    sheet.y = 540
    sheet.signature("Signature", left=560)
    return sheet.scanned(quality=58)


def signed_account_arabic() -> bytes:
    """The adult's account in his own hand, in Arabic, signed by him and by the interpreter who read it back."""
    sheet = ink.Sheet(seed=207)
    sheet.typed(BANNER, 16, centred=True, gap=14)
    sheet.typed("Récit de la personne, dans sa langue (arabe)", 24, face="bold", gap=24)
    for line in words.ARABIC_ACCOUNT:
        sheet.handwritten(line, 32, face="arabic", right_to_left=True)
    _read_back(sheet, "arabe", "Younès I.", "M. Idriss H., interprète")
    return scanned_pdf([sheet.scanned()], author="")


def signed_account_tigrinya() -> bytes:
    """The girl's account as taken down in Tigrinya, as a photograph sent by a messenger: JPEG without any EXIF."""
    sheet = ink.Sheet(seed=208)
    sheet.typed(BANNER, 16, centred=True, gap=14)
    sheet.typed("Récit recueilli, dans la langue de la personne (tigrinya)", 24, face="bold", gap=24)
    for line in words.TIGRINYA_ACCOUNT:
        sheet.handwritten(line, 28, face="ethiopic")
    _read_back(sheet, "tigrinya", "Selam H.", "Mahaut L., qui a recueilli")
    return sheet.scanned(quality=55)


def consent_sheets() -> bytes:
    """What each of the two complainants agreed to, body by body: a PDF of two scanned pages."""
    pages = []
    for number, (person, language, mode, answers) in enumerate(words.CONSENTS):
        sheet = ink.Sheet(seed=300 + number)
        sheet.typed(BANNER, 16, centred=True, gap=14)
        sheet.typed("ACCORD RECUEILLI", 30, face="bold", centred=True, gap=20)
        sheet.typed(f"Personne\u00a0: {person}")
        sheet.typed(f"Langue\u00a0: {language}")
        sheet.typed(f"Recueilli {mode}, à Calais, le 14 octobre 2026, par Mahaut L.")
        sheet.typed("Expliqué avant\u00a0: à qui le dossier va, ce qu’il contient, le droit de changer d’avis.", gap=20)
        sheet.rule()
        for answer in answers:
            question, _, reply = answer.partition("\u00a0: ")
            sheet.typed(question, gap=0)
            sheet.handwritten(reply)
        sheet.signature(person.split(",")[0])
        pages.append(sheet.scanned(grey=True))
    return scanned_pdf(pages, author="Veille des Dunes")


def order() -> bytes:
    """A fictional municipal order of three pages, with real text that can be searched."""
    return text_pdf(words.ORDER)


def scanned_pdf(pages: Sequence[bytes], author: str) -> bytes:
    """A PDF of scans: each page is one JPEG, as it is."""
    objects: list[bytes] = []
    kids = []
    for content in pages:
        with Image.open(io.BytesIO(content)) as picture:
            width, height, colours = picture.width, picture.height, "DeviceGray" if picture.mode == "L" else "DeviceRGB"
        first = 4 + len(objects)
        kids.append(first)
        drawing = b"q 595.28 0 0 841.89 0 0 cm /Scan Do Q"
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.28 841.89] /Contents %d 0 R "
            b"/Resources << /XObject << /Scan %d 0 R >> >> >>" % (first + 1, first + 2),
            _pdf_stream(b"", drawing),
            _pdf_stream(
                b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /%s "
                b"/Filter /DCTDecode " % (width, height, colours.encode()),
                content,
            ),
        ]
    return _pdf(kids, objects, author, "Numériseur d’exercice")


def text_pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF of plain text in Helvetica, one of the fonts every reader has."""
    objects: list[bytes] = [b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    kids = []
    for number, lines in enumerate(pages, start=1):
        first = 4 + len(objects)
        kids.append(first)
        shown = b"".join(_pdf_text(line) + b" Tj T*\n" for line in [*lines, "", f"page {number} sur {len(pages)}"])
        content = zlib.compress(b"BT /F 12 Tf 20 TL 60 760 Td\n" + shown + b"ET", 9)
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.28 841.89] /Contents %d 0 R "
            b"/Resources << /Font << /F 4 0 R >> >> >>" % (first + 1),
            _pdf_stream(b"/Filter /FlateDecode ", content),
        ]
    return _pdf(kids, objects, "Secrétariat fictif", "Exercice")


def _pdf(kids: Sequence[int], objects: Sequence[bytes], author: str, producer: str) -> bytes:
    info = b"<< /Author %s /Producer %s /CreationDate (D:20261014101500+02'00') >>"
    pages = b" ".join(b"%d 0 R" % kid for kid in kids)
    every = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), pages),
        info % (_pdf_property(author), _pdf_property(producer)),
        *objects,
    ]
    output, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(every, start=1):
        places.append(len(output))
        output += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(output)
    output += b"xref\n0 %d\n0000000000 65535 f \n" % (len(every) + 1)
    output += b"".join(b"%010d 00000 n \n" % place for place in places)
    output += b"trailer\n<< /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(every) + 1, start)
    return bytes(output)


def _pdf_stream(entries: bytes, content: bytes) -> bytes:
    return b"<< %s/Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def _pdf_property(text: str) -> bytes:
    return b"<%s>" % ("\ufeff" + text).encode("utf-16-be").hex().encode()


def _pdf_text(text: str) -> bytes:
    raw = text.encode("cp1252")
    return b"(" + raw.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)") + b")"


def _read_back(sheet: ink.Sheet, language: str, author: str, other: str) -> None:
    sheet.y += 20
    sheet.rule()
    sheet.typed(f"Relu à la personne en {language} avant signature, le 14 octobre 2026, à Calais.", 20, gap=16)
    top = sheet.y
    sheet.signature(author, left=130)
    sheet.y = top
    sheet.signature(other, left=560)


def _watermark(page: Image.Image, text: str, centre: tuple[int, int]) -> None:
    layer = Image.new("L", (620, 120))
    ImageDraw.Draw(layer).text((310, 60), text, font=ink.font("bold", 84), fill=90, anchor="mm")
    layer = layer.rotate(12, expand=True, resample=Image.Resampling.BICUBIC)
    page.paste(
        Image.new("RGB", layer.size, "#b03030"), (centre[0] - layer.width // 2, centre[1] - layer.height // 2), layer
    )

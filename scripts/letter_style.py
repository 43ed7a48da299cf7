# SPDX-License-Identifier: GPL-3.0-or-later
"""The look all shipped letters share: page, styles, header, footer, and the pieces a letter is put together from."""

from collections.abc import Callable, Sequence

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FONT = "Noto Sans"
NB = "\u00a0"
# After « l’ »: the word « association » stands once when the name begins with it.
CALLED = "{% if not association.says_so %}association {% endif %}{{ association.name }}"
SIZE = 10.5
LEADING = 14.5
WIDTH = 16.4  # cm of text between margins of 2.3 cm


def new_document() -> Document:
    """An empty A4 document in the house style, with its header, footer and numbered headings."""
    document = docx.Document()
    trim(document)
    fonts_to_use_instead(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin, section.bottom_margin = Cm(2.1), Cm(2.1)
    section.header_distance, section.footer_distance = Cm(1.0), Cm(1.0)
    styles(document)
    header_and_footer(document)
    # A line that ends where its author ended it is not stretched to the margin.
    compatibility = document.settings.element.find(qn("w:compat"))
    compatibility.insert(0, OxmlElement("w:doNotExpandShiftReturn"))
    return document


def trim(document: Document) -> None:
    """Take out the some hundred styles of the blank document that nobody uses here: they slow every conversion."""
    kept = {"Normal", "Default Paragraph Font", "Normal Table", "No List", "Table Grid", "header", "footer"}
    for one in list(document.styles.element.findall(qn("w:style"))):
        if one.find(qn("w:name")).get(qn("w:val")) not in kept:
            document.styles.element.remove(one)
    latent = document.styles.element.find(qn("w:latentStyles"))
    if latent is not None:
        document.styles.element.remove(latent)
    numbering = document.part.numbering_part.element
    for one in list(numbering):
        numbering.remove(one)
    for relation, target in list(document.part.rels.items()):
        if target.reltype.endswith(("/stylesWithEffects", "/webSettings", "/customXml")):
            del document.part.rels[relation]


FONT_TABLE = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:fonts {nsdecls("w")}>
<w:font w:name="Noto Sans"><w:altName w:val="Segoe UI"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>
<w:font w:name="Noto Sans Arabic"><w:altName w:val="Arial"/><w:family w:val="swiss"/></w:font>
<w:font w:name="Noto Sans Ethiopic"><w:altName w:val="Ebrima"/><w:family w:val="swiss"/></w:font>
</w:fonts>"""


def fonts_to_use_instead(document: Document) -> None:
    """Name a likely substitute for each font, for a machine that has not got it."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            relation.target_part._blob = FONT_TABLE.encode()  # noqa: SLF001 - python-docx knows no font table


def styles(document: Document) -> None:
    # The converter prefers a size of the whole document to that of a paragraph's style, inside a table.
    defaults = document.styles.element.find(qn("w:docDefaults")).find(f".//{qn('w:rPr')}")
    for size in [*defaults.findall(qn("w:sz")), *defaults.findall(qn("w:szCs"))]:
        defaults.remove(size)
    normal = document.styles["Normal"]
    normal.font.name = FONT
    letters(normal, SIZE)
    fonts = normal.element.rPr.rFonts
    for slot in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{slot}"), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    normal.element.rPr.append(language)
    spacing(normal, 0, 6)
    normal.paragraph_format.widow_control = True
    heading = style(document, "Titre de partie", size=11.5, bold=True, before=12, after=4, next_too=True)
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), "0")
    heading.element.get_or_add_pPr().append(outline)
    number(document, heading, "upperRoman", f"%1.{NB}", left=0.0, hanging=1.0, bold=True)
    entry = style(document, "Alinéa", after=3)
    number(document, entry, "bullet", "–", left=0.35, hanging=0.5)
    request = style(document, "Demande", after=3)
    number(document, request, "decimal", "%1.", left=0.2, hanging=0.65)
    style(document, "Adresse", after=0, left=7.4)
    style(document, "Expéditeur", after=0)
    style(document, "Petit", size=9, leading=12, after=3)
    style(document, "Personne", bold=True, before=6, after=1, next_too=True)
    style(document, "Écriture d’origine", after=2, size=11.5, leading=17, next_too=True)
    style(document, "Rubrique", after=1, left=1.1, first=-0.7)
    style(document, "Fin de bloc", size=2, leading=3, after=0)
    style(document, "Exposé", after=6, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    style(document, "Grand titre", size=15, leading=20, bold=True, after=10, align=WD_ALIGN_PARAGRAPH.CENTER)
    style(document, "Cellule", size=9.5, leading=12.5, before=2, after=2)
    signer = style(document, "Signataire", bold=True, before=12, after=1, next_too=True)
    rule = f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="4" w:space="4" w:color="808080"/></w:pBdr>'
    property_in_order(signer, rule)
    style(document, "Signature", after=58, next_too=True)
    style(document, "Marque", size=11, bold=True, after=0, align=WD_ALIGN_PARAGRAPH.CENTER)


def property_in_order(made: object, xml: str) -> None:
    """Add a border to a style, before the properties that the format wants after it."""
    properties = made.element.get_or_add_pPr()  # type: ignore[attr-defined]
    later = properties.find(qn("w:spacing"))
    later.addprevious(parse_xml(xml))


def letters(made: object, size: float, *, bold: bool | None = None) -> None:
    """Size and weight of the letters of a style.

    A name in Arabic letters has a size and a weight of its own, without which a word processor sets it smaller.
    """
    font = made.font  # type: ignore[attr-defined]
    font.size, font.bold, font.cs_bold = Pt(size), bold, bold
    complex_size = OxmlElement("w:szCs")
    complex_size.set(qn("w:val"), f"{size * 2:g}")
    made.element.rPr.find(qn("w:sz")).addnext(complex_size)  # type: ignore[attr-defined]


def spacing(made: object, before: float, after: float, leading: float = LEADING) -> None:
    # Exact, so that a word in another script does not push its line down.
    shape = made.paragraph_format  # type: ignore[attr-defined]
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(leading)


def style(
    document: Document,
    name: str,
    *,
    size: float = SIZE,
    leading: float = LEADING,
    bold: bool = False,
    before: float = 0,
    after: float = 6,
    left: float = 0,
    first: float = 0,
    align: WD_ALIGN_PARAGRAPH | None = None,
    next_too: bool = False,
) -> object:
    made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = document.styles["Normal"]
    letters(made, size, bold=bold)
    spacing(made, before, after, leading)
    shape = made.paragraph_format
    shape.left_indent, shape.first_line_indent = Cm(left), Cm(first)
    shape.alignment = align
    # A paragraph that stays with the next one stays whole: word processors do not agree about it otherwise.
    shape.keep_with_next = shape.keep_together = next_too
    return made


def number(
    document: Document, made: object, kind: str, text: str, *, left: float, hanging: float, bold: bool = False
) -> None:
    """Give a style a numbering of its own: parts of a letter then stay numbered without a gap."""
    numbering = document.part.numbering_part.element
    numbers = [int(n.get(qn("w:abstractNumId"))) for n in numbering.findall(qn("w:abstractNum"))]
    abstract_id = max(numbers, default=0) + 1
    edge, hang = round((left + hanging) * 567), round(hanging * 567)
    weight = "<w:b/>" if bold else ""
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{abstract_id}"><w:multiLevelType w:val="singleLevel"/>'
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{edge}" w:hanging="{hang}"/></w:pPr>'
        f'<w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}"/>{weight}</w:rPr></w:lvl></w:abstractNum>'
    )
    firsts = numbering.findall(qn("w:num"))
    firsts[0].addprevious(abstract) if firsts else numbering.append(abstract)
    number_id = numbering.add_num(abstract_id).numId
    properties = made.element.get_or_add_pPr()  # type: ignore[attr-defined]
    chosen = properties.get_or_add_numPr()
    chosen.get_or_add_numId().val = number_id
    made.paragraph_format.left_indent = Cm(left + hanging)  # type: ignore[attr-defined]
    made.paragraph_format.first_line_indent = Cm(-hanging)  # type: ignore[attr-defined]


def header_and_footer(document: Document) -> None:
    section = document.sections[0]
    header = section.header
    header.is_linked_to_previous = False
    first = header.paragraphs[0]
    first.style = document.styles["Marque"]
    first.add_run("{% if draft %}BROUILLON{% endif %}")
    footer = section.footer
    footer.is_linked_to_previous = False
    last = footer.paragraphs[0]
    last.style = document.styles["Petit"]
    stops = last.paragraph_format.tab_stops
    stops.add_tab_stop(Cm(WIDTH), docx.enum.text.WD_TAB_ALIGNMENT.RIGHT)
    last.add_run("{% if practice %}EXERCICE – personnes et faits fictifs{% endif %}").bold = True
    last.add_run("\tPage ")
    field(last, "PAGE")
    last.add_run("/")
    field(last, "NUMPAGES")


def field(paragraph: Paragraph, instruction: str) -> None:
    """A field with its `separate` part and a stored value: some programs print nothing without them."""
    for kind in ("begin", None, "separate", "value", "end"):
        run = paragraph.add_run()
        if kind is None:
            text = OxmlElement("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {instruction} "
            run._r.append(text)  # noqa: SLF001 - python-docx has no field of its own
        elif kind == "value":
            run.text = "1"
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)  # noqa: SLF001


def table_property(table: Table, xml: str, *, before: str) -> None:
    """Put a property where the format wants it, in front of another one."""
    table._tbl.tblPr.find(qn(f"w:{before}")).addprevious(parse_xml(xml))  # noqa: SLF001


class Sheet:
    """The words of a letter, put down paragraph by paragraph."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def say(self, text: str, style_name: str = "Normal", *, bold: str = "", keep: bool = False) -> Paragraph:
        """One paragraph; `bold` is a beginning written in bold."""
        paragraph = self.document.add_paragraph(style=style_name)
        if bold:
            paragraph.add_run(bold).bold = True
        if text:
            paragraph.add_run(text)
        if keep:
            paragraph.paragraph_format.keep_with_next = paragraph.paragraph_format.keep_together = True
        return paragraph

    def tag(self, text: str) -> None:
        """A tag alone in its paragraph, which disappears with it."""
        self.document.add_paragraph("{%p " + text + " %}")

    def when(self, condition: str, *parts: Callable[[], object]) -> None:
        """Parts that stand only if the condition holds."""
        self.tag(f"if {condition}")
        for part in parts:
            part()
        self.tag("endif")

    def line(self, condition: str, text: str, style_name: str = "Normal") -> None:
        """A paragraph that stands only if the condition holds."""
        self.when(condition, lambda: self.say(text, style_name))

    def rubrics(self, *rows: tuple[str, str, str]) -> None:
        """« Label : value », line by line; a line is absent when its condition does not hold.

        Paragraphs, not a table: they stay on the page of the name above them. No tab either: the converter lets the
        line after one run over the margin. The empty line below lets the page end.
        """
        for condition, label, text in rows:
            self.tag(f"if {condition}")
            if "{% for" in text:
                # What may be longer than a page is not held together: the page may end above a long list, or in it.
                self.tag(f"if {condition}|length > 6")
                self.say("", "Fin de bloc")
                self._rubric(label, text, keep=False)
                self.tag("else")
            self._rubric(label, text or "{{ " + condition + " }}", keep=True)
            if "{% for" in text:
                self.tag("endif")
            self.tag("endif")
        self.say("", "Fin de bloc")

    def _rubric(self, label: str, text: str, *, keep: bool) -> None:
        paragraph = self.say("", "Rubrique", keep=keep)
        paragraph.add_run(f"{label}{NB}: ")
        paragraph.add_run(text)

    def each(self, loop: str, text: str, style_name: str) -> None:
        """One paragraph for each element of a list."""
        self.tag(f"for {loop}")
        self.say(text, style_name)
        self.tag("endfor")

    def table(self, widths: Sequence[float], *, grid: bool) -> Table:
        """A table of fixed column widths in centimetres, without rows."""
        made = self.document.add_table(rows=0, cols=len(widths))
        made.alignment = WD_TABLE_ALIGNMENT.LEFT
        made.autofit = False
        if grid:
            edges = "".join(
                f'<w:{side} w:val="single" w:sz="4" w:color="808080"/>'
                for side in ("top", "left", "bottom", "right", "insideH", "insideV")
            )
            table_property(made, f"<w:tblBorders {nsdecls('w')}>{edges}</w:tblBorders>", before="tblLayout")
        for column, width in zip(made.columns, widths, strict=True):
            column.width = Cm(width)
        if not grid:
            sides = '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
            table_property(made, f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>", before="tblLook")
        return made

    def row(
        self,
        table: Table,
        texts: Sequence[str],
        *,
        bold: bool = False,
        keep: bool = False,
        style_name: str = "Cellule",
    ) -> list[_Cell]:
        """A row of text that does not split over two pages."""
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001
        properties.append(OxmlElement("w:cantSplit"))
        if bold:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, text, column in zip(row.cells, texts, table.columns, strict=True):
            cell.width = column.width
            paragraph = cell.paragraphs[0]
            paragraph.style = self.document.styles[style_name]
            paragraph.add_run(text).bold = bold
            paragraph.paragraph_format.keep_with_next = keep
        return list(row.cells)

    def row_tag(self, table: Table, text: str) -> None:
        """A tag alone in a table row, which disappears with it."""
        table.add_row().cells[0].paragraphs[0].add_run("{%tr " + text + " %}")

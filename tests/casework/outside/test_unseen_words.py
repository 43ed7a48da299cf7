# SPDX-License-Identifier: GPL-3.0-or-later
"""A name that may not leave is seen wherever an edited file holds it; what is not seen does not leave."""

import io
import re
import uuid
import zipfile

import pytest

from forms import edited
from hro_desktop.casework import frozen, outside
from hro_desktop.casework.clear_copies import Lent
from hro_desktop.casework.desk import Desk
from tests.casework.outside.support import W, codes, in_body, looked_at, parts_of, somebody_refused, write

pytestmark = pytest.mark.usefixtures("qapp")

NAME = "Zéphirine Quarantecinq"
SPACES = (
    f'xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
CHAR = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
FIELD = CHAR.format("begin") + "<w:r><w:instrText>{}</w:instrText></w:r><w:r><w:instrText>{}</w:instrText></w:r>"
FIELD += CHAR.format("separate") + "<w:r><w:t>ici</w:t></w:r>" + CHAR.format("end")
VML = "<w:r><w:pict><v:shape {}>{}</v:shape></w:pict></w:r>"
CONTROL = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent><w:r><w:t>x</w:t></w:r></w:sdtContent></w:sdt>"
SEEN = {
    "link": FIELD.format(' HYPERLINK "mailto:Zeph', 'irine.Quarantecinq@exemple.invalid" '),
    "link, percent": FIELD.format(' HYPERLINK "http://exemple.invalid/Z%C3%A9phirine%20', 'Quarantecinq" '),
    "index": FIELD.format(' XE "Quarantecinq, ', 'Zéphirine" '),
    "simple field": f'<w:fldSimple w:instr=" TC &quot;{NAME}&quot; "><w:r><w:t>x</w:t></w:r></w:fldSimple>',
    "drawn words": VML.format('id="x" type="#_x0000_t136"', f'<v:textpath on="t" string="{NAME}"/>'),
    "name of a shape": VML.format(f'id="{NAME}"', ""),
    "link of a shape": VML.format('id="x" href="http://exemple.invalid/Zephirine_Quarantecinq"', ""),
    "bookmark": '<w:bookmarkStart w:id="77" w:name="Zephirine_Quarantecinq"/><w:bookmarkEnd w:id="77"/>',
    "bookmark, joined": '<w:bookmarkStart w:id="77" w:name="ZéphirineQuarantecinq"/><w:bookmarkEnd w:id="77"/>',
    "alias": CONTROL.format(f'<w:alias w:val="{NAME}"/>'),
    "tag": CONTROL.format(f'<w:tag w:val="{NAME}"/>'),
    "choice": CONTROL.format(f'<w:dropDownList><w:listItem w:displayText="{NAME}" w:value="1"/></w:dropDownList>'),
    "old control": '<w:r><w:fldChar w:fldCharType="begin"><w:ffData>'
    f'<w:helpText w:type="text" w:val="{NAME}"/></w:ffData></w:fldChar></w:r>' + CHAR.format("end"),
    "tooltip": f'<w:hyperlink w:anchor="x" w:tooltip="{NAME}"><w:r><w:t>ici</w:t></w:r></w:hyperlink>',
    "sum": "<m:oMath><m:r><m:t>Zéphirine </m:t></m:r><m:r><m:t>Quarantecinq</m:t></m:r></m:oMath>",
}
GONE = {
    "deletion": f'<w:del w:id="5" w:author="{NAME}"><w:r><w:delText>{NAME}</w:delText></w:r></w:del>',
    "picture": f'<w:r><w:drawing><wp:inline><wp:extent cx="9" cy="9"/><wp:docPr id="9" name="{NAME}" '
    f'descr="{NAME}" title="{NAME}"/><a:graphic><a:graphicData uri="x"/></a:graphic></wp:inline></w:drawing></w:r>',
    "shape": VML.format(f'id="x" alt="{NAME}"', f'<v:imagedata o:title="{NAME}"/>'),
    "comment of the file": f"<w:r><w:t>mot</w:t></w:r><!-- {NAME} --><?mot {NAME}?>",
}
PARTS = {
    "word/comments.xml": f'<w:comments {SPACES}><w:comment w:id="1" w:author="{NAME}"/></w:comments>',
    "word/remarques.xml": f'<w:comments {SPACES}><w:comment w:id="1" w:author="{NAME}"/></w:comments>',
    "docProps/core.xml": f"<x>{NAME}</x>",
    "docProps/app.xml": f"<x>{NAME}</x>",
    "docProps/custom.xml": f"<x>{NAME}</x>",
    "customXml/item1.xml": f"<x>{NAME}</x>",
    "docMetadata/LabelInfo.xml": f"<x>{NAME}</x>",
    "word/intelligence2.xml": f"<x>{NAME}</x>",
    f"word/fonts/{NAME}.odttf": NAME,
    f"{NAME}.bin": NAME,
}
SEEN_PARTS = {
    "word/header9.xml": f"<w:hdr {SPACES}><w:p><w:r><w:t>{NAME}</w:t></w:r></w:p></w:hdr>",
    "word/entete.xml": f"<w:hdr {SPACES}><w:p><w:r><w:t>Zéphirine Quarante</w:t></w:r><w:r><w:t>cinq</w:t></w:r></w:p>"
    "</w:hdr>",
    "word/footnotes.xml": f"<w:footnotes {SPACES}><w:footnote><w:p><w:r><w:t>{NAME}</w:t></w:r></w:p></w:footnote>"
    "</w:footnotes>",
    "word/dessins/un.xml": f"<a:x {SPACES}><a:p><a:r><a:t>{NAME}</a:t></a:r></a:p></a:x>",
    f"word/{NAME}.xml": f"<w:ftr {SPACES}/>",
}


def put(lent: Lent, name: str, xml: str) -> None:
    parts = parts_of(lent.path)
    parts[name] = xml.encode()
    write(lent.path, parts)


def everything(desk: Desk, document: uuid.UUID) -> bytes:
    with zipfile.ZipFile(io.BytesIO(frozen.opened(desk, document))) as archive:
        return b"".join(name.encode() + archive.read(name) for name in archive.namelist())


def paragraph(xml: str) -> str:
    return f"<w:p {SPACES}>{xml}</w:p>"


@pytest.mark.parametrize("where", SEEN)
def test_a_refused_name_is_seen_beside_the_words_of_the_page(desk: Desk, lent: Lent, where: str) -> None:
    desk.run(somebody_refused)
    in_body(lent.path, paragraph(re.sub("Quarantecinq|quarantecinq|Quarante|irine", "fiction", SEEN[where])))
    assert "refused_named" not in codes(looked_at(desk, lent))
    in_body(lent.path, paragraph(SEEN[where]))
    assert "refused_named" in codes(looked_at(desk, lent))


@pytest.mark.parametrize("name", SEEN_PARTS)
def test_a_refused_name_is_seen_in_any_part(desk: Desk, lent: Lent, name: str) -> None:
    desk.run(somebody_refused)
    put(lent, name, SEEN_PARTS[name])
    assert "refused_named" in codes(looked_at(desk, lent))


@pytest.mark.parametrize("where", GONE)
def test_what_nobody_would_see_does_not_leave(desk: Desk, lent: Lent, where: str) -> None:
    desk.run(somebody_refused)
    in_body(lent.path, paragraph(GONE[where] + "<w:r><w:t>encore</w:t></w:r>"))
    found = looked_at(desk, lent)
    assert "refused_named" not in codes(found)
    assert b"Quarantecinq" not in everything(desk, outside.take_back(desk, found).value)


@pytest.mark.parametrize("name", PARTS)
def test_parts_that_are_no_letter_do_not_leave(desk: Desk, lent: Lent, name: str) -> None:
    desk.run(somebody_refused)
    put(lent, name, PARTS[name])
    found = looked_at(desk, lent)
    assert "refused_named" not in codes(found)
    kept = everything(desk, outside.take_back(desk, found).value)
    assert b"Quarantecinq" not in kept
    assert b"word/document.xml" in kept


def test_what_the_program_wrote_names_nobody_beside(lent: Lent) -> None:
    letter = edited.read(lent.path.read_bytes(), title="")
    assert letter.links == ()
    assert len(letter.beside) < 40  # fields of page numbers, styles of its own, the theme

# SPDX-License-Identifier: GPL-3.0-or-later
"""A letter has the same pages whether our converter or a word processor sets it: who corrects it sees what leaves."""

from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import docx
import pytest

from forms.catalogue import Form
from forms.definition import Mode
from forms.worker import DOCX_TO_PDF, Worker
from tests.support import form_cases as cases
from tests.support.form_checks import lost_in_docx
from tests.support.forms import TEMPLATES, catalogue, make, text_of_made
from tests.support.office import converted, letter_sizes, needed, page_count

# What no font draws is a box of any width: its lines break where they like.
DRAWN = tuple(text for text in cases.SOUND if "𓂀" not in text)
SCRIPTS = tuple(text for text in DRAWN if not text[0].isascii())


def _grown(name: str, many: int, added: tuple[str, ...]) -> Callable[[Form, Mode], cases.Case]:
    return lambda form, mode: cases.extreme(form, mode, many=many, added=added, name=name)


CASES: dict[str, Callable[[Form, Mode], cases.Case]] = {
    "complete": cases.complete,
    "minimal": cases.required_only,
    "least": cases.least,
    "names": _grown("names", 0, DRAWN),
    "scripts": _grown("scripts", 12, SCRIPTS),
    "forty": _grown("forty", cases.MANY, ("& < > l’ami",)),
    "extreme": _grown("extreme", cases.MANY, DRAWN),
}
LETTERS = [name for name in catalogue().ids() if catalogue().get(name).definition.kind == "letter"]


@attrs.frozen
class Pair:
    """A letter set by our converter and by the word processor."""

    ours: bytes
    office: bytes


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Pair]]:
    needed()
    folder = tmp_path_factory.mktemp("office")
    with Worker(seconds=60) as worker:
        made = {}
        for name in LETTERS:
            form = catalogue().get(name)
            for case, derive in CASES.items():
                filled = make(form, derive(form, "typed").values, worker=worker)
                assert filled.docx is not None
                made[f"{name}-{case}"] = (filled.docx, filled.pdf)
        home = worker._folder
        assert home is not None
        office = converted({key: docx for key, (docx, _) in made.items()}, folder, home / "fonts.conf")
        yield {key: Pair(ours, office[key]) for key, (_, ours) in made.items()}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", LETTERS)
def test_both_make_the_same_number_of_pages(pairs: dict[str, Pair], name: str, case: str) -> None:
    pair = pairs[f"{name}-{case}"]
    ours, office = page_count(pair.ours), page_count(pair.office)
    # What is held together with a long paragraph waits here for a page that takes all of it, there for one that takes
    # its first lines. Nothing in a document changes that; in ninety pages it makes one.
    assert abs(ours - office) <= (1 if case == "extreme" else 0)


@pytest.mark.slow
@pytest.mark.parametrize("name", LETTERS)
def test_both_set_letters_of_the_same_sizes(pairs: dict[str, Pair], name: str) -> None:
    pair = pairs[f"{name}-complete"]
    assert letter_sizes(pair.ours) == letter_sizes(pair.office)


@pytest.mark.slow
def test_a_template_with_sizes_of_the_whole_document_is_found_out(tmp_path: Path, pairs: dict[str, Pair]) -> None:
    """The control: a size in the defaults of the document wins in our tables, and nowhere else."""
    assert pairs
    document = docx.Document(str(TEMPLATES / "bordereau" / "template.docx"))
    defaults = document.styles.element.find(f".//{docx.oxml.ns.qn('w:rPrDefault')}/{docx.oxml.ns.qn('w:rPr')}")
    size = docx.oxml.OxmlElement("w:sz")
    size.set(docx.oxml.ns.qn("w:val"), "32")
    defaults.append(size)
    document.save(str(tmp_path / "defect.docx"))
    data = (tmp_path / "defect.docx").read_bytes()
    with Worker() as worker:
        ours = worker.call(DOCX_TO_PDF, data)
        assert worker._folder is not None
        office = converted({"defect": data}, tmp_path, worker._folder / "fonts.conf")["defect"]
    assert letter_sizes(ours) != letter_sizes(office)


@pytest.mark.parametrize("name", LETTERS)
def test_the_cases_say_what_they_are_to_say(name: str) -> None:
    """Forty of everything, and nothing of it lost: else equal numbers of pages would mean nothing."""
    form = catalogue().get(name)
    case = CASES["forty"](form, "typed")
    lists = [value for value in case.values.values() if isinstance(value, list)]
    assert all(len(each) >= cases.MANY for each in lists)
    assert lost_in_docx(text_of_made(make(form, case.values)), case.shown) == []

# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers joined to be printed: all pages in order, each paper on sheets of its own, nothing put on them."""

import io

import pytest
from pypdf import PdfReader

from forms.catalogue import Form
from forms.definition import example
from forms.drawn import fill
from forms.joined import join
from forms.layout import read_layout
from forms.problems import FormError
from tests.support.forms import catalogue

pytestmark = pytest.mark.usefixtures("qapp")


def paper(name: str) -> bytes:
    form: Form = catalogue().get(name)
    layout = read_layout(form.definition, form.file("layout"))
    return fill(form.definition, layout, example(form.files), mode="typed", practice=True).pdf


def test_each_paper_begins_on_a_sheet_of_its_own() -> None:
    one, other = paper("guide_attestation"), paper("attestation_202")
    sizes = [len(PdfReader(io.BytesIO(each)).pages) for each in (one, other, one)]
    out = io.BytesIO()
    starts = join(out, [one, other, one], "Pochette")
    made = PdfReader(io.BytesIO(out.getvalue()))
    assert all(start % 2 for start in starts)
    assert len(made.pages) == starts[-1] + sizes[-1] - 1
    assert made.metadata is not None
    assert (made.metadata.title, made.metadata.author, made.metadata.creator) == ("Pochette", None, None)
    for start, paper_, size in zip(starts, (one, other, one), sizes, strict=True):
        own = PdfReader(io.BytesIO(paper_))
        for number in range(size):
            before, after = own.pages[number], made.pages[start - 1 + number]
            assert after.extract_text().split() == before.extract_text().split()
            assert [float(side) for side in after.mediabox] == pytest.approx(
                [float(side) for side in before.mediabox], abs=0.01
            )
    covered = {start - 1 + number for start, size in zip(starts, sizes, strict=True) for number in range(size)}
    empty = set(range(len(made.pages))) - covered
    assert all(made.pages[number].extract_text() == "" for number in empty)


def test_the_same_papers_give_the_same_bytes() -> None:
    papers = [paper("relecture"), paper("pochette")]
    first, second = io.BytesIO(), io.BytesIO()
    join(first, papers, "Pochette")
    join(second, papers, "Pochette")
    assert first.getvalue() == second.getvalue()


@pytest.mark.parametrize(("papers", "code"), [([], "joined.empty"), ([b"%PDF-1.7 nothing"], "joined.damaged")])
def test_what_is_no_paper_is_refused(papers: list[bytes], code: str) -> None:
    with pytest.raises(FormError) as caught:
        join(io.BytesIO(), papers, "Pochette")
    assert caught.value.code == code

# SPDX-License-Identifier: GPL-3.0-or-later
"""Every form folder with all, with the least, and with far more than expected: nothing is lost, nothing is left behind.

An official PDF has words that are not ours: it has its own such test (`test_official_forms.py`).
The cases are derived from the folder itself (`tests/support/form_cases.py`); no form is named here. That each check can
fail is shown in `test_form_checks.py`.
"""

import functools
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from forms.catalogue import Form
from forms.definition import Mode
from forms.layout import read_layout
from forms.problems import FormError
from forms.values import Filled, Values
from forms.worker import Worker
from tests.support import form_cases as cases
from tests.support.form_checks import (
    dangling,
    leftovers,
    lost_in_docx,
    lost_in_pdf,
    outside,
    paragraphs,
    poppler_text,
    structure,
    typography,
    white_gap,
)
from tests.support.forms import TEMPLATES, Made, catalogue, changed, make, text_of_made

_LETTER_MARGIN = 65.2
"""Left and right margins of our letters, in points (2.3 cm)."""
_OVERHANG = 4.0
"""A shape may reach that far over the end of its line: the last letter of an Arabic word, a blank after it."""
_TWO_LINES = 30.0


def _modes() -> list[tuple[str, Mode]]:
    found: list[tuple[str, Mode]] = []
    for path in sorted(TEMPLATES.glob("*/form.toml")):
        try:
            definition = catalogue().get(path.parent.name).definition
            found += [(path.parent.name, mode) for mode in definition.modes if definition.kind != "official"]
        except FormError:  # the folder is wrong: test_every_form_folder.py says so
            continue
    return found


MODES = _modes()
CASES: dict[str, Callable[[Form, Mode], cases.Case]] = {
    "complete": cases.complete,
    "minimal": cases.required_only,
    "least": cases.least,
    "extreme": cases.extreme,
    "signs": cases.signs,
    "endless": cases.endless,
}
every_form = pytest.mark.parametrize(("name", "mode"), MODES)
pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(seconds=60) as made:
        yield made


@functools.cache
def _model(name: str, mode: Mode) -> Made:
    """The complete document, whose text somebody has read (`expected.txt`)."""
    form = catalogue().get(name)
    return make(form, cases.complete(form, mode).values, mode=mode)


def _faults(name: str, mode: Mode, made: Made) -> list[str]:
    """Whatever is wrong with the words of a document."""
    model, text = _model(name, mode), text_of_made(made)
    found = [*leftovers(text), *dangling(text, text_of_made(model)), *typography(text)]
    if made.docx is not None and model.docx is not None:
        found += structure(paragraphs(made.docx), paragraphs(model.docx))
    return found


def _margin(form: Form) -> float:
    if form.definition.kind == "letter":
        return _LETTER_MARGIN
    return read_layout(form.definition, form.file("layout")).page.margin * 72 / 25.4


# ---- what is given is found, what is not leaves no trace


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
@every_form
def test_every_value_is_whole_and_on_the_sheet(worker: Worker, name: str, mode: Mode, case: str) -> None:
    form = catalogue().get(name)
    given_values = CASES[case](form, mode)
    made = make(form, given_values.values, mode=mode, worker=worker)
    if made.docx is not None:
        assert lost_in_docx(text_of_made(made), given_values.shown) == []
    readers = [text_of_made(Made(None, made.pdf, ())), poppler_text(made.pdf)]
    assert lost_in_pdf(readers, given_values.shown, made.problems) == []
    # What a drawn form cannot hold at all is refused, loudly: the document does not leave.
    refused = any(problem.code == "overflow" and problem.severity == "block" for problem in made.problems)
    assert not refused or case == "endless"
    assert refused or outside(made.pdf, _margin(form) - _OVERHANG) == []


@pytest.mark.parametrize("case", ["complete", "minimal", "least", "extreme"])
@every_form
def test_the_words_of_the_form_are_right_around_any_values(name: str, mode: Mode, case: str) -> None:
    form = catalogue().get(name)
    assert _faults(name, mode, make(form, CASES[case](form, mode).values, mode=mode)) == []


@pytest.mark.parametrize("case", ["minimal", "least"])
@every_form
def test_what_is_missing_leaves_no_white_hole(worker: Worker, name: str, mode: Mode, case: str) -> None:
    form = catalogue().get(name)
    complete, less = (
        make(form, CASES[one](form, mode).values, mode=mode, worker=worker).pdf for one in ("complete", case)
    )
    # Stripes are counted in whole points.
    assert white_gap(less) <= max(white_gap(complete) + 2, _TWO_LINES)


@every_form
def test_each_value_may_be_missing(name: str, mode: Mode) -> None:
    form = catalogue().get(name)
    complete = cases.complete(form, mode).values
    for field in form.definition.fields:
        if not field.path or field.required == "block" or not field.is_printed(mode):
            continue
        for what, values in cases.without(form, complete, field.path):
            made = _made_or_refused(form, mode, values, inside="[]" in what)
            assert made is None or _faults(name, mode, made) == [], what


def _made_or_refused(form: Form, mode: Mode, values: Values, *, inside: bool) -> Made | None:
    """The document; or nothing when an item of a list lacks what it is made of, and the letter says which."""
    try:
        return make(form, values, mode=mode)
    except FormError as error:
        refusal = error
    assert inside, refusal.sentence
    assert refusal.code == "letter.missing"
    return None


# ---- laws


@every_form
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_else_is_missing_the_words_are_right(name: str, mode: Mode, data: st.DataObject) -> None:
    form = catalogue().get(name)
    values = cases.complete(form, mode).values
    gone = data.draw(st.sets(st.sampled_from(cases.removable(form)))) if cases.removable(form) else set()
    less = changed(values, {path: [] if f"{path}[]" in _heads(form) else ... for path in gone})
    assert _faults(name, mode, make(form, less, mode=mode)) == []


def _heads(form: Form) -> set[str]:
    return {f"{path.partition('[]')[0]}[]" for path in form.definition.paths() if "[]" in path}


@every_form
@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(min_value=1, max_value=60))
def test_lists_may_have_any_length(name: str, mode: Mode, count: int) -> None:
    form = catalogue().get(name)
    case = cases.extreme(form, mode, many=count, added=("et",))
    made = make(form, case.values, mode=mode)
    assert _faults(name, mode, made) == []
    assert made.docx is None or lost_in_docx(text_of_made(made), case.shown) == []


@pytest.mark.slow
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), length=st.integers(min_value=50, max_value=4000), step=st.integers(min_value=1, max_value=100))
def test_texts_of_any_length_are_whole_or_refused(worker: Worker, data: st.DataObject, length: int, step: int) -> None:
    """Between a line and two pages no length is cut off, with words longer than a line too."""
    name, mode = data.draw(st.sampled_from(MODES))
    form = catalogue().get(name)
    text = " ".join("m" * step for _ in range(0, length, step + 1))
    case = cases.extreme(form, mode, many=0, added=(text,))
    try:
        made = make(form, case.values, mode=mode, worker=worker)
    except FormError as error:
        event(error.code)
        if error.code != "letter.cut":
            raise
        return
    readers = [text_of_made(Made(None, made.pdf, ())), poppler_text(made.pdf)]
    assert lost_in_pdf(readers, case.shown, made.problems) == []
    refused = any(problem.code == "overflow" and problem.severity == "block" for problem in made.problems)
    assert refused or outside(made.pdf, _margin(form) - _OVERHANG) == []


# Signs stand between letters: beside an Arabic word, each reader puts a sign alone where it likes.
WORDS = st.one_of(
    st.sampled_from([word for text in cases.SOUND for word in text.split() if word.isalpha()]),
    st.sampled_from([f"é{word}e" for text in cases.SIGNS for word in text.split()]),
    st.text("abcdeféèàçœŒÉÑøßŁğ-’’&<>%{}[]()«»\"'\\/…–—0123456789", max_size=40).map(lambda text: f"é{text}e"),
)


@pytest.mark.slow
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_words_in_any_value_are_found_or_reported(worker: Worker, data: st.DataObject) -> None:
    name, mode = data.draw(st.sampled_from(MODES))
    form = catalogue().get(name)
    complete = cases.complete(form, mode)
    texts = [(path, leaf) for path, leaf in cases.leaves(complete.values) if leaf.value in complete.shown]
    assume(texts)
    path, leaf = data.draw(st.sampled_from(texts))
    said = f"{leaf.value} {' '.join(data.draw(st.lists(WORDS, min_size=1, max_size=12)))} fin"
    made = make(form, _with(complete.values, leaf, said), mode=mode, worker=worker)
    shown = [said if text == leaf.value else text for text in complete.shown]
    assert made.docx is None or lost_in_docx(text_of_made(made), shown) == []
    readers = [text_of_made(Made(None, made.pdf, ())), poppler_text(made.pdf)]
    assert lost_in_pdf(readers, shown, made.problems) == [], path
    assert outside(made.pdf, _margin(form) - _OVERHANG) == []


def _with(node: Values, old: Filled, text: str) -> Values:
    """A tree in which every leaf of the same value says something else."""

    def swap(each: object) -> object:
        if isinstance(each, Filled):
            return Filled(text, each.source) if each.value == old.value else each
        if isinstance(each, list):
            return [swap(item) for item in each]
        assert isinstance(each, dict)
        return {key: swap(inner) for key, inner in each.items()}

    made = swap(node)
    assert isinstance(made, dict)
    return made

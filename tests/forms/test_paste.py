# SPDX-License-Identifier: GPL-3.0-or-later
"""The boxes of a platform: in order, whole, with their limits."""

from hypothesis import given
from hypothesis import strategies as st

from forms import paste
from forms.definition import example, load
from tests.support.forms import catalogue, changed

FORM = """
id = "essai"
title = "Essai"
kind = "drawn"
edition = "1"
source = "essai"
checked_on = 2026-11-24

[[section]]
id = "faits"
title = "Les faits"

[[field]]
id = "court"
label = "Résumé"
section = "faits"
from = "a.b"
max_length = 10

[[field]]
id = "long"
label = "Description"
section = "faits"
from = "a.c"
"""


def test_the_boxes_stand_in_the_order_of_the_form() -> None:
    form = catalogue().get("signalement_igpn")
    found, problems = paste.boxes(form.definition, example(form.files))
    assert [box.label for box in found] == [field.label for field in form.definition.fields]
    assert [box.number for box in found] == list(range(1, len(found) + 1))
    assert problems == ()


@given(st.text(alphabet="abcé’«»😀ي<&0", max_size=60))
def test_nothing_is_shortened_and_what_is_too_long_is_said(text: str) -> None:
    definition = load({"form.toml": FORM.encode(), "layout.toml": b""})
    values = changed({}, {"a.b": text, "a.c": text})
    (short, long), problems = paste.boxes(definition, values)
    assert (short.text, long.text) == (text, text)
    assert short.is_too_long == (len(text) > 10)
    assert not long.is_too_long
    assert any(problem.code == "too_long" for problem in problems) == short.is_too_long
    written = paste.as_text("Essai", (short, long)).decode("utf-8-sig")
    assert ("TROP LONG" in written) == short.is_too_long
    assert text in written

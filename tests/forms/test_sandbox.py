# SPDX-License-Identifier: GPL-3.0-or-later
"""Letter templates can read data and do nothing else, and are read through before anyone relies on them."""

import io

import docx
import pytest

from forms.letter import check_template
from forms.problems import FormError
from tests.forms.test_letter import LETTERS, fill, shipped, template


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ a.__class__ }}",
        "{{ a['x'] }}",
        "{{ a.upper() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ lipsum() }}",
        "{{ self._TemplateReference__context }}",
        "{{ 'a' * 10000000 }}",
        "{{ 7 * 7 }}",
        "{{ a ~ b }}",
        "{{ a|safe }}",
        "{{ items|map(attribute='text')|list }}",
        "{{ a|attr('__class__') }}",
        "{% set x = 1 %}",
        "{% macro m() %}{% endmacro %}",
        "{% import 'x' as y %}",
        "{% include 'x' %}",
        "{% for i in items recursive %}{{ loop(i) }}{% endfor %}",
        "{% for i in items %}{% for j in items %}{{ j.text }}{% endfor %}{% endfor %}",
        "{% for x, y in items %}{% endfor %}",
        "{{ [1, 2, 3] }}",
        "{{ range(9) }}",
        "{% if a is defined %}{% endif %}",
        "{% raw %}{{ a }}",
        "{{ a",
        "{% if a %}",
        "{% endif %}",
        "{{ nobody.name }}",
        "{{ who.nothing }}",
    ],
)
def test_a_template_reads_data_and_nothing_else(attack: str) -> None:
    context = {"a": "x", "b": "y", "items": [{"text": "t"}], "who": {"name": "n"}}
    with pytest.raises(FormError) as error:
        fill(template("premier", attack), context)
    assert error.value.code == "letter.template"
    assert error.value.sentence.startswith("Le modèle de la lettre contient une balise incorrecte\u00a0:")


def test_properties_of_a_template_are_no_template() -> None:
    document = docx.Document()
    document.add_paragraph("{{ a }}")
    document.core_properties.author = "{{ a }} {{ 7*7 }}"
    out = io.BytesIO()
    document.save(out)
    made = docx.Document(io.BytesIO(fill(out.getvalue(), {"a": "Dupont & Cie"}).docx)).core_properties
    assert (made.author, made.title) == ("", "Essai")


def test_the_place_of_a_fault_is_named() -> None:
    with pytest.raises(FormError) as error:
        fill(template("un", "deux", "trois {{ a.upper() }}"), {"a": "x"})
    assert "paragraphe 3" in error.value.sentence
    assert "trois" in error.value.sentence


def test_a_value_that_would_be_lost_is_an_error() -> None:
    with pytest.raises(FormError) as error:
        fill(template("{{p a }}"), {"a": "ce que dit le témoin"})
    assert error.value.code == "letter.lost"


@pytest.mark.parametrize(
    ("paragraph", "code"),
    [
        ("{{ a.upper() }}", "syntax"),
        ("{% if a %}", "syntax"),
        ("{{ unknown.thing }}", "unknown"),
        ("{% for i in items %}{{ i.other }}{% endfor %}", "unknown"),
        ("{{p a }}", "raw_tag"),
        ("{%p if a %} texte qui disparaîtrait {%p endif %}", "tag_not_alone"),
    ],
)
def test_a_template_is_checked_before_use(paragraph: str, code: str) -> None:
    known = ("a", "items[].text", "who.name")
    problems = check_template(template("Bon {{ a }}", "{% if draft %}B{% endif %}", paragraph), known)
    assert {problem.code for problem in problems} >= {code}
    assert all(problem.severity == "block" for problem in problems)
    assert {problem.facts["place"] for problem in problems} == {"corps de la lettre"}
    assert 3 in {problem.facts["paragraph"] for problem in problems}


def test_headers_and_footers_are_checked_too() -> None:
    (problem,) = check_template(template("x", footer="{{ wrong }}"), ("a",))
    assert (problem.code, problem.facts["place"], problem.facts["name"]) == ("unknown", "pied de page", "wrong")


@pytest.mark.parametrize("name", LETTERS)
def test_shipped_templates_pass_the_check(name: str) -> None:
    source, _, labels = shipped(name)
    assert check_template(source, labels) == ()

# SPDX-License-Identifier: GPL-3.0-or-later
"""The letters about images, from the records of a real vault to their words."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator

import attrs
import pytest
from sqlalchemy import select

from forms.definition import resolve
from forms.letter import fill_docx, labels_of, render_pdf
from forms.values import Hand, Values, plain
from forms.worker import Worker
from hro_desktop.casework import directory, documents, image_documents, image_letters, incidents
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.directory import OrganisationDraft
from hro_desktop.casework.image_letters import FORM_OPERATOR, FORM_PROCUREUR, Chosen, ImageLetters
from hro_desktop.casework.incidents import AssertionDraft, IncidentDraft
from hro_desktop.demo import run
from hro_desktop.faults import Fault
from hro_desktop.law.tables import fold
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Person
from tests.support.forms import fill_text, page_texts, plain_text

HAND = Hand("Mahaut L. (exercice)", run.NOW)
STREET = Chosen(camera="camera_fixe", place="rond-point d’exercice", mark="mât gris")
WORN = Chosen(camera="camera_individuelle")
CAR = Chosen(camera="camera_vehicule")

pytestmark = pytest.mark.usefixtures("qapp")


def made(
    desk: Desk,
    *chosen: Chosen,
    on: dt.date | None = None,
    change: Callable[[Incident], object] | None = None,
    **options: bool,
) -> ImageLetters:
    """The letters of the only incident; a change to it stays in this reading."""
    with desk.read() as session:
        incident = session.scalars(select(Incident)).one()
        if change is not None:
            change(incident)
        return image_letters.of_incident(
            session, incident, chosen, on or desk.today(), hand=HAND, practice=True, **options
        )


def text(form_id: str, values: Values | None) -> str:
    """The words of a letter, which must be ready to leave."""
    assert values is not None
    form = documents.catalogue().get(form_id)
    _, problems = resolve(form.definition, values)
    assert not [each for each in problems if each.severity == "block"]
    return plain_text(fill_text(form, values))


def texts_of(node: object) -> Iterator[str]:
    """All that a tree of values holds."""
    if isinstance(node, dict | list):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from texts_of(inner)
    else:
        yield str(node)


def codes(letters: ImageLetters) -> list[str]:
    return [each.code for each in letters.findings]


def forget_day(incident: Incident) -> None:
    incident.occurred = ""


def test_the_procureur_is_asked_for_what_may_exist_the_most_urgent_first(desk: Desk) -> None:
    letters = made(desk, STREET, WORN, CAR)
    said = text(FORM_PROCUREUR, letters.procureur)
    assert "L’association Veille des Dunes a l’honneur de vous demander de requérir" in said
    assert "Tribunal judiciaire" in said or "tribunal judiciaire de Boulogne-sur-Mer" in said
    assert "1. Caméras embarquées dans les véhicules" in said
    assert "le terme le plus proche est le 19 octobre 2026" in said
    assert "R. 243-4 du code de la sécurité intérieure) [à vérifier]" in said
    assert "rond-point d’exercice" in said
    assert "mât gris" in said
    assert "le 12 octobre 2026, entre environ 8 h 38 et 10 h 15" in said
    assert "12 novembre 2026 au plus tard" in said
    assert "La présente n’est pas une plainte ; une plainte pourra suivre." in said
    assert "article L. 252-5" in said
    assert said.endswith("Page 1/1")


def test_the_operators_are_told_after_the_procureur_and_the_same_day(desk: Desk) -> None:
    letters = made(desk, STREET, WORN, CAR)
    assert [(each.holder, each.name) for each in letters.operators] == [
        ("dgpn", "direction générale de la police nationale")
    ]
    (told,) = letters.operators
    said = text(FORM_OPERATOR, told.values)
    assert "Place Beauvau" in said
    assert "a demandé ce jour au procureur de la République près le tribunal judiciaire de Boulogne-sur-Mer" in said
    assert "1. Caméras embarquées" in said
    assert "2. Caméras individuelles" in said
    assert "Vidéoprotection" not in said
    assert "ni copie, ni communication, ni visionnage" in said
    assert letters.procureur is not None
    assert told.values["letter"] == letters.procureur["letter"]
    assert "images.order" in codes(letters)


def test_what_an_operator_receives_says_neither_what_happened_nor_who_was_there(desk: Desk) -> None:
    (told,) = made(desk, WORN).operators
    assert "xpulsion" not in " ".join(texts_of(plain(told.values)))
    assert "faits" not in text(FORM_OPERATOR, told.values).replace("aucun fait", "")
    assert "force rapportée" not in text(FORM_OPERATOR, told.values)


def test_no_name_of_anybody_stands_in_the_values(desk: Desk) -> None:
    letters = made(desk, STREET, WORN, CAR, Chosen(camera="camera_cellule", ended="2026-10-13"))
    assert letters.procureur is not None
    said = set(
        fold(
            " ".join(texts_of([plain(letters.procureur), *(plain(each.values) for each in letters.operators)]))
        ).split()
    )
    with desk.read() as session:
        people = session.scalars(select(Person)).all()
        assert len(people) > 4
        for person in people:
            names = fold(f"{person.given_names} {person.birth_name} {person.usual_name}").split()
            assert not said & {name for name in names if len(name) > 2}
    assert "images.name" not in codes(letters)


def test_a_name_in_free_words_is_pointed_at(desk: Desk) -> None:
    letters = made(desk, attrs.evolve(STREET, mark="devant la tente de Younès"))
    (finding,) = [each for each in letters.findings if each.code == "images.name"]
    assert "«\u00a0devant la tente de Younès\u00a0»" in finding.sentence


def test_a_source_that_is_past_produces_no_letter_and_is_said(desk: Desk) -> None:
    late = made(desk, CAR, STREET, on=dt.date(2026, 10, 20))
    assert "véhicules" not in text(FORM_PROCUREUR, late.procureur)
    assert late.operators == ()
    assert [each.state for each in late.kept] == ["open", "expired"]
    assert any("terme dépassé depuis le 20\u00a0octobre 2026" in each.sentence for each in late.findings)
    nothing = made(desk, CAR, on=dt.date(2026, 10, 20))
    assert (nothing.procureur, nothing.operators) == (None, ())
    assert ("images.none", "block") in [(each.code, each.level) for each in nothing.findings]


def test_what_is_in_doubt_waits_for_a_person_to_decide(desk: Desk) -> None:
    def about(incident: Incident) -> None:
        incident.occurred = "2026-10-05/2026-10-12"

    today = dt.date(2026, 10, 16)
    left = made(desk, CAR, on=today, change=about)
    assert left.procureur is None
    assert "images.doubtful" in codes(left)
    asked = made(desk, CAR, on=today, change=about, with_doubtful=True)
    said = text(FORM_PROCUREUR, asked.procureur)
    assert "incertain, au plus tard le 19 octobre 2026" in said
    assert "Cette demande est urgente" not in said


def test_an_unknown_day_is_asked_for_and_said(desk: Desk) -> None:
    letters = made(desk, STREET, CAR, on=dt.date(2028, 1, 1), change=forget_day)
    said = text(FORM_PROCUREUR, letters.procureur)
    assert "Caméras embarquées" in said
    assert "au plus tard" not in said
    assert [each.level for each in letters.findings if each.code == "images.open"] == ["warn", "warn"]


def test_nobody_guesses_whose_camera_it_was(desk: Desk) -> None:
    def two_forces(incident: Incident) -> None:
        (force,) = [each for each in incident.assertions if each.kind == "force"]
        force.value = "inconnue"

    letters = made(desk, WORN, change=two_forces)
    assert letters.operators == ()
    assert "images.holder" in codes(letters)
    assert "Détention probable" not in text(FORM_PROCUREUR, letters.procureur)
    chosen = made(desk, attrs.evolve(WORN, holder="dggn"), change=two_forces)
    assert [each.holder for each in chosen.operators] == ["dggn"]


def test_a_force_that_was_reported_is_given_as_reported(desk: Desk) -> None:
    said = text(FORM_PROCUREUR, made(desk, WORN).procureur)
    assert "direction générale de la police nationale, d’après la force rapportée à l’association" in said


def test_gendarmes_raise_the_question_of_the_court(desk: Desk) -> None:
    def gendarmes(incident: Incident) -> None:
        (force,) = [each for each in incident.assertions if each.kind == "force"]
        force.value = "gendarmerie_mobile"

    letters = made(desk, WORN, change=gendarmes)
    assert "images.gendarmes" in codes(letters)
    assert [each.holder for each in letters.operators] == ["dggn"]


@pytest.mark.parametrize(("checked_on", "printed"), [(dt.date(2026, 10, 1), True), (None, False)])
def test_an_operator_of_the_directory_is_written_to_at_a_checked_address(
    desk: Desk, checked_on: dt.date | None, printed: bool
) -> None:
    draft = OrganisationDraft(
        kind="mairie", name="Mairie d’exercice", lines="1 place de l’Exemple", town="Calais", checked_on=checked_on
    )
    town_hall = desk.run(directory.save, draft).value
    letters = made(desk, attrs.evolve(STREET, organisation_id=town_hall))
    (told,) = letters.operators
    said = text(FORM_OPERATOR, told.values)
    assert (told.holder, told.name) == ("mairie", "Mairie d’exercice")
    assert "Madame, Monsieur le maire," in said
    assert ("1 place de l’Exemple" in said) is printed
    assert ("[adresse à vérifier avant l’envoi]" in said) is not printed
    assert "Mairie d’exercice" in text(FORM_PROCUREUR, letters.procureur)


def test_a_mandate_is_announced_and_names_nobody(desk: Desk) -> None:
    (told,) = made(desk, WORN, mandated=True).operators
    said = text(FORM_OPERATOR, told.values)
    assert "lettre séparée, accompagnée de ce mandat" in said
    assert "ni copie" not in said


@pytest.mark.parametrize(
    "wrong",
    [
        Chosen(camera="satellite"),
        Chosen(camera="camera_individuelle", holder="mairie"),
        Chosen(camera="camera_fixe", organisation_id=uuid.UUID(int=7)),
    ],
)
def test_a_source_that_does_not_exist_is_refused(desk: Desk, wrong: Chosen) -> None:
    with pytest.raises(Fault, match=r"images\.source"):
        made(desk, wrong)


def test_facts_in_a_commune_that_is_not_in_the_table(empty: Desk) -> None:
    draft = IncidentDraft(
        kind="interpellation",
        occurred="2026-10-15",
        commune="75056",
        assertions=(AssertionDraft(kind="force", value="police"),),
    )
    empty.run(incidents.save, draft)
    cell = Chosen(camera="camera_cellule", ended="2026-10-16", ended_at="06:00")
    letters = made(empty, cell)
    assert ("images.procureur", "wait") in [(each.code, each.level) for each in letters.findings]
    assert letters.kept[0].hour == "06:00"
    assert letters.procureur is not None
    assert plain(letters.procureur)["authority"] == {
        "title": "Madame ou Monsieur le procureur de la République",
        "name": None,
        "salutation": None,
        "verified": False,
        "note": None,
        "address_lines": [],
    }
    said = plain_text(fill_text(documents.catalogue().get(FORM_PROCUREUR), letters.procureur, draft=True))
    assert "18 octobre 2026 à 6 h au plus tard" in said
    assert "[à compléter : nom de l’association]" in said


def test_the_images_of_a_cell_are_asked_for_only_when_somebody_was_held(desk: Desk) -> None:
    cell = Chosen(camera="camera_cellule")
    letters = made(desk, STREET, cell)
    assert "images.custody" in codes(letters)
    assert letters.procureur is not None
    assert "cellule" not in text(FORM_PROCUREUR, letters.procureur)
    assert made(desk, cell).procureur is None
    assert made(desk, attrs.evolve(cell, ended="?")).procureur is None
    held = made(desk, STREET, attrs.evolve(cell, ended="2026-10-15/2026-10-17"))
    assert "cellule" in text(FORM_PROCUREUR, held.procureur)
    with pytest.raises(Fault, match=r"images\.none") as caught:
        image_documents.make(desk, "F-2026-0001", (cell,))
    assert "Aucune garde à vue" in caught.value.sentence


def test_a_letter_to_a_mayor_says_of_which_commune(desk: Desk) -> None:
    (letter,) = made(desk, attrs.evolve(STREET, holder="mairie")).operators
    assert "Mairie de Calais" in text(FORM_OPERATOR, letter.values)
    (other,) = made(desk, attrs.evolve(STREET, holder="exploitant")).operators
    assert "Calais" not in str(other.values["authority"])  # the control: another operator is of no commune


def test_the_word_association_stands_once(desk: Desk) -> None:
    assert "L’association Veille des Dunes a l’honneur" in text(FORM_PROCUREUR, made(desk, STREET).procureur)
    with desk.vault.work() as work:
        ours = directory.association(work.session)
        assert ours is not None
        ours.name = "Association des Guetteurs"
        work.commit()
    for form_id, values in (
        (FORM_PROCUREUR, made(desk, STREET).procureur),
        (FORM_OPERATOR, made(desk, WORN).operators[0].values),
    ):
        said = text(form_id, values)
        assert "L’Association des Guetteurs" in said
        assert "Pour l’Association des Guetteurs" in said
        assert "association Association" not in said


def test_no_letter_is_made_about_a_day_nobody_noted(desk: Desk) -> None:
    image_documents.make(desk, "F-2026-0001", (STREET,))  # the control
    with desk.vault.work() as work:
        forget_day(work.session.scalars(select(Incident)).one())
        work.commit()
    with pytest.raises(Fault, match=r"images\.undated") as caught:
        image_documents.make(desk, "F-2026-0001", (STREET,))
    assert caught.value.sentence.startswith("Notez le jour des faits")
    assert caught.value.sentence.count(".") == 1


def test_both_letters_print(desk: Desk) -> None:
    """The values outlive the session they were read in, and fill what is printed."""
    letters = made(desk, STREET, WORN)
    assert letters.procureur is not None
    with Worker() as worker:
        for form_id, values in ((FORM_PROCUREUR, letters.procureur), (FORM_OPERATOR, letters.operators[0].values)):
            form = documents.catalogue().get(form_id)
            filled = fill_docx(
                form.file("template"),
                plain(values),
                title=form.definition.title,
                labels=labels_of(form.definition),
                practice=True,
            )
            pages = page_texts(render_pdf(filled.docx, worker))
            assert 1 <= len(pages) <= 2
            assert "Caméras individuelles" in pages[0]
            assert "Pour l’association Veille des Dunes" in pages[-1]
            assert all("EXERCICE" in page for page in pages)

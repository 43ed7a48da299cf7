# SPDX-License-Identifier: GPL-3.0-or-later
"""The letters that ask for images, filled: one to the procureur, then one to each operator, about one incident."""

import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from forms.values import Hand, Values
from forms.worker import Worker
from hro_desktop.casework import concerned, documents, incidents, papers
from hro_desktop.casework import image_letters as letters
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Pack
from hro_desktop.casework.image_letters import Chosen, ImageLetters
from hro_desktop.casework.packages import Package, from_made
from hro_desktop.casework.papers import Made
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.incidents import Incident
from hro_desktop.rules.dates import PartialDate
from hro_desktop.rules.findings import Finding

__all__ = ["Chosen", "check_again", "make", "refuse_names"]

NO_DAY = "Notez le jour des faits\u00a0: sans lui, personne ne peut retrouver des images ni les conserver."


def make(
    desk: Desk, incident_reference: str, chosen: tuple[Chosen, ...], *, doubtful: bool = False, mandated: bool = False
) -> Pack:
    """Fill the letters of the day; nothing is kept or written yet.

    Args:
        desk: the open vault.
        incident_reference: such as `F-2026-0003`.
        chosen: the sources of images a person chose.
        doubtful: also ask for what may be erased already; a person decides.
        mandated: somebody who was filmed mandated the association to ask for access.

    Raises:
        Fault: `images.undated` when nobody noted the day; `images.none` when no source may still exist; `images.name`
            when a letter would name somebody; `images.source`; `incident.unknown`.
    """
    with desk.read() as session, Worker() as worker:
        incident = incidents.by_reference(session, incident_reference)
        if not PartialDate.parse(incident.occurred or "?").known:
            raise Fault("images.undated", NO_DAY, ExitCode.BLOCKED)
        hand, incident_id = Hand("bénévole", desk.clock()), incident.id

        def told(session: Session) -> ImageLetters:
            return letters.of_incident(
                session,
                session.get_one(Incident, incident_id),
                chosen,
                desk.today(),
                hand=hand,
                practice=desk.practice(),
                with_doubtful=doubtful,
                mandated=mandated,
            )

        found = told(session)
        _refuse(found)
        made = [paper for name, form, values in _asked(found) for paper in _letter(worker, name, form, values)]
        lost = documents.remarks((), [problem for each in made for problem in each.problems], draft=False)
        return Pack(
            ("incident", incident.id),
            incident.reference,
            Package("", tuple(from_made(each) for each in made)),
            remarks=(*(each.sentence for each in found.findings), *lost),
            recipient="le procureur de la République, puis les exploitants des images",
            people=concerned.by_incident(incident),
            said=papers.whole_hash(_all(found)),
            again=lambda session: _all(told(session)),
        )


def check_again(desk: Desk, pack: Pack) -> None:
    """Letters that name somebody who was noted since they were made do not leave.

    Raises:
        Fault: `images.name`.
    """
    kind, subject = pack.subject
    if kind != "incident":
        return
    with desk.read() as session:
        refuse_names(session, subject, [each.values for each in pack.files])


def refuse_names(session: Session, incident_id: uuid.UUID, made: Iterable[str]) -> None:
    """The same for the canonical values of letters, kept ones too.

    Raises:
        Fault: `images.name`.
    """
    incident = session.get_one(Incident, incident_id)
    known = [papers.from_canonical(each) for each in dict.fromkeys(made)]
    _refuse_names(letters.names(session, incident, known), "Rien n’est sorti.")


def _refuse(found: ImageLetters) -> None:
    """No letter about images that no longer exist, and none that names somebody."""
    for each in found.findings:
        if each.level == "block":
            raise Fault(each.code, f"{each.sentence} {' '.join(row.sentence for row in found.kept)}", ExitCode.BLOCKED)
    _refuse_names(found.findings, "Rien n’a été fait.")


def _refuse_names(findings: Iterable[Finding], then: str) -> None:
    for each in findings:
        if each.code == letters.NAMES_SOMEBODY:
            raise Fault(each.code, f"{each.sentence} {then}", ExitCode.BLOCKED)


def _asked(found: ImageLetters) -> list[tuple[str, str, Values]]:
    """Name, form and values of each letter, in the order they leave."""
    asked: list[tuple[str, str, Values]] = []
    if found.procureur is not None:
        asked.append(("01-procureur", letters.FORM_PROCUREUR, found.procureur))
    for number, each in enumerate(found.operators, start=2):
        asked.append((f"{number:02}-{each.holder.replace('_', '-')}", letters.FORM_OPERATOR, each.values))
    return asked


def _all(found: ImageLetters) -> Values:
    """Everything the letters say."""
    return {"letters": tuple(values for _, _, values in _asked(found))}


def _letter(worker: Worker, name: str, form_id: str, values: Values) -> list[Made]:
    form = documents.catalogue().get(form_id)
    return papers.letters(form, values, worker, role="letter", name=name, draft=False)

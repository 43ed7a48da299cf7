# SPDX-License-Identifier: GPL-3.0-or-later
"""The debriefing of an outing as a paper: what its overview says, checked for names and numbers of officers.

It names nobody. What a person typed is read against every spelling of everybody around the outing, and against the
whole names of everybody in the vault; seven digits in a row are somebody's number, which belongs in a reported fact.
"""

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.values import Filled, Source, Values
from forms.worker import Worker
from hro_desktop.casework import documents, facts, members, naming, outings, papers, passages
from hro_desktop.casework.departures import Concerned
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Pack
from hro_desktop.casework.naming import Text
from hro_desktop.casework.outing_overview import HindranceLine, OutingOverview, PlaceLine, overview
from hro_desktop.casework.packages import Package, from_made
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.evidence import EvidenceIncident, EvidencePerson
from hro_desktop.records.incidents import Incident
from hro_desktop.records.outings import Hindrance, Outing
from hro_desktop.records.statements import Statement, StatementIncident
from hro_desktop.rules import grammar
from hro_desktop.rules import passages as passage_rules
from hro_desktop.rules.dates import french_day

__all__ = ["FORM", "check_again", "make", "of_outing"]

FORM = "debriefing"
RECIPIENT = "l’équipe de la sortie et l’association"
NUMBER = re.compile(r"(?<!\d)(?<!\d[ .\u00a0-])\d(?:[ .\u00a0-]?\d){6}(?![ .\u00a0-]?\d)")
"""Seven digits, however they are grouped, and not part of a longer number such as a telephone's."""


def make(desk: Desk, reference: str) -> Pack:
    """Fill the debriefing of an outing; nothing is kept or written yet. A draft until the figures were read again.

    Raises:
        Fault: `outing.unknown`; `debriefing.name`, `debriefing.number`, `debriefing.passage` for words that may not
            stand in it.
    """
    with desk.read() as session, Worker() as worker:
        outing = outings.by_reference(session, reference)
        values = of_outing(session, outing, practice=desk.practice())
        _refuse(session, outing, values)
        draft = outing.read_again_on is None
        form = documents.catalogue().get(FORM)
        made = papers.letters(form, values, worker, role="debriefing", name="01-debrief", draft=draft)
        problems = [problem for each in made for problem in each.problems]
        waiting = ["Personne n’a encore relu les chiffres\u00a0: ce débrief est un brouillon."] if draft else []
        return Pack(
            ("outing", outing.id),
            outing.reference,
            Package("", tuple(from_made(each) for each in made)),
            remarks=(*waiting, *documents.remarks((), problems, draft=False)),
            draft=draft,
            recipient=RECIPIENT,
            people=tuple(_concerned(session, outing)),
        )


def check_again(desk: Desk, pack: Pack) -> None:
    """A debriefing that would not be made as it was does not leave.

    Raises:
        Fault: as `make` does; `pack.stale` when the outing changed since.
    """
    kind, subject = pack.subject
    if kind != "outing":
        return
    with desk.read() as session:
        outing = session.get_one(Outing, subject)
        values = of_outing(session, outing, practice=desk.practice())
        _refuse(session, outing, values)
        if any(made.values != papers.canonical(values) for made in pack.files):
            raise Fault(
                "pack.stale",
                "La sortie a changé depuis que ce débrief a été fait\u00a0: refaites-le. Rien n’est sorti.",
                ExitCode.BLOCKED,
            )


def refuse_names(session: Session, outing_id: uuid.UUID, made: Iterable[str]) -> None:
    """A kept debriefing that names somebody who was noted since does not leave again; `made`: canonical values.

    Raises:
        Fault: as `make` does.
    """
    for each in dict.fromkeys(made):
        _refuse(session, session.get_one(Outing, outing_id), papers.from_canonical(each))


def of_outing(session: Session, outing: Outing, *, practice: bool) -> Values:
    """The values of the debriefing."""
    told = overview(session, outing)
    reader = outing.second_reader
    by = f" par {members.of_volunteer(reader)}" if reader else ""
    again = f"le {french_day(outing.read_again_on)}{by}" if outing.read_again_on else ""
    return {
        "association": {"name": facts.association(session)["name"]},
        "outing": {
            "reference": facts.taken(outing, "reference", told.reference),
            "day": facts.taken(outing, "occurred_on", told.day),
            "territory": facts.taken(outing, "territory", told.territory),
            "hours": facts.taken(outing, "time_from", told.hours),
            "team": facts.taken(outing, "members", grammar.joined([each.who for each in told.team])),
            "convoy": facts.taken(outing, "convoy", told.convoy),
            "read_again": facts.taken(outing, "read_again_on", again),
        },
        "story": facts.lines(outing, "debrief", [part.strip() for part in told.debrief.splitlines()]),
        "places": tuple(_place(session, each) for each in told.places),
        "hindrances": tuple(_hindrance(session, each) for each in told.hindrances),
        "tasks": facts.lines(outing, "before_parting", _tasks(told)),
        "practice": Filled(practice, Source("setting", "practice", "value")),
    }


def _place(session: Session, line: PlaceLine) -> Values:
    """One place; a force that nobody reports is left out."""
    incident = session.get_one(Incident, line.incident_id)
    reported = [f"{each.said}, {each.source}" for each in line.forces if each.sourced]
    return {
        "name": facts.taken(incident, "place", line.place),
        "kind": facts.taken(incident, "kind", line.kind_label),
        "hours": facts.taken(incident, "time_from", line.hours),
        "basis": facts.taken(incident, "legal_basis", line.basis),
        "observers": facts.taken(incident, "involvements", grammar.joined(line.observers)),
        "remarks": facts.taken(incident, "remarks", line.remarks),
        "forces": facts.lines(incident, "assertions", reported),
        "counts": facts.lines(incident, "tallies", [each.line for each in line.tallies]),
        "belongings": facts.lines(incident, "belongings", [each.line for each in line.belongings]),
    }


def _hindrance(session: Session, line: HindranceLine) -> Values:
    row = session.get_one(Hindrance, line.hindrance_id)
    return {
        "text": facts.taken(row, "account", f"{line.label}, {line.line}" if line.line != line.label else line.label),
        "source": facts.taken(row, "said_by_id", line.source),
    }


def _tasks(told: OutingOverview) -> list[str]:
    """« Attestation de M. T. : à écrire (a vu : Red Gate, 8 h 10) »."""
    return [f"{each.title}\u00a0: {each.label} ({each.detail})" for each in told.before_parting if each.open]


def _refuse(session: Session, outing: Outing, values: Values) -> None:
    """Refuse a name, the number of an officer, or a passage that may not leave, with where it stands."""
    there = list(naming.texts(values))
    numbers = [each.where for each in there if NUMBER.search(each.text)]
    if numbers:
        raise _refused(
            "debriefing.number",
            "Sept chiffres, comme un RIO, se lisent dans",
            numbers,
            "Notez-le comme fait rapporté, avec qui le dit.",
        )
    happened = outings.incidents(session, outing)
    named, _ = naming.anybody(session, there, _near(session, outing, happened))
    if named:
        places = [each.where for each in named]
        raise _refused("debriefing.name", "Le nom d’une personne se lit dans", places, "Écrivez ses initiales.")
    _refuse_passages(session, happened, there)


def _refuse_passages(session: Session, happened: Sequence[Incident], there: Sequence[Text]) -> None:
    told = session.scalars(
        select(Statement)
        .join(StatementIncident)
        .where(StatementIncident.incident_id.in_([each.id for each in happened]))
        .distinct()
    )
    for statement in told:
        marked = passages.to_hide(session, statement)
        found = [each.where for each in there if passage_rules.repeated(each.text, marked, each.where, "")]
        if found:
            raise _refused(
                "debriefing.passage", "Un passage masqué d’un récit se lit dans", found, "Réécrivez-le sans ces mots."
            )


def _refused(code: str, what: str, places: Iterable[str], then: str) -> Fault:
    where = ", ".join(dict.fromkeys(places))
    return Fault(code, f"{what}\u00a0: {where}. {then} Rien n’a été fait.", ExitCode.BLOCKED)


def _near(session: Session, outing: Outing, happened: Sequence[Incident]) -> set[uuid.UUID]:
    """The team, everybody the outing's records point at, who spoke of its incidents and who appears in its images."""
    places = [each.id for each in happened]
    near = set(outings.names(session, outing, happened, outings.hindrances(session, outing.id)).people)
    near |= {each.person_id for one in happened for each in one.involvements}
    shown = session.scalars(
        select(EvidencePerson.person_id)
        .join(EvidenceIncident, EvidenceIncident.evidence_id == EvidencePerson.evidence_id)
        .where(EvidenceIncident.incident_id.in_(places), EvidencePerson.person_id.is_not(None))
    )
    told = session.scalars(select(Statement).join(StatementIncident).where(StatementIncident.incident_id.in_(places)))
    for statement in told.unique():
        near |= {statement.author_id, *(each.interpreter_id for each in statement.versions if each.interpreter_id)}
    return near | {each for each in shown if each is not None}


def _concerned(session: Session, outing: Outing) -> Iterator[Concerned]:
    """Whom it is about, though it names nobody: complainants of its incidents, then everybody it calls by letters."""
    happened = outings.incidents(session, outing)
    complaining = dict.fromkeys(
        each.person_id for one in happened for each in one.involvements if each.role == "plaignant"
    )
    for who in complaining:
        yield Concerned(role="plaignant", person_id=who)
    names = outings.names(session, outing, happened, outings.hindrances(session, outing.id))
    watching = {each.person_id for each in outing.members} | {
        each.person_id for one in happened for each in one.involvements if each.role == members.OBSERVER
    }
    for who in names.people:
        if who not in complaining:
            yield Concerned(role="temoin" if who in watching else "tiers", person_id=who)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Who observed, who has written it down, and what is to be done before a team parts."""

import uuid
from collections.abc import Iterator, Sequence

import attrs
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hro_desktop.casework import facts, members
from hro_desktop.casework.members import OBSERVER, Called
from hro_desktop.law import vocabulary
from hro_desktop.records.evidence import Evidence, EvidenceIncident, EvidenceStatement
from hro_desktop.records.incidents import Incident
from hro_desktop.records.outings import Outing
from hro_desktop.records.statements import Statement, StatementIncident
from hro_desktop.rules import grammar
from hro_desktop.rules.dates import french_day, french_time

__all__ = ["ToDo", "Writing", "before_parting", "writings"]

MEDIA = {"photo": "photo", "video": "vidéo", "son": "son"}


@attrs.frozen
class Writing:
    """What one observer saw of some incidents, and what of it stands in an attestation.

    Args:
        seen: incidents in which the person is an observer.
        untold: those of them that no attestation of the person tells.
        unsigned: attestations of which no signed scan is in the vault.
    """

    person_id: uuid.UUID
    seen: tuple[Incident, ...]
    untold: tuple[Incident, ...]
    unsigned: tuple[Statement, ...]


@attrs.frozen
class ToDo:
    """One thing to settle before the team parts.

    Args:
        code: `cards`, `attestation` or `figures`.
        title: « Attestation de C. V. ».
        detail: why, or what is known.
        state: list `parting_states`; `label` in words.
        person_id: whose attestation, when it is one.
        statement_id: the attestation to sign, when there is one.
        incident_ids: what the attestation to write is to tell.
    """

    code: str
    title: str
    detail: str
    state: str
    person_id: uuid.UUID | None = None
    statement_id: uuid.UUID | None = None
    incident_ids: tuple[uuid.UUID, ...] = ()

    @property
    def label(self) -> str:
        """« à écrire »."""
        return vocabulary.label("parting_states", self.state)

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.state not in ("fait", "sans_objet")


def writings(session: Session, happened: Sequence[Incident]) -> dict[uuid.UUID, Writing]:
    """For each observer of these incidents, in the order they were noted: seen, told, signed."""
    seen: dict[uuid.UUID, list[Incident]] = {}
    for incident in happened:
        for who in dict.fromkeys(each.person_id for each in incident.involvements if each.role == OBSERVER):
            seen.setdefault(who, []).append(incident)
    attested = session.execute(
        select(Statement, StatementIncident.incident_id)
        .join(StatementIncident)
        .where(
            StatementIncident.incident_id.in_([each.id for each in happened]),
            Statement.kind == "attestation",
            Statement.author_id.in_(list(seen)),
            Statement.withdrawn_on.is_(None),
        )
        .order_by(Statement.reference)
    ).all()
    signed = set(
        session.scalars(
            select(EvidenceStatement.statement_id).where(
                EvidenceStatement.statement_id.in_([each.id for each, _ in attested]),
                EvidenceStatement.role == "signed",
            )
        )
    )
    found = {}
    for who, incidents in seen.items():
        told = {incident for each, incident in attested if each.author_id == who}
        mine = dict.fromkeys(each for each, _ in attested if each.author_id == who)
        found[who] = Writing(
            who,
            tuple(incidents),
            tuple(each for each in incidents if each.id not in told),
            tuple(each for each in mine if each.id not in signed),
        )
    return found


def before_parting(session: Session, outing: Outing, happened: Sequence[Incident], names: Called) -> tuple[ToDo, ...]:
    """Cards emptied, one attestation for each who saw, figures read again: what is done and what is not."""
    return (
        _cards(session, outing, happened),
        *_attestations(session, outing, happened, names),
        _figures(outing),
    )


def _cards(session: Session, outing: Outing, happened: Sequence[Incident]) -> ToDo:
    counts = dict(
        session.execute(
            select(Evidence.kind, func.count(Evidence.id.distinct()))
            .join(EvidenceIncident)
            .where(EvidenceIncident.incident_id.in_([each.id for each in happened]), Evidence.kind.in_(MEDIA))
            .group_by(Evidence.kind)
        ).all()
    )
    kept = [grammar.counted(counts[code], noun) for code, noun in MEDIA.items() if code in counts]
    parts = [", ".join(kept) or "aucune image ni aucun son de ces lieux au coffre"]
    if outing.emptied_on is not None:
        parts.append(
            " ".join(part for part in (french_day(outing.emptied_on), french_time(outing.emptied_time)) if part)
        )
        parts.append("écart d’horloge noté" if outing.clock_note.strip() else "écart d’horloge non noté")
    state = "fait" if outing.emptied_on is not None else "a_faire"
    return ToDo("cards", "Cartes et téléphones versés", " · ".join(parts), state)


def _attestations(session: Session, outing: Outing, happened: Sequence[Incident], names: Called) -> Iterator[ToDo]:
    """The team first, in its order, then whoever else observed."""
    written = writings(session, happened)
    known = members.team(outing, names)
    for each in known:
        yield _attestation(each.who, each.person_id, written.get(each.person_id) if each.person_id else None)
    for who in (each for each in written if each not in {one.person_id for one in known}):
        yield _attestation(names.of(who), who, written[who])


def _attestation(who: str, person_id: uuid.UUID | None, writing: Writing | None) -> ToDo:
    title = f"Attestation {grammar.of(who)}"
    if writing is None:
        return ToDo(
            "attestation", title, "n’est pas parmi celles et ceux qui ont vu les faits", "sans_objet", person_id
        )
    if writing.untold:
        places = "\u00a0; ".join(_seen(each) for each in writing.untold)
        seen = tuple(each.id for each in writing.untold)
        return ToDo("attestation", title, f"a vu\u00a0: {places}", "a_ecrire", person_id, incident_ids=seen)
    if writing.unsigned:
        first = writing.unsigned[0]
        detail = f"{', '.join(each.reference for each in writing.unsigned)}, sans exemplaire signé au coffre"
        return ToDo("attestation", title, detail, "a_signer", person_id, first.id)
    return ToDo("attestation", title, "exemplaire signé au coffre", "fait", person_id)


def _seen(incident: Incident) -> str:
    """« Hôpital, 8 h 31 »."""
    when = french_time(incident.time_from).removeprefix("à ")
    return ", ".join(part for part in (facts.place_name(incident), when) if part)


def _figures(outing: Outing) -> ToDo:
    reader = outing.second_reader
    by = (
        f"deuxième lecture\u00a0: {members.of_volunteer(reader)}"
        if reader
        else "deuxième lecture\u00a0: personne encore"
    )
    if outing.read_again_on is not None and reader is not None:
        return ToDo("figures", "Relecture des chiffres", f"{by}, le {french_day(outing.read_again_on)}", "fait")
    return ToDo("figures", "Relecture des chiffres", by, "a_faire")

# SPDX-License-Identifier: GPL-3.0-or-later
"""The quick sheet: a way to reach somebody or a place is enough, and what cannot wait is proposed at once.

The person's words stay theirs: they become the first version of an account, open, and what was ticked or guessed from
loose words is noted with who said it but with no paper to read it in, so that no letter repeats it yet.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import cameras, cases, facts, fields, incidents, party_facts, people, statements
from hro_desktop.casework.cases import CaseDraft
from hro_desktop.casework.incidents import AssertionDraft, IncidentDraft, InvolvementDraft
from hro_desktop.casework.people import ContactDraft, LanguageDraft, NameDraft, PersonDraft
from hro_desktop.casework.statements import StatementDraft, VersionDraft
from hro_desktop.faults import Fault
from hro_desktop.law import authorities, vocabulary
from hro_desktop.law.tables import fold
from hro_desktop.records.agenda import Appointment
from hro_desktop.records.base import new_id
from hro_desktop.records.cases import Case
from hro_desktop.records.evidence import Evidence, EvidencePerson
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Person
from hro_desktop.records.sites import Site, SiteName
from hro_desktop.records.statements import Statement, StatementVersion
from hro_desktop.rules import consents, flash
from hro_desktop.rules.dates import PartialDate, french_day
from hro_desktop.rules.when import When, when_of
from hro_desktop.vault.work import Work

__all__ = ["KIND", "FlashDraft", "Flashed", "Proposed", "proposals", "save"]

KIND = "flash"
"""Kind of the draft that is kept while the sheet is filled."""
_NB = "\u00a0"


@attrs.define(kw_only=True)
class FlashDraft(fields.Draft):
    """A quick sheet; its id is that of the case to be."""

    name: str = fields.text("prénom ou surnom")
    contact: str = fields.text("téléphone, messagerie, ou par qui la joindre")
    contact_kind: str = fields.choice("contact_kinds", "moyen de contact, sinon lu dans ce qui précède")
    contact_note: str = fields.text("quand et comment la joindre sans danger")
    after_departure: bool = fields.flag("reste valable après un départ de France", default=False)
    languages: tuple[str, ...] = fields.choices("languages", "langues, la préférée d’abord")
    interpreter: bool = fields.flag("a besoin d’interprète", default=False)
    interpreter_id: uuid.UUID | None = fields.ref("person", "interprète")
    interpreter_name: str = fields.text("interprète, si elle ou il n’est pas dans le coffre")
    taken_by_id: uuid.UUID | None = fields.ref("volunteer", "qui parle avec elle")
    taken_by: str = fields.text("qui parle avec elle, en un mot")
    when: str = fields.text("quand, en ses mots : « hier, vers 8 h 30 »")
    where: str = fields.text("où, en ses mots")
    site_id: uuid.UUID | None = fields.ref("site", "lieu de vie, s’il est connu")
    forces: str = fields.text("qui, en ses mots : « CRS », « ne sait pas »")
    marks: tuple[str, ...] = fields.choices("flash_marks", "ce qui s’est passé")
    cameras: tuple[str, ...] = fields.choices("cameras", "caméras vues sur place")
    words: str = fields.text("en ses mots, court")
    words_language: str = fields.choice("languages", "langue de ces mots", default="fr")


@attrs.frozen
class Flashed:
    """What a quick sheet became: ids, references, and how its words were understood."""

    person_id: uuid.UUID
    pseudonym: str
    case_id: uuid.UUID
    case_reference: str
    incident_id: uuid.UUID | None
    statement_id: uuid.UUID | None
    when: When


@attrs.frozen
class Proposed:
    """Something that should not wait; nothing is done or sent before a person decides.

    Args:
        code: `images`, `doctor`, `account`, `recontact`, `minor`.
        title: what to do.
        word: how urgent, in a word: « aujourd’hui », « demain », « à fixer », « à cocher », « à voir ».
        reason: why.
        source: the text it rests on, « à vérifier » included; may be empty.
        table: of the record to go to.
        record_id: of that record.
    """

    code: str
    title: str
    word: str
    reason: str
    source: str
    table: str
    record_id: uuid.UUID


def save(work: Work, draft: FlashDraft, today: dt.date) -> Flashed:
    """Make of a sheet a person, a case, facts, an open account and a way to reach the person, in one unit of work.

    Raises:
        Fault: `flash.empty` without a way to reach the person nor a place; `flash.saved` the second time;
            `draft.invalid`.
    """
    fields.check(draft)
    if not (draft.contact.strip() or draft.where.strip() or draft.site_id):
        raise Fault(
            "flash.empty",
            f"Notez comment joindre la personne, ou où{_NB}: l’un des deux suffit. Rien n’a été enregistré.",
        )
    if draft.id and work.session.get(Case, draft.id):
        raise Fault("flash.saved", f"Cette fiche est déjà enregistrée{_NB}: ouvrez son dossier.")
    when = when_of(draft.when, today)
    person_id = people.save(work, _person(draft))
    case = CaseDraft(id=draft.id or new_id(), person_id=person_id, note=_case_note(draft, today))
    case.opened_on = today
    case_id = cases.save(work, case)
    incident_id = incidents.save(work, _incident(work.session, draft, person_id, when, today)) if _told(draft) else None
    statement_id = None
    if draft.words.strip():
        statement_id = statements.save(work, _account(draft, person_id, case_id, incident_id, today))
    if draft.id:
        fields.forget_typed(work, KIND, draft.id)
    return Flashed(
        person_id,
        work.session.get_one(Person, person_id).pseudonym,
        case_id,
        work.session.get_one(Case, case_id).reference,
        incident_id,
        statement_id,
        when,
    )


def _told(draft: FlashDraft) -> bool:
    """Whether anything was said of what happened."""
    said = (draft.when, draft.where, draft.forces, draft.words)
    return bool(any(text.strip() for text in said) or draft.site_id or draft.cameras or set(draft.marks) - {"mineur"})


def _person(draft: FlashDraft) -> PersonDraft:
    """A first name or a nickname is no identity: it is kept as given."""
    name, contact = draft.name.strip(" «»\u00a0"), draft.contact.strip()
    kind = draft.contact_kind or flash.contact_of(contact)
    return PersonDraft(
        names=(NameDraft(kind="donne", text=name),) if name else (),
        languages=tuple(
            LanguageDraft(language=language, preferred=number == 0, interpreter=draft.interpreter and number == 0)
            for number, language in enumerate(draft.languages)
        ),
        contacts=(
            (ContactDraft(kind=kind, value=contact, note=draft.contact_note, after_departure=draft.after_departure),)
            if contact
            else ()
        ),
        declared_minor=True if "mineur" in draft.marks else None,
    )


def _case_note(draft: FlashDraft, today: dt.date) -> str:
    who, interpreter = draft.taken_by.strip(), draft.interpreter_name.strip()
    parts = [
        f"Fiche éclair du {french_day(today)}.",
        f"Qui a parlé avec la personne{_NB}: {who}." if who else "",
        f"Interprète{_NB}: {interpreter}." if interpreter else "",
    ]
    return " ".join(part for part in parts if part)


def _incident(session: Session, draft: FlashDraft, person_id: uuid.UUID, when: When, today: dt.date) -> IncidentDraft:
    site_id, place, commune = _where(session, draft, today)
    seen = draft.cameras or (("inconnue",) if "camera" in draft.marks else ())
    told = [
        *(
            AssertionDraft(kind="force", value=code, detail=draft.forces.strip())
            for code in flash.forces_of(draft.forces)
        ),
        *(AssertionDraft(kind="arme", value="gaz") for mark in draft.marks if mark == "gaz"),
        *(AssertionDraft(kind="camera", value=code) for code in seen),
    ]
    for each in told:
        each.said_by_id, each.said_on = person_id, today
    return IncidentDraft(
        kind=flash.kind_of(draft.marks),
        site_id=site_id,
        place=place,
        commune=commune,
        occurred=when.occurred.text if when.known else "",
        time_from=when.time_from,
        time_to=when.time_to,
        time_approximate=when.approximate,
        note=_incident_note(draft),
        involvements=tuple(
            InvolvementDraft(person_id=person_id, role="victime", harm=harm)
            for harm in flash.harms_of(draft.marks) or ("",)
        ),
        assertions=tuple(told),
    )


def _incident_note(draft: FlashDraft) -> str:
    """The words as they were said: what was read in them can be put right later."""
    said = {"Quand": draft.when, "Où": draft.where, "Qui": draft.forces}
    parts = [f"{name}, tel que dit{_NB}: «{_NB}{text.strip()}{_NB}»." for name, text in said.items() if text.strip()]
    if "autres" in draft.marks:
        parts.append("D’autres personnes sont concernées.")
    return " ".join(parts)


def _where(session: Session, draft: FlashDraft, today: dt.date) -> tuple[uuid.UUID | None, str, str]:
    """The site, if its name is said; the place as told, when it says more; the commune, if it is named."""
    words = draft.where.strip()
    commune, name = _commune(words, today)
    site = session.get(Site, draft.site_id) if draft.site_id else None
    asked = f" {fold(words)} "
    bare = " ".join(asked.replace(f" {name} ", " ").split()) if name else fold(words)
    if site is None and bare:
        named = session.execute(
            select(Site.id, Site.name).union_all(select(SiteName.site_id, SiteName.text)).order_by(Site.name)
        ).all()
        same = {site_id for site_id, text in named if fold(text) in (bare, fold(words))}
        site = session.get(Site, next(iter(same))) if len(same) == 1 else None
    said = {fold(site.name), *(fold(each.text) for each in site.names)} if site else set()
    place = "" if bare in said or (site and not bare) else words
    return (site.id if site else None), place, commune if not (site and site.commune == commune) else ""


def _commune(words: str, today: dt.date) -> tuple[str, str]:
    """INSEE code and folded name of the commune named in words, the longest name first."""
    text = f" {fold(words)} "
    known = (town for area in authorities.areas() if area.holds_on(today) for town in area.communes)
    found = [(fold(town.name), town.insee) for town in known if f" {fold(town.name)} " in text]
    name, insee = max(found, key=lambda each: len(each[0]), default=("", ""))
    return insee, name


def _account(
    draft: FlashDraft, person_id: uuid.UUID, case_id: uuid.UUID, incident_id: uuid.UUID | None, today: dt.date
) -> StatementDraft:
    words = draft.words.strip()
    french = draft.words_language == "fr"
    version = VersionDraft(
        language=draft.words_language,
        french_text=words if french else "",
        original_text="" if french else words,
        interpreter_id=draft.interpreter_id,
        interpreter_mode="presence" if draft.interpreter_id else "",
    )
    account = StatementDraft(
        kind="recit",
        author_id=person_id,
        case_id=case_id,
        taken_by_id=draft.taken_by_id,
        incident_ids=(incident_id,) if incident_id else (),
        versions=(version,),
    )
    account.taken_on = today
    return account


def proposals(session: Session, case: Case, on: dt.date) -> tuple[Proposed, ...]:
    """What should not wait in a case, the most urgent first."""
    happened = incidents.of_person(session, case.person_id)
    return (
        *_images(session, happened, on),
        *_doctor(session, case.person, happened),
        *_account_to_take(session, case, on),
        *_recontact(session, case.person, on),
        *_minor(case.person, on),
    )


def _images(session: Session, happened: Sequence[Incident], on: dt.date) -> Iterator[Proposed]:
    done = cameras.asked(session, [each.id for each in happened])
    for incident in happened:
        found = cameras.of_incident(incident, on)
        if incident.id in done or not found.kept:
            continue
        first = found.kept[0]
        day = PartialDate.parse(incident.occurred or "?")
        parts = [
            first.camera.label[:1].upper() + first.camera.label[1:] if found.noted else "Aucune caméra notée",
            f"faits {day.french_of()}" if day.known else "date des faits à préciser",
            "aucun nom",
            f"effacement possible après le {french_day(first.last)}" if first.last else "terme inconnu",
        ]
        title = f"Images{_NB}: lettre au procureur, signée par l’association"
        yield Proposed("images", title, "aujourd’hui", " · ".join(parts), first.source, "incident", incident.id)


def _doctor(session: Session, person: Person, happened: Iterable[Incident]) -> Iterator[Proposed]:
    """An injury that no certificate describes yet."""
    hurt = any(
        each.person_id == person.id and each.harm in ("physique", "psychique", "sexuelle")
        for incident in happened
        for each in incident.involvements
    )
    gassed = any(each.kind == "arme" and each.value == "gaz" for incident in happened for each in incident.assertions)
    certified = session.scalars(
        select(Evidence.id)
        .join(EvidencePerson)
        .where(EvidencePerson.person_id == person.id, Evidence.kind == "certificat")
        .limit(1)
    ).first()
    if (hurt or gassed) and certified is None:
        tongue = next((each.language for each in person.languages if each.preferred and each.language != "fr"), "")
        also = f" et {vocabulary.label('languages', tongue)} (traduction à relire)" if tongue else ""
        reason = f"Les traces s’effacent · à remettre à la personne, en français{also}"
        yield Proposed("doctor", f"Médecin{_NB}: note pour la PASS", "demain", reason, "", "person", person.id)


def _account_to_take(session: Session, case: Case, on: dt.date) -> Iterator[Proposed]:
    """No account is sealed, and no meeting for it is to come."""
    sealed = session.scalars(
        select(StatementVersion.id)
        .join(Statement, StatementVersion.statement_id == Statement.id)
        .where(Statement.author_id == case.person_id, StatementVersion.sealed_at.is_not(None))
        .limit(1)
    ).first()
    planned = session.scalars(
        select(Appointment.id)
        .where(
            (Appointment.case_id == case.id) | (Appointment.person_id == case.person_id),
            Appointment.purpose.in_(("recit", "relecture")),
            Appointment.state == "prevu",
            Appointment.planned_on >= on,
        )
        .limit(1)
    ).first()
    if sealed is None and planned is None:
        needs = any(each.interpreter for each in case.person.languages)
        reason = "Salle fermée, une heure et demie" + (", avec interprète" if needs else "")
        yield Proposed("account", "Rendez-vous pour le récit", "à fixer", reason, "", "case", case.id)


def _recontact(session: Session, person: Person, on: dt.date) -> Iterator[Proposed]:
    answers = party_facts.consents_of(session, person)
    if consents.gate(answers, "recontact", "", on).state == "missing":
        tongue = next((each.language for each in person.languages if each.preferred), "")
        how = f"Oral, {vocabulary.label('languages', tongue)}" if tongue else "Oral"
        yield Proposed(
            "recontact",
            "Accord pour être recontacté·e",
            "à cocher",
            f"{how} · à noter maintenant",
            "",
            "person",
            person.id,
        )


def _minor(person: Person, on: dt.date) -> Iterator[Proposed]:
    if facts.may_be_minor(person, on):
        yield Proposed(
            "minor",
            "Personne mineure, ou qui peut l’être",
            "à voir",
            "Proposer un signalement, un administrateur ad hoc, une information préoccupante ou le juge des enfants",
            "CPP art. 706-50 (à vérifier)",
            "person",
            person.id,
        )

# SPDX-License-Identifier: GPL-3.0-or-later
"""The letters that ask for images to be kept, the same day: to the procureur first, then to whoever holds the images.

A letter to an operator saves nothing, only a réquisition does (CSI L.252-5). No name is written: neither of a victim,
nor of a witness, nor of who reported which force was there. All that the letters say is compared with the names of
everybody in the vault, and a name that is found there is said.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.values import Filled, Hand, Source, Values
from hro_desktop.casework import directory, facts, naming
from hro_desktop.faults import Fault
from hro_desktop.law import authorities, cameras, vocabulary
from hro_desktop.law.authorities import Competence
from hro_desktop.law.cameras import Holder
from hro_desktop.law.tables import TO_CHECK
from hro_desktop.records.directory import Organisation
from hro_desktop.records.evidence import EvidenceIncident
from hro_desktop.records.incidents import Assertion, Incident
from hro_desktop.records.statements import Statement, StatementIncident
from hro_desktop.rules import grammar, images
from hro_desktop.rules.dates import PartialDate, french_day, french_time
from hro_desktop.rules.findings import Finding, Level
from hro_desktop.rules.images import Kept, Noted

__all__ = [
    "FORM_OPERATOR",
    "FORM_PROCUREUR",
    "NAMES_SOMEBODY",
    "Chosen",
    "ImageLetters",
    "OperatorLetter",
    "names",
    "of_incident",
]

FORM_PROCUREUR = "images_procureur"
FORM_OPERATOR = "images_exploitant"
NO_CUSTODY = (
    "Aucune garde à vue ni retenue n’est notée\u00a0: notez le jour où la mesure a pris fin, ou les jours entre "
    "lesquels elle prend fin, pour demander les images d’une cellule."
)
STREET = "camera_fixe"
NAMES_SOMEBODY = "images.name"
"""Remark for which no letter is made, nor leaves."""


@attrs.frozen(kw_only=True)
class Chosen:
    """One source of images that a person chose, with what was seen of it. What is empty is taken from the incident.

    Args:
        camera: code of the source (`cameras.cameras`).
        holder: code of who holds the images; empty: by the force that was reported, or the only one there is.
        organisation_id: the operator in the directory, for its name and its checked address.
        place: what the camera faced.
        mark: how it can be recognised: a mast, a vehicle, a number.
        occurred: when it filmed, as a partial date, when that is not the day of the incident.
        time_from: from when, `HH:MM`, when that is not the time of the incident.
        time_to: until when.
        ended: when the custody or the deployment ended, as a partial date.
        ended_at: the time of that end, `HH:MM`.
        asked: whether the images of a cell were asked for in time; `None` when nobody knows.
    """

    camera: str
    holder: str = ""
    organisation_id: uuid.UUID | None = None
    place: str = ""
    mark: str = ""
    occurred: str = ""
    time_from: str = ""
    time_to: str = ""
    ended: str = ""
    ended_at: str = ""
    asked: bool | None = None


@attrs.frozen
class OperatorLetter:
    """What fills the letter to one operator: it leaves after the one to the procureur, the same day."""

    holder: str
    name: str
    values: Values


@attrs.frozen
class ImageLetters:
    """Both letters of one day.

    Args:
        procureur: values of the first letter, `None` when nothing is left to ask for.
        operators: values of the others, one an operator.
        kept: every source with its term, the most urgent in front, those that are past last.
        findings: what the user should look at.
    """

    procureur: Values | None
    operators: tuple[OperatorLetter, ...]
    kept: tuple[Kept, ...]
    findings: tuple[Finding, ...]


@attrs.frozen(kw_only=True)
class _Weighed:
    """One chosen source with its term, who holds it, and what a letter says of it."""

    chosen: Chosen
    kept: Kept
    holder: Holder | None
    by_force: Assertion | None
    organisation: Organisation | None
    values: Values

    @property
    def holder_name(self) -> str:
        """Who holds it, by the name of the directory, or by the kind of operator."""
        return self.organisation.name if self.organisation else self.holder.label if self.holder else ""

    @property
    def no_custody(self) -> bool:
        """Whether it films a cell and nobody noted that anybody was held: there is nothing to ask for."""
        noted = self.kept.noted
        return self.kept.camera.starts == "custody_end" and not (noted.ended and noted.ended.known)


def of_incident(
    session: Session,
    incident: Incident,
    chosen: Sequence[Chosen],
    on: dt.date,
    *,
    hand: Hand,
    practice: bool,
    with_doubtful: bool = False,
    mandated: bool = False,
) -> ImageLetters:
    """The values of both letters about one incident.

    Args:
        session: the vault.
        incident: the facts.
        chosen: the sources a person chose.
        on: day of the letters.
        hand: who chose, and when: the source of what no record holds.
        practice: whether the vault is for practice.
        with_doubtful: also ask for what is past by the earliest possible day but not by the latest; a person decides.
        mandated: whether somebody who was filmed mandated the association to ask for access.

    Raises:
        Fault: `images.source`: no such source, holder or operator, or a holder of other sources.
        ValueError: a date or a time that is none.
    """
    weighed = sorted((_weigh(session, incident, each, on, hand) for each in chosen), key=lambda each: each.kept.urgency)
    states = ("open", "doubtful") if with_doubtful else ("open",)
    asked = [each for each in weighed if each.kept.state in states and not each.no_custody]
    commune = incident.commune or (incident.site.commune if incident.site else "")
    competence = authorities.competent_procureur(commune, on) if commune else None
    common = _common(session, incident, on, hand, practice=practice)
    operators = tuple(
        _to_operator(session, incident, common, rows, competence, on=on, hand=hand, mandated=mandated)
        for rows in _by_holder(asked)
    )
    first = _to_procureur(session, incident, common, competence, asked, operators=operators, on=on) if asked else None
    letters = [*([first] if first else []), *(each.values for each in operators)]
    return ImageLetters(
        first,
        operators,
        tuple(each.kept for each in weighed),
        (
            *_remarks(incident, weighed, asked),
            *_jurisdiction(incident, competence),
            *names(session, incident, letters),
        ),
    )


def _weigh(session: Session, incident: Incident, chosen: Chosen, on: dt.date, hand: Hand) -> _Weighed:
    """One source with its term, its holder and its lines in a letter."""
    organisation = session.get(Organisation, chosen.organisation_id) if chosen.organisation_id else None
    if chosen.camera not in [row.code for row in cameras.cameras()] or bool(organisation) != bool(
        chosen.organisation_id
    ):
        raise Fault(
            "images.source", "Cette source d’images ou cet exploitant n’existe pas\u00a0: choisissez dans la liste."
        )
    noted = Noted(
        camera=chosen.camera,
        happened=PartialDate.parse(chosen.occurred or incident.occurred or "?"),
        ended=PartialDate.parse(chosen.ended) if chosen.ended else None,
        ended_at=chosen.ended_at,
        asked=chosen.asked,
    )
    kept = images.kept(noted, on)
    holder, by_force = _holder(incident, chosen, kept, organisation, on)
    weighed = _Weighed(chosen=chosen, kept=kept, holder=holder, by_force=by_force, organisation=organisation, values={})
    if weighed.no_custody:
        weighed = attrs.evolve(weighed, kept=attrs.evolve(kept, sentence=NO_CUSTODY))
    return attrs.evolve(weighed, values=_lines(incident, weighed, on, hand))


def _holder(
    incident: Incident, chosen: Chosen, kept: Kept, organisation: Organisation | None, on: dt.date
) -> tuple[Holder | None, Assertion | None]:
    """Who holds the images: as chosen, by the operator's kind, the only one there is, or by the force reported."""
    possible = kept.camera.holders
    if chosen.holder and chosen.holder not in possible:
        raise Fault(
            "images.source",
            f"Ces images ({kept.camera.label}) ne sont pas détenues par ce genre d’exploitant\u00a0: choisissez parmi "
            f"{', '.join(cameras.holder(code, on).label for code in possible)}.",
        )
    code = chosen.holder
    if not code and organisation is not None and organisation.kind in possible:
        code = organisation.kind
    if not code and len(possible) == 1:
        code = possible[0]
    if code:
        return cameras.holder(code, on), None
    reported = {facts.force_group(each.value): each for each in incident.assertions if each.kind == "force"}
    rows = [cameras.holder(each, on) for each in possible]
    found = [(row, reported[group]) for row in rows for group in row.forces if group in reported]
    # two forces on the spot: nobody can say whose camera it was
    return found[0] if len(found) == 1 else (None, None)


def _lines(incident: Incident, weighed: _Weighed, on: dt.date, hand: Hand) -> Values:
    """What a letter says of one source."""
    chosen, kept, row = weighed.chosen, weighed.kept, weighed.kept.camera
    article = cameras.metadata_article(row, on)
    listed = "\u00a0; ".join(row.metadata)
    holder = weighed.holder_name
    if weighed.by_force is not None:
        holder_said = facts.taken(weighed.by_force, "value", f"{holder}, d’après la force rapportée à l’association")
    else:
        holder_said = Filled(holder or None, hand)
    return {
        "label": Filled(f"{row.label[:1].upper()}{row.label[1:]}", Source("cameras", row.code, "label")),
        "place": _typed(chosen.place, hand) or facts.taken(incident, "place", facts.place_of(incident)),
        "when": _when(incident, weighed, hand),
        "mark": Filled(chosen.mark or None, hand),
        "holder": holder_said,
        "rule": Filled(_unbroken(cameras.rule(row, on)), Source("cameras", row.code, "rule")),
        "verified": Filled(kept.verified, Source("cameras", row.code, "checked_on")),
        "until": Filled(_until(kept) or None, Source("cameras", row.code, "keeps")),
        "metadata": Filled(
            (f"{listed} ({_unbroken(article.label)})" if article else listed) or None,
            Source("cameras", row.code, "metadata"),
        ),
    }


def _unbroken(text: str) -> str:
    """The same, the letter of an article never left at the end of a line."""
    return re.sub(r"\b([LR])\. (?=\d)", "\\1.\u00a0", text)


def _typed(text: str, hand: Hand) -> Filled | None:
    return Filled(text, hand) if text else None


def _when(incident: Incident, weighed: _Weighed, hand: Hand) -> Filled:
    """« le 12 octobre 2026, entre environ 8 h 38 et 10 h 15 », as noted for this source, else for the facts."""
    chosen, day = weighed.chosen, weighed.kept.noted.happened
    if chosen.time_from:
        times = french_time(chosen.time_from, chosen.time_to)
    elif chosen.occurred:
        # another day than the incident's: its times say nothing
        times = ""
    else:
        times = french_time(incident.time_from, incident.time_to, about=incident.time_approximate)
    said = ", ".join(part for part in (day.french() if day.known else "", times) if part)
    own = chosen.occurred or chosen.time_from
    return Filled(said or None, hand) if own else facts.taken(incident, "occurred", said)


def _until(kept: Kept) -> str:
    """The term as a letter says it."""
    if kept.last is None:
        return ""
    if kept.state == "open":
        return " ".join(part for part in (french_day(kept.last), french_time(kept.hour), "au plus tard") if part)
    if kept.latest is None:
        return "incertain, la fin de la mesure n’étant pas connue"
    return f"incertain, au plus tard le {french_day(kept.latest)}"


def _by_holder(asked: Sequence[_Weighed]) -> list[list[_Weighed]]:
    """The sources of each letter to an operator, the most urgent in front."""
    found: dict[tuple[str, uuid.UUID | None], list[_Weighed]] = {}
    for each in asked:
        if each.holder is not None:
            found.setdefault((each.holder.code, each.chosen.organisation_id), []).append(each)
    return list(found.values())


def _common(session: Session, incident: Incident, on: dt.date, hand: Hand, *, practice: bool) -> dict[str, Any]:
    """What both letters say: the association, the day, the facts by their date and commune only."""
    ours = directory.association(session)
    when = PartialDate.parse(incident.occurred or "?")
    town = facts.commune_name(incident)
    about = ", ".join(
        part for part in (f"images {when.french_of()}" if when.known else "", f"à {town}" if town else "") if part
    )
    return {
        "association": facts.association(session),
        "letter": {
            "place": facts.taken(ours, "town", ours.town if ours else None),
            "date": Filled(on, hand),
            "delivery": Filled(None, hand),
            "reference": Filled(None, hand),
        },
        "facts": {"subject": facts.taken(incident, "occurred", about)},
        "signer": {"name": Filled(None, hand), "quality": Filled(None, hand)},
        "practice": Filled(practice, hand),
    }


def _kind(incident: Incident) -> str:
    """The kind of facts by its code: a title is free words, which may name somebody."""
    return "" if incident.kind == "autre" else vocabulary.label("incident_kinds", incident.kind)


def _to_procureur(
    session: Session,
    incident: Incident,
    common: dict[str, Any],
    competence: Competence | None,
    asked: Sequence[_Weighed],
    *,
    operators: Sequence[OperatorLetter],
    on: dt.date,
) -> Values:
    """What fills the letter to the procureur of the place of the facts."""
    if competence is not None:
        whose = facts.authority(competence.authority, directory.override(session, competence.authority.code))
    else:
        whose = _nobody(Source("authorities", "", "addressee"), "Madame ou Monsieur le procureur de la République")
    terms = [each.kept.last for each in asked if each.kept.state == "open" and each.kept.last is not None]
    fixed = next((each for each in asked if each.chosen.camera == STREET), None)
    street = _unbroken(cameras.cited(fixed.kept.camera, on)[0].label) if fixed else None
    by_law = Source("cameras", "", "keeps")
    return {
        **common,
        "facts": {
            **common["facts"],
            "line": facts.taken(incident, "occurred", facts.when_and_where(incident)),
            "kind": facts.taken(incident, "kind", _kind(incident)),
        },
        "authority": whose,
        "images": {
            "first_term": Filled(min(terms, default=None), by_law),
            "sooner": Filled(any(each.kept.camera.shorter for each in asked), by_law),
        },
        "legal": {"street": Filled(street, Source("cameras", STREET, "rule"))},
        "sources": tuple(each.values for each in asked),
        "operators": tuple({"name": Filled(each.name, Source("cameras", each.holder, "label"))} for each in operators),
    }


def _to_operator(
    session: Session,
    incident: Incident,
    common: Values,
    rows: Sequence[_Weighed],
    competence: Competence | None,
    *,
    on: dt.date,
    hand: Hand,
    mandated: bool,
) -> OperatorLetter:
    """The letter to one operator, about the sources it holds: neither what happened, nor by whom."""
    holder = rows[0].holder
    assert holder is not None
    court = Filled(
        (competence.authority.court or None) if competence else None,
        Source("authorities", competence.authority.code if competence else "", "court"),
    )
    values = {
        **common,
        "authority": _operator(session, incident, rows[0], on),
        "procureur": {"court": court},
        "images": {"mandated": Filled(mandated, hand)},
        "sources": tuple(each.values for each in rows),
    }
    return OperatorLetter(holder.code, rows[0].holder_name, values)


def _nobody(source: Source, title: str) -> dict[str, Any]:
    """Somebody to write to whose name and address nobody noted."""
    blank = Filled(None, source)
    return {
        "title": Filled(title, source),
        "name": blank,
        "salutation": blank,
        "verified": Filled(False, source),
        "note": blank,
        "address_lines": (),
    }


def _operator(session: Session, incident: Incident, weighed: _Weighed, on: dt.date) -> dict[str, Any]:
    """Who a letter to an operator goes to: by the directory, else by the tables, else without an address."""
    holder, organisation = weighed.holder, weighed.organisation
    assert holder is not None
    source = Source("cameras", holder.code, "addressee")
    if organisation is None and holder.authority:
        row = authorities.authority(holder.authority, on)
        found: dict[str, Any] = dict(facts.authority(row, directory.override(session, row.code)))
    else:
        town = facts.commune_name(incident)
        named = Filled(holder.office.format(commune=grammar.of_town(town)) if town and holder.office else None, source)
        found = _nobody(source, holder.addressee) | {"name": named}
    if organisation is not None:
        checked = organisation.checked_on is not None
        found |= {
            "name": facts.taken(organisation, "name", organisation.name),
            "verified": facts.taken(organisation, "checked_on", checked),
            "address_lines": facts.postal(organisation)["address_lines"] if checked else (),
        }
    return found | {"salutation": Filled(holder.salutation, source)}


def _remarks(incident: Incident, weighed: Sequence[_Weighed], asked: Sequence[_Weighed]) -> Iterable[Finding]:
    """What the user should look at: each term, what nobody knows, and in which order the letters leave."""
    subject = str(incident.id)
    if not asked:
        yield Finding(
            "images.none",
            "block",
            "Aucune source d’images ne peut être demandée ce jour-là\u00a0: aucune lettre n’est faite.",
            subject=subject,
        )
    for each in weighed:
        sure = each.kept.state == "open" and each.kept.last is not None and not each.no_custody
        level: Level = "inform" if sure else "warn"
        code = "images.custody" if each.no_custody else f"images.{each.kept.state}"
        yield Finding(code, level, each.kept.sentence, each.kept.source, subject)
        if each.holder is None and each in asked:
            yield Finding(
                "images.holder",
                "warn",
                f"Qui détient ces images ({each.kept.camera.label}) n’est pas connu\u00a0: la lettre au procureur les "
                "demande, aucune lettre à un exploitant n’est faite pour elles.",
                subject=subject,
            )
    if asked:
        yield Finding(
            "images.order",
            "inform",
            "La lettre au procureur part la première, le jour même\u00a0; celles aux exploitants partent ensuite, le "
            "même jour. Seule une réquisition conserve les images.",
            "CSI art. L.252-5",
            subject,
        )


def _jurisdiction(incident: Incident, competence: Competence | None) -> Iterable[Finding]:
    """Whether the right procureur is addressed."""
    subject = str(incident.id)
    if competence is None:
        yield Finding(
            "images.procureur",
            "wait",
            "La commune des faits est inconnue ou absente de la table\u00a0: choisissez le procureur compétent.",
            subject=subject,
        )
    if any(facts.force_group(each.value) == "gendarmerie" for each in incident.assertions if each.kind == "force"):
        yield Finding(
            "images.gendarmes",
            "warn",
            "Des gendarmes sont rapportés\u00a0: en maintien de l’ordre, une juridiction spécialisée (tribunal "
            "judiciaire de Lille) peut être compétente, à vérifier avec un·e avocat·e.",
            f"CPP art. 697-1 et 698-1 ({TO_CHECK})",
            subject,
        )


def names(session: Session, incident: Incident, letters: Iterable[Values]) -> Iterable[Finding]:
    """Each text of the letters that names somebody of the vault, or perhaps does: they are to name nobody."""
    items = select(EvidenceIncident.evidence_id).where(EvidenceIncident.incident_id == incident.id)
    told = select(Statement.author_id).join(StatementIncident).where(StatementIncident.incident_id == incident.id)
    near = naming.around(session, [incident], session.scalars(items).all()) | set(session.scalars(told))
    papers = dict.fromkeys(text for values in letters for text in naming.texts(values))
    sure, perhaps = naming.anybody(session, papers, near)
    for code, found, word in ((NAMES_SOMEBODY, sure, ""), ("images.name_perhaps", perhaps, "peut-être ")):
        for text in dict.fromkeys(each.text for each in found):
            what = f"«\u00a0{text}\u00a0» contient {word}le nom d’une personne du coffre"
            sentence = f"{what}\u00a0: ces lettres ne nomment personne, relisez."
            yield Finding(code, "warn", sentence, subject=str(incident.id))

# SPDX-License-Identifier: GPL-3.0-or-later
"""People: recording who somebody is, how to reach them, who speaks for them."""

import uuid

import attrs

from hro_desktop.casework import fields
from hro_desktop.casework.numbering import next_reference
from hro_desktop.faults import Fault
from hro_desktop.records.people import Person
from hro_desktop.rules.dates import PartialDate
from hro_desktop.vault.work import Work

__all__ = ["AddressDraft", "ContactDraft", "LanguageDraft", "NameDraft", "PersonDraft", "RepresentationDraft", "save"]


@attrs.define(kw_only=True)
class NameDraft(fields.Draft):
    """Another name or spelling."""

    kind: str = fields.choice("name_kinds", "nature du nom", default="alias")
    text: str = fields.text("le nom tel que la personne le donne", required=True)


@attrs.define(kw_only=True)
class LanguageDraft(fields.Draft):
    """A language spoken."""

    language: str = fields.choice("languages", "langue", required=True)
    preferred: bool = fields.flag("langue dans laquelle la personne préfère parler", default=False)
    interpreter: bool = fields.flag("a besoin d’interprète pour être entendue en français", default=False)


@attrs.define(kw_only=True)
class ContactDraft(fields.Draft):
    """A way to reach the person."""

    kind: str = fields.choice("contact_kinds", "moyen de contact", required=True)
    value: str = fields.text("numéro, adresse ou identifiant", required=True)
    note: str = fields.text("précision : heures, personne à demander", long=True)
    after_departure: bool = fields.flag("reste valable après un départ de France", default=False)


@attrs.define(kw_only=True)
class AddressDraft(fields.Draft):
    """An address, possibly declared at a third party with that party's consent (CPP 40-4-1)."""

    kind: str = fields.choice("address_kinds", "nature de l’adresse", required=True)
    lines: str = fields.text("lignes de l’adresse, sans le code postal ni la commune", long=True)
    postcode: str = fields.text("code postal")
    town: str = fields.text("commune")
    country: str = fields.text("pays, s’il n’est pas la France")
    holder_organisation_id: uuid.UUID | None = fields.ref("organisation", "organisation qui prête son adresse")
    holder_person_id: uuid.UUID | None = fields.ref("person", "personne qui prête son adresse")
    consent_on = fields.day("jour où ce tiers a donné son accord exprès")
    consent_evidence_id: uuid.UUID | None = fields.ref("evidence", "preuve de cet accord")
    declared_on = fields.day("jour de la déclaration d’adresse")
    ended_on = fields.day("jour où l’adresse a cessé d’être valable")


@attrs.define(kw_only=True)
class RepresentationDraft(fields.Draft):
    """Who acts for a minor."""

    capacity: str = fields.choice("representative_capacities", "à quel titre", required=True)
    representative_person_id: uuid.UUID | None = fields.ref("person", "la personne qui représente")
    representative_organisation_id: uuid.UUID | None = fields.ref("organisation", "l’organisation qui représente")
    since_on = fields.day("depuis quel jour")
    note: str = fields.text("précision", long=True)


@attrs.define(kw_only=True)
class PersonDraft(fields.Draft):
    """A person, as told."""

    given_names: str = fields.text("prénoms, en lettres latines")
    birth_name: str = fields.text("nom de naissance, en lettres latines")
    usual_name: str = fields.text("nom d’usage, en lettres latines")
    original_name: str = fields.text("nom complet tel que la personne l’écrit, dans son écriture")
    sex: str = fields.choice("sexes", "accord des phrases : f, m ou x")
    birth: str = fields.partial("date de naissance, même incertaine")
    birth_place: str = fields.text("commune ou ville de naissance")
    birth_country: str = fields.text("pays de naissance")
    nationality: str = fields.text("nationalité, seulement si la procédure en a besoin")
    profession: str = fields.text("profession")
    association_role: str = fields.text("rôle dans l’association, pour ses membres : « bénévole »…")
    declared_minor: bool | None = fields.flag("se dit mineur·e")
    names: tuple[NameDraft, ...] = fields.many(NameDraft, "autres noms et graphies")
    languages: tuple[LanguageDraft, ...] = fields.many(LanguageDraft, "langues parlées")
    contacts: tuple[ContactDraft, ...] = fields.many(ContactDraft, "moyens de contact")
    addresses: tuple[AddressDraft, ...] = fields.many(AddressDraft, "adresses")
    representations: tuple[RepresentationDraft, ...] = fields.many(RepresentationDraft, "représentant·e légal·e")


def save(work: Work, draft: PersonDraft) -> uuid.UUID:
    """Record a person, or change one; a new person gets a pseudonym such as `P-2026-0147`.

    Raises:
        Fault: `draft.invalid`, `person.birth_future`.
    """
    fields.check(draft)
    born = PartialDate.parse(draft.birth).earliest if draft.birth else None
    if born is not None and born > work.now.date():
        raise Fault(
            "person.birth_future",
            f"La date de naissance «\u00a0{draft.birth}\u00a0» est dans l’avenir\u00a0: corrigez-la. "
            "Rien n’a été enregistré.",
        )
    return fields.save(work, Person, draft, pseudonym=next_reference(work, Person.pseudonym, "P")).id

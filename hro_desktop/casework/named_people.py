# SPDX-License-Identifier: GPL-3.0-or-later
"""One person whose name is looked for in what leaves: how surely it stands there, and what is said of it."""

import re
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import facts, identities
from hro_desktop.records.people import Person
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules import exceptions as exception_rules
from hro_desktop.rules.exceptions import ReducedIdentity
from hro_desktop.rules.findings import Finding
from hro_desktop.rules.heard_names import heard
from hro_desktop.rules.naming import ALIKE, MAYBE, NAMED, SHARED, Bearer, Others, Read, mentions, words_of

__all__ = ["Case", "Text", "bearer", "findings", "own_people", "places_of", "strangers", "volunteers"]

BODY_LAW = "RGPD art. 6 et 9"


@attrs.frozen
class Text:
    """One text of the papers, and where a person finds it: « l’exposé », « l’intitulé de la pièce n° 3 ».

    `record` is what it was read from: table and id; empty when somebody typed it for this paper.
    """

    where: str
    text: str
    record: tuple[str, str] = ("", "")


def bearer(person: Person) -> Bearer:
    """Somebody's name in every spelling, ready to be looked for."""
    first = next(iter(person.given_names.split()), "")
    short = [
        name
        for family in (person.birth_name, person.usual_name)
        for given in (first, person.given_names)
        if family and given
        for name in (f"{given} {family}", f"{family} {given}")
    ]
    family = {word for name in (person.birth_name, person.usual_name) for word in words_of(name)}
    # a nickname is one word; the second word of another spelling is no given name
    given = set(words_of(person.given_names)) | {word for each in person.names for word in words_of(each.text)[:1]}
    return Bearer.of(str(person.id), [*identities.names_of(person), *short], given - family, person.sex)


@attrs.frozen
class Case:
    """Somebody whose name is looked for, and why."""

    person: Person
    state: str
    near: bool = attrs.field(kw_only=True)
    """Tied to the facts or to the referral."""
    reduced: ReducedIdentity | None = attrs.field(kw_only=True)

    @property
    def strict(self) -> bool:
        """Whether two initials of theirs are worth a look."""
        return self.reduced is not None or self.state == "refused"

    def wanted(self) -> Bearer:
        """Their name, ready to be looked for."""
        return attrs.evolve(bearer(self.person), far=not self.near)

    def mentioned(self, text: Read, wanted: Bearer, others: Others) -> int:
        """How surely a text names them. Of somebody tied to nothing here, one word is as likely another’s."""
        if not (self.near or self.strict):
            return self._passing(text, wanted, others)
        written = mentions(text, wanted, others, initials=self.strict)
        if wanted.far:
            written = min(written, MAYBE) if written == SHARED else written
        if written == NAMED:
            return NAMED
        said = heard(text, wanted, others)
        if self.reduced and said == MAYBE:  # a person decides; what is written stops
            said = ALIKE
        return max(written, said)

    @staticmethod
    def _passing(text: Read, wanted: Bearer, others: Others) -> int:
        """Of somebody nobody asked, tied to nothing here: a whole name counts."""
        if wanted.runs.isdisjoint(text.runs):
            return 0
        if mentions(text, attrs.evolve(wanted, whole=wanted.full, single=frozenset()), others) == NAMED:
            return NAMED
        return MAYBE if mentions(text, attrs.evolve(wanted, far=False), others) == NAMED else 0


def places_of(
    there: Iterable[tuple[Text, Read]], case: Case, others: Others, free: Collection[uuid.UUID]
) -> dict[int, list[str]]:
    """Where somebody is named, by how surely."""
    theirs = {("person", str(each)) for each in free}
    wanted = case.wanted()
    found: dict[int, list[str]] = {}
    for each, text in there:
        surely = case.mentioned(text, wanted, others)
        # in what the record of somebody else says of them, their name is their own
        if surely and not (surely in (ALIKE, SHARED) and each.record in theirs):
            found.setdefault(surely, []).append(each.where)
    return {surely: list(dict.fromkeys(places)) for surely, places in found.items()}


def findings(case: Case, places: Mapping[int, list[str]], recipient: str) -> Iterator[Finding]:
    """What is said of one person: the gravest only."""
    who, subject = facts.formal_name(case.person), str(case.person.id)
    named, shared, maybe, alike = (", ".join(places.get(each, ())) for each in (NAMED, SHARED, MAYBE, ALIKE))
    if case.reduced and (named or maybe):
        where = ", ".join(dict.fromkeys((*places.get(NAMED, ()), *places.get(MAYBE, ()))))
        sentence = (
            f"Le nom de {who}, dont l’identité doit être réduite, se lit dans\u00a0: {where}. "
            f"Écrivez «\u00a0{case.reduced.name}\u00a0»."
        )
        yield Finding("identity_in_account", "block", sentence, exception_rules.SOURCE, subject)
    elif named and case.state == "refused":
        sentence = f"{who} a refusé, et son nom se lit dans\u00a0: {named}. Réécrivez-le."
        yield Finding("refused_named", "block", sentence, BODY_LAW, subject)
    elif named:
        ends = f"n’a pas donné son accord pour {recipient}, et son nom se lit"
        sentence = f"{who} {ends} dans\u00a0: {named}. Relisez-le."
        if not case.near:
            sentence = (
                f"{who}, que le coffre connaît hors de ces faits, {ends} en entier dans\u00a0: {named}. Retirez-le, ou "
                "notez sa réponse."
            )
        yield Finding("witness_named", "wait", sentence, BODY_LAW, subject)
    elif shared and case.strict:
        sentence = (
            f"Un nom que {who} porte aussi, sans accord pour {recipient}, suit «\u00a0M.\u00a0» ou «\u00a0Mme\u00a0» "
            f"dans\u00a0: {shared}. Écrivez le prénom de la personne dont il s’agit."
        )
        yield Finding("name_shared", "wait", sentence, BODY_LAW, subject)
    elif maybe or alike:
        what = "Un mot qui est aussi un nom" if maybe else "Un nom ou des initiales qui sont aussi ceux"
        sentence = (
            f"{what} de {who}, qui n’a pas donné son accord, se {'lit' if maybe else 'lisent'} dans\u00a0: "
            f"{maybe or alike}. Vérifiez que ce n’est pas elle ou lui."
        )
        yield Finding("name_perhaps", "warn", sentence, BODY_LAW, subject)


def strangers(there: Iterable[tuple[Text, Read]], words: Collection[str]) -> Iterator[Finding]:
    """Words that are names of people of the vault tied to nothing here: said once, and without saying whose."""
    found = [(each.where, text.proper[word]) for each, text in there for word in text.proper if word in words]
    if found:
        names, places = (dict.fromkeys(each) for each in ([shown for _, shown in found], [where for where, _ in found]))
        quoted = ", ".join(f"«\u00a0{each}\u00a0»" for each in names)
        sentence = (
            f"Des personnes du coffre, hors de ces faits et sans accord noté ici, portent un de ces noms\u00a0: "
            f"{quoted}, dans\u00a0: {', '.join(places)}. Vérifiez que ce n’est aucune d’elles."
        )
        yield Finding("name_perhaps", "warn", sentence, BODY_LAW)


def volunteers(session: Session) -> list[tuple[Volunteer, Bearer]]:
    """The names of those who volunteer, ready to be looked for."""
    return [
        (each, Bearer.of(str(each.id), [re.sub(r"\([^)]*\)", "", each.name)]))
        for each in session.scalars(select(Volunteer).order_by(Volunteer.name))
    ]


def own_people(session: Session, there: Iterable[tuple[Text, Read]], others: Others) -> Iterator[Finding]:
    """Volunteers whom the papers name: the association decides for its own."""
    texts = list(there)
    for volunteer, wanted in volunteers(session):
        places = dict.fromkeys(each.where for each, text in texts if mentions(text, wanted, others) == NAMED)
        if places:
            sentence = (
                f"Le nom de {volunteer.name}, bénévole, se lit dans\u00a0: {', '.join(places)}. Gardez-le si cette "
                "personne le veut."
            )
            yield Finding("volunteer_named", "inform", sentence, BODY_LAW, str(volunteer.id))

# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bodies may be asked to deal with facts, by what was reported of them: proposals, a person decides.

The force is what somebody said it was, so that every sentence that rests on it says « d’après la force rapportée ».
Each force counts for itself: with mixed forces each inspection is proposed for its own agents only, and a force nobody
identified never brings an inspection in.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence

import attrs

from hro_desktop.law import competence, vocabulary
from hro_desktop.law.authorities import Competence
from hro_desktop.law.competence import Body, Reach, Weight
from hro_desktop.law.tables import TO_CHECK
from hro_desktop.rules.grammar import joined

__all__ = ["Proposal", "Reason", "Reported", "Situation", "proposals"]

UNKNOWN = "inconnue"
_ORDER: tuple[Weight, ...] = ("propose", "possible", "attend", "exclu", "remarque")
_OFFERED = ("propose", "possible")
_PLACE = "CPP art. 43\u00a0; COJ, tableau IV"


@attrs.frozen
class Reported:
    """A force somebody reported: its code in the list `forces`, `inconnue` when it is none of it, and its words."""

    code: str
    words: str

    @property
    def names(self) -> frozenset[str]:
        """What a row may call it by: its code or its group."""
        return frozenset((self.code, vocabulary.term("forces", self.code).group))


@attrs.frozen(kw_only=True)
class Situation:
    """What was reported of one incident.

    Args:
        forces: none is the same as one nobody identified.
        facts: codes of the list `incident_kinds`.
        bases: codes of the list `legal_bases`, as announced.
        after: codes of the list `party_states`: where a complaint about it stands.
        minors: somebody is, or may be, a minor.
        place: the procureur of the commune, `None` when the commune is unknown or not in the table.
    """

    forces: Sequence[Reported] = ()
    facts: Collection[str] = ()
    bases: Collection[str] = ()
    after: Collection[str] = ()
    minors: bool = False
    place: Competence | None = None


@attrs.frozen
class Reason:
    """Why a body is proposed, or not.

    Args:
        state: what it makes of the body, or `remarque`.
        sentence: what a user reads.
        source: the text it rests on, « à vérifier » included when `verified` is false.
        verified: whether that text was checked.
        forces: the forces it speaks of, as reported; empty when it does not depend on them.
    """

    state: Weight
    sentence: str
    source: str
    verified: bool
    forces: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Proposal:
    """One body for one situation.

    Args:
        body: its row.
        state: a code of the list `competence_states`.
        label: as a user reads it: the procureur by the court of the commune.
        authority: list `authorities`; empty when it is not known.
        reasons: the weightiest first; for mixed forces also those for which the body can do nothing.
    """

    body: Body
    state: Weight
    label: str
    authority: str
    reasons: tuple[Reason, ...]

    @property
    def verified(self) -> bool:
        """Whether everything that makes the proposal was checked; a limit for other agents does not count."""
        return all(reason.verified for reason in self.reasons if reason.state in (self.state, "remarque"))

    @property
    def headline(self) -> str:
        """« À proposer (à vérifier) : Défenseur des droits »."""
        word = vocabulary.label("competence_states", self.state)
        note = "" if self.verified else f" ({TO_CHECK})"
        return f"{word[:1].upper()}{word[1:]}{note}\u00a0: {self.label}"


def proposals(situation: Situation, on: dt.date) -> tuple[Proposal, ...]:
    """The bodies of which the table says something, those to propose first, those that are not competent last.

    Args:
        situation: what was reported.
        on: day on which they would be asked.

    Raises:
        KeyError: a force that is not in the list.
    """
    found = [_proposal(body, situation, on) for body in competence.bodies() if body.holds_on(on)]
    return tuple(sorted((each for each in found if each is not None), key=lambda each: _ORDER.index(each.state)))


def _proposal(body: Body, situation: Situation, on: dt.date) -> Proposal | None:
    reasons = [*_by_law(body, situation, on)]
    weights: list[Weight] = [each.state for each in reasons if each.state != "remarque"]
    if not weights:
        return None
    state = min(weights, key=_ORDER.index)
    place = situation.place if body.by_commune else None
    if body.by_commune:
        reasons.append(_by_place(place))
    return Proposal(
        body=body,
        state=state,
        label=place.authority.name if place else body.label,
        authority=place.authority.code if place else body.authority,
        reasons=tuple(sorted(_kept(reasons, state), key=lambda each: _ORDER.index(each.state))),
    )


def _kept(reasons: Iterable[Reason], state: Weight) -> Iterator[Reason]:
    """The reasons worth reading once the state is known."""
    for each in reasons:
        # a precision about a body that is not offered would read as an offer
        unasked = each.state == "remarque" and state not in _OFFERED
        # of one and the same act, only the stronger reason counts; another force keeps its own
        weaker = each.state == "possible" and state == "propose" and not each.forces
        if not unasked and not weaker:
            yield each


def _by_law(body: Body, situation: Situation, on: dt.date) -> Iterator[Reason]:
    """What the rows of one body say of the situation."""
    forces = situation.forces or (Reported(UNKNOWN, ""),)
    for row in competence.reaches():
        if row.body != body.code or not row.holds_on(on):
            continue
        meant = [force for force in forces if force.names & set(row.forces)]
        conditions = (
            not row.forces or meant,
            not row.facts or set(row.facts) & set(situation.facts),
            not row.bases or set(row.bases) & set(situation.bases),
            not row.after or set(row.after) & set(situation.after),
            not row.minors or situation.minors,
        )
        if all(conditions):
            words = tuple(dict.fromkeys(force.words for force in meant if force.words))
            yield Reason(row.state, _sentence(row, words, situation), row.shown_source, row.verified, words)


def _sentence(row: Reach, forces: Sequence[str], situation: Situation) -> str:
    """« D’après la force rapportée, CRS : … »: what a row rests on, then what it says."""
    parts = (
        _by_force(forces) if row.forces else "",
        _named("pour ces faits, {}", "incident_kinds", row.facts, situation.facts),
        _named("d’après la base légale notée, {}", "legal_bases", row.bases, situation.bases),
    )
    on = ", ".join(part for part in parts if part)
    text = f"{on}\u00a0: {row.sentence}" if on else row.sentence
    return f"{text[:1].upper()}{text[1:]}"


def _by_force(words: Sequence[str]) -> str:
    if not words:
        return "aucune force n’étant rapportée"
    return f"d’après {'les forces rapportées' if len(words) > 1 else 'la force rapportée'}, {joined(words)}"


def _named(pattern: str, list_code: str, wanted: Collection[str], there: Collection[str]) -> str:
    """The words of a list that a row and the situation have in common."""
    shared = [code for code in vocabulary.codes(list_code) if code in wanted and code in there]
    return pattern.format(joined([vocabulary.label(list_code, code) for code in shared])) if shared else ""


def _by_place(place: Competence | None) -> Reason:
    """The procureur of the place of the facts, by commune (COJ, table IV)."""
    if place is None:
        text = "La commune des faits est inconnue ou absente de la table\u00a0: choisissez le procureur compétent."
        return Reason("remarque", text, f"{_PLACE} ({TO_CHECK})", verified=False)
    court = place.authority.court or place.authority.name
    text = f"D’après la commune des faits, {place.commune.name}\u00a0: {court}."
    return Reason("remarque", text, place.area.shown_source, place.area.verified)

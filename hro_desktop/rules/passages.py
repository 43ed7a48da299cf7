# SPDX-License-Identifier: GPL-3.0-or-later
"""Passages of a statement that could put somebody in danger: masked where everybody can see it, or kept as they are.

Words are never cut silently. While one passage waits for its decision, or no longer stands where it was marked, there
is no text to send at all.
"""

import re
from collections.abc import Iterable, Sequence
from unicodedata import category

import attrs

from hro_desktop.law import vocabulary
from hro_desktop.law.tables import fold
from hro_desktop.rules.findings import Finding

__all__ = ["MASK", "Applied", "Mark", "apply", "carried_over", "nearest", "repeated", "retold", "stands"]

MASK = "[passage masqué à la demande de la personne]"
WHOLE = 5
"""Words of the shortest sentence that is somebody's own."""
SOURCE = "RGPD art. 5 § 1 c"


@attrs.frozen(kw_only=True)
class Mark:
    """One marked passage.

    Args:
        id: of its record.
        start: number of characters before it.
        quoted: its exact words.
        reason: list `passage_reasons`.
        decision: list `passage_decisions`.
    """

    id: str
    start: int
    quoted: str = attrs.field(repr=False)
    reason: str
    decision: str = "en_attente"

    @property
    def end(self) -> int:
        """Number of characters up to its end."""
        return self.start + len(self.quoted)


@attrs.frozen
class Applied:
    """A text with its decisions applied.

    Args:
        text: what may leave; `None` while anything blocks, so that it cannot leave by mistake.
        masked: how many passages are masked in it.
        findings: what blocks, each naming the statement and why, never the words.
    """

    text: str | None = attrs.field(repr=False)
    masked: int
    findings: tuple[Finding, ...]


def stands(text: str, mark: Mark) -> bool:
    """Whether the marked words are exactly where they were marked."""
    return mark.start >= 0 and bool(mark.quoted) and text[mark.start : mark.end] == mark.quoted


def nearest(text: str, quoted: str, *near: int) -> int:
    """Where words stand, as near as can be to one of these places; -1 when they stand nowhere."""
    found, at = [], text.find(quoted) if quoted else -1
    while at >= 0:
        found.append(at)
        at = text.find(quoted, at + 1)
    return min(found, key=lambda place: min(abs(place - each) for each in near or (0,)), default=-1)


def apply(text: str, marks: Iterable[Mark], statement: str) -> Applied:
    """Mask what is to be masked.

    Where two passages overlap and one is to be masked, both are: masking protects. A passage that is kept inside a
    masked one does not uncover it.

    Args:
        text: of one version, unchanged.
        marks: all the marks of that text.
        statement: how the statement is called in a remark, such as `T-2026-0005`.
    """
    marks = list(marks)
    findings = [_lost(each, statement) for each in marks if not stands(text, each)]
    findings += [_pending(each, statement) for each in marks if each.decision == "en_attente"]
    if findings:
        return Applied(None, 0, tuple(findings))
    parts, at = [], 0
    stretches = _stretches([each for each in marks if each.decision == "masquer"])
    for start, end in stretches:
        parts += [text[at:start], MASK]
        at = end
    return Applied("".join([*parts, text[at:]]), len(stretches), ())


def repeated(text: str, marks: Iterable[Mark], where: str, statement: str) -> tuple[Finding, ...]:
    """Passages not to be sent that stand word for word in another text, such as the statement of facts of a letter.

    Args:
        text: that other text.
        marks: passages of a statement.
        where: how that text is called: « L’exposé ».
        statement: how the statement is called.
    """
    wanted = _spaced(text)
    return tuple(
        Finding(
            "passage_repeated",
            "block",
            f"{where} reprend mot pour mot un passage de {statement} qui {_label(each)} et qui n’est pas à "
            "envoyer\u00a0: réécrivez cette phrase avec la personne.",
            SOURCE,
            each.id,
        )
        for each in marks
        if each.decision != "garder" and _spaced(each.quoted) in wanted
    )


def retold(text: str, words: str, where: str, statement: str) -> tuple[Finding, ...]:
    """That a text repeats a whole sentence of a testimony that was withdrawn or refused; once for each text.

    Args:
        text: that text.
        words: everything the testimony says.
        where: how that text is called: « L’exposé ».
        statement: how the testimony is called.
    """
    wanted = _spaced(text)
    said = (_spaced(each) for each in re.split(r"(?<=[.!?…;])\s+|\n+", words))
    if not any(len(each.split()) >= WHOLE and each in wanted for each in said):
        return ()
    sentence = f"{where} reprend une phrase de {statement}, qui a été retiré ou refusé\u00a0: ôtez cette phrase."
    return (Finding("testimony_repeated", "block", sentence, "RGPD art. 7 § 3", statement),)


def carried_over(text: str, own: Sequence[Mark], others: Iterable[Mark], statement: str) -> tuple[Finding, ...]:
    """Passages marked in another version whose words stand, unmarked, in this one: a new version forgets no danger."""
    found = []
    for each in others:
        if each.decision == "garder":
            continue
        places = _places(text, each.quoted)
        if any(not any(mark.start <= start and end <= mark.end for mark in own) for start, end in places):
            found.append(
                Finding(
                    "passage_unmarked",
                    "block",
                    f"{statement}\u00a0: un passage marqué dans une autre version ({_label(each)}) se trouve "
                    "aussi dans celle-ci, où personne ne l’a marqué.",
                    SOURCE,
                    each.id,
                )
            )
    return tuple(found)


def _seen(text: str) -> tuple[str, list[int]]:
    """The signs that somebody sees, every space alike, with the place of each: a hyphen nobody sees hides no word."""
    kept = [(at, " " if sign.isspace() else sign) for at, sign in enumerate(text) if category(sign) != "Cf"]
    return "".join(sign for _, sign in kept), [at for at, _ in kept]


def _places(text: str, quoted: str) -> list[tuple[int, int]]:
    """Where words stand in a text, whatever signs that nobody sees stand between their letters."""
    (seen, at), (wanted, _) = _seen(text), _seen(quoted)
    found, place = [], seen.find(wanted) if wanted else -1
    while place >= 0:
        found.append((at[place], at[place + len(wanted) - 1] + 1))
        place = seen.find(wanted, place + 1)
    return found


def _stretches(marks: Sequence[Mark]) -> list[tuple[int, int]]:
    """Where to mask, overlapping passages taken together."""
    found: list[tuple[int, int]] = []
    for each in sorted(marks, key=lambda mark: (mark.start, mark.end)):
        if found and each.start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], each.end))
        else:
            found.append((each.start, each.end))
    return found


def _pending(mark: Mark, statement: str) -> Finding:
    return Finding(
        "passage_pending",
        "block",
        f"{statement}\u00a0: un passage qui {_label(mark)} attend une décision\u00a0: le garder ou le masquer, "
        "avec la personne.",
        SOURCE,
        mark.id,
    )


def _lost(mark: Mark, statement: str) -> Finding:
    return Finding(
        "passage_moved",
        "block",
        f"{statement}\u00a0: un passage marqué ({_label(mark)}) ne se trouve plus à sa place dans le texte\u00a0: "
        "marquez-le de nouveau.",
        SOURCE,
        mark.id,
    )


def _label(mark: Mark) -> str:
    if mark.reason == "autre":
        return "présente un autre danger"
    return vocabulary.label("passage_reasons", mark.reason)


def _spaced(text: str) -> str:
    """The words alone: neither spaces, signs seen or not, accents nor capitals make a passage another one."""
    seen, _ = _seen(text)
    return f" {fold(seen) or ' '.join(seen.casefold().split())} "

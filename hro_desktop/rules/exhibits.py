# SPDX-License-Identifier: GPL-3.0-or-later
"""Exhibit numbers and the citations that use them.

Text cites evidence as `[[piece:<uuid>]]`; numbers belong to the list of one referral and are computed here, so that
moving an exhibit renumbers everything.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import attrs

from hro_desktop.rules import grammar
from hro_desktop.rules.findings import Finding

__all__ = [
    "NOT_JOINED",
    "Resolved",
    "carry_on",
    "citation",
    "cited_ids",
    "is_empty",
    "listed",
    "number",
    "resolve",
    "review",
]

NOT_JOINED = "[pièce non jointe]"

# A marker, well made or not: what is not understood must be seen, never printed as it stands.
_MARKER = r"\[\[\s*pi[eè]ce\s*:(?:[^\[\]\n]{0,80}\]\]|\s*[0-9a-f-]{8,36}\]?|)"
_ID = re.compile(r"\[\[\s*pi[eè]ce\s*:\s*([^\[\]\n]{0,80}?)\s*\]\]", re.IGNORECASE)
_ONE = re.compile(_MARKER, re.IGNORECASE)
_GAP = r"[ \t\u00a0]*(?:[,;][ \t\u00a0]*)?(?:\bet\b)?[ \t\u00a0]*"
# « pièce n° » already written by the author before the marker is taken in, so that it is not said twice.
_GROUP = re.compile(
    rf"(?:\b(pi[eè]ces?)[ \u00a0]+(?:n[°os]{{1,3}}[ \u00a0]*)?)?{_MARKER}(?:{_GAP}{_MARKER})*", re.IGNORECASE
)


@attrs.frozen
class Resolved:
    """A text whose citations were replaced.

    Args:
        text: what is printed.
        cited: ids of the exhibits cited, in the order of the text, each once.
        unknown: ids cited that have no number (or the marker itself when it could not be read).
    """

    text: str
    cited: tuple[str, ...]
    unknown: tuple[str, ...]


def citation(evidence_id: str) -> str:
    """The marker for an item of evidence."""
    return f"[[piece:{evidence_id}]]"


def number(entries: Sequence[str], start: int = 1) -> dict[str, int]:
    """Numbers of an ordered list, from `start`.

    Raises:
        ValueError: an item stands twice (`exhibits.twice`), or `start` is below 1 (`exhibits.start`).
    """
    if start < 1:
        raise ValueError("exhibits.start")
    numbers = {_key(entry): position for position, entry in enumerate(entries, start)}
    if len(numbers) != len(entries):
        raise ValueError("exhibits.twice")
    return numbers


def carry_on(communicated: Mapping[str, int], entries: Sequence[str]) -> dict[str, int]:
    """All numbers once a further list follows one already communicated, whose numbers never change.

    An entry that was communicated keeps its number; the others go on after the last one.
    """
    known = {_key(entry): position for entry, position in communicated.items()}
    fresh = [entry for entry in entries if _key(entry) not in known]
    return known | number(fresh, max(known.values(), default=0) + 1)


def cited_ids(text: str) -> tuple[str, ...]:
    """The ids a text cites, in order, each once."""
    return resolve(text, {}).unknown


def resolve(text: str, numbers: Mapping[str, int]) -> Resolved:
    """Replace citations by numbers: « pièce n° 3 », « pièces n° 3, 4 et 6 », « pièces n° 3 à 5 ».

    Neighbouring citations are said together, in increasing order. An item without a number prints as
    « [pièce non jointe] » and is listed in `unknown`.
    """
    by_key = {_key(entry): position for entry, position in numbers.items()}
    cited: dict[str, None] = {}
    unknown: dict[str, None] = {}

    def say(group: re.Match[str]) -> str:
        found: set[int] = set()
        lost = 0
        for marker in _ONE.findall(group[0]):
            match = _ID.fullmatch(marker)
            key = _key(match[1]) if match else marker
            if key in by_key:
                found.add(by_key[key])
                cited[key] = None
            else:
                unknown[key] = None
                lost += 1
        parts = [_said(sorted(found), group[1] or "")] if found else []
        return ", ".join(parts + [NOT_JOINED] * lost)

    return Resolved(_GROUP.sub(say, text), tuple(cited), tuple(unknown))


def is_empty(text: str) -> bool:
    """Whether a text says nothing besides the exhibits it cites."""
    return not any(mark.isalnum() for mark in _GROUP.sub("", text))


def review(numbers: Mapping[str, int], resolved: Iterable[Resolved]) -> tuple[Finding, ...]:
    """What a person should know of the citations of all texts of one referral: absent exhibits, uncited exhibits."""
    texts = tuple(resolved)
    cited = {key for text in texts for key in text.cited}
    unknown = dict.fromkeys(key for text in texts for key in text.unknown)
    findings = [
        Finding(
            "exhibit_unknown",
            "wait",
            "Le texte cite une pièce qui n’est pas dans la liste\u00a0: joignez-la ou retirez la citation.",
            subject=key,
        )
        for key in unknown
    ]
    for entry, position in sorted(numbers.items(), key=lambda item: item[1]):
        if _key(entry) not in cited:
            findings.append(
                Finding(
                    "exhibit_uncited",
                    "warn",
                    f"La pièce n°\u00a0{position} est jointe sans être citée dans le texte.",
                    subject=entry,
                )
            )
    return tuple(findings)


def _key(entry: str) -> str:
    return entry.strip().casefold()


def _said(numbers: Sequence[int], written: str) -> str:
    """« pièces n° 3, 4 et 7 à 9 »: three numbers or more in a row become one span.

    `written` is the author's own « pièce » or « Pièces » before the markers, whose capital is kept.
    """
    noun = "pièces" if len(numbers) > 1 or written.casefold().endswith("s") else "pièce"
    return f"{noun.capitalize() if written[:1].isupper() else noun} n°\u00a0{listed(numbers)}"


def listed(numbers: Sequence[int]) -> str:
    """« 3, 4 et 7 à 9 », from numbers in order: three or more in a row become one span."""
    spans: list[list[int]] = []
    for value in numbers:
        if spans and value == spans[-1][-1] + 1:
            spans[-1].append(value)
        else:
            spans.append([value])
    words: list[str] = []
    for span in spans:
        words += [f"{span[0]} à {span[-1]}"] if len(span) > 2 else [str(value) for value in span]
    return grammar.joined(words)

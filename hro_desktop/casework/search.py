# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding anything from a few words: a name however it is spelled, a reference, some digits, words of an account."""

import re
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import attrs
from sqlalchemy import Select, literal_column, select, text
from sqlalchemy.orm import Session

from hro_desktop.casework import hits
from hro_desktop.casework.hits import Hit
from hro_desktop.records.cases import Case
from hro_desktop.records.incidents import Incident
from hro_desktop.records.outings import Outing
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.records.statements import Statement
from hro_desktop.rules import spelling
from hro_desktop.search import keeping
from hro_desktop.search.tables import ITEM, KINDS, WIDTH, WORDS, first_place, kind_at
from hro_desktop.vault.work import Work

__all__ = ["Hit", "find", "matching", "mend"]

_REFERENCES: Final[dict[str, tuple[str, Any]]] = {
    "P": ("person", Person.pseudonym),
    "D": ("case", Case.reference),
    "F": ("incident", Incident.reference),
    "T": ("statement", Statement.reference),
    "S": ("referral", Referral.reference),
    "O": ("outing", Outing.reference),
}
_REFERENCE: Final = re.compile(r"([pdftso])?[\s\-‐‑–]*([0-9]{4})(?:[\s\-‐‑–]+([0-9]{0,7}))?", re.IGNORECASE)
_MOST_WORDS: Final = 8
_FAR: Final = 50
_OPEN_SOUND: Final = 3
"""Consonants from which a sound may be the beginning of a longer one."""

_PLACES: Final = text(
    "SELECT rowid FROM search_words WHERE search_words MATCH :query AND rowid >= :low AND rowid < :high "
    "ORDER BY rowid DESC LIMIT :most"
)

Found = tuple[int, str, uuid.UUID]
"""Score, kind, record."""


@attrs.frozen
class _Step:
    """One way of looking, tried when the better ones left room."""

    score: int
    query: str


def find(session: Session, words: str, *, limit: int = 20, kinds: Sequence[str] = ()) -> tuple[Hit, ...]:
    """What answers to all of these words, best first.

    A reference comes first, then part of a number, then names: as written, as they begin, as they sound; then words
    anywhere. Within one of these: people, cases, facts, statements, referrals, evidence, organisations, outings; newest
    first.

    Args:
        session: of the vault.
        words: what was typed so far; a word may be only begun.
        limit: how many are wanted. No kind takes more than half of them from the others.
        kinds: only these, all by default.
    """
    wanted = tuple(kind for kind in reversed(KINDS) if not kinds or kind in kinds)
    if limit < 1 or not wanted or len("".join(spelling.words(words))) < spelling.LEAST:
        return ()
    found: dict[tuple[str, uuid.UUID], int] = {}
    for score, kind, record_id in _by_reference(session, words, limit, wanted):
        found.setdefault((kind, record_id), score)
    scores: dict[int, int] = {}
    for step in () if found else _steps(words):  # whoever types a reference wants that one
        if len(scores) >= limit:
            break
        for place in _look(session, step.query, limit, wanted):
            scores.setdefault(place, step.score)
    rows = session.execute(select(ITEM.c.place, ITEM.c.kind, ITEM.c.record_id).where(ITEM.c.place.in_(list(scores))))
    for place, kind, record_id in sorted(rows, reverse=True):
        found[kind, record_id] = scores[place]
    chosen = _shared([(score, *key) for key, score in found.items()], limit)
    return hits.told(session, chosen, spelling.compact(words))


def mend(work: Work) -> int:
    """Bring the search in line with every record; returns how many entries were lacking, wrong or too many."""
    wrong = keeping.mend(work.session)
    if wrong:
        work.record("search.mended")
    return wrong


def matching(words: str, kind: str) -> Select[tuple[uuid.UUID]]:
    """Every record of a kind that answers to these words, in no order: to filter a list with, inside its own select.

    As `find`, but for sounds that are only far: nothing ranks them in a list.
    """
    ways = [f"({step.query})" for step in _steps(words) if step.score != _FAR]
    letter = next((letter for letter, (named, _) in _REFERENCES.items() if named == kind), "")
    match = _reference(words)
    if match is not None and letter and match[1] in ("", letter):
        column = _REFERENCES[letter][1]
        whole, begun = _numbered(letter, match[2], match[3])
        return select(column.class_.id).where((column == whole) | column.like(f"{begun}%"))
    start = first_place(kind)
    there = select(WORDS.c.rowid).where(
        literal_column("search_words").op("MATCH")(" OR ".join(ways) or '""'),
        WORDS.c.rowid >= start,
        WORDS.c.rowid < start + WIDTH,
    )
    return select(ITEM.c.record_id).where(ITEM.c.place.in_(there))


def _reference(words: str) -> tuple[str, str, str, str] | None:
    """A text that is the beginning of a reference: as typed, letter, year, number."""
    match = _REFERENCE.fullmatch(words.strip())
    if match is None or not (match[1] or match[3]):
        return None
    return match[0], (match[1] or "").upper(), match[2], match[3] or ""


def _numbered(letter: str, year: str, number: str) -> tuple[str, str]:
    """The reference that is meant if all of it was typed, and how those begin that may be."""
    return f"{letter}-{year}-{number:0>4}", f"{letter}-{year}-{number}"


def _by_reference(session: Session, words: str, limit: int, kinds: Sequence[str]) -> Iterator[Found]:
    """By the references themselves: « D-2026-0003 », « d 2026 3 », « 2026-0003 », « D-2026 »."""
    match = _reference(words)
    if match is None:
        return
    _, typed, year, number = match
    for letter, (kind, column) in _REFERENCES.items():
        if kind not in kinds or typed not in ("", letter):
            continue
        whole, begun = _numbered(letter, year, number)
        record = column.class_
        ids = select(record.id, column).where(column >= begun, column < f"{begun}\uffff")
        for record_id in session.scalars(select(record.id).where(column == whole)):
            yield 100, kind, record_id
        for record_id in session.scalars(ids.order_by(column.desc()).limit(limit)):
            yield 95, kind, record_id


def _steps(words: str) -> Iterator[_Step]:
    """The ways of looking, best first."""
    each = spelling.words(words)[:_MOST_WORDS]
    whole = spelling.compact(words)
    if not each:
        return
    if any(letter.isdigit() for letter in whole):
        yield _Step(90, f"numbers : {_begins(whole)}")
    yield _Step(80, _every(f"names : {_is(word)}" for word in each))
    yield _Step(70, _every(_named(word) for word in each))
    heard = [spelling.sounds(word) for word in each]
    if any(heard):
        near = [tuple(code for code in codes if code[-1] in "au") for codes in heard]
        pair = spelling.sounds("".join(each)) if len(each) in (2, 3) else ()
        yield _Step(60, _every(map(_sounding, each, near)) + "".join(f" OR sounds : {_is(code)}" for code in pair))
        yield _Step(_FAR, _every(map(_sounding, each, heard)))
    yield _Step(40, _every(f"{{names numbers words}} : {_begins(word)}" for word in each))


def _look(session: Session, query: str, limit: int, kinds: Sequence[str]) -> Iterator[int]:
    """The newest entries of the first kinds; when they take all the room, a few of every other kind too."""
    low, high = first_place(kinds[-1]), first_place(kinds[0]) + WIDTH
    first = _places(session, query, low, high, limit)
    if len(first) == limit:
        for kind in kinds[1:]:
            start = first_place(kind)
            first += _places(session, query, start, min(start + WIDTH, first[limit - 1]), limit // 2)
    return (place for place in dict.fromkeys(first) if kind_at(place) in kinds)


def _places(session: Session, query: str, low: int, high: int, limit: int) -> list[int]:
    """Entries between two places, newest first: FTS5 walks them backwards and stops, where ranking would read all."""
    if high <= low:
        return []
    asked = {"query": query, "low": low, "high": high, "most": limit}
    return list(session.connection().execute(_PLACES, asked).scalars())


def _shared(found: Sequence[Found], limit: int) -> list[Found]:
    """The best of them, no kind taking more than half while others wait."""
    order = {kind: place for place, kind in enumerate(reversed(KINDS))}
    ranked = sorted(found, key=lambda each: (-each[0], order[each[1]]))
    taken: Counter[str] = Counter()
    first: list[Found] = []
    for each in ranked:
        if taken[each[1]] < max(limit // 2, 1):
            taken[each[1]] += 1
            first.append(each)
    chosen = set(first[:limit])
    for each in ranked:
        if len(chosen) >= limit:
            break
        chosen.add(each)
    return [each for each in ranked if each in chosen]


def _named(word: str) -> str:
    columns = "{names numbers}" if any(map(str.isdigit, word)) else "names"
    return f"{columns} : {_begins(word)}"


def _sounding(word: str, codes: Sequence[str]) -> str:
    heard = (f"sounds : {_begins(code) if len(code) >= _OPEN_SOUND else _is(code)}" for code in codes)
    return f"({' OR '.join((_named(word), *heard))})"


def _every(parts: Any) -> str:  # noqa: ANN401 - any texts
    return f"({' AND '.join(f'({part})' for part in parts)})"


def _is(word: str) -> str:
    return f'"{word}"'


def _begins(word: str) -> str:
    return f'"{word}" *'

# SPDX-License-Identifier: GPL-3.0-or-later
"""Every name of the vault by its spellings, kept in memory while the vault is open: a text is read against all at once.

Reading and spelling a name takes about thirty microseconds; the names of a whole vault, for each paper, would take
minutes. They are spelled once, and again for whoever changed: the base says whom, by the version of each row.
"""

import threading
import uuid
import weakref
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import attrs
from sqlalchemy import Engine, func, literal, select
from sqlalchemy.orm import Session

from hro_desktop.records.people import Person, PersonName
from hro_desktop.rules.naming import fitting, spellings

__all__ = ["KnownNames", "of_vault"]

_HERE: Final = "known_names"
AT_ONCE: Final = 500

Spelled = Sequence[tuple[str, ...]]
"""A name in each of its spellings, as its words."""
Stamp = tuple[tuple[Any, ...], ...]
"""How many rows of people and of their names there are, the sum of their versions, the newest id."""


@attrs.frozen
class _Keys:
    """Under what somebody is found: words of names, whole names in one run, initials."""

    words: tuple[str, ...]
    whole: tuple[str, ...]
    initials: tuple[tuple[str, ...], ...]


class KnownNames:
    """Who bears a word, a whole name, or initials."""

    def __init__(self) -> None:
        self._stamp: Stamp | None = None
        self._rows: dict[uuid.UUID, tuple[int, ...]] = {}
        self._keys: dict[uuid.UUID, _Keys] = {}
        self._words: dict[str, set[uuid.UUID]] = {}
        self._whole: dict[str, tuple[uuid.UUID, ...]] = {}  # mostly one: a set to each would be heavy
        self._initials: dict[tuple[str, ...], set[uuid.UUID]] = {}
        self._gate = threading.Lock()

    def bearing(self, words: Iterable[str]) -> Iterator[tuple[str, set[uuid.UUID]]]:
        """The words that are words of a name, with who bears each."""
        return _found(self._words, words)

    def wholly(self, runs: Iterable[str]) -> set[uuid.UUID]:
        """Whose whole name is one of these runs of words."""
        return set().union(*(ids for _, ids in _found(self._whole, runs)))

    def initialled(self, letters: Iterable[tuple[str, ...]]) -> set[uuid.UUID]:
        """Whose initials these may be."""
        return set().union(*(ids for _, ids in _found(self._initials, letters)))

    def bring_up(self, session: Session) -> None:
        """Spell anew the names of whoever changed since."""
        with self._gate:
            stamp = _stamp(session)
            if stamp == self._stamp:
                return
            rows = _versions(session)
            gone = self._rows.keys() - rows.keys()
            changed = [each for each, version in rows.items() if self._rows.get(each) != version]
            for each in (*gone, *changed):
                self._forget(each)
            for person_id, keys in _spelled(session, changed if len(changed) < len(rows) else None):
                self._learn(person_id, keys)
            self._rows, self._stamp = rows, stamp

    def _learn(self, person_id: uuid.UUID, keys: _Keys) -> None:
        self._keys[person_id] = keys
        for word in keys.words:
            self._words.setdefault(word, set()).add(person_id)
        for name in keys.whole:
            self._whole[name] = (*self._whole.get(name, ()), person_id)
        for letters in keys.initials:
            self._initials.setdefault(letters, set()).add(person_id)

    def _forget(self, person_id: uuid.UUID) -> None:
        keys = self._keys.pop(person_id, None)
        if keys is None:
            return
        _drop(self._words, keys.words, person_id)
        for name in keys.whole:
            self._whole[name] = tuple(each for each in self._whole[name] if each != person_id)
            if not self._whole[name]:
                del self._whole[name]
        _drop(self._initials, keys.initials, person_id)


_BY_BASE: "weakref.WeakKeyDictionary[Engine, KnownNames]" = weakref.WeakKeyDictionary()
_GATE: Final = threading.Lock()


def of_vault(session: Session) -> KnownNames:
    """The names of the vault a session reads, as that session sees them."""
    if _HERE not in session.info:
        with _GATE:
            known = _BY_BASE.setdefault(session.get_bind().engine, KnownNames())
        known.bring_up(session)
        session.info[_HERE] = known
    found: KnownNames = session.info[_HERE]
    return found


def _drop(held: "dict[Any, set[uuid.UUID]]", keys: Iterable[Any], person_id: uuid.UUID) -> None:
    for each in keys:
        held[each].discard(person_id)
        if not held[each]:
            del held[each]


def _found(held: "dict[Any, Any]", wanted: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    for each in wanted:
        ids = held.get(each)
        if ids:
            yield each, ids


def _stamp(session: Session) -> Stamp:
    """A row that is replaced keeps count and versions; its id, which grows with time, is another."""
    found = []
    for record in (Person, PersonName):
        asked = select(func.count(record.id), func.coalesce(func.sum(record.version), 0), func.max(record.id))
        found.append(tuple(session.execute(asked).one()))
    return tuple(found)


def _versions(session: Session) -> dict[uuid.UUID, tuple[int, ...]]:
    """The version of each person and of each of their names."""
    found: dict[uuid.UUID, tuple[int, ...]] = {
        person_id: (version,) for person_id, version in session.execute(select(Person.id, Person.version))
    }
    asked = select(PersonName.person_id, PersonName.id, PersonName.version).order_by(PersonName.id)
    for person_id, name_id, version in session.execute(asked):
        found[person_id] = (*found[person_id], name_id.int, version)
    return found


def _spelled(session: Session, ids: Sequence[uuid.UUID] | None) -> Iterator[tuple[uuid.UUID, _Keys]]:
    """The keys of these people, or of all."""
    names: dict[uuid.UUID, list[Sequence[str]]] = {}
    own: Any = select(Person.id, Person.given_names, Person.birth_name, Person.usual_name, Person.original_name)
    more: Any = select(PersonName.person_id, literal(""), literal(""), literal(""), PersonName.text)
    for asked, column in ((own, Person.id), (more, PersonName.person_id)):
        for part in _parts(ids):
            for row in session.execute(asked if part is None else asked.where(column.in_(part))):
                names.setdefault(row[0], []).append(row[1:])
    for person_id, rows in names.items():
        yield person_id, _keys_of(rows)


def _parts(ids: Sequence[uuid.UUID] | None) -> Iterator[Sequence[uuid.UUID] | None]:
    if ids is None:
        yield None
        return
    yield from (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _keys_of(rows: Iterable[Sequence[str]]) -> _Keys:
    words: set[str] = set()
    whole: set[str] = set()
    initials: set[tuple[str, ...]] = set()
    for row in rows:
        given, birth, usual, other = ([*spellings(each)] if each else [] for each in row)
        words.update(word for name in (given, birth, usual, other) for each in name for word in each)
        for each in _whole_names(given, [*birth, *usual], other):
            whole.add("".join(each))
            initials.add(tuple(word[0] for word in each))
    return _Keys(tuple(words), tuple(whole), tuple(initials))


def _whole_names(given: Spelled, families: Spelled, other: Spelled) -> Iterator[tuple[str, ...]]:
    """The whole names of somebody, as `naming.bearer` has them, and some more."""
    for one in families:
        for each in given:
            for count in range(1, len(each) + 1):
                yield fitting((*each[:count], *one))
                yield fitting((*one, *each[:count]))
    yield from (each for each in (*other, *given, *families) if len(each) > 1)

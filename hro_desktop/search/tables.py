# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the search keeps its words. These tables hold nothing that is not in the records, and can be made anew.

They are made by the migration and are no records: `search_words` is a virtual table (FTS5) of this base, inside the
same encryption. Its words are already folded, hence a tokenizer that only cuts at spaces. Its option `secure-delete`
takes the words of an erased row out of the index at once, where FTS5 would keep them until some later merge.
"""

from typing import Final

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, Text, Uuid

__all__ = [
    "CASE",
    "COLUMNS",
    "ITEM",
    "KINDS",
    "PREFIX",
    "RANKS",
    "STATE",
    "WIDTH",
    "WORDS",
    "first_place",
    "is_ours",
    "kind_at",
]

PREFIX: Final = "search_"
COLUMNS: Final = ("names", "sounds", "numbers", "words")
RANKS: Final = {
    "outing": 10,
    "organisation": 20,
    "evidence": 30,
    "referral": 40,
    "statement": 50,
    "incident": 60,
    "case": 70,
    "person": 80,
}
"""What can be found, the highest first in an answer. A new kind takes a number between: places are kept in the base."""
KINDS: Final = tuple(RANKS)
WIDTH: Final = 1 << 40
"""Places of one kind."""
_META: Final = MetaData()

ITEM: Final = Table(
    "search_item",
    _META,
    Column("place", Integer, primary_key=True),  # the rowid of its words: newest last in its kind
    Column("kind", String(20), nullable=False),
    Column("record_id", Uuid(), nullable=False),
)
WORDS: Final = Table("search_words", _META, Column("rowid", Integer, primary_key=True), *(Column(n) for n in COLUMNS))
CASE: Final = Table(
    "search_case",
    _META,
    Column("case_id", Uuid(), primary_key=True),
    Column("reference", String(20), nullable=False),
    Column("pseudonym", String(20), nullable=False),
    Column("closed", Boolean(), nullable=False),
    Column("incident_id", Uuid()),  # the last facts
    Column("facts_on", Text(), nullable=False),  # their partial date; text sorts as days do
    Column("contacted_on", Text(), nullable=False),
    Column("minor_until", Text(), nullable=False),  # the day the person is certainly of age; empty for an adult
    Column("language", String(20), nullable=False),
    Column("in_charge_id", Uuid()),
    Column("states", Text(), nullable=False),  # « plainte_procureur:deposee saisine_ddd:instruction », a space around
)
STATE: Final = Table("search_state", _META, Column("stamp", String(40), primary_key=True))


_KIND_OF: Final = {rank: kind for kind, rank in RANKS.items()}


def first_place(kind: str) -> int:
    """Where the places of a kind begin."""
    return RANKS[kind] * WIDTH


def kind_at(place: int) -> str:
    """The kind that has this place."""
    return _KIND_OF[place // WIDTH]


def is_ours(table: str) -> bool:
    """Whether a table of the base belongs to the search and not to the records."""
    return table.startswith(PREFIX)

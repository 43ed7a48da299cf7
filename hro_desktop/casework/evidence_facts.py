# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence as plain values: the list of items, one item with all that is known of it, and what its file says itself."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import attrs
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from hro_desktop.casework import custody, evidence, facts, paging
from hro_desktop.casework.custody import Done
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.fields import PARIS
from hro_desktop.law import authorities, vocabulary
from hro_desktop.media.facts import Facts, examine
from hro_desktop.media.names import oddities, visible
from hro_desktop.records.evidence import Evidence, EvidenceCase, EvidenceIncident, EvidencePerson, EvidenceStatement
from hro_desktop.records.exhibits import Exhibit, ExhibitList
from hro_desktop.records.objects import StoredObject
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.rules.clearing import SHOWS_PEOPLE
from hro_desktop.rules.dates import PartialDate, french_day

__all__ = ["Asked", "ItemRow", "ItemView", "Related", "ids", "item", "rows", "said", "total_size"]

FAMILIES: Final = ("image", "video", "sound", "pdf")
_STARTS: Final = {"image": "image/", "video": "video/", "sound": "audio/", "pdf": "application/pdf", "text": "text/"}
_NB: Final = "\u00a0"
PERSON_WORDS: Final = (Person.given_names, Person.birth_name, Person.usual_name, Person.pseudonym)


@attrs.frozen
class Asked:
    """What a list of evidence is asked for.

    Args:
        words: each must stand in the title, the received name or the author's name.
        families: of files, all when empty.
        to_describe: only those nobody gave a title or a link yet.
        people: only those where somebody who appears is not settled, or nobody said who appears.
    """

    words: str = ""
    families: tuple[str, ...] = ()
    to_describe: bool = False
    people: bool = False


class ItemRow(NamedTuple):
    """What a list shows of an item: `check` is True or False after its last reading, `None` when it was never read."""

    id: uuid.UUID
    title: str
    detail: str
    author: str
    family: str
    sensitive: bool
    to_describe: bool
    check: bool | None


@attrs.frozen
class Related:
    """An item made from another, or what it was made from."""

    id: uuid.UUID
    title: str
    how: str


@attrs.frozen(kw_only=True)
class ItemView:
    """One item, to be looked at.

    Args:
        family: how its file is shown: `image`, `video`, `sound`, `pdf`, `text`, or nothing of these.
        facts: what is known, label and value, in the order it is read.
        private_facts: labels of those that name people.
        odd: what is strange in the name it came with.
        cited: « pièce n° 5, S-2026-0001, IGPN » for each list it stands in.
        history: what was done with it, last first.
        check: True or False after its last reading, `None` when it was never read.
    """

    id: uuid.UUID
    title: str
    name: str
    family: str
    media_type: str
    size: int
    sha256: str
    sensitive: bool
    to_describe: bool
    check: bool | None
    facts: tuple[tuple[str, str], ...]
    private_facts: frozenset[str]
    odd: tuple[str, ...]
    cited: tuple[str, ...]
    history: tuple[Done, ...]
    source: Related | None
    derived: tuple[Related, ...]


def family_of(media_type: str) -> str:
    """How a file of a type is shown; empty for one that is only kept."""
    if media_type == "image/svg+xml":
        return ""
    return next((family for family, start in _STARTS.items() if media_type.startswith(start)), "")


def size_text(size: int) -> str:
    """« 4,1 Mo »."""
    if size < 1000:
        return f"{size}{_NB}octet{'s' if size > 1 else ''}"
    for unit, worth in (("Go", 1_000_000_000), ("Mo", 1_000_000)):
        if size >= worth:
            return f"{size / worth:.1f}".replace(".", ",") + _NB + unit
    return f"{size // 1000}{_NB}ko"


def duration_text(seconds: float) -> str:
    """« 1 h 02 », « 1 min 42 », « 12 s »."""
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600}{_NB}h{_NB}{whole % 3600 // 60:02}"
    return f"{whole // 60}{_NB}min{_NB}{whole % 60:02}" if whole >= 60 else f"{whole}{_NB}s"


def moment(at: dt.datetime) -> str:
    """« 12/10/2026 11 h 02 », in France."""
    local = at.astimezone(PARIS)
    return f"{local:%d/%m/%Y} {local:%H}{_NB}h{_NB}{local:%M}"


# ---- the list


def ids(session: Session, asked: Asked) -> Sequence[uuid.UUID]:
    """The ids of the items asked for, last deposited first."""
    wanted = select(Evidence.id).order_by(Evidence.id.desc())
    author = aliased(Person)
    if asked.words:
        wanted = wanted.outerjoin(author, Evidence.author_id == author.id)
    for word in asked.words.split():
        columns = (Evidence.title, Evidence.original_name, *(getattr(author, each.key) for each in PERSON_WORDS))
        wanted = wanted.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    if asked.families:
        wanted = wanted.where(or_(*(Evidence.media_type.startswith(_STARTS[each]) for each in asked.families)))
    if asked.to_describe:
        wanted = wanted.where(_to_describe())
    if asked.people:
        wanted = wanted.where(_unsettled())
    return paging.ordered(session, wanted)


def rows(session: Session, wanted: Sequence[uuid.UUID]) -> list[ItemRow]:
    """One page of the list, in the order of the ids asked for."""
    found: Sequence[Any] = session.execute(
        select(Evidence, StoredObject.size, _to_describe(), Person)
        .join(StoredObject, Evidence.object_id == StoredObject.id)
        .outerjoin(Person, Evidence.author_id == Person.id)
        .where(Evidence.id.in_(wanted))
    ).all()
    checks = custody.last_checks(session, wanted)
    made = {
        each.id: _row(each, size, bool(bare), person, checks.get(each.id, (None, ""))[0])
        for each, size, bare, person in found
    }
    return paging.in_order(wanted, made)


def total_size(session: Session) -> int:
    """Bytes of everything that was deposited, each content once."""
    used = select(Evidence.object_id).distinct()
    return session.scalar(select(func.coalesce(func.sum(StoredObject.size), 0)).where(StoredObject.id.in_(used))) or 0


def _row(each: Evidence, size: int, bare: bool, author: Person | None, check: bool | None) -> ItemRow:
    length = duration_text(each.duration_s) if each.duration_s else ""
    pages = f"{each.pages}{_NB}page{'s' if each.pages > 1 else ''}" if each.pages else ""
    detail = "\u2002·\u2002".join(filter(None, (_short(each.taken), size_text(size), length, pages)))
    by = facts.formal_name(author) if author is not None else ""
    return ItemRow(each.id, each.title, detail, by, family_of(each.media_type), each.sensitive, bare, check)


def _short(taken: str) -> str:
    if not taken:
        return ""
    try:
        return f"{dt.date.fromisoformat(taken):%d/%m/%Y}"
    except ValueError:
        return PartialDate.parse(taken).french()


def _to_describe() -> ColumnElement[bool]:
    """Nobody gave it a title of its own, or it is linked to nothing."""
    linked = (
        select(EvidenceIncident.evidence_id).where(EvidenceIncident.evidence_id == Evidence.id).exists(),
        select(EvidenceCase.evidence_id).where(EvidenceCase.evidence_id == Evidence.id).exists(),
        select(EvidenceStatement.evidence_id).where(EvidenceStatement.evidence_id == Evidence.id).exists(),
    )
    return or_(Evidence.title == Evidence.original_name, ~or_(*linked))


def _unsettled() -> ColumnElement[bool]:
    """Those where a decision on somebody is pending, or nobody said who appears; copies follow their original."""
    noted = select(EvidencePerson.id).where(EvidencePerson.evidence_id == Evidence.id)
    tied = select(EvidenceStatement.evidence_id).where(EvidenceStatement.evidence_id == Evidence.id)  # says whose
    return or_(
        noted.where(EvidencePerson.clearance == "pending").exists(),
        and_(
            Evidence.nobody_appears.is_(False),
            Evidence.derived_from_id.is_(None),
            ~noted.exists(),
            or_(Evidence.kind.in_(SHOWS_PEOPLE), ~tied.exists()),
        ),
    )


# ---- one item


def item(session: Session, evidence_id: uuid.UUID, today: dt.date) -> ItemView | None:
    """All that is known of an item; `None` when it is gone."""
    each = session.get(Evidence, evidence_id)
    if each is None:
        return None
    source = session.get(Evidence, each.derived_from_id) if each.derived_from_id else None
    made = session.scalars(select(Evidence).where(Evidence.derived_from_id == each.id).order_by(Evidence.id)).all()
    check = custody.last_checks(session, (each.id,)).get(each.id, (None, ""))
    return ItemView(
        id=each.id,
        title=each.title,
        name=visible(each.original_name),
        family=family_of(each.media_type),
        media_type=each.media_type,
        size=each.stored.size,
        sha256=each.stored.sha256,
        sensitive=each.sensitive,
        to_describe=session.scalar(select(_to_describe()).where(Evidence.id == each.id)) or False,
        check=check[0],
        facts=tuple(_facts(session, each, check)),
        private_facts=frozenset(("Auteur·ice", "Fichier reçu")),
        odd=oddities(each.original_name),
        cited=tuple(_cited(session, each.id, today)),
        history=custody.history(session, each.id),
        source=Related(source.id, source.title, _how(each)) if source is not None else None,
        derived=tuple(Related(one.id, one.title, _how(one)) for one in made),
    )


def _facts(session: Session, each: Evidence, check: tuple[bool | None, str]) -> Iterator[tuple[str, str]]:
    yield "Nature", vocabulary.label("evidence_kinds", each.kind)
    if each.taken:
        where = f" ({each.taken_source})" if each.taken_source else ""
        yield "Date", f"{PartialDate.parse(each.taken).french()}{where}"
    yield "Versée", moment(each.deposited_at)
    if each.received_on:
        yield "Reçue", french_day(each.received_on)
    if each.author_id:
        yield "Auteur·ice", facts.formal_name(session.get_one(Person, each.author_id))
    yield "Fichier reçu", visible(each.original_name)
    yield "Taille", size_text(each.stored.size)
    if each.duration_s:
        yield "Durée", duration_text(each.duration_s)
    if each.pages:
        yield "Pages", str(each.pages)
    if check[0] is not None:
        what = "conforme" if check[0] else "non conforme"
        yield "Dernière vérification", f"{moment(dt.datetime.fromisoformat(check[1]))}{_NB}: empreinte {what}"


def _how(made: Evidence) -> str:
    kind = vocabulary.label("derivations", made.derivation_kind) if made.derivation_kind else "tirée de cette pièce"
    return f"{kind}, {made.derivation}" if made.derivation else kind


def _cited(session: Session, evidence_id: uuid.UUID, today: dt.date) -> Iterator[str]:
    lists = session.execute(
        select(ExhibitList.first_number + Exhibit.position, Referral.reference, Referral.authority)
        .join(Exhibit, Exhibit.list_id == ExhibitList.id)
        .join(Referral, ExhibitList.referral_id == Referral.id)
        .where(Exhibit.evidence_id == evidence_id)
        .order_by(Referral.reference)
    )
    for number, reference, code in lists:
        try:
            name = authorities.authority(code, today).name
        except KeyError:
            name = vocabulary.label("authorities", code)
        yield f"Pièce n°{_NB}{number}, {reference} ({name})"


# ---- what the file says


def said(desk: Desk, evidence_id: uuid.UUID) -> tuple[tuple[str, str], ...]:
    """What the file of an item says of itself, label and value: claims of the file, read again each time.

    Raises:
        Fault: `object.*`, `media.read`.
    """
    with desk.read() as session:
        each = session.get(Evidence, evidence_id)
        if each is None:
            return ()
        name, stored, key = each.original_name, each.stored.name, each.stored.private_key
    with evidence.open_object(desk.vault, stored, key) as stream:
        return tuple(_said(examine(stream, name)))


def _said(found: Facts) -> Iterator[tuple[str, str]]:
    yield "Type", found.media_type
    if found.width and found.height:
        yield "Dimensions", f"{found.width} × {found.height}{_NB}pixels"
    if found.taken_at is not None:
        zone = f" ({found.taken_at.offset})" if found.taken_at.offset else ""
        yield "Date écrite", f"{found.taken_at.text}{zone}"
    if found.device:
        yield "Appareil", found.device
    if found.gps is not None:
        yield "Position", _rounded(*found.gps)
    for note in found.notes:
        yield "À savoir", note.sentence


def _rounded(latitude: float, longitude: float) -> str:
    """To a hundredth of a degree: about a kilometre."""
    return f"vers {latitude:.2f} ; {longitude:.2f} (arrondie à 1{_NB}km)".replace(".", ",").replace(" ;", f"{_NB};")

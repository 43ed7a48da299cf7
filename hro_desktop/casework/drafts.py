# SPDX-License-Identifier: GPL-3.0-or-later
"""What is being typed and not yet saved: kept as one types, found again after a crash, erased once saved.

`fields.save` erases what was kept under the table of the record. An editor that keeps its own kind, because a record
has several editors, calls `drop` in the unit of work that saves.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import fields
from hro_desktop.records.drafts import KeptDraft
from hro_desktop.vault.work import Work

__all__ = ["Kept", "content_of", "drop", "get", "pending", "put", "restored"]

D = TypeVar("D", bound=fields.Draft)
PENDING = 50
"""How many unsaved drafts a list shows: more than that is no list to work from."""


@attrs.frozen
class Kept:
    """What one editor held, when, and whose key slot opened the vault."""

    kind: str
    record_id: uuid.UUID
    content: Mapping[str, Any]
    updated_at: dt.datetime
    actor: str


def put(work: Work, kind: str, record_id: uuid.UUID, content: Mapping[str, Any]) -> None:
    """Keep what is being typed, in place of what was kept before; the journal says nothing of it.

    Args:
        work: committed by the caller, `Desk.run` for one.
        kind: the editor: the table of the record, or a word of its own.
        record_id: of the record, or the one it will get.
        content: JSON values, as `content_of` makes them.
    """
    work.session.merge(
        KeptDraft(kind=kind, record_id=record_id, content=dict(content), updated_at=work.now, actor=work.actor)
    )


def get(session: Session, kind: str, record_id: uuid.UUID) -> Kept | None:
    """What an editor held of a record, if it was not saved since."""
    found = session.get(KeptDraft, (kind, record_id))
    return _kept(found) if found is not None else None


def drop(work: Work, kind: str, record_id: uuid.UUID) -> None:
    """Forget what was typed: it was saved, or given up."""
    fields.forget_typed(work, kind, record_id)


def pending(session: Session, limit: int = PENDING, kind: str = "") -> tuple[Kept, ...]:
    """What was typed and never saved, last typed first, of one kind or of all."""
    wanted = select(KeptDraft).order_by(KeptDraft.updated_at.desc(), KeptDraft.record_id).limit(limit)
    return tuple(map(_kept, session.scalars(wanted.where(KeptDraft.kind == kind) if kind else wanted)))


def content_of(draft: Any) -> dict[str, Any]:  # noqa: ANN401 - any draft
    """A draft as JSON values, whatever was typed in it."""
    content = {name: _plain(getattr(draft, name)) for name, _ in fields.described(type(draft))}
    return {**content, **({"id": str(draft.id)} if draft.id else {})}


def restored(draft: type[D], content: Mapping[str, Any]) -> D:
    """The draft that `content_of` was made from, without what another version wrote and this one cannot read."""
    values: dict[str, Any] = {}
    for name, meta in fields.described(draft):
        if name in content:
            try:
                values[name] = _value(meta, content[name])
            except (TypeError, ValueError, AttributeError):
                continue
    made = draft(**values)
    made.id = uuid.UUID(content["id"]) if content.get("id") else None
    return made


def _kept(row: KeptDraft) -> Kept:
    return Kept(row.kind, row.record_id, row.content, row.updated_at, row.actor)


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return content_of(value) if isinstance(value, fields.Draft) else value


def _value(meta: Mapping[str, Any], value: Any) -> Any:  # noqa: ANN401
    match meta["kind"]:
        case "ref":
            return uuid.UUID(value) if value else None
        case "refs":
            return tuple(uuid.UUID(each) for each in value)
        case "choices":
            return tuple(value)
        case "many":
            return tuple(restored(meta["draft"], each) for each in value)
        case "day":
            return dt.date.fromisoformat(value) if value else None
        case _:
            return value

# SPDX-License-Identifier: GPL-3.0-or-later
"""Sealing documents into the vault: the objects first, then one transaction that makes them known."""

import hashlib
import io
import uuid
from collections.abc import Callable, Sequence
from typing import TypeVar

from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Pack
from hro_desktop.records.documents import Document
from hro_desktop.records.objects import StoredObject
from hro_desktop.vault.objects import Staged
from hro_desktop.vault.work import Work

__all__ = ["keep"]

T = TypeVar("T")


def keep(desk: Desk, pack: Pack, then: Callable[[Work, tuple[uuid.UUID, ...]], T]) -> T:
    """Seal the documents of a pack into the vault: objects first, then one transaction that makes them known.

    Args:
        desk: the open vault.
        pack: what was made.
        then: what else happens in that transaction; it is given the ids of the documents, in the order of `files`.

    Returns:
        What `then` returns.
    """
    staged: list[Staged] = []
    try:
        for made in pack.files:
            staged.append(desk.vault.objects.stage(io.BytesIO(made.data)))
            desk.vault.objects.publish(staged[-1])
        return desk.run(lambda work: then(work, _keep(work, pack, staged))).value
    except BaseException:
        for each in staged:
            desk.vault.objects.discard(each)
        raise


def _keep(work: Work, pack: Pack, staged: Sequence[Staged]) -> tuple[uuid.UUID, ...]:
    kept = []
    for made, each in zip(pack.files, staged, strict=True):
        stored = StoredObject(name=each.name, private_key=each.private_key, sha256=each.sha256, size=each.size)
        work.session.add(stored)
        work.session.flush()
        document = Document(
            **{f"{pack.subject[0]}_id": pack.subject[1]},
            role=made.role,
            form_id=made.form[0],
            form_edition=made.form[1],
            media_type=made.media_type,
            object_id=stored.id,
            values_json=made.values,
            values_sha256=hashlib.sha256(made.values.encode()).hexdigest() if made.values else "",
            pages=made.pages,
            made_at=work.now,
            made_by=work.actor,
            edited_from_id=made.edited_from,
        )
        work.session.add(document)
        work.session.flush()
        work.record("document.made", document.id, each.sha256)
        kept.append(document.id)
    return tuple(kept)

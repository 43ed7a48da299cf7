# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes around a referral: envelopes, labels, the data of a registered letter. They name no person helped."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import attrs

from forms import drawn, mailing
from forms.layout import read_layout
from forms.values import Filled, Source, Values, plain
from hro_desktop.casework import directory, documents, facts, referrals
from hro_desktop.casework.departures import File
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.papers import PDF
from hro_desktop.casework.printing import Printable, PrintPaper, Reprint
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.law import authorities

__all__ = ["REGISTERED", "Addresses", "addresses", "envelope", "labels", "registered"]

REGISTERED = "fiche_recommande"
MOST_LABELS = 200
LONGEST_NUMBER = 40


@attrs.frozen
class Addresses:
    """Who sends to whom, line by line."""

    reference: str
    authority: str
    sender: tuple[str, ...]
    recipient: tuple[str, ...]


def addresses(desk: Desk, referral_id: uuid.UUID) -> Addresses:
    """Where a referral goes, and where the association is reached; only an address that somebody checked is printed.

    Raises:
        Fault: `referral.gone`; `envelope.no_sender`, `envelope.no_address`.
    """
    with desk.read() as session:
        referral = referrals.by_id(session, referral_id)
        row = authorities.authority(referral.authority, desk.today())
        ours: Mapping[str, Any] = plain(facts.association(session))
        theirs: Mapping[str, Any] = plain(facts.authority(row, directory.override(session, row.code)))
        reference, code = referral.reference, referral.authority
    if not theirs["address_lines"]:
        raise Fault(
            "envelope.no_address",
            f"L’adresse de «\u00a0{row.name}\u00a0» n’est pas vérifiée\u00a0: "
            "notez-la dans l’annuaire avec le jour où vous l’avez vérifiée.",
            ExitCode.BLOCKED,
        )
    if not ours["name"] or not ours["address_lines"]:
        raise Fault(
            "envelope.no_sender",
            "L’adresse de l’association manque\u00a0: notez-la dans l’annuaire.",
            ExitCode.BLOCKED,
        )
    return Addresses(
        reference,
        code,
        (ours["name"], *(each["text"] for each in ours["address_lines"])),
        (theirs["title"], theirs["name"], *(each["text"] for each in theirs["address_lines"])),
    )


def envelope(desk: Desk, referral_id: uuid.UUID, code: Literal["DL", "C4"]) -> Printable:
    """One envelope without a window."""
    known = addresses(desk, referral_id)
    pdf = mailing.envelope(code, known.sender, known.recipient)
    return _printable(referral_id, known, f"Enveloppe {code}", pdf, size=code)


def labels(desk: Desk, referral_id: uuid.UUID, count: int, each: int = 1, first: int = 1) -> Printable:
    """Labels of who it goes to, then as many of who sends it, from the first that is left on the sheet."""
    if not 1 <= each <= MOST_LABELS:
        raise Fault("envelope.labels", f"Donnez un nombre d’étiquettes de 1 à {MOST_LABELS}.", ExitCode.USAGE)
    known = addresses(desk, referral_id)
    pdf = mailing.labels(count, [known.recipient] * each + [known.sender] * each, first)
    return _printable(referral_id, known, f"Planche de {count} étiquettes", pdf)


def registered(desk: Desk, referral_id: uuid.UUID, number: str = "") -> Printable:
    """What is to be copied onto the slip of La Poste."""
    if len(number) > LONGEST_NUMBER:
        raise Fault(
            "envelope.number",
            f"Un numéro de recommandé a moins de {LONGEST_NUMBER}\u00a0caractères\u00a0: relisez ce qui est tapé.",
            ExitCode.USAGE,
        )
    known = addresses(desk, referral_id)
    form = documents.catalogue().get(REGISTERED)
    source = Source("referral", str(referral_id), "authority")
    values: Values = {
        "mailing": {
            "reference": Filled(known.reference, source),
            "number": Filled(number.strip() or None, source),
            "recipient": _lines(known.recipient, source),
            "sender": _lines(known.sender, source),
        }
    }
    made = drawn.fill(
        form.definition, read_layout(form.definition, form.file("layout")), values, practice=desk.practice()
    )
    return _printable(referral_id, known, form.definition.title, made.pdf)


def _lines(lines: Sequence[str], source: Source) -> tuple[Values, ...]:
    return tuple({"text": Filled(each, source)} for each in lines)


def _printable(
    referral_id: uuid.UUID, known: Addresses, title: str, pdf: bytes, *, size: Literal["A4", "DL", "C4"] = "A4"
) -> Printable:
    digest = hashlib.sha256(pdf).hexdigest()
    file = File(name=title, sha256=digest, size=len(pdf), media_type=PDF)
    what = Reprint(subject=("referral", referral_id), files=(file,), authority=known.authority, nobody=True)
    paper = PrintPaper(title=title, role="mailing", sha256=digest, data=pdf)
    return Printable(title=title, reference=known.reference, papers=(paper,), what=what, size=size)

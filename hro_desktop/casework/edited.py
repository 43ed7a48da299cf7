# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters that were edited outside and stand in the place of filled ones, until somebody sets them aside.

They are read like any value: names, passages and reduced identities are looked for in them. What they no longer say as
the records do is told, and waits until a person has looked at it.
"""

import datetime as dt
import json
import re
import unicodedata
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import edited as letters
from forms.catalogue import Form
from forms.definition import resolve
from forms.problems import FormError
from forms.values import Filled, Source, Values
from hro_desktop.casework import evidence, papers
from hro_desktop.casework.fields import PARIS
from hro_desktop.casework.referral_facts import ReferralFacts
from hro_desktop.records.departures import Departure, DepartureFile
from hro_desktop.records.documents import Document
from hro_desktop.rules import exhibits as rules
from hro_desktop.rules import grammar
from hro_desktop.rules.dates import french_day
from hro_desktop.rules.findings import Finding
from hro_desktop.vault.vault import Vault

__all__ = ["CHANNEL", "Difference", "Edited", "cited", "differences", "hashes", "known", "of_record", "said_too"]

CHANNEL: Final = "modification"
"""Channel of the ledger: a letter lent to a word processor."""
WHERE: Final = "la lettre modifiée hors du programme"
_ELSEWHERE: Final = ("read_back", "exhibits", "media", "enclosures", "list", "practice")
"""What a letter is not compared by: the note of its reading, and the exhibits, which are compared by their numbers."""
_SIGN: Final = r"(?:n\s?[°ºo](?:\s?s)?\.?|n\.|num[ée]ros?)"
_NOT_ONE: Final = (
    r"h\b|h\d|heures?\b|jours?\b|euros?\b|€|%|m²|m[èe]tres?\b|rue\b|avenue\b|boulevard\b|place\b|janvier|f[ée]vrier"
    r"|mars\b|avril|mai\b|juin\b|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre"
)
"""What follows a number that counts or dates something else."""
_NUMBER: Final = rf"\d{{1,4}}(?!\d|\.\d|/\d{{1,2}}/|\s*(?:{_NOT_ONE}))"
_CITED: Final = re.compile(
    r"\b(?:pi[eè]ces?(?:[\s-]+(?:jointes?|annex[ée]es?|produites?|communiqu[ée]es?|vers[ée]es?|num[ée]rot[ée]es?))?"
    rf"|P\.?\s?J\.?s?)\s*(?:{_SIGN}\s*)?"
    rf"({_NUMBER}(?:\s*(?:,\s*et|,|et|ou|puis|&|jusqu[’']à|à|[-–—])\s*(?:{_SIGN}\s*)?{_NUMBER})*)",
    re.IGNORECASE,
)
_BLANK: Final = re.compile(r"\[à compléter[^\]\n]{0,120}\]?", re.IGNORECASE)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_SHOWN: Final = 60
_SPAN: Final = 500
"""The most exhibits that « 1 à 99 » stands for."""


@attrs.frozen(kw_only=True)
class Edited:
    """One letter as it was edited.

    Args:
        form_id: the form it was filled from.
        letter: what it says.
        values: the values it follows, as canonical JSON: those it was lent with, or those it was checked against.
        sha256: of the `.docx` that is kept.
        document_id: of the document; none for one that is only looked at.
        taken_at: when it came back.
    """

    form_id: str
    letter: letters.Edited = attrs.field(repr=False)
    values: str = attrs.field(repr=False)
    sha256: str
    document_id: uuid.UUID | None = None
    taken_at: dt.datetime | None = None

    @property
    def docx(self) -> bytes:
        """The document."""
        return self.letter.docx


@attrs.frozen
class Difference:
    """A value the records give otherwise since: what it is called, what it was, what it is."""

    label: str
    before: str
    after: str


def known(session: Session, referral_id: uuid.UUID, form_id: str = "") -> Sequence[Document]:
    """The letters of a referral that came back, the last one first, set aside or not."""
    lent = (
        select(DepartureFile.document_id)
        .join(Departure)
        .where(Departure.referral_id == referral_id, Departure.channel == CHANNEL)
    )
    wanted = select(Document).where(Document.referral_id == referral_id, Document.edited_from_id.in_(lent))
    if form_id:
        wanted = wanted.where(Document.form_id == form_id)
    return session.scalars(wanted.order_by(Document.made_at.desc(), Document.id.desc())).all()


def of_record(session: Session, vault: Vault, referral_id: uuid.UUID) -> dict[str, Edited]:
    """The edited letters that stand in the place of filled ones, by the id of their form.

    Raises:
        Fault: an object of the vault is damaged.
    """
    made: dict[str, Edited] = {}
    for each in known(session, referral_id):
        if each.set_aside_at is None and each.form_id not in made:
            with evidence.open_object(vault, each.stored.name, each.stored.private_key) as stream:
                data = stream.read()
            made[each.form_id] = Edited(
                form_id=each.form_id,
                letter=attrs.evolve(letters.read(data, title=""), docx=data),
                values=each.values_json,
                sha256=each.stored.sha256,
                document_id=each.id,
                taken_at=each.made_at,
            )
    return made


def hashes(held: Mapping[str, Edited]) -> dict[str, str]:
    """The hash of each, by the id of its form."""
    return {name: each.sha256 for name, each in held.items()}


def said_too(said: ReferralFacts, forms: Sequence[Form], held: Mapping[str, Edited]) -> ReferralFacts:
    """The same, with the words of the edited letters and what is to be said of them."""
    if not held:
        return said
    mine = [(form, held[form.definition.id]) for form in forms if form.definition.id in held]
    findings = tuple(finding for form, each in mine for finding in _review(each, form, said))
    words = tuple((WHERE, each.letter.text) for _, each in mine)
    return attrs.evolve(said, findings=(*said.findings, *findings), edited=words)


def _review(each: Edited, form: Form, said: ReferralFacts) -> Iterator[Finding]:
    """That it is of record, and what in it no longer holds together with the records."""
    subject = str(each.document_id or "")
    if each.taken_at is not None:
        day = french_day(each.taken_at.astimezone(PARIS).date())
        sentence = f"«\u00a0{form.definition.title}\u00a0» est la version modifiée hors du programme, reprise le {day}."
        yield Finding("edited_in_force", "inform", sentence, subject=subject)
    found = differences(each, form, said.values)
    if found:
        what = grammar.joined([f"«\u00a0{difference.label}\u00a0»" for difference in found])
        sentence = f"La lettre modifiée dehors ne suit plus le dossier\u00a0: {what}. Comparez, puis décidez."
        yield Finding("edited_stale", "wait", sentence, subject=subject)
    yield from _citations(each, said, subject)
    blanks = len(_BLANK.findall(each.letter.shown)) + each.letter.shown.count(rules.NOT_JOINED)
    if blanks:
        sentence = f"La lettre modifiée dehors a encore {grammar.counted(blanks, 'blanc')} «\u00a0[à compléter]\u00a0»."
        yield Finding("edited_blank", "wait", sentence, subject=subject)
    if each.letter.broken:
        shown = ", ".join(f"«\u00a0{_short(field)}\u00a0»" for field in each.letter.broken[:3])
        sentence = f"Un champ de la lettre modifiée dehors ne montre rien de juste\u00a0: {shown}. Remplacez-le."
        yield Finding("edited_field", "wait", sentence, subject=subject)


def _citations(each: Edited, said: ReferralFacts, subject: str) -> Iterator[Finding]:
    now = {one.number: str(one.evidence.id) for one in said.numbered}
    numbers = {item: number for number, item in now.items()}
    before = _numbered(each.values)
    found = cited(each.letter.shown)
    absent = [number for number in found if number not in now]
    if absent:
        which = f"la pièce n°\u00a0{absent[0]}, qui n’est" if len(absent) == 1 else ""
        which = which or f"les pièces n°\u00a0{rules.listed(absent)}, qui ne sont"
        yield Finding(
            "edited_citation", "wait", f"La lettre modifiée dehors cite {which} pas au bordereau.", subject=subject
        )
    for number in found:
        if number in now and number in before and before[number] != now[number]:
            moved = numbers.get(before[number])
            became = f"est devenue la n°\u00a0{moved}" if moved else "n’est plus au bordereau"
            sentence = f"La pièce n°\u00a0{number} que cite la lettre modifiée dehors {became}."
            yield Finding("edited_moved", "wait", sentence, subject=subject)


def cited(text: str) -> tuple[int, ...]:
    """The numbers of exhibits a text cites: « pièce n° 3 », « P.J. 2, 4 et 6 à 8 »; each once, in order."""
    found: dict[int, None] = {}
    for match in _CITED.finditer(unicodedata.normalize("NFC", text)):
        before, end = 0, 0
        for each in re.finditer(r"\d+", match[1]):
            number = int(each[0])
            if end and re.search("[à–—-]", match[1][end : each.start()]) and 0 < number - before <= _SPAN:
                found |= dict.fromkeys(range(before, number))
            found[number] = None
            before, end = number, each.end()
    return tuple(sorted(found))


def differences(each: Edited, form: Form, values: Values) -> tuple[Difference, ...]:
    """The values the records give otherwise than when it was lent, save those it says already."""
    before, after = _texts(form, each.values), _texts(form, papers.canonical(values))
    written = _squeezed(each.letter.shown)
    made = []
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, ""), after.get(name, "")
        field = form.definition.field(name)
        if _squeezed(old) != _squeezed(new) and not _says(written, old, new) and field is not None:
            made.append(Difference(field.label, old, new))
    return tuple(made)


def _says(written: str, old: str, new: str) -> bool:
    """Whether a letter gives a new value already; what was only shortened is found in what it said before."""
    old, new = _squeezed(old), _squeezed(new)
    return bool(new) and new in written and not (new in old and old in written)


def _texts(form: Form, values: str) -> dict[str, str]:
    """What a letter would print for each of its fields."""
    try:
        texts, _ = resolve(form.definition, _tree(json.loads(values)))
    except (FormError, ValueError, TypeError, KeyError):
        return {}  # a form of before that no longer fits
    paths = {field.id: field.path or "" for field in form.definition.fields}
    return {name: text for name, text in texts.items() if paths[name].split(".")[0].strip("[]") not in _ELSEWHERE}


def _tree(node: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(node, dict):
        if "value" in node and ("from" in node or "typed_by" in node):
            value = node["value"]
            day = isinstance(value, str) and _DAY.fullmatch(value)
            return Filled(dt.date.fromisoformat(value) if day else value, Source("", "", ""))
        return {name: _tree(inner) for name, inner in node.items()}
    return tuple(_tree(inner) for inner in node)


def _numbered(values: str) -> dict[int, str]:
    """The exhibits a letter was filled with: item by number."""
    said = json.loads(values) if values else {}
    return {each["number"]["value"]: each["date"]["from"][1] for each in said.get("exhibits", ())}


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…"

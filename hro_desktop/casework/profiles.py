# SPDX-License-Identifier: GPL-3.0-or-later
"""Packs of exhibits in the shape their recipient wants: on paper, for a lawyer, a court, an inspection, on a stick.

What each shape is stands in the law table `profiles`; here it is carried out, whatever the table says.
"""

import io
import re
from collections.abc import Callable, Collection, Sequence
from typing import BinaryIO, Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import listing, preview
from forms.bundle import BundleReport, BundleText, ItemPages, build
from forms.file_names import file_name
from forms.problems import Problem
from forms.single import build_single
from hro_desktop.casework import listings
from hro_desktop.casework.bags import BagText, bag
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.handed import Handed, bundle_item, hand_over, naming
from hro_desktop.casework.packages import OutFile, Package, Spare, from_bytes, from_made, from_store, made_file
from hro_desktop.casework.papers import PDF, Made
from hro_desktop.casework.referral_facts import Numbered
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.law import profiles as law
from hro_desktop.law import vocabulary
from hro_desktop.law.profiles import MEGABYTE, Profile
from hro_desktop.records.evidence import EvidenceIncident
from hro_desktop.rules.lots import lots
from hro_desktop.rules.series import SOURCE as SERIES
from hro_desktop.rules.series import Like, propose, refusal

__all__ = ["Wish", "handed_by", "likes", "prepare", "proposed_series", "row_of"]

Progress = Callable[[int, int], None]
Papers = Callable[[Sequence[ItemPages], Sequence[Handed]], Sequence[Made]]
"""Fills letters and schedule, once it is known where each exhibit stands in the merged file and what it is called."""
CSV: Final = "text/csv"
_LIGHTER: Final = "Partagez-la en plusieurs pièces, réduisez-la, ou retirez-la du bordereau pour la remettre à part."
_APART: Final = {
    False: "une fiche en tient lieu\u00a0; les fichiers eux-mêmes sont à remettre à part, sur une clé.",
    True: "une fiche garde leur numéro\u00a0; ces fichiers ne se déposent pas en ligne. Remettez-les sur un support "
    "physique, avec autant de copies que d’autres parties plus deux, et annoncez-le dans l’application "
    "(CJA art. R.414-5 dernier al.).",
}


@attrs.frozen(kw_only=True)
class Wish:
    """What a person chose.

    Args:
        profile: code of the law table `profiles`.
        names: of everybody known for the case: none of them may stand in a file name.
        series: numbers of exhibits to group in one file, where the profile has one file per exhibit.
        lot_mo: size of a lot in Mo, when not that of the table.
        subtitle: what the first pages say: authority, reference…
        draft: « BROUILLON » on each page.
        body: list `bodies`: who the papers go to, when that is an authority.
    """

    profile: str
    names: Collection[str] = attrs.field(default=(), repr=False)
    series: Sequence[Sequence[int]] = ()
    lot_mo: int | None = None
    subtitle: tuple[str, ...] = ()
    draft: bool = False
    body: str = ""


def likes(session: Session, numbered: Sequence[Numbered]) -> tuple[Like, ...]:
    """What tells which exhibits could be grouped."""
    found = session.execute(
        select(EvidenceIncident.evidence_id, EvidenceIncident.incident_id).where(
            EvidenceIncident.evidence_id.in_([each.evidence.id for each in numbered])
        )
    ).all()
    return tuple(
        Like(
            number=each.number,
            kind=each.evidence.kind,
            about=frozenset(str(incident) for item, incident in found if item == each.evidence.id),
            printable=each.evidence.media_type.startswith("image/") or each.evidence.media_type == "application/pdf",
        )
        for each in numbered
    )


def proposed_series(session: Session, numbered: Sequence[Numbered]) -> tuple[tuple[int, ...], ...]:
    """Exhibits that may be grouped in one file: consecutive, alike, of the same facts. A person decides."""
    return propose(likes(session, numbered))


def prepare(
    desk: Desk,
    numbered: Sequence[Numbered],
    papers: Papers,
    wish: Wish,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Package:
    """Make everything a profile wants ready to be written; nothing is written and nothing changes in the vault.

    Args:
        desk: the open vault; it must stay open until the files are written.
        numbered: the exhibits, from an open session, which is not needed afterwards.
        papers: fills letters and schedule; it is not asked when the profile takes none.
        wish: what a person chose.
        progress: told how many of how many steps are done.
        cancelled: asked before each exhibit.

    Raises:
        Fault: `profile.unknown`, `profile.empty`, `profile.number`, `profile.lot`, `profile.series`,
            `profile.no_media`, `profile.no_letter`, `profile.too_large` unless it is a draft; an object of the
            vault is damaged.
        FormError: `bundle.cancelled`; `text.no_application`.
    """
    row = row_of(desk, wish.profile)
    if wish.lot_mo is not None and wish.lot_mo < 1:
        raise Fault(
            "profile.lot",
            f"Un lot de {wish.lot_mo}\u00a0Mo ne peut rien contenir\u00a0: donnez un nombre entier de Mo, 1 au moins.",
            ExitCode.USAGE,
        )
    beyond = [each.number for each in numbered if row.last_number and each.number > row.last_number]
    if beyond:
        raise Fault(
            "profile.number",
            f"La pièce n°\u00a0{beyond[0]} dépasse le dernier numéro possible ici ({row.last_number})\u00a0: "
            "réunissez des pièces avant de les numéroter.",
        )
    handed = handed_by(desk, numbered, row, wish.names)
    step = progress or (lambda done, total: None)
    return _Packer(desk, row, wish, handed=handed, papers=papers, progress=step, cancelled=cancelled).run()


def handed_by(
    desk: Desk, numbered: Sequence[Numbered], row: Profile, names: Collection[str] = ()
) -> tuple[Handed, ...]:
    """The exhibits as a profile hands them over; what does not print goes on a stick, under the names it has there."""
    stick = next((each for each in law.profiles() if each.media == "bag" and each.holds_on(desk.today())), row)
    own = naming(row)
    return hand_over(numbered, own, own if row.media == "files" else naming(stick), names=names)


def row_of(desk: Desk, code: str) -> Profile:
    """One profile as it stands today.

    Raises:
        Fault: `profile.unknown`, which lists those there are.
    """
    try:
        return law.profile(code, desk.today())
    except KeyError:
        known = ", ".join(each.code for each in law.profiles() if each.holds_on(desk.today()))
        sentence = f"Le profil «\u00a0{code}\u00a0» n’existe pas\u00a0: choisissez parmi {known}."
        raise Fault("profile.unknown", sentence, ExitCode.USAGE) from None


class _Packer:
    """Carries one profile out."""

    def __init__(
        self,
        desk: Desk,
        row: Profile,
        wish: Wish,
        *,
        handed: tuple[Handed, ...],
        papers: Papers,
        progress: Progress,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._desk = desk
        self._row = row
        self._wish = wish
        self._handed = handed
        self._write = papers
        self._made: tuple[Made, ...] = ()
        self._progress = progress
        self._cancelled = cancelled
        self._practice = desk.practice()
        self._spare = Spare()
        self._media = tuple(each for each in handed if not each.printable)
        self._places: dict[int, OutFile] = {}  # the file each exhibit is in
        self._spans: dict[int, tuple[int, int]] = {}  # its first and last page there
        self._pages: dict[int, int] = {}  # how many it has
        self._remarks: list[str] = []
        self._problems: list[Problem] = []
        self._done = 0

    def run(self) -> Package:
        """All files of the profile."""
        row = self._row
        if row.shown_note:
            self._remarks.append(f"«\u00a0{row.label}\u00a0»\u00a0: règles {row.shown_note} ({row.source}).")
        files = self._bag() if row.media == "bag" else self._files()
        if not files:
            raise Fault(
                "profile.empty", "Il n’y a ni lettre ni pièce à remettre\u00a0: ajoutez une pièce au bordereau."
            )
        self._say_names()
        self._say_unused()
        remarks = tuple(dict.fromkeys(self._remarks))
        once = tuple(each for place, each in enumerate(self._problems) if each not in self._problems[:place])
        return Package(row.code, tuple(files), remarks, once, row.misfit(self._wish.body))

    def _files(self) -> list[OutFile]:
        """Papers and exhibits, each within the limits of the profile."""
        row = self._row
        groups = self._groups() if row.exhibits in ("single", "both") else []
        exhibits = self._in_lots([self._exhibit_file(group) for group in groups])
        bundle = self._merged() if row.exhibits in ("merged", "both") and self._handed else None
        if row.letter_formats or row.schedule_formats:
            self._made = tuple(self._write(bundle[1].items if bundle else (), self._handed))
            self._refuse_without_letter()
        papers = self._papers()
        merged = [self._as_file(bundle[0], papers)] if bundle else []
        grouped = any(len(group) > 1 for group in groups)
        listed = [self._inventory()] if grouped and row.inventory == "series_only" else []
        files = [*papers, *merged, *self._lists([*papers, *merged]), *listed, *exhibits]
        self._refuse_too_large(files)
        return files

    def _refuse_without_letter(self) -> None:
        """A court wants a letter: text to copy into the boxes of a platform is none, and exhibits say nothing alone."""
        roles = {each.role for each in self._made}
        if self._row.letter_name and "boxes" in roles and "letter" not in roles:
            raise Fault(
                "profile.no_letter",
                f"«\u00a0{self._row.label}\u00a0» demande une lettre, et cette saisine se recopie dans un formulaire "
                "en ligne\u00a0: choisissez un autre profil. Rien n’est sorti.",
                ExitCode.USAGE,
            )

    def _groups(self) -> list[tuple[Handed, ...]]:
        """The exhibits of each file: one, or those of a series."""
        known = {each.number: each for each in self._handed}
        asked = {
            each.number: Like(number=each.number, kind=each.kind, printable=each.printable) for each in self._handed
        }
        grouped: dict[int, tuple[int, ...]] = {}
        for numbers in self._wish.series:
            sentence = refusal(numbers, asked)
            if not sentence and self._row.inventory != "series_only":
                sentence = "Dans ce profil, chaque pièce a son fichier\u00a0: il n’y a pas de série à grouper."
            if not sentence and any(number in grouped for number in numbers):
                sentence = "Une pièce figure dans deux séries\u00a0: gardez-la dans une seule."
            if sentence:
                raise Fault("profile.series", sentence)
            grouped |= dict.fromkeys(numbers, tuple(numbers))
        runs = dict.fromkeys(grouped.get(each.number, (each.number,)) for each in self._handed)
        return [tuple(known[number] for number in run) for run in runs]

    def _exhibit_file(self, group: tuple[Handed, ...]) -> OutFile:
        """The file of one exhibit, or of a series."""
        first = group[0]
        numbers = tuple(each.number for each in group)
        if not first.printable and not first.withheld and self._row.media == "files":
            file = from_store(
                first.original,
                self._desk.vault,
                first.stored,
                sha256=first.sha256,
                size=first.size,
                media_type=first.media_type,
                number=first.number,
            )
        else:
            file, report = made_file(
                first.file if len(group) == 1 else self._series_name(group),
                lambda out: self._single(out, group),
                self._spare,
                PDF,
                numbers=numbers,
            )
            file = attrs.evolve(file, pages=report.total)
            self._note(report)
        self._places |= dict.fromkeys(numbers, file)
        self._step()
        return file

    def _single(self, out: BinaryIO, group: Sequence[Handed]) -> BundleReport:
        return build_single(
            out,
            [bundle_item(each, self._desk.vault) for each in group],
            stamp=self._row.stamps,
            practice=self._practice,
            draft=self._wish.draft,
            cancelled=self._cancelled,
        )

    def _series_name(self, group: Sequence[Handed]) -> str:
        kind = vocabulary.label("evidence_kinds", group[0].kind)
        title = f"pièces {group[0].number} à {group[-1].number} {kind}"
        return file_name(naming(self._row), group[0].number, title, ".pdf")

    def _in_lots(self, files: list[OutFile]) -> list[OutFile]:
        """The same files in a folder per lot, when the profile has lots."""
        limit = self._row.lot
        if limit is None or not files:
            return files
        chosen = self._wish.lot_mo
        most = (chosen or limit.value) * MEGABYTE
        source = "taille choisie" if chosen else limit.shown_source
        self._remarks.append(f"Les pièces sont réparties en lots de {most // MEGABYTE}\u00a0Mo au plus ({source}).")
        placed = []
        for number, lot in enumerate(lots([file.size for file in files], most), start=1):
            for place in lot:
                file = attrs.evolve(files[place], name=f"lot-{number}/{files[place].name}")
                placed.append(file)
                self._places |= dict.fromkeys(file.numbers, file)
                if file.size > most:
                    self._remarks.append(
                        f"La pièce n°\u00a0{file.numbers[0]} pèse {_mo(file.size)}\u00a0: elle est seule dans le lot "
                        f"{number}, qui dépasse la taille voulue."
                    )
        return placed

    def _merged(self) -> tuple[bytes, BundleReport]:
        """All exhibits in one file, with contents, dividers and bookmarks."""
        text = BundleText("Pièces jointes", self._wish.subtitle, practice=self._practice, draft=self._wish.draft)
        out = io.BytesIO()
        report = build(
            out,
            text,
            [bundle_item(each, self._desk.vault) for each in self._handed],
            dividers=self._row.dividers,
            progress=None if self._row.exhibits == "both" else self._progress,
            cancelled=self._cancelled,
        )
        self._note(report)
        self._step()
        return out.getvalue(), report

    def _as_file(self, bundle: bytes, before: Sequence[OutFile]) -> OutFile:
        """The merged file, named after the papers before it."""
        made = Made(self._numbered("pieces.pdf", before), "bundle", PDF, bundle, preview.page_count(bundle))
        numbers = tuple(each.number for each in self._handed)
        file = from_made(made, numbers=numbers)
        if self._row.exhibits == "merged":
            self._places |= dict.fromkeys(numbers, file)
        elif self._row.lot and file.size > (self._wish.lot_mo or self._row.lot.value) * MEGABYTE:
            self._remarks.append(
                f"«\u00a0{file.name}\u00a0» pèse {_mo(file.size)}\u00a0: les lots contiennent les mêmes pièces."
            )
        return file

    @staticmethod
    def _numbered(name: str, before: Sequence[OutFile]) -> str:
        """« 03-pieces.pdf », after « 01-plainte » and « 02-bordereau »."""
        heads = [int(found[0]) for each in before if (found := re.match(r"\d\d(?=-)", each.name))]
        return f"{max(heads, default=0) + 1:02}-{name}"

    def _note(self, report: BundleReport) -> None:
        self._problems += report.problems
        for each in report.items:
            self._spans[each.number] = (each.first, each.last)
            self._pages[each.number] = each.pages

    def _papers(self) -> list[OutFile]:
        """What was filled beforehand, as far as it goes along."""
        row = self._row
        going: list[OutFile] = []
        for each in self._made:
            extension = each.name.rpartition(".")[2].lower()
            formats = {"bundle": (), "schedule": row.schedule_formats, "letter": row.letter_formats}.get(each.role)
            if (formats is not None and extension not in formats) or (row.letter_name and each.role == "boxes"):
                continue
            name = each.name
            if row.letter_name:
                name = f"{row.letter_name}.pdf"
                if any(name == file.name for file in going):
                    name = f"{row.letter_name}-{len(going) + 1}.pdf"
            going.append(from_made(each, name=name))
        return going

    def _lists(self, before: Sequence[OutFile]) -> list[OutFile]:
        """The list of media, and the schedule as a table."""
        made: list[OutFile] = []
        if self._row.media_list and self._media:
            joined = self._row.media == "files"
            places = {each.number: self._places[each.number].name for each in self._media} if joined else {}
            text = self._list_text("Enregistrements et fichiers qui ne s’impriment pas")
            file, pages = made_file(
                self._numbered("medias.pdf", before),
                lambda out: listings.media_list(out, self._media, places, text, joined=joined),
                self._spare,
                PDF,
            )
            made.append(attrs.evolve(file, pages=pages))
        if "csv" in self._row.schedule_formats:
            data = listings.table(self._handed, self._places, self._pages)
            made.append(from_bytes(f"{self._schedule_stem()}.csv", data, CSV))
        return made

    def _schedule_stem(self) -> str:
        return next((each.name.rpartition(".")[0] for each in self._made if each.role == "schedule"), "bordereau")

    def _list_text(self, title: str) -> listing.ListText:
        return listing.ListText(title, self._wish.subtitle, practice=self._practice, draft=self._wish.draft)

    def _inventory(self) -> OutFile:
        """What makes grouped exhibits admissible: each listed in the order of the files."""
        text = self._list_text("Inventaire détaillé des pièces")
        file, pages = made_file(
            f"{self._row.inventory_name}.pdf",
            lambda out: listings.inventory(out, self._handed, self._places, self._spans, text),
            self._spare,
            PDF,
        )
        self._remarks.append(f"Des pièces sont groupées\u00a0: déposez l’inventaire avec elles ({SERIES}).")
        return attrs.evolve(file, pages=pages)

    def _bag(self) -> list[OutFile]:
        """Originals without pages, for a stick."""
        there = [each for each in self._media if not each.withheld]
        if not there:
            raise Fault(
                "profile.no_media",
                "Toutes les pièces s’impriment, ou sont masquées\u00a0: il n’y a rien à mettre sur une clé.",
            )
        limit = self._row.largest
        for each in there:
            if limit and each.size > limit.octets:
                self._remarks.append(
                    f"La pièce n°\u00a0{each.number} pèse {_mo(each.size)}\u00a0: il lui faut une clé formatée en "
                    f"exFAT. {limit.shown_source}."
                )
        text = BagText("Fichiers joints aux pièces", self._wish.subtitle, self._practice, self._wish.draft)
        return list(bag(self._desk.vault, self._media, text, self._desk.today()))

    def _refuse_too_large(self, files: Sequence[OutFile]) -> None:
        """The letter and the list of exhibits announce every file: one that would be refused stops them all.

        A draft goes nowhere: it only says so, as it says which files are near the limit.
        """
        block, warn = self._row.block, self._row.warn
        for file in files:
            if block and file.size > block.octets:
                sentence = (
                    f"{file.called} pèse {_mo(file.size)}, plus de {block.value}\u00a0Mo\u00a0: "
                    f"ce fichier serait refusé ({block.shown_source}). {_LIGHTER if file.numbers else 'Réduisez-le.'}"
                )
                if not self._wish.draft:
                    raise Fault("profile.too_large", f"{sentence} Rien n’est sorti.", ExitCode.BLOCKED)
                self._remarks.append(sentence)
            elif warn and file.size > warn.octets:
                source = (block or warn).shown_source
                self._remarks.append(f"«\u00a0{file.name}\u00a0» pèse {_mo(file.size)}, près de la limite. {source}.")

    def _say_names(self) -> None:
        """What was left out on purpose, and what the recipient must be told."""
        named = {"both": self._handed, "single": self._handed, "none": self._media, "merged": ()}[self._row.exhibits]
        neutral = [each.number for each in named if each.neutral and not each.withheld]
        if neutral:
            self._remarks.append(f"Pièces n°\u00a0{_numbers(neutral)}\u00a0: {listings.NEUTRAL}.")
        for why in dict.fromkeys(each.withheld for each in self._handed if each.withheld):
            numbers = [each.number for each in self._handed if each.withheld == why]
            self._remarks.append(f"Pièces n°\u00a0{_numbers(numbers)}\u00a0: {why}.")
        apart = [each.number for each in self._media if not each.withheld]
        if apart and self._row.media == "listed":
            self._remarks.append(f"Pièces n°\u00a0{_numbers(apart)}\u00a0: {_APART[self._row.exhibits == 'single']}")
        if self._row.exhibits == "single":
            self._remarks.append("Joignez l’acte attaqué ou ce qui prouve la date de la demande (CJA art. R.412-1).")

    def _say_unused(self) -> None:
        """What was asked for and this profile has no use for."""
        unused = f"n’a pas servi avec le profil «\u00a0{self._row.code}\u00a0», qui"
        if self._wish.lot_mo is not None and self._row.lot is None:
            self._remarks.append(f"La taille de lot demandée {unused} ne fait pas de lots.")
        if self._wish.series and self._row.exhibits not in ("single", "both"):
            self._remarks.append(f"Le regroupement en série demandé {unused} n’a pas un fichier par pièce.")

    def _step(self) -> None:
        self._done += 1
        total = {"single": len(self._handed), "both": len(self._handed) + 1}.get(self._row.exhibits, 1)
        self._progress(self._done, total)


def _mo(size: int) -> str:
    return f"{size / MEGABYTE:.1f}\u00a0Mo".replace(".", ",")


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))

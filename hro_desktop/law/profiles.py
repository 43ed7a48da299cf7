# SPDX-License-Identifier: GPL-3.0-or-later
"""In what shape exhibits are handed over: on paper, to a lawyer, to an administrative court, to an inspection."""

import datetime as dt
import functools
from typing import Final, Literal

import attrs

from hro_desktop.law import vocabulary
from hro_desktop.law.tables import TO_CHECK, Confidence, Row, TableError, build_all, in_force, read, unique

__all__ = ["MEGABYTE", "Limit", "Profile", "ScheduleFormat", "profile", "profiles"]

MEGABYTE: Final = 1_000_000
"""Bytes of 1 Mo. A platform may mean 1 048 576: counted with the smaller one, no file is too large for either."""

ScheduleFormat = Literal["docx", "pdf", "csv"]


@attrs.frozen(kw_only=True)
class Limit:
    """A number somebody set, and where it was read.

    Args:
        value: characters of a name, or Mo of a file.
        source: the page or text.
        confidence: how far that was verified.
    """

    value: int
    source: str
    confidence: Confidence

    @property
    def octets(self) -> int:
        """A size in bytes."""
        return self.value * MEGABYTE

    @property
    def shown_source(self) -> str:
        """The source, followed by « à vérifier » unless the primary text was read."""
        return self.source if self.confidence == "P" else f"{self.source} ({TO_CHECK})"


@attrs.frozen(kw_only=True)
class Profile(Row):
    """One shape.

    Args:
        label: as a user reads it.
        makes: what comes out, in a sentence.
        exhibits: one `merged` file, one file per exhibit (`single`), `both`, or `none` (media only).
        name_pattern: of the file of an exhibit (`forms.file_names`).
        ascii_only: names without accents or spaces.
        longest: characters of a name, extension included.
        stamps: « Pièce n° X – p. y/z » on each page.
        dividers: a page before each exhibit of a merged file.
        letter_formats: in which formats the letter goes along.
        schedule_formats: in which formats the schedule goes along.
        inventory: whether a list of exhibits goes along: `always`, for grouped exhibits only, or `never`.
        media: films and sounds: their `files` go along, they are only `listed`, or they make a `bag` of their own.
        media_list: a PDF lists them.
        letter_name: stem that the letter's PDF takes here, which then goes alone; empty when papers keep their names.
        inventory_name: stem of the inventory of grouped exhibits.
        last_number: highest exhibit number a name may bear, 0 for any.
        warn: size of a file from which a person is told.
        block: size of a file that would be refused there: only a draft is made with it.
        lot: size of what goes in one message.
        largest: size of a medium that some sticks do not take.
        recipient: who gets it when that is not the authority of the referral.
        consent_purpose: list `consent_purposes`: the agreement that recipient needs, of each complainant.
        consent_body: list `bodies`: that recipient, for the agreement.
        bodies: list `bodies`: who it is made for; empty when it is for anybody, or for its own recipient.
    """

    label: str
    makes: str
    exhibits: Literal["merged", "single", "both", "none"]
    name_pattern: str
    ascii_only: bool
    longest: Limit
    stamps: bool
    dividers: bool
    letter_formats: tuple[Literal["docx", "pdf"], ...]
    schedule_formats: tuple[ScheduleFormat, ...]
    inventory: Literal["always", "series_only", "never"]
    media: Literal["files", "listed", "bag"]
    media_list: bool
    letter_name: str = ""
    inventory_name: str = ""
    last_number: int = 0
    warn: Limit | None = None
    block: Limit | None = None
    lot: Limit | None = None
    largest: Limit | None = None
    recipient: str = ""
    consent_purpose: str = ""
    consent_body: str = ""
    bodies: tuple[str, ...] = ()

    def misfit(self, body: str) -> str:
        """What to look at when this shape was made for others than that one (list `bodies`); empty when it fits."""
        if not self.bodies or not body or body in self.bodies:
            return ""
        meant = ", ".join(vocabulary.label("bodies", each) for each in self.bodies)
        asked = vocabulary.label("bodies", body)
        return (
            f"Ce profil est fait pour\u00a0: {meant}. Ces documents vont à\u00a0: {asked}. "
            "Vérifiez leur forme avant de les envoyer."
        )


@functools.cache
def profiles() -> tuple[Profile, ...]:
    """Every profile, in the order a list offers them."""
    data = dict(read("profiles.toml"))
    rows = build_all(Profile, data.pop("profile"), "profiles.profile")
    if data:
        raise TableError("profiles: unknown section")
    for row in rows:
        unique(row.schedule_formats, f"profiles.{row.code}")
        if "{title}" not in row.name_pattern:
            raise TableError(f"profiles.{row.code}: no title in the pattern")
        if len({bool(row.recipient), bool(row.consent_purpose), bool(row.consent_body)}) > 1:
            raise TableError(f"profiles.{row.code}: another recipient needs its own agreement")
    return rows


def profile(code: str, on: dt.date) -> Profile:
    """One profile as it stands that day.

    Raises:
        KeyError: no such profile on that day.
    """
    return in_force(profiles(), code, on)

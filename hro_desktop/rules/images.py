# SPDX-License-Identifier: GPL-3.0-or-later
"""Which images of the facts may still exist on a given day, and until when.

A clock that expires is counted from the earliest possible day of the facts. When that term is past but a later
possible day would leave the images in existence, the source is in doubt: this is said, and a person decides.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import attrs

from hro_desktop.law import cameras
from hro_desktop.law.cameras import Camera
from hro_desktop.law.tables import TO_CHECK
from hro_desktop.rules.dates import PartialDate, add_months, french_day, french_time

__all__ = ["Kept", "Noted", "State", "by_urgency", "kept"]

State = Literal["open", "doubtful", "expired"]
_NB = "\u00a0"


@attrs.frozen(kw_only=True)
class Noted:
    """One source of images that somebody noted.

    Args:
        camera: its code.
        happened: when it filmed.
        ended: when the custody or the deployment ended, `None` when nobody noted it.
        ended_at: the time of that end, `HH:MM`, when it is known for sure.
        asked: whether the images of a cell were asked for in time; `None` when nobody knows.
    """

    camera: str
    happened: PartialDate
    ended: PartialDate | None = None
    ended_at: str = ""
    asked: bool | None = None


@attrs.frozen(kw_only=True)
class Kept:
    """What the texts leave of one source on one day.

    Args:
        noted: what it is about.
        camera: its row.
        state: `open`, `doubtful` (past by the earliest possible day, not by the latest), `expired`.
        last: last day on which it may exist, from the earliest possible day; `None`: nothing is known of the day.
        hour: the time of that last day, `HH:MM`, when the term is counted in hours from a known time.
        latest: the same from the latest possible day; `None` when nothing bounds it.
        sentence: what a user reads.
        source: the text it rests on, « à vérifier » included.
        verified: whether the text and its articles were checked.
    """

    noted: Noted
    camera: Camera
    state: State
    last: dt.date | None
    hour: str
    latest: dt.date | None
    sentence: str
    source: str
    verified: bool

    @property
    def expired_since(self) -> dt.date | None:
        """The first day after the term, once it is past."""
        return self.last + dt.timedelta(days=1) if self.last is not None and self.state != "open" else None

    @property
    def urgency(self) -> tuple[bool, dt.date]:
        """What sorts sources: those in doubt or undated, then by term, then those that are past."""
        return self.state == "expired", self.last or dt.date.min


def kept(noted: Noted, on: dt.date) -> Kept:
    """What is left of one source on the day of a letter.

    Raises:
        KeyError: no such source of images that day.
    """
    row = cameras.camera(noted.camera, on)
    start = _start(noted, row)
    last, hour = _term(noted, row, start.earliest, prudent=True)
    latest, _ = _term(noted, row, _latest(noted, row, start), prudent=False)
    state: State = "open"
    if last is not None and last < on:
        state = "expired" if latest is not None and latest < on else "doubtful"
    verified = row.verified and all(article.verified for article in cameras.cited(row, on))
    found = Kept(
        noted=noted,
        camera=row,
        state=state,
        last=last,
        hour=hour,
        latest=latest,
        sentence="",
        source=row.source if verified else f"{row.source} ({TO_CHECK})",
        verified=verified,
    )
    return attrs.evolve(found, sentence=_sentence(found))


def by_urgency(noted: Iterable[Noted], on: dt.date) -> tuple[Kept, ...]:
    """All sources, the most urgent in front: in doubt or undated, then by term; what is past comes last."""
    found = [kept(each, on) for each in noted]
    return tuple(sorted(found, key=lambda each: each.urgency))


def _start(noted: Noted, row: Camera) -> PartialDate:
    """The day the time is counted from: without a known end, the facts themselves, which no end can precede."""
    if row.starts == "recording" or noted.ended is None or not noted.ended.known:
        return noted.happened
    return noted.ended


def _latest(noted: Noted, row: Camera, start: PartialDate) -> dt.date | None:
    """The latest possible start. A custody whose end nobody noted may have lasted: nothing bounds it."""
    if row.starts == "custody_end" and start is not noted.ended:
        return None
    return start.latest


def _term(noted: Noted, row: Camera, start: dt.date | None, *, prudent: bool) -> tuple[dt.date | None, str]:
    """The last day, with its time when it is known, counted from one possible start."""
    if start is None:
        return None, ""
    asked = noted.asked if noted.asked is not None else not prudent
    if row.asks_hours and asked:
        # counted from the day after, that day included
        return start + dt.timedelta(days=row.asked_days), ""
    if not row.keeps_hours:
        return add_months(start, row.keeps_months) + dt.timedelta(days=row.keeps_days), ""
    if noted.ended_at and noted.ended is not None and noted.ended.exact:
        end = dt.datetime.combine(start, dt.time.fromisoformat(noted.ended_at)) + dt.timedelta(hours=row.keeps_hours)
        return end.date(), f"{end:%H:%M}"
    # at an unknown time of the day: its first minute for the prudent term, its last for the other
    time = dt.time.min if prudent else dt.time.max
    moment = dt.datetime.combine(start, time) + dt.timedelta(hours=row.keeps_hours)
    return (moment - dt.timedelta(microseconds=1)).date(), ""


def _sentence(found: Kept) -> str:
    row, last = found.camera, found.last
    name = f"{row.label[:1].upper()}{row.label[1:]}{_NB}: "
    shorter = ", souvent moins selon l’autorisation préfectorale" if row.shorter else ""
    if last is None:
        return (
            f"{name}la date est inconnue, rien ne permet de dire ces images effacées{_NB}; précisez-la et écrivez sans "
            f"attendre{shorter and f' (un mois au plus{shorter})'}."
        )
    if found.state == "open":
        term = " ".join(part for part in (french_day(last), french_time(found.hour)) if part)
        return f"{name}ces images peuvent exister jusqu’au {term} au plus tard{shorter}.{_asking(found)}"
    past = f"{name}terme dépassé depuis le {french_day(last + dt.timedelta(days=1))}"
    if found.state == "expired":
        return f"{past}, aucune lettre ne demande ces images."
    if found.latest is None:
        return f"{past} si la mesure a pris fin le premier jour possible{_NB}; notez le jour et l’heure de sa fin."
    return (
        f"{past}, compté du premier jour possible{_NB}; ces images peuvent exister jusqu’au "
        f"{french_day(found.latest)} {_if_later(found)}."
    )


def _if_later(found: Kept) -> str:
    """What would have to be true for images in doubt to exist."""
    if found.camera.asks_hours and found.noted.asked is None:
        return f"si leur conservation a été demandée dans les {found.camera.asks_hours}{_NB}heures{_NB}: vérifiez-le"
    return f"si la date est plus tardive{_NB}: précisez-la"


def _asking(found: Kept) -> str:
    """Who can still have the images kept longer by asking."""
    hours = found.camera.asks_hours
    if not hours or found.noted.asked:
        return ""
    return (
        f" La personne, son avocat·e ou ses représentants légaux peuvent demander, dans les {hours}{_NB}heures de la "
        f"fin de la mesure, qu’elles soient gardées sept jours{_NB}: la demande de l’association n’y suffit pas."
    )

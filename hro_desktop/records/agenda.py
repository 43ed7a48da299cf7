# SPDX-License-Identifier: GPL-3.0-or-later
"""The agenda: meetings, reminders of our own, letters that came for somebody, and each time somebody was reached."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hro_desktop.records.base import Record

__all__ = ["Appointment", "ContactNote", "Mail", "Reminder"]


class Appointment(Record):
    """A meeting with somebody; the day somebody leaves is one too (purpose `depart`).

    `place_kind`, `purpose` and `state` are codes of `appointment_places`, `appointment_purposes` and
    `appointment_states`; times are `HH:MM`.
    """

    __tablename__ = "appointment"
    __table_args__ = (CheckConstraint("coalesce(case_id, person_id) IS NOT NULL", name="somebody"),)

    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    volunteer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"))
    planned_on: Mapped[dt.date] = mapped_column(index=True)
    time_from: Mapped[str] = mapped_column(String(5), default="")
    time_to: Mapped[str] = mapped_column(String(5), default="")
    place_kind: Mapped[str] = mapped_column(String(40), default="")
    place: Mapped[str] = mapped_column(default="")
    interpreter_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    interpreter_mode: Mapped[str] = mapped_column(String(20), default="")
    purpose: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20), default="prevu")
    note: Mapped[str] = mapped_column(default="")


class Reminder(Record):
    """Something a person decided to do, by a day of our own choosing: no legal date."""

    __tablename__ = "reminder"

    what: Mapped[str]
    due_on: Mapped[dt.date] = mapped_column(index=True)
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    volunteer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"))
    done_on: Mapped[dt.date | None]
    note: Mapped[str] = mapped_column(default="")


class Mail(Record):
    """A letter received at the association's address for somebody who declared it (CPP 40-4-1).

    Neither `case_id` nor `person_id`: nobody knows yet whom it is for. `referral_id`: which referral it answers, when
    somebody said so. `passed_how` is a code of `mail_passings`.
    """

    __tablename__ = "mail"

    received_on: Mapped[dt.date] = mapped_column(index=True)
    sender: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    registered: Mapped[bool] = mapped_column(default=False)
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    evidence_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("evidence.id"))
    passed_on: Mapped[dt.date | None] = mapped_column(index=True)
    passed_how: Mapped[str] = mapped_column(String(40), default="")
    passed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"))
    note: Mapped[str] = mapped_column(default="")


class ContactNote(Record):
    """One time somebody was reached, or tried for: `means` is a code of `contact_means`, `words` what was said."""

    __tablename__ = "contact_note"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    contacted_on: Mapped[dt.date]
    means: Mapped[str] = mapped_column(String(40))
    reached: Mapped[bool] = mapped_column(default=True)
    volunteer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"))
    words: Mapped[str] = mapped_column(default="")

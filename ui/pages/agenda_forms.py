# SPDX-License-Identifier: GPL-3.0-or-later
"""How what the agenda holds is told: a meeting, a reminder, a letter received, a contact."""

from typing import Final

from ui.editor.form import Layout, Part

__all__ = ["ANOTHER", "APPOINTMENT", "CONTACT", "FORMS", "MAIL", "REMINDER"]

APPOINTMENT: Final = Layout(
    fields=("purpose", "case_id", "person_id", "planned_on", "time_from", "place_kind", "time_to", "place"),
    labels={
        "purpose": "Pour quoi",
        "case_id": "Dossier",
        "person_id": "Personne",
        "place_kind": "Où",
        "place": "Lieu précis",
        "interpreter_mode": "Présence de l’interprète",
        "volunteer_id": "Bénévole",
    },
    hints={"person_id": "Si ce n’est pas celle du dossier", "interpreter_mode": ""},
    parts=(
        Part("Interprète et bénévole", ("interpreter_id", "interpreter_mode", "volunteer_id"), folded=True),
        Part("Note de travail", ("note",), folded=True),
    ),
    long=frozenset({"note"}),
)
REMINDER: Final = Layout(
    fields=("what", "due_on", "done_on", "case_id", "referral_id", "volunteer_id", "note"),
    labels={"what": "Ce qu’il faut faire", "done_on": "Fait le"},
    long=frozenset({"what", "note"}),
    lines={"what": 2, "note": 2},
    single=True,
)
ANOTHER: Final = "Une autre lettre, ou la même pour une autre personne"
MAIL: Final = Layout(
    fields=(
        "received_on",
        "sender",
        "subject",
        "registered",
        "case_id",
        "person_id",
        "referral_id",
        "evidence_id",
        "another",
    ),
    labels={
        "referral_id": "Saisine à laquelle il répond",
        "passed_on": "Transmis le",
        "passed_how": "Comment",
        "passed_by_id": "Par qui",
        "another": ANOTHER,
    },
    hints={
        "passed_on": "Le jour et la façon se notent ensemble\u00a0: un courrier vaut notification à la personne",
    },
    parts=(Part("Transmission à la personne", ("passed_on", "passed_how", "passed_by_id", "note")),),
    long=frozenset({"note"}),
    lines={"note": 2},
    single=True,
)
CONTACT: Final = Layout(
    fields=("contacted_on", "means", "reached", "words", "volunteer_id"),
    long=frozenset({"words"}),
    lines={"words": 2},
)
FORMS: Final = {"reminder": REMINDER, "mail": MAIL, "appointment": APPOINTMENT, "contact_note": CONTACT}
"""The layout of each noun."""

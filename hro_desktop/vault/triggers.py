# SPDX-License-Identifier: GPL-3.0-or-later
"""What the base itself refuses, whatever program writes to it (SQLite only; a team server has its own rules).

Migrations hold literal copies of these statements; a test compares them with a freshly made base.
"""

from typing import Final

__all__ = ["TRIGGERS"]


def _kept_for_ever(table: str) -> dict[str, str]:
    """What left cannot be called back, nor its trace be changed or removed."""
    when = {
        "no_update": (f"UPDATE ON {table}", "what left never changes"),
        "no_delete": (f"DELETE ON {table}", "what left is never forgotten"),
        # INSERT OR REPLACE removes a row without firing the trigger above.
        "once": (f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)", "what left is kept"),  # noqa: S608
    }
    return {
        f"{table}_{name}": f"CREATE TRIGGER {table}_{name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        for name, (event, sentence) in when.items()
    }


TRIGGERS: Final[dict[str, str]] = {
    "journal_line_no_update": (
        "CREATE TRIGGER journal_line_no_update BEFORE UPDATE ON journal_line "
        "BEGIN SELECT RAISE(ABORT, 'journal lines never change'); END"
    ),
    "journal_line_no_delete": (
        "CREATE TRIGGER journal_line_no_delete BEFORE DELETE ON journal_line "
        "BEGIN SELECT RAISE(ABORT, 'journal lines are never removed'); END"
    ),
    # INSERT OR REPLACE removes a row without firing the trigger above.
    "journal_line_in_order": (
        "CREATE TRIGGER journal_line_in_order BEFORE INSERT ON journal_line "
        "WHEN NEW.n IS NOT (SELECT coalesce(max(n), 0) + 1 FROM journal_line) "
        "BEGIN SELECT RAISE(ABORT, 'journal lines follow one another'); END"
    ),
    # What was sealed, frozen or communicated stays as it was; erasing a whole row remains possible.
    "statement_version_sealed": (
        "CREATE TRIGGER statement_version_sealed BEFORE UPDATE ON statement_version "
        "WHEN OLD.sealed_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'a sealed version never changes'); END"
    ),
    "document_frozen": (
        "CREATE TRIGGER document_frozen BEFORE UPDATE ON document "
        "WHEN OLD.frozen_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'a frozen document never changes'); END"
    ),
    "exhibit_list_frozen": (
        "CREATE TRIGGER exhibit_list_frozen BEFORE UPDATE OF id, referral_id, sequence, first_number, frozen_at "
        "ON exhibit_list WHEN OLD.frozen_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'a communicated list never changes'); END"
    ),
    "exhibit_frozen": (
        "CREATE TRIGGER exhibit_frozen BEFORE UPDATE ON exhibit "
        "WHEN (SELECT frozen_at FROM exhibit_list WHERE id = OLD.list_id) IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'a communicated exhibit keeps its number'); END"
    ),
    **_kept_for_ever("departure"),
    **_kept_for_ever("departure_file"),
    **_kept_for_ever("departure_person"),
}

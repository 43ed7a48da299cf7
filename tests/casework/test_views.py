# SPDX-License-Identifier: GPL-3.0-or-later
import json
from typing import Any

import pytest

from hro_desktop.casework import case_filters, cases, views
from hro_desktop.casework.case_filters import Filter
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.views import Kept, View
from hro_desktop.records.settings import Setting


def read(desk: Desk, slot: str = "") -> Kept:
    with desk.read() as session:
        return views.read(session, slot or desk.vault.slot_id, "cases")


def test_an_access_keeps_its_views_and_another_one_does_not_see_them(desk: Desk) -> None:
    assert read(desk) == Kept()
    kept = Kept((View("À moi", (Filter("charge", "me"),), "-due", ("person", "due")),), {"person": 140}, beside=True)
    desk.run(views.save, "cases", kept)
    assert read(desk) == kept
    assert read(desk, "f" * 16) == Kept()
    with desk.read() as session:
        assert views.read(session, desk.vault.slot_id, "incidents") == Kept()


@pytest.mark.parametrize(
    "written",
    [
        "", "{", "[]", "null", "[" * 100_000, '{"views": 3, "widths": [], "beside": "oui"}',
        '{"views": [null, {}, {"name": ""}, {"name": 4}], "widths": {"a": "b", "c": -1, "d": 99999, "e": true}}',
    ],
)  # fmt: skip
def test_what_is_not_understood_is_left_aside(desk: Desk, written: str) -> None:
    with desk.vault.work() as work:
        work.session.merge(Setting(name=f"list.cases.{desk.vault.slot_id}", value=written))
        work.commit()
    assert read(desk) == Kept()


def test_what_is_understood_of_it_is_taken(desk: Desk) -> None:
    written: dict[str, Any] = {
        "views": [{"name": " Vue " + "x" * 90, "filters": [{"name": "minor", "value": "yes"}, {"name": 1}, 2]}],
        "widths": {"person": 90, "later": 120},
    }
    with desk.vault.work() as work:
        work.session.merge(Setting(name=f"list.cases.{desk.vault.slot_id}", value=json.dumps(written)))
        work.commit()
    (view,) = read(desk).views
    assert (view.filters, view.order, view.columns) == ((Filter("minor", "yes"),), "", ())
    assert len(view.name) == views.LONGEST
    assert read(desk).widths == {"person": 90, "later": 120}


def test_the_views_everybody_has_can_be_asked_for(desk: Desk) -> None:
    with desk.read() as session:
        offers = case_filters.offered(session)
        for view in views.CASES:
            wanted = case_filters.put_together(view.filters, desk.today(), None)
            cases.ids(session, wanted, order=view.order.removeprefix("-"), today=desk.today())
            assert view.order.removeprefix("-") in cases.ORDERS
            assert all(
                each.alone != "Filtre qui n’existe plus"
                for each in case_filters.named(view.filters, offers, desk.today())
            )
    assert len({view.name for view in views.CASES}) == len(views.CASES)

# SPDX-License-Identifier: GPL-3.0-or-later
"""What all records share."""

import datetime as dt
import enum
import itertools
import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from hro_desktop.records import base
from hro_desktop.records.base import Record, UtcInstant, new_id
from hro_desktop.records.sites import Site

VERSION_7 = 7


def test_ids_are_version_7_and_in_order():
    ids = []
    for _ in range(200):
        ids.append(new_id())
        time.sleep(0.000_01)
    assert all(each.version == VERSION_7 and each.variant == uuid.RFC_4122 for each in ids)
    assert all(first < second for first, second in itertools.pairwise(ids))
    milliseconds = ids[0].int >> 80
    assert abs(milliseconds / 1000 - time.time()) < 5


def test_ids_made_at_once_differ():
    assert len({new_id() for _ in range(10_000)}) == 10_000


@pytest.mark.parametrize("nanoseconds", [0, 999_999, 1_000_000, 1_764_000_000_000_999_999])
def test_the_clock_is_in_the_id(monkeypatch, nanoseconds):
    monkeypatch.setattr(base.time, "time_ns", lambda: nanoseconds)
    made = new_id()
    assert made.int >> 80 == nanoseconds // 1_000_000
    assert made.int >> 64 & 0xFFF == nanoseconds % 1_000_000 * 4096 // 1_000_000


@given(st.datetimes(timezones=st.timezones()))
def test_instants_come_back_the_same(instant):
    kept = UtcInstant().process_bind_param(instant, None)
    assert kept.tzinfo is None
    back = UtcInstant().process_result_value(kept, None)
    assert back == instant.astimezone(dt.UTC)
    assert back.utcoffset() == dt.timedelta(0)


def test_an_instant_without_a_zone_is_refused_and_not_quoted():
    engine, table = create_engine("sqlite://", hide_parameters=True), Table("t", MetaData(), Column("at", UtcInstant()))
    table.create(engine)
    with engine.connect() as connection:
        connection.execute(table.insert().values(at=None))
        assert connection.execute(select(table.c.at)).scalar_one() is None
        with pytest.raises(StatementError, match="time zone") as caught:
            connection.execute(table.insert().values(at=dt.datetime(2031, 1, 2)))  # noqa: DTZ001 - that is the point
    assert "2031" not in str(caught.value)
    engine.dispose()


class Kind(enum.Enum):
    CAMP = "campement"


class OtherBase(DeclarativeBase):
    type_annotation_map = base.Base.type_annotation_map


class Place(OtherBase):
    __tablename__ = "place"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[Kind]


def test_enumerations_are_kept_by_value():
    engine = create_engine("sqlite://")
    OtherBase.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Place(kind=Kind.CAMP))
        session.commit()
        assert session.connection().exec_driver_sql("SELECT kind FROM place").scalar_one() == "campement"
        assert session.scalars(select(Place)).one().kind is Kind.CAMP
    engine.dispose()


def test_a_record_has_its_versions_and_instants(vault):
    with vault.work() as work:
        site = Site(name="Le pont")
        work.session.add(site)
        work.commit()
        assert (site.version, site.created_at.tzinfo) == (1, dt.UTC)
    with vault.work() as work:
        site = work.session.get(Site, site.id)
        before = site.updated_at
        site.name = "La dune"
        work.commit()
        assert site.version == 2
        assert site.updated_at > before
    assert issubclass(Site, Record)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Search and list of cases on 100,000 cases, each beside a named peer in the same run.

python scripts/bench_search.py            # about three minutes, 600 MB of disk
python scripts/bench_search.py 2000       # with fewer cases, to see that it works
"""

import datetime as dt
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework import cases, search
from hro_desktop.casework.cases import CaseFilter
from hro_desktop.records.base import new_id, utc_now
from hro_desktop.records.cases import Case
from hro_desktop.records.incidents import Assertion, Incident, Involvement
from hro_desktop.records.people import ContactPoint, Person, PersonLanguage, PersonName
from hro_desktop.records.referrals import Referral, ReferralIncident, ReferralParty
from hro_desktop.records.statements import Statement, StatementVersion
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.vault import Vault

CASES = 100_000
PASSPHRASE = "mesures"  # noqa: S105 - of a vault that lives a minute
DRAW = random.Random(5)  # noqa: S311 - the same people each time
GIVEN = [
    *("Mohammed", "Muhammad", "Mohamed", "Ahmed", "Ahmad", "Yonas", "Yohannes", "Tesfay", "Tesfai", "Habte", "Youssef"),
    *("Yusuf", "Nour", "Noor", "Fatima", "Fatma", "Hassan", "Hussein", "Omar", "Umar", "Osman", "Othman", "Khaled"),
    *("Khalid", "Ibrahim", "Abdullah", "Abdallah", "Selam", "Dawit", "Semere", "Kidane", "Salem", "Saleh", "Jamal"),
    *("Djamal", "Walid", "Bilal", "Amina", "Mariam", "Zahra", "Karim", "Rahim", "Samir", "Amir", "Nadia", "Leyla"),
    *("Aram", "Rebin", "Karwan", "Hiwa"),
]
SYLLABLES = [
    *("ab", "ad", "al", "am", "an", "ar", "ba", "be", "bi", "da", "de", "di", "el", "fa", "ga", "ha", "ja", "ka", "ke"),
    *("la", "le", "ma", "me", "mi", "na", "ne", "ra", "re", "sa", "se", "ta", "te", "wa", "ya", "za"),
]
TOLD = [
    *("".join(DRAW.choices(SYLLABLES, k=DRAW.randint(2, 5))) for _ in range(8000)),
    *("police", "gendarmes", "tente", "couverture", "expulsion", "matin", "Calais", "Loon", "camp", "route", "pont"),
    *("nuit", "coups", "gaz", "matraque"),
]
STATES = ("en_redaction", "prete", "deposee", "enregistree", "enquete", "classee")
TYPED = [
    *("yo", "yon", "yonas", "moh", "mohamed", "muhammad", "mohamed ah", "nur", "tesfay habte", "youssef", "abdul"),
    *("D-2026-0", "D-2026-050000", "050000", "0612", "06 12 34", "4567", "police", "police mohamed", "gaz matraque"),
    *("osman kidane", "zzzz", "calais nuit"),
]
"""What somebody types, begun words included."""


def _name() -> str:
    family = "".join(DRAW.choices(SYLLABLES, k=DRAW.randint(2, 3))).capitalize()
    return f"{DRAW.choice(GIVEN)} {family}"


def _fill(vault: Vault, count: int) -> float:
    """Fictional people, cases, facts, accounts and referrals; returns the seconds the search took to be made."""
    now, volunteers = utc_now(), [new_id() for _ in range(6)]
    rows: dict[Any, list[dict[str, Any]]] = {
        each: []
        for each in (
            Volunteer, Person, PersonName, PersonLanguage, ContactPoint, Case, Incident, Involvement, Assertion,
            Statement, StatementVersion, Referral, ReferralIncident, ReferralParty,
        )
    }  # fmt: skip

    def add(record: Any, **values: object) -> Any:  # noqa: ANN401 - any record
        row = {"version": 1, **values} if record is not ReferralIncident else values
        rows[record].append({"id": new_id(), **row} if record is not ReferralIncident else row)
        return rows[record][-1].get("id")

    for n, each in enumerate(volunteers):
        rows[Volunteer].append({"id": each, "version": 1, "name": f"Bénévole {n}"})
    people = []
    for n in range(count):
        person = add(Person, pseudonym=f"P-2026-{n:06d}", given_names=DRAW.choice(GIVEN), birth_name=_name())
        people.append(person)
        add(PersonName, person_id=person, kind="alias", text=_name())
        add(PersonLanguage, person_id=person, language=DRAW.choice(("ti", "ar", "ps", "fa")))
        add(ContactPoint, person_id=person, kind="telephone", value=f"0{DRAW.randrange(10**8, 10**9)}")
        case = add(
            Case, reference=f"D-2026-{n:06d}", person_id=person, in_charge_id=DRAW.choice(volunteers),
            contacted_on=dt.date(2026, 1, 1) + dt.timedelta(days=DRAW.randrange(300)),
            closed_on=dt.date(2026, 11, 1) if n % 3 == 0 else None,
        )  # fmt: skip
        if n % 5 == 0:
            day = dt.date(2024, 1, 1) + dt.timedelta(days=DRAW.randrange(1000))
            incident = add(
                Incident, reference=f"F-2026-{n:06d}", kind="expulsion", occurred=day.isoformat(),
                place=" ".join(DRAW.choices(TOLD, k=3)),
            )  # fmt: skip
            add(Assertion, incident_id=incident, kind="rio", value=f"{DRAW.randrange(10**6, 10**7)}")
            referral = add(
                Referral, reference=f"S-2026-{n:06d}", procedure="plainte_procureur", authority="procureur_boulogne",
                account=" ".join(DRAW.choices(TOLD, k=60)),
            )  # fmt: skip
            add(ReferralIncident, referral_id=referral, incident_id=incident, position=0)
            told = add(Statement, reference=f"T-2026-{n:06d}", kind="recit", author_id=person)
            add(StatementVersion, statement_id=told, number=1, french_text=" ".join(DRAW.choices(TOLD, k=150)))
        add(Involvement, incident_id=incident, person_id=person, role="plaignant")
        add(ReferralParty, referral_id=referral, case_id=case, status=DRAW.choice(STATES))
    with vault.work() as work:
        for record, each in rows.items():
            work.session.execute(insert(record), each)
        started = time.perf_counter()
        work.commit()  # a statement of many rows says not which: everything is read
    del now
    return time.perf_counter() - started


def _spread(action: Callable[[str], object], typed: Sequence[str], runs: int) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds, over every text typed."""
    times = []
    for _ in range(runs):
        for each in typed:
            started = time.perf_counter()
            action(each)
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[18]


def _scan(session: Session, words: str) -> object:
    """The peer: what one writes without an index, on names and references only."""
    like = [f"%{word}%" for word in words.split()]
    names = [Person.given_names, Person.birth_name, Person.usual_name, Person.original_name, Person.pseudonym]
    query = select(Person.id).where(*(or_(*(column.like(word) for column in names)) for word in like)).limit(20)
    return session.execute(query).all()


def _lists(session: Session) -> list[dict[str, Any]]:
    active = CaseFilter(followed=True)
    filed = CaseFilter(followed=True, procedure="plainte_procureur", state="deposee")
    asked: tuple[tuple[str, CaseFilter, str], ...] = (
        ("référence", CaseFilter(), "reference"),
        ("personne", CaseFilter(), "person"),
        ("derniers faits", CaseFilter(), "facts"),
        ("dernier contact", CaseFilter(), "contact"),
        ("suivis, derniers faits", active, "facts"),
        ("suivis, plainte déposée", filed, "reference"),
        ("tigrinya, référence", CaseFilter(language="ti"), "reference"),
        ("texte « yonas »", CaseFilter(text="yonas"), "reference"),
    )  # fmt: skip
    results = []
    for name, wanted, order in asked:
        times = []
        for _ in range(7):
            started = time.perf_counter()
            found = cases.ids(session, wanted, order=order)
            times.append(time.perf_counter() - started)
        results.append(_row(f"identifiants, {name}", statistics.median(times) * 1000, rows=len(found)))
    every = cases.ids(session)
    for name, page in (("première", every[:50]), ("dernière", every[-50:])):
        times = []
        for _ in range(20):
            started = time.perf_counter()
            cases.rows(session, page)
            times.append(time.perf_counter() - started)
        results.append(_row(f"page de 50 lignes, {name}", statistics.median(times) * 1000))
    started = time.perf_counter()
    facts = (
        select(func.max(Incident.occurred))
        .join(Involvement, Involvement.incident_id == Incident.id)
        .where(Involvement.person_id == Case.person_id)
        .scalar_subquery()
    )
    session.execute(select(Case.id).order_by(facts.desc())).all()
    results.append(
        _row(
            "pair : identifiants par derniers faits, sous-requête sans ligne tenue à jour",
            (time.perf_counter() - started) * 1000,
        )
    )
    return results


def _row(name: str, milliseconds: float, **more: object) -> dict[str, Any]:
    return {"name": name, "ms": round(milliseconds, 2), **more}


def run(count: int = CASES) -> list[dict[str, Any]]:
    """All measures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "coffre"
        vault = Vault.create(folder, PASSPHRASE, kdf=KdfParams.fast(), practice=True).vault
        with vault:
            made = _fill(vault, count)
            vault.database.checkpoint()
            results = [
                _row(
                    f"index de {count} dossiers fait entier",
                    made * 1000,
                    base_mb=round((folder / "base/hro.db").stat().st_size / 1e6),
                )
            ]
            with vault.read() as session:
                for typed in TYPED:
                    middle, high = _spread(lambda each: search.find(session, each), (typed,), 5)
                    results.append(
                        _row(
                            f"recherche « {typed} »", middle, p95=round(high, 2), hits=len(search.find(session, typed))
                        )
                    )
                middle, high = _spread(lambda each: search.find(session, each), TYPED, 8)
                results.append(_row("recherche, toutes", middle, p95=round(high, 2)))
                middle, high = _spread(lambda each: _scan(session, each), TYPED, 3)
                results.append(_row("pair : LIKE sur les noms seuls, même base", middle, p95=round(high, 2)))
                results += _lists(session)
            results.append(_saving(vault))
        return results


def _saving(vault: Vault) -> dict[str, Any]:
    times = []
    for n in range(20):
        with vault.work() as work:
            person = work.session.scalars(select(Person).where(Person.pseudonym == f"P-2026-{n * 50:06d}")).one()
            person.given_names = _name()
            started = time.perf_counter()
            work.commit()
            times.append((time.perf_counter() - started) * 1000)
    return _row("enregistrer un nom changé (personne, dossier, faits, récit, saisine)", statistics.median(times))


if __name__ == "__main__":
    for row in run(int(sys.argv[1]) if len(sys.argv) > 1 else CASES):
        print(json.dumps(row, ensure_ascii=False), flush=True)

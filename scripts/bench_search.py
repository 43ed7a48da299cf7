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

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from hro_desktop.casework import cases, search
from hro_desktop.casework.cases import CaseFilter
from hro_desktop.records.agenda import ContactNote
from hro_desktop.records.base import new_id
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


def fill(vault: Vault, count: int) -> float:
    """Fictional people, cases, facts, accounts and referrals; returns the seconds the search took to be made."""
    volunteers = [new_id() for _ in range(6)]
    rows: dict[Any, list[dict[str, Any]]] = {
        each: []
        for each in (
            Volunteer, Person, PersonName, PersonLanguage, ContactPoint, Case, ContactNote, Incident, Involvement,
            Assertion, Statement, StatementVersion, Referral, ReferralIncident, ReferralParty,
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
            closed_on=dt.date(2026, 11, 1) if n % 3 == 0 else None,
        )  # fmt: skip
        day = dt.date(2026, 1, 1) + dt.timedelta(days=DRAW.randrange(300))
        add(ContactNote, person_id=person, case_id=case, contacted_on=day, means="whatsapp", reached=True)
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
    return _written(vault, rows)


def _written(vault: Vault, rows: dict[Any, list[dict[str, Any]]]) -> float:
    with vault.work() as work:
        for record, each in rows.items():
            work.session.execute(insert(record), each)
        started = time.perf_counter()
        work.commit()  # a statement of many rows says not which: everything is read
    return time.perf_counter() - started


def _spread(name: str, action: Callable[[Any], object], given: Sequence[Any], runs: int) -> dict[str, Any]:
    """Milliseconds over everything given: median and 95th percentile, by the clock and of the processor.

    The two agree on a machine at rest; beside other work only the second says what something costs.
    """
    clock, processor = [], []
    for _ in range(runs):
        for each in given:
            started, spent = time.perf_counter(), time.process_time()
            action(each)
            clock.append((time.perf_counter() - started) * 1000)
            processor.append((time.process_time() - spent) * 1000)
    return {
        "name": name,
        "ms": round(statistics.median(clock), 1),
        "p95": round(statistics.quantiles(clock, n=20)[18], 1),
        "cpu": round(statistics.median(processor), 1),
        "cpu_p95": round(statistics.quantiles(processor, n=20)[18], 1),
    }


def _scan(session: Session, words: str) -> object:
    """The peer: the very same words, read one row after the other."""
    columns = "names", "numbers", "words"
    every = " AND ".join(
        f"({' OR '.join(f'{column} LIKE :w{n}' for column in columns)})" for n in range(len(words.split()))
    )
    found = text(f"SELECT rowid FROM search_words WHERE {every} ORDER BY rowid DESC LIMIT 20")  # noqa: S608 - own text
    return session.execute(found, {f"w{n}": f"%{word}%" for n, word in enumerate(words.split())}).all()


def _searches(session: Session) -> list[dict[str, Any]]:
    def find(typed: str) -> object:
        return search.find(session, typed)

    return [
        *(_spread(f"recherche « {typed} »", find, (typed,), 7) for typed in TYPED),
        _spread("recherche, toutes", find, TYPED, 8),
        _spread("pair : LIKE sur les mêmes mots", lambda typed: _scan(session, typed), TYPED, 2),
    ]


def _lists(session: Session) -> list[dict[str, Any]]:
    filed = CaseFilter(followed=True, procedure="plainte_procureur", state="deposee")
    asked: tuple[tuple[str, CaseFilter, cases.Order], ...] = (
        ("référence", CaseFilter(), "reference"),
        ("personne", CaseFilter(), "person"),
        ("derniers faits", CaseFilter(), "facts"),
        ("dernier contact", CaseFilter(), "contact"),
        ("suivis, derniers faits", CaseFilter(followed=True), "facts"),
        ("suivis, plainte déposée", filed, "reference"),
        ("tigrigna, référence", CaseFilter(language="ti"), "reference"),
        ("texte « yonas »", CaseFilter(text="yonas"), "reference"),
    )
    every = cases.ids(session)
    facts = (
        select(func.max(Incident.occurred))
        .join(Involvement, Involvement.incident_id == Incident.id)
        .where(Involvement.person_id == Case.person_id)
        .scalar_subquery()
    )
    unaided = select(Case.id).order_by(facts.desc())
    return [
        *(
            _spread(f"identifiants, {name}", lambda given: cases.ids(session, given[0], order=given[1]), (each,), 9)
            for name, *each in asked
        ),
        _spread("page de 50 lignes, première", lambda page: cases.rows(session, page), (every[:50],), 20),
        _spread("page de 50 lignes, dernière", lambda page: cases.rows(session, page), (every[-50:],), 20),
        _spread(
            "pair : identifiants par derniers faits, demandés dossier par dossier",
            lambda query: session.execute(query).all(),
            (unaided,),
            2,
        ),
    ]


def _saving(vault: Vault) -> dict[str, Any]:
    def change(number: int) -> None:
        with vault.work() as work:
            person = work.session.scalars(select(Person).where(Person.pseudonym == f"P-2026-{number:06d}")).one()
            person.given_names = _name()
            work.commit()

    return _spread("nom changé, enregistré (personne, dossier, faits, récit, saisine)", change, range(0, 100, 5), 1)


def run(count: int = CASES) -> list[dict[str, Any]]:
    """All measures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "coffre"
        with Vault.create(folder, PASSPHRASE, kdf=KdfParams.fast(), practice=True).vault as vault:
            made = fill(vault, count)
            vault.database.checkpoint()
            size = (folder / "base" / "hro.db").stat().st_size
            results = [{"name": f"index de {count} dossiers, entier", "s": round(made, 1), "base_mb": size // 10**6}]
            with vault.read() as session:
                results += [*_searches(session), *_lists(session)]
            return [*results, _saving(vault)]


if __name__ == "__main__":
    for row in run(int(sys.argv[1]) if len(sys.argv) > 1 else CASES):
        print(json.dumps(row, ensure_ascii=False), flush=True)

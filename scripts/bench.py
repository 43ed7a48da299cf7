# SPDX-License-Identifier: GPL-3.0-or-later
"""Every figure of docs/benchmarks.md, each beside a named peer in the same run.

python scripts/bench.py            # all
python scripts/bench.py bundle     # one group: vault, bundle, letter, official, lists, search, refer, window, start…
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

Row = dict[str, Any]


def timed(action: Callable[[], object], runs: int = 5) -> float:
    """Median seconds of several runs."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return median(taken)


def vault() -> list[Row]:
    """Ingest against `cp` and fsync; opening without key derivation."""
    import bench_vault

    return bench_vault.run()


def bundle() -> list[Row]:
    """500 pages of 100 files against pypdf and a bare pikepdf merge."""
    import bench_bundle

    return bench_bundle.run()


def letter() -> list[Row]:
    """One letter of the practice case from .docx to PDF, warm, against LibreOffice when it is installed."""
    from forms.letter import render_pdf
    from forms.worker import Worker

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _demo(folder / "demo")
        docx = folder / "demo" / "plainte" / "01-plainte.docx"
        content = docx.read_bytes()
        with Worker() as worker:
            render_pdf(content, worker)
            rows: list[Row] = [
                {"name": "letter, ours, warm", "seconds": timed(lambda: render_pdf(content, worker), 20)}
            ]
        office = shutil.which("soffice") or shutil.which("libreoffice")
        if office:
            command = [office, "--headless", "--convert-to", "pdf", "--outdir", name, str(docx)]
            subprocess.run(command, check=True, capture_output=True)
            rows.append({"name": "letter, LibreOffice", "seconds": timed(lambda: _quiet(command), 3)})
        return rows


def _quiet(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


def official() -> list[Row]:
    """Official PDFs against pypdf, pikepdf’s own generator, and PyPDFForm and pdftk where they are installed."""
    import bench_official

    return bench_official.run()


def lists() -> list[Row]:
    """A page of 50 out of 100,000 cases, against the same query on plain SQLite."""
    from sqlalchemy import insert

    from hro_desktop import bootstrap
    from hro_desktop.casework import cases
    from hro_desktop.demo.run import PASSPHRASE
    from hro_desktop.records.cases import Case
    from hro_desktop.records.people import Person
    from hro_desktop.vault.keys import KdfParams

    count = 100_000
    with tempfile.TemporaryDirectory() as name:
        created = bootstrap.create_vault(Path(name) / "coffre", PASSPHRASE, kdf=KdfParams.fast(), practice=True)
        with created.vault as opened:
            people = [{"id": uuid.uuid4(), "version": 1, "pseudonym": f"P-2026-{n:06d}"} for n in range(count)]
            with opened.work() as work:
                work.session.execute(insert(Person), people)
                work.session.execute(
                    insert(Case),
                    [
                        {"id": uuid.uuid4(), "version": 1, "reference": f"D-2026-{n:06d}", "person_id": each["id"]}
                        for n, each in enumerate(people)
                    ],
                )
                work.commit()
            with opened.read() as session:
                every = cases.ids(session)
                page = every[50_000:50_050]
                rows: list[Row] = [
                    {"name": "ids of 100,000 cases in order", "seconds": timed(lambda: cases.ids(session))},
                    {"name": "page of 50 rows by ids", "seconds": timed(lambda: cases.rows(session, page), 50)},
                ]
        rows.append(_plain([each["id"] for each in people]))
        return rows


def _plain(people: list[uuid.UUID]) -> Row:
    """The same page out of a base in memory that nothing encrypts."""
    import sqlite3

    plain = sqlite3.connect(":memory:")
    plain.execute("create table person (id blob primary key, pseudonym text)")
    plain.execute("create table kase (id blob primary key, reference text, person_id blob)")
    plain.executemany(
        "insert into person values (?, ?)", [(each.bytes, f"P-2026-{n:06d}") for n, each in enumerate(people)]
    )
    plain.executemany(
        "insert into kase values (?, ?, ?)",
        [(uuid.uuid4().bytes, f"D{n}", each.bytes) for n, each in enumerate(people)],
    )
    ids = [row[0] for row in plain.execute("select id from kase order by reference")][50_000:50_050]
    marks = ",".join("?" * len(ids))
    query = f"select * from kase join person on person.id = kase.person_id where kase.id in ({marks})"  # noqa: S608
    return {
        "name": "same page, plain SQLite in memory",
        "seconds": timed(lambda: plain.execute(query, ids).fetchall(), 50),
    }


def search() -> list[Row]:
    """Search and list of 100,000 cases, against LIKE and a sub-query per case in the same base."""
    import bench_search

    return bench_search.run()


def start() -> list[Row]:
    """From the start of the process to the door, against a bare window of PySide6."""
    import bench_window

    return bench_window.start()


def window() -> list[Row]:
    """The window on 100,000 cases: home, list, orders, palette, until painted."""
    import bench_window

    return list(bench_window.run())


def refer() -> list[Row]:
    """The whole pack of the practice case, documents made, kept and written."""
    from hro_desktop import bootstrap
    from hro_desktop.casework import sending
    from hro_desktop.demo import run

    qt = bootstrap.start_screenless_qt()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        case = run.build_vault(folder / "coffre")
        with bootstrap.open_desk(folder / "coffre", run.PASSPHRASE, clock=lambda: run.NOW) as desk:
            outs = iter(range(100))
            seconds = timed(
                lambda: sending.write_referral(desk, case, "plainte_procureur", folder / str(next(outs))), 5
            )
        command = [
            sys.executable, "-m", "hro_desktop.cli.main", "refer", case, "plainte_procureur",
            "--vault", str(folder / "coffre"), "--passphrase-file", "-",
        ]  # fmt: skip

        def whole() -> None:
            extra = ["--out", str(folder / f"c{next(outs)}")]
            subprocess.run(command + extra, input=run.PASSPHRASE + "\n", text=True, check=True, capture_output=True)

        rows = [
            {"name": "refer, inside an open vault", "seconds": seconds},
            {"name": "hro-desktop refer, whole command", "seconds": timed(whole, 3)},
        ]
    del qt
    return rows


def large() -> list[Row]:
    """Opening a vault of 10,000 cases, 100,000 items and 500,000 lines of the journal."""
    import bench_large

    return bench_large.run()


def stall() -> list[Row]:
    """How long the window does not answer at worst; in a program of its own, whose thread is the window's."""
    return _apart("bench_stall.py")


def page() -> list[Row]:
    """From a key to the page drawn again, against the bare conversion and LibreOffice; in a program of its own too."""
    return _apart("bench_page.py")


def _apart(script: str) -> list[Row]:
    command = [sys.executable, str(Path(__file__).with_name(script))]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _demo(out: Path) -> None:
    from hro_desktop import bootstrap
    from hro_desktop.demo import run

    qt = bootstrap.start_screenless_qt()
    run.write(out)
    del qt


GROUPS: dict[str, Callable[[], list[Row]]] = {
    "vault": vault,
    "large": large,
    "bundle": bundle,
    "letter": letter,
    "official": official,
    "lists": lists,
    "search": search,
    "refer": refer,
    "window": window,  # and the start
    "start": start,
    "stall": stall,
    "page": page,
}


def main() -> None:
    """Run the groups asked for, all by default, and print one line each."""
    for name in sys.argv[1:] or [each for each in GROUPS if each != "start"]:
        for row in GROUPS[name]():
            print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()

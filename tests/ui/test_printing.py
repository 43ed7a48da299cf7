# SPDX-License-Identifier: GPL-3.0-or-later
"""Printing, read back from the paper: how many pages, how large, in which order, and where the ink lies."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QAbstractButton, QCheckBox
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from forms import calibration, mailing, preview
from forms.imposed import impose, top_bookmarks
from forms.problems import FormError
from hro_desktop.casework import frozen, printing
from hro_desktop.casework.departures import FAILED
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.printing import Preferences
from hro_desktop.records.consents import Consent
from hro_desktop.records.departures import Departure
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.referrals import Referral
from hro_desktop.vault.work import Work
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage, unlock
from tests.ui.test_window import LONG
from tests.vault.support import small_disk
from ui.jobs import Cancelled, Token
from ui.main_window import MainWindow
from ui.pages.build import BuildPage
from ui.pages.page import Place
from ui.printing import engine
from ui.printing.engine import Failed, Wish, send
from ui.printing.page import PrintPage
from ui.printing.plan import NotUnderstood, copies_of, order, pages_of, shift_of
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
Opened = tuple[Stage, MainWindow, Workspace]
COMPLAINT = "S-2026-0001"
MM = 300 / 25.4


def quiet(_done: int, _total: int, _what: str = "") -> None:
    """Nobody listens."""


def dark_at(pdf: bytes, page: int = 0) -> tuple[float, float]:
    """The middle of the upper left cross of the calibration sheet, in millimetres."""
    pixels = preview.render(pdf, page, 300)
    grey = [pixels.data[y * pixels.stride : y * pixels.stride + 3 * pixels.width : 3] for y in range(pixels.height)]
    inside = range(round(14.5 * MM), round(26.5 * MM))
    rows = {y: sum(grey[y][x] < 128 for x in inside) for y in inside}
    columns = {x: sum(grey[y][x] < 128 for y in inside) for x in inside}
    down, right = max(rows, key=lambda y: rows[y]), max(columns, key=lambda x: columns[x])
    return right / MM, down / MM


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [document.get_page_size(page) for page in range(len(document))]
    finally:
        document.close()


def white(pdf: bytes, page: int) -> bool:
    return set(preview.render(pdf, page, 30).data) == {255}


# ---- what is typed


@pytest.mark.parametrize(
    ("typed", "pages"),
    [
        ("", None),
        (" ", None),
        ("1-3, 5", (0, 1, 2, 4)),
        ("5,1–3", (0, 1, 2, 4)),
        ("2", (1,)),
        ("8-", (7, 8, 9)),
        ("-2", (0, 1)),
        ("1 - 3 ; 3", (0, 1, 2)),
        ("1 3", (0, 2)),
        ("10,", (9,)),
    ],
)
def test_pages_are_understood(typed: str, pages: tuple[int, ...] | None) -> None:
    assert pages_of(typed, 10) == pages


@pytest.mark.parametrize("typed", ["0", "11", "3-2", "a", "1-b", "1.5", ",", "-", "9" * 40, "🖨", "1-2-3", "1," * 150])
def test_pages_that_make_no_sense_are_said(typed: str) -> None:
    with pytest.raises(NotUnderstood, match=r"\.$"):
        pages_of(typed, 10)


@pytest.mark.parametrize("typed", ["0", "51", "-1", "x", "1,5", "²"])
def test_copies_that_make_no_sense_are_said(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        copies_of(typed)


def test_distances_are_understood() -> None:
    assert [shift_of(each) for each in ("", "1,5", "-2.25 mm", "−3", "+1")] == [0, 1.5, -2.25, -3, 1]
    for typed in ("20,1", "-400", "abc", "1e3", "nan", "1,2,3"):
        with pytest.raises(NotUnderstood):
            shift_of(typed)


def test_dividers_and_papers_begin_on_the_right() -> None:
    both = order([3, 6], [(), (0, 1, 3)], duplex=True)
    assert both == ((0, 0), (0, 1), (0, 2), None, (1, 0), None, (1, 1), (1, 2), (1, 3), (1, 4), (1, 5))
    assert [at for at, leaf in enumerate(both) if leaf in ((1, 0), (1, 1), (1, 3))] == [4, 6, 8]
    assert None not in order([3, 6], [(), (0, 1, 3)])
    assert order([6], [(1, 3)], chosen=(0, 3, 4), duplex=True) == ((0, 0), None, (0, 3), (0, 4))


# ---- the printer


@pytest.fixture
def sheet(qapp: object) -> bytes:
    return calibration.sheet()


def to_file(papers: list[bytes], folder: Path, leaves: object = None, **wish: object) -> bytes:
    out = folder / "sortie.pdf"
    known = [(0, page) for page in range(preview.page_count(papers[0]))] if leaves is None else leaves
    send(papers, known, Wish(file=out, **wish), (Token(), quiet))  # type: ignore[arg-type]
    assert sorted(each.name for each in folder.iterdir()) == ["sortie.pdf"]
    assert out.stat().st_mode & 0o777 == 0o600
    return out.read_bytes()


def test_a_page_is_printed_at_its_exact_size_and_place(sheet: bytes, tmp_path: Path) -> None:
    printed = to_file([sheet], tmp_path)
    (size,) = sizes(printed)
    assert size == pytest.approx((595.276, 841.89), abs=0.6)
    assert dark_at(printed) == pytest.approx((20, 20), abs=0.2)


def test_what_is_printed_is_moved_by_the_offset(sheet: bytes, tmp_path: Path) -> None:
    printed = to_file([sheet], tmp_path, right=1.5, down=-2.0)
    assert dark_at(printed) == pytest.approx((21.5, 18), abs=0.2)


def test_copies_on_both_sides_begin_on_a_sheet_of_their_own(sheet: bytes, tmp_path: Path) -> None:
    printed = to_file([sheet], tmp_path, [(0, 0), None, (0, 0)], copies=2, duplex=True)
    assert [white(printed, page) for page in range(7)] == [False, True, False, True, False, True, False]
    assert preview.page_count(printed) == 7


@pytest.mark.parametrize(("code", "size"), [("DL", (220, 110)), ("C4", (324, 229))])
def test_an_envelope_has_its_own_size(qapp: object, tmp_path: Path, code: str, size: tuple[int, int]) -> None:
    drawn = mailing.envelope(code, ["Association", "62100 Calais"], ["Parquet", "62200 Boulogne"])
    assert sizes(drawn)[0] == pytest.approx([each * 72 / 25.4 for each in size], abs=0.1)
    printed = to_file([drawn], tmp_path, size=code)
    assert sizes(printed)[0] == pytest.approx([each * 72 / 25.4 for each in size], abs=1.0)
    assert not white(printed, 0)


def test_labels_begin_where_the_sheet_is_still_whole(qapp: object) -> None:
    drawn = mailing.labels(21, [["Une"], ["Deux"], ["Trois"]], first=20)
    assert preview.page_count(drawn) == 2
    found = preview.find(drawn, "Trois")
    assert found is not None
    assert found.page == 1
    with pytest.raises(FormError, match=r"mailing\.first"):
        mailing.labels(14, [["Une"]], first=15)
    with pytest.raises(FormError, match=r"mailing\.too_long"):
        mailing.labels(21, [["Une ligne"] * 40])
    with pytest.raises(FormError, match=r"mailing\.too_long"):
        mailing.envelope("DL", ["A"], ["Une ligne"] * 60)


def test_a_page_that_lies_is_turned_and_one_too_large_made_smaller(qapp: object, tmp_path: Path) -> None:
    wide = mailing.envelope("C4", ["Association"], ["Parquet"])
    printed = to_file([wide], tmp_path)
    assert sizes(printed)[0] == pytest.approx((595.276, 841.89), abs=0.6)
    assert not white(printed, 0)


class Broken(QPrinter):
    """A printer whose third page never comes."""

    pages = 1

    def newPage(self) -> bool:  # noqa: N802
        self.pages += 1
        return self.pages < 3 and super().newPage()


def test_a_printer_that_fails_in_the_middle_leaves_no_file(sheet: bytes, tmp_path: Path) -> None:
    wish = Wish(file=tmp_path / "sortie.pdf", copies=4)
    with pytest.raises(Failed, match=r"printing\.disk"):
        send([sheet], [(0, 0)], wish, (Token(), quiet), Broken)
    assert list(tmp_path.iterdir()) == []


def test_no_such_printer_is_said(sheet: bytes) -> None:
    with pytest.raises(Failed) as raised:
        send([sheet], [(0, 0)], Wish(printer="Partie"), (Token(), quiet))
    assert raised.value.out == 0
    assert "rien n’est imprimé" in raised.value.sentence


def test_a_full_disk_leaves_no_file(sheet: bytes) -> None:
    with small_disk(64) as disk:
        with pytest.raises(Failed, match=r"printing\.disk"):
            send([sheet], [(0, 0)], Wish(file=disk / "sortie.pdf", copies=9), (Token(), quiet))
        assert list(disk.iterdir()) == []


def test_a_folder_that_is_gone_is_said(sheet: bytes, tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"printing\.disk"):
        send([sheet], [(0, 0)], Wish(file=tmp_path / "partie" / "x.pdf"), (Token(), quiet))


def test_stopping_leaves_no_file(sheet: bytes, tmp_path: Path) -> None:
    token = Token()

    def stop(_done: int, _total: int, _what: str = "") -> None:
        token.cancel()

    with pytest.raises(Cancelled):
        send([sheet], [(0, 0)], Wish(file=tmp_path / "x.pdf", copies=5), (token, stop))
    assert list(tmp_path.iterdir()) == []


# ---- the page


@pytest.fixture
def opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[Opened]:
    (tmp_path / "sortie").mkdir()
    stage = make_stage(*[tmp_path / "sortie"] * 9)
    window = stage.window(qtbot, practice_vault(tmp_path, follow_up=True))
    yield stage, window, unlock(qtbot, window)
    window.close()


def desk_of(opened: Opened) -> Desk:
    vault = opened[1].vault
    assert vault is not None
    return vault.desk


def referral(opened: Opened) -> uuid.UUID:
    with desk_of(opened).read() as session:
        return session.scalars(select(Referral.id).where(Referral.reference == COMPLAINT)).one()


def click(qtbot: QtBot, pressed: QAbstractButton) -> None:
    qtbot.mouseClick(pressed, Qt.MouseButton.LeftButton)


def tick(qtbot: QtBot, check: QCheckBox) -> None:
    qtbot.keyClick(check, Qt.Key.Key_Space)


def ready(qtbot: QtBot, page: PrintPage) -> PrintPage:
    qtbot.waitUntil(lambda: page.laid is not None or bool(page.problem), timeout=LONG)
    return page


def page_of(qtbot: QtBot, opened: Opened) -> PrintPage:
    workspace = opened[2]
    workspace.go_to(Place("print", referral(opened)))
    page = workspace.page
    assert isinstance(page, PrintPage)
    ready(qtbot, page)
    page.choices.printer.setCurrentIndex(page.choices.printer.place_of(engine.FILE))
    page.choices.on_printer_edited()
    return page


def choose(qtbot: QtBot, page: PrintPage, words: str) -> None:
    what = page.choices.what
    at = next(at for at in range(what.count()) if words in what.itemText(at))
    what.setCurrentIndex(at)
    page.choices.on_what_edited()
    ready(qtbot, page)


def printed(qtbot: QtBot, opened: Opened, page: PrintPage) -> bytes:
    qtbot.waitUntil(page.print_action.isEnabled, timeout=LONG)
    click(qtbot, page.print_action)
    qtbot.waitUntil(lambda: bool(page.message), timeout=LONG)
    (file,) = (Path(opened[1].vault.desk.vault.folder.parent) / "sortie").glob("*.pdf")  # type: ignore[union-attr]
    data = file.read_bytes()
    file.unlink()
    return data


def gone(opened: Opened) -> list[tuple[str, str, bool, int, int]]:
    """Lines of the ledger that were printed: channel, note, draft, files, people."""
    with desk_of(opened).read() as session:
        return [
            (each.channel, each.note, each.draft, len(each.files), len(each.people))
            for each in session.scalars(select(Departure).order_by(Departure.left_at, Departure.id))
            if each.channel == "impression"
        ]


def test_the_papers_of_a_referral_are_printed_from_its_page(qtbot: QtBot, opened: Opened) -> None:
    workspace = opened[2]
    workspace.go_to(Place("build", referral(opened)))
    build = workspace.page
    assert isinstance(build, BuildPage)
    qtbot.waitUntil(lambda: build.build is not None, timeout=LONG)
    click(qtbot, next(each.button for each in build.actions_ if each.button.text() == "Imprimer…"))
    page = workspace.page
    assert isinstance(page, PrintPage)
    ready(qtbot, page)
    page.choices.printer.setCurrentIndex(page.choices.printer.place_of(engine.FILE))
    page.choices.on_printer_edited()
    assert page.print_action.text() == "Enregistrer le PDF…"
    tick(qtbot, page.choices.duplex)
    for check in page.choices.papers[:2]:
        tick(qtbot, check)
    assert not page.choices.dividers.isHidden()
    assert page.loaded is not None
    at = len(page.choices.papers) - 1
    bundle = page.loaded.printable.papers[at]
    qtbot.waitUntil(lambda: page.laid is not None and page.laid.order.papers == (at,), timeout=LONG)
    assert page.laid is not None
    dividers = [place for place, leaf in enumerate(page.laid.leaves) if leaf and leaf[1] in top_bookmarks(bundle.data)]
    assert len(dividers) == 16
    assert all(place % 2 == 0 for place in dividers)
    qtbot.keyClicks(page.choices.pages, "1-3, 5")
    qtbot.keyClicks(page.choices.copies, "2")
    qtbot.waitUntil(lambda: page.laid is not None and page.laid.order.chosen == (0, 1, 2, 4), timeout=LONG)
    leaves = page.laid.leaves
    data = printed(qtbot, opened, page)
    assert preview.page_count(data) == 2 * len(leaves) + len(leaves) % 2
    assert "n’est pas chiffré" in page.message
    assert [white(data, at) for at in range(len(leaves))] == [leaf is None for leaf in leaves]
    (line,) = gone(opened)
    assert line[:2] == ("impression", "2 exemplaires, pages 1-3, 5, dans un fichier PDF qui n’est pas chiffré")
    assert line[3] > 5  # the exhibits of the bundle, each
    assert line[4] > 1


def test_a_frozen_version_that_says_something_else_by_now_is_named_so(qtbot: QtBot, opened: Opened) -> None:
    desk = desk_of(opened)
    frozen.freeze(desk, referral(opened))
    page = page_of(qtbot, opened)
    assert "changé" not in page.choices.what.itemText(0)
    desk.run(_write_account, referral(opened), "Un autre exposé.")
    page.choices.show_versions(printing.versions(desk, referral(opened)))
    assert page.choices.what.itemText(0).endswith("(le dossier a changé depuis)")


def _write_account(work: Work, referral_id: uuid.UUID, text: str) -> None:
    work.session.get_one(Referral, referral_id).account = text


def test_what_was_frozen_is_printed_again_from_its_very_bytes(qtbot: QtBot, opened: Opened) -> None:
    desk = desk_of(opened)
    version = frozen.freeze(desk, referral(opened)).value
    page = page_of(qtbot, opened)
    assert page.choices.what.currentText().startswith("Version figée le")
    assert page.loaded is not None
    sealed = [frozen.opened(desk, each.id) for each in version.papers if each.media_type == "application/pdf"]
    assert [each.data for each in page.loaded.printable.papers] == sealed
    for check in page.choices.papers[1:]:
        tick(qtbot, check)
    qtbot.waitUntil(lambda: page.laid is not None and page.laid.order.papers == (0,), timeout=LONG)
    data = printed(qtbot, opened, page)
    assert preview.page_count(data) == preview.page_count(sealed[0])
    mine, theirs = preview.render(data, 0, 60), preview.render(sealed[0], 0, 60)
    assert abs(sum(mine.data) - sum(theirs.data)) / len(mine.data) < 2
    assert gone(opened)[0][2:4] == (False, 1)


def test_an_agreement_withdrawn_after_the_preview_stops_everything(qtbot: QtBot, opened: Opened) -> None:
    frozen.freeze(desk_of(opened), referral(opened))
    page = page_of(qtbot, opened)

    def withdraw(work: object) -> None:
        for each in work.session.scalars(select(Consent)):  # type: ignore[attr-defined]
            each.state, each.withdrawn_on = "retire", desk_of(opened).today()

    desk_of(opened).run(withdraw)
    for words in ("Version figée", "Papiers du moment"):
        choose(qtbot, page, words)
        qtbot.waitUntil(page.print_action.isEnabled, timeout=LONG)
        click(qtbot, page.print_action)
        qtbot.waitUntil(lambda: bool(page.message), timeout=LONG)
        assert "Même un brouillon ne sort pas" in page.message
        page._say("")
    assert gone(opened) == []
    assert list((desk_of(opened).vault.folder.parent / "sortie").iterdir()) == []


def test_envelopes_labels_and_the_slip_are_printed(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened)
    choose(qtbot, page, "Enveloppe DL")
    assert sizes(printed(qtbot, opened, page))[0] == pytest.approx((623.6, 311.8), abs=1)
    choose(qtbot, page, "planche de 21")
    page.choices.first.setText("21")
    page.choices.on_mailing_edited()
    ready(qtbot, page)
    assert page.loaded is not None
    assert page.loaded.counts == (2,)
    page.choices.first.setText("22")
    page.choices.on_mailing_edited()
    qtbot.waitUntil(lambda: "21\u00a0étiquettes" in page.problem, timeout=LONG)
    choose(qtbot, page, "recommandé")
    page.choices.number.setText("1A 205 936 4471 2")
    page.choices.on_mailing_edited()
    qtbot.waitUntil(lambda: page.loaded is not None and page.laid is not None, timeout=LONG)
    assert page.loaded is not None
    assert preview.find(page.loaded.printable.papers[0].data, "1A 205 936 4471 2")
    assert [line[3:] for line in gone(opened)] == [(1, 0)]


def test_what_is_wrong_is_said_under_its_field_and_nothing_is_printed(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened)
    for check in page.choices.papers[1:]:
        tick(qtbot, check)
    for field, typed in ((page.choices.pages, "400"), (page.choices.right, "99"), (page.choices.copies, "0")):
        field.clear()
        qtbot.keyClicks(field, typed)
        qtbot.waitUntil(lambda: not page.print_action.isEnabled(), timeout=LONG)
        qtbot.waitUntil(lambda: bool(page.choices.problem), timeout=LONG)
        field.clear()
        page.choices.on_edited()
        qtbot.waitUntil(page.print_action.isEnabled, timeout=LONG)
    assert gone(opened) == []


def test_a_disk_that_refuses_leaves_a_line_that_says_so(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened)
    (desk_of(opened).vault.folder.parent / "sortie").rmdir()
    qtbot.waitUntil(page.print_action.isEnabled, timeout=LONG)
    click(qtbot, page.print_action)
    qtbot.waitUntil(lambda: "n’a pas pu être écrit" in page.message, timeout=LONG)
    assert len(gone(opened)) == 1
    with desk_of(opened).read() as session:
        assert session.scalars(select(JournalLine).where(JournalLine.action == FAILED)).all()


def test_the_printer_of_an_access_is_remembered(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened)
    tick(qtbot, page.choices.duplex)
    qtbot.keyClicks(page.choices.right, "1,5")
    opened[2].go_to(Place("home"))
    desk = desk_of(opened)

    def kept() -> Preferences:
        with desk.read() as session:
            return printing.preferences(session, desk.vault.slot_id)

    qtbot.waitUntil(lambda: kept() == Preferences(duplex=True, right=1.5), timeout=LONG)
    again = page_of(qtbot, opened)
    assert again.choices.right.text() == "1,5"
    assert again.choices.duplex.isChecked()


def test_the_calibration_sheet_leaves_no_line(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened)
    click(qtbot, page.choices.sheet)
    qtbot.waitUntil(lambda: page.laid is not None and len(page.laid.leaves) == 1, timeout=LONG)
    qtbot.keyClicks(page.choices.down, "2")
    data = printed(qtbot, opened, page)
    assert dark_at(data) == pytest.approx((20, 22), abs=0.2)
    assert gone(opened) == []
    click(qtbot, page.choices.sheet)
    qtbot.waitUntil(lambda: page.laid is not None and len(page.laid.leaves) > 1, timeout=LONG)


def test_pages_are_put_in_the_order_of_the_printer(sheet: bytes) -> None:
    laid = impose([sheet], [(0, 0), None, (0, 0)])
    assert [white(laid, page) for page in range(3)] == [False, True, False]
    with pytest.raises(FormError):
        impose([b"not a PDF"], [(0, 0), None])
    assert top_bookmarks(sheet) == ()

# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening and closing a vault, away from the window: key derivation takes a second on purpose."""

import gc
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from ui.jobs import Report, Token

if TYPE_CHECKING:
    from hro_desktop.casework.desk import Desk
    from hro_desktop.casework.settings import Settings
    from hro_desktop.vault.findings import Finding
    from hro_desktop.vault.generations import Generation
    from hro_desktop.vault.restore import Restored

__all__ = [
    "Made",
    "OpenVault",
    "backups_in",
    "create_vault",
    "is_vault",
    "open_practice",
    "open_vault",
    "restore_vault",
    "room_for",
    "stay",
    "warm_up",
]


_BEHIND: Final = (
    "hro_desktop.vault.vault",
    "hro_desktop.casework.documents",
    "hro_desktop.casework.sending",
    "ui.workspace",
)
"""What is loaded while the passphrase is being typed, and then every page."""


@attrs.frozen(eq=False)
class OpenVault:
    """A vault somebody unlocked.

    Args:
        folder: where it is.
        desk: what actions are run on.
        practice: an exercise: the window says so all the time.
        notices: what its user should be told now, one sentence each.
        settings: how the window behaves and looks for whoever opened it.
    """

    folder: Path
    desk: "Desk"
    practice: bool
    notices: tuple[str, ...]
    settings: "Settings"
    _open: ExitStack = attrs.field(repr=False)

    def close(self) -> None:
        """Close it; a second time does nothing."""
        self._open.close()


@attrs.frozen(eq=False)
class Made:
    """A new vault, open, and its paper code, which is shown once and kept nowhere."""

    vault: OpenVault
    paper_code: str = attrs.field(repr=False)


def warm_up(token: Token, _report: Report) -> None:
    """Worker: load what comes behind the door while the passphrase is being typed."""
    from ui.pages import ROUTES

    for module in (*_BEHIND, *(module for module, _ in ROUTES.values())):
        token.check()
        import_module(module)


def stay(_: object = None) -> None:
    """What is loaded is there to the end: the collector goes over the rest only.

    Going over it all holds every thread for 150 ms, whenever it happens to begin.
    """
    gc.freeze()


def is_vault(folder: Path) -> bool:
    """Whether there is something to unlock here, be it damaged or unfinished: unlocking says what is wrong with it."""
    from hro_desktop.vault import header

    return any((folder / name).is_file() for name in header.COPIES) or (folder / "base").is_dir()


def open_vault(folder: Path, secret: str, token: Token, _report: Report) -> OpenVault:
    """Worker: open a vault with its passphrase or its paper code.

    Raises:
        Fault: whatever stands in the way; the vault is then as it was.
    """
    from hro_desktop import bootstrap

    with ExitStack() as opening:
        desk = opening.enter_context(bootstrap.open_desk(folder, secret))
        return _handed_over(folder, desk, opening, token)


def _handed_over(folder: Path, desk: "Desk", opening: ExitStack, token: Token) -> OpenVault:
    """What is known of an open vault before its window is made; from here on it is the window that closes it."""
    from hro_desktop.casework import settings

    practice = desk.practice()
    if practice:
        from hro_desktop.demo import run  # it loads what a real vault never needs

        desk = run.on_its_day(desk)
    notices = () if practice else tuple(finding.sentence for finding in _notices(desk))
    with desk.read() as session:
        preferred = settings.read(session, desk.vault.slot_id)
    token.check()
    return OpenVault(folder, desk, practice, notices, preferred, opening.pop_all())


def _notices(desk: "Desk") -> list["Finding"]:
    """What the vault has to say, and that one passphrase is not enough."""
    from hro_desktop.casework import key_slots

    single = key_slots.single(desk)
    return [*desk.vault.notices, *([single] if single is not None else [])]


def room_for(chosen: Path) -> Path:
    """Where a vault goes in a folder somebody chose: there when it is empty, else in a folder of its own inside."""
    try:
        empty = not any(chosen.iterdir())
    except OSError:
        empty = True  # what is wrong with it is said when the vault is made
    return chosen if empty else chosen / "coffre"


def create_vault(folder: Path, passphrase: str, token: Token, report: Report) -> Made:
    """Worker: make a vault and leave it open. What one attempt costs is measured on this machine: it takes seconds.

    Raises:
        Fault: whatever stands in the way; nothing is left then.
    """
    from hro_desktop import bootstrap
    from hro_desktop.casework.desk import Desk
    from hro_desktop.vault import passphrase as passphrases
    from hro_desktop.vault.places import must_be_free

    passphrases.check(passphrase)
    _make_usual_place(folder)
    must_be_free(folder)
    report(0, 0, "Création du coffre")
    token.check()
    with ExitStack() as opening:
        created = bootstrap.create_vault(folder, passphrase)
        opening.callback(created.vault.close)
        return Made(_handed_over(folder, Desk(created.vault), opening, token), created.paper_code)


def _make_usual_place(folder: Path) -> None:
    """The folder that holds the usual one is ours to make; any other is somebody's choice, and must be there."""
    from hro_desktop import bootstrap

    if folder == bootstrap.default_vault().absolute():
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def backups_in(chosen: Path, number: int, token: Token, _report: Report) -> "tuple[int, Sequence[Generation]]":
    """Worker: the backups of a folder, the newest first, with the number of the question.

    Raises:
        Fault: `backup.absent`.
    """
    from hro_desktop.vault import generations

    token.check()
    return number, generations.generations(chosen)


def restore_vault(
    generation: "Generation", folder: Path, token: Token, report: Report, *, partial: bool = False
) -> "Restored":
    """Worker: make a vault again from a backup; it is left closed.

    Raises:
        Fault: whatever stands in the way; no vault is there then.
    """
    from hro_desktop.vault import restore

    _make_usual_place(folder)
    token.check()
    return restore.restore(
        generation, folder, lambda done, total: report(done // 1024, total // 1024, "Restauration"), partial=partial
    )


def open_practice(folder: Path, token: Token, report: Report) -> OpenVault:
    """Worker: open the practice vault, and make it first where there is none."""
    from hro_desktop.demo import run

    if not is_vault(folder):
        report(0, 0, "Préparation de l’exemple")
        # Made beside and moved when it is whole: a program stopped on the way leaves no half of it.
        beside = folder.with_name(f"{folder.name}-en-cours")
        shutil.rmtree(beside, ignore_errors=True)
        beside.parent.mkdir(parents=True, exist_ok=True)
        run.build_vault(beside)
        token.check()
        beside.rename(folder)
    return open_vault(folder, run.PASSPHRASE, token, report)

# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways into a vault from a terminal: listed, one more, one taken away, and the backups it still opens."""

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import Final

from hro_desktop.casework import key_slots, stale_backups
from hro_desktop.casework.desk import Desk
from hro_desktop.cli.console import ask_passphrase, complain, progress, say, say_json, table
from hro_desktop.faults import ExitCode, Fault

__all__ = ["run"]

Options = argparse.Namespace


def run(desk: Desk, options: Options) -> ExitCode:
    """One of the actions of `hro-desktop access`."""
    return ACTIONS[options.action](desk, options)


def _listed(desk: Desk, options: Options) -> ExitCode:
    found = key_slots.listed(desk)
    if options.json:
        say_json(
            [{"id": each.slot_id, "kind": each.kind, "name": each.name, "present": each.present} for each in found]
        )
    else:
        table(
            ("Accès", "Nature", "À qui", "État"),
            [(each.slot_id[:8], each.kind, each.name, "ouvert maintenant" if each.present else "") for each in found],
        )
    return ExitCode.DONE


def _removed(desk: Desk, options: Options) -> ExitCode:
    """Say what will happen, ask, do it, and list the backups it still opens."""
    slot = key_slots.found(desk, options.slot)
    for sentence in key_slots.removal(desk, slot.slot_id):
        say(sentence)
    if not options.yes and not _agreed():
        say("Rien n’a été changé.")
        return ExitCode.DONE
    with progress("Retrait de l’accès") as advance:
        key_slots.remove(desk, slot.slot_id, advance)
    say(f"L’accès {slot.slot_id[:4]} est retiré\u00a0: il n’ouvre plus ce coffre.")
    for notice in desk.vault.notices:
        complain(f"{notice.sentence} {notice.advice}")
    _say_stale(desk)
    return ExitCode.DONE


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise Fault(
            "access.unconfirmed",
            "Le retrait doit être confirmé\u00a0: tapez la commande dans un terminal, ou ajoutez --yes.",
            ExitCode.USAGE,
        )
    return input("Retirer cet accès\u202f? Tapez oui\u00a0: ").strip().lower() == "oui"


def _keyring(desk: Desk, options: Options) -> ExitCode:
    """The access is made anew from its phrase, which is asked once more."""
    wanted = options.state == "on"
    key_slots.bind_device(desk, ask_passphrase(options.passphrase_file), wanted=wanted)
    if wanted:
        say("Votre accès demande maintenant votre phrase et le trousseau de cet ordinateur.")
        say("Ailleurs, ou sans ce trousseau, il faudra le code papier ou un autre accès.")
        say("Une copie ou une sauvegarde d’avant s’ouvre encore avec la phrase seule\u00a0: refaites une sauvegarde.")
    else:
        say("Votre accès s’ouvre avec votre phrase seule.")
    return ExitCode.DONE


def _escrow(desk: Desk, options: Options) -> ExitCode:
    """Say what it means, beside doing it: nobody has to have one."""
    slot_id = key_slots.add_escrow(desk, options.recipient)
    say(f"Le tiers de confiance a un accès ({slot_id[:4]})\u00a0: avec sa clé secrète il ouvre tout ce coffre, et ses")
    say("sauvegardes à venir, sans rien demander à personne. Il l’ouvre ainsi\u00a0:")
    say("  hro-desktop cases --vault COFFRE --passphrase-file CLÉ")
    say("  hro-desktop restore SAUVEGARDES COFFRE --passphrase-file CLÉ")
    say("Faites-le essayer une fois. Pour le retirer\u00a0: hro-desktop access remove.")
    return ExitCode.DONE


def _paper(desk: Desk, _options: Options) -> ExitCode:
    code = key_slots.add_paper(desk)
    say("Code papier, affiché une seule fois\u00a0: recopiez-le et gardez-le loin de l’ordinateur.")
    say(f"  {code}")
    say("Un code papier plus ancien ouvre toujours\u00a0: retirez-le s’il est perdu.")
    return ExitCode.DONE


def _stale(desk: Desk, options: Options) -> ExitCode:
    for identifier in options.destroyed:
        desk.run(stale_backups.destroyed, identifier)
    if options.json:
        say_json(
            [
                {
                    "id": each.id,
                    "made_on": each.made_on.isoformat(),
                    "accesses": list(each.accesses),
                    "number": each.number,
                    "place": str(each.place or ""),
                    "seen": each.seen,
                }
                for each in stale_backups.listed(desk)
            ]
        )
    elif not _say_stale(desk):
        say("Aucune sauvegarde connue ne s’ouvre avec un accès retiré.")
    return ExitCode.DONE


def _say_stale(desk: Desk) -> bool:
    """The stale backups, if any."""
    found = stale_backups.listed(desk)
    if found:
        say("Sauvegardes périmées\u00a0:")
        for each in found:
            say(f"  {each.id}  {each.sentence}")
        say(f"{stale_backups.ADVICE} hro-desktop access stale --destroyed NUMÉRO le note.")
    return bool(found)


ACTIONS: Final[Mapping[str, Callable[[Desk, Options], ExitCode]]] = {
    "escrow": _escrow,
    "list": _listed,
    "remove": _removed,
    "keyring": _keyring,
    "paper": _paper,
    "stale": _stale,
}

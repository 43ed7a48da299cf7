# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups from a terminal: made, listed, read again, and a vault made again from one."""

import argparse

from hro_desktop import bootstrap
from hro_desktop.casework import backups
from hro_desktop.casework import vault as casework_vault
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.fields import PARIS
from hro_desktop.cli.console import ask_passphrase, complain, progress, say, say_json, size, table
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.rules import grammar
from hro_desktop.vault import generations, restore
from hro_desktop.vault.findings import Report
from hro_desktop.vault.generations import Generation
from hro_desktop.vault.places import must_be_free

__all__ = ["listed", "made", "restored"]

Options = argparse.Namespace


def made(desk: Desk, options: Options) -> ExitCode:
    """Back the vault up."""
    with progress("Sauvegarde") as advance:
        done = backups.make(desk, options.folder, advance, reread=not options.quick, renew=options.renew).backup
    manifest = done.generation.manifest
    assert manifest is not None
    if options.json:
        report = Report((), done.findings).as_json()
        say_json({**_as_json(done.generation), "copied": done.copied, "dropped": len(done.dropped), **report})
    else:
        say(
            f"Sauvegarde n°\u00a0{done.generation.number} faite et relue dans "
            f"«\u00a0{done.generation.place}\u00a0»\u00a0: "
            f"{grammar.counted(done.copied, 'pièce')} de plus, {size(manifest.size)} en tout."
        )
        for finding in done.findings:
            complain(f"{finding.sentence} {finding.advice}")
    return ExitCode.DAMAGED if manifest.lacking else ExitCode.DONE


def listed(options: Options) -> ExitCode:
    """The backups of a folder, and with `--verify` whether all they need is still what was written there."""
    found = generations.generations(options.folder)
    reports = {each.number: _checked(each) for each in found} if options.verify else {}
    if options.json:
        shown = [
            {**_as_json(each), **({"report": reports[each.number].as_json()} if reports else {})} for each in found
        ]
        say_json(shown)
    else:
        table(
            ("Numéro", "Faite le", "Taille", "Pièces", "État"),
            [_row(each, reports.get(each.number)) for each in found],
        )
        for each in found:
            for finding in reports[each.number].findings if reports else ():
                complain(f"N°\u00a0{each.number}\u00a0: {finding.sentence} {finding.advice}")
    sound = all(each.manifest is not None for each in found) and all(each.sound for each in reports.values())
    return ExitCode.DONE if sound else ExitCode.DAMAGED


def restored(options: Options) -> ExitCode:
    """Make a vault again, open it, and read all of it with its key."""
    chosen = generations.newest(options.folder, options.number)
    if options.number is None:
        for finding in generations.passed_over(generations.generations(options.folder), chosen):
            complain(f"{finding.sentence} {finding.advice}")
    if not (options.target / restore.MARK).exists():
        must_be_free(options.target)
    secret = ask_passphrase(options.passphrase_file)
    with progress("Restauration") as advance:
        restore.restore(chosen, options.target, advance, partial=options.partial)
    say(f"Sauvegarde n°\u00a0{chosen.number} restaurée dans «\u00a0{options.target}\u00a0».")
    with bootstrap.open_desk(options.target, secret) as desk, progress("Vérification") as advance:
        report = casework_vault.verify(desk, advance)
    for line in report.lines():
        say(line)
    return ExitCode.DONE if report.sound else ExitCode.DAMAGED


def _checked(generation: Generation) -> Report:
    try:
        with progress(f"Relecture du n°\u00a0{generation.number}") as advance:
            return restore.check(generation, advance)
    except Fault as fault:
        return Report((), (generations.unreadable(fault),))


def _row(generation: Generation, report: Report | None) -> tuple[str, ...]:
    manifest = generation.manifest
    if manifest is None:
        return str(generation.number), "?", "?", "?", "abîmée"
    state = "" if report is None else "relue, entière" if report.sound else "abîmée"
    made_at = manifest.made_at.astimezone(PARIS)
    count = str(len(manifest.objects))
    return str(generation.number), f"{made_at:%d/%m/%Y à %H:%M}", size(manifest.size), count, state


def _as_json(generation: Generation) -> dict[str, object]:
    manifest = generation.manifest
    if manifest is None:
        return {"number": generation.number, "damaged": True}
    return {
        "number": generation.number,
        "damaged": False,
        "made_at": manifest.made_at.isoformat(),
        "bytes": manifest.size,
        "objects": len(manifest.objects),
        "journal": manifest.head.as_json(),
    }

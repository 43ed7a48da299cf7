# SPDX-License-Identifier: GPL-3.0-or-later
"""A new vault made from a terminal of what can still be read of a damaged one."""

import argparse

from hro_desktop.cli.console import ask_passphrase, progress, say, say_json
from hro_desktop.faults import ExitCode
from hro_desktop.vault import salvage as salvaging
from hro_desktop.vault.places import must_be_free, must_be_vault

__all__ = ["salvaged"]


def salvaged(options: argparse.Namespace) -> ExitCode:
    """Read what can be read, write it into a new vault, and name what is lost."""
    must_be_vault(options.source)
    must_be_free(options.target)
    secret = ask_passphrase(options.passphrase_file)
    with progress("Sauvetage") as advance:
        report = salvaging.salvage(options.source, options.target, secret, advance)
    if options.json:
        say_json({"vault": str(options.target), **report.as_json()})
        return ExitCode.DONE if report.sound else ExitCode.DAMAGED
    for line in report.lines():
        say(line)
    say(f"Ce qui pouvait être lu est dans un nouveau coffre, chiffré\u00a0: «\u00a0{options.target}\u00a0».")
    say("Il s’ouvre avec les mêmes phrases de passe. Le coffre abîmé n’a pas changé\u00a0: gardez-le.")
    say("Une sauvegarde, même ancienne, est plus sûre que ce sauvetage\u00a0: comparez-les avant de travailler.")
    return ExitCode.DONE if report.sound else ExitCode.DAMAGED

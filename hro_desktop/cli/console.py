# SPDX-License-Identifier: GPL-3.0-or-later
"""What the command line says and asks: sentences, tables, progress, passphrases."""

import codecs
import getpass
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from hro_desktop.faults import ExitCode, Fault

__all__ = [
    "ask_new_passphrase",
    "ask_passphrase",
    "check_passphrase_file",
    "complain",
    "progress",
    "say",
    "say_json",
    "size",
    "table",
]


LOCKED: Final = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")
"""Begins an age identity that its owner encrypted with a passphrase."""


def say(line: str = "") -> None:
    """One line for the user."""
    print(line)


def complain(sentence: str) -> None:
    """One sentence about what went wrong, where scripts do not read their data."""
    print(sentence, file=sys.stderr)


def say_json(value: object) -> None:
    """The same facts for a script: one JSON value on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def size(count: int) -> str:
    """A number of bytes as people say it: « 812 octets », « 542 Ko », « 1,2 Mo »."""
    if count < 1000:
        return f"{count}\u00a0octets" if count > 1 else f"{count}\u00a0octet"
    for unit in ("Ko", "Mo", "Go"):
        count_in_unit = count / 1000 ** (("Ko", "Mo", "Go").index(unit) + 1)
        if count_in_unit < 1000 or unit == "Go":
            break
    digits = f"{count_in_unit:.1f}".removesuffix(".0") if count_in_unit < 10 else f"{count_in_unit:.0f}"
    return f"{digits.replace('.', ',')}\u00a0{unit}"


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table in columns as wide as their content."""
    widths = [max(len(str(cell)) for cell in column) for column in zip(titles, *rows, strict=True)]
    for row in (titles, *rows):
        say("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def ask_passphrase(source: str | None) -> str:
    """The passphrase, from a file (`-` is standard input) or asked without showing it.

    The file may be that of an age identity, as `age-keygen` makes it: a trusted third party opens with it.

    Raises:
        Fault: `passphrase.absent` when there is nobody to ask; `passphrase.file_absent`, `passphrase.file`,
            `passphrase.locked`.
    """
    if source == "-":
        return sys.stdin.readline().removeprefix("\ufeff").rstrip("\r\n")
    if source is not None:
        return _from_file(source)
    if not sys.stdin.isatty():
        raise Fault(
            "passphrase.absent",
            "Il faut la phrase de passe\u00a0: tapez la commande dans un terminal, ou donnez --passphrase-file.",
            ExitCode.USAGE,
        )
    return getpass.getpass("Phrase de passe\u00a0: ")


def check_passphrase_file(source: str | None) -> None:
    """Whether a file gives a passphrase, for who does not need it: nothing is asked, standard input is left alone.

    Raises:
        Fault: `passphrase.file_absent`; `passphrase.file`; `passphrase.locked`.
    """
    if source not in (None, "-"):
        _from_file(str(source))


def _from_file(source: str) -> str:
    try:
        content = Path(source).read_bytes().removeprefix(codecs.BOM_UTF8)  # some editors of Windows put it there
        if content.startswith(LOCKED):
            raise Fault(
                "passphrase.locked",
                f"La clé du fichier «\u00a0{source}\u00a0» est elle-même protégée par une phrase\u00a0: ouvrez-la "
                "d’abord avec «\u00a0age -d\u00a0», dans un fichier que vous effacerez ensuite.",
                ExitCode.USAGE,
            )
        lines = content.decode().splitlines()
    except FileNotFoundError:
        raise Fault(
            "passphrase.file_absent",
            f"Le fichier «\u00a0{source}\u00a0», qui doit donner la phrase de passe, est introuvable\u00a0: "
            "vérifiez son chemin.",
            ExitCode.USAGE,
        ) from None
    except (OSError, UnicodeDecodeError):
        lines = []
    if not lines:
        raise Fault(
            "passphrase.file",
            f"Le fichier «\u00a0{source}\u00a0» ne donne pas de phrase de passe\u00a0: "
            "mettez-la seule sur sa première ligne, en UTF-8.",
            ExitCode.USAGE,
        )
    return next((line for line in lines if line.startswith("AGE-SECRET-KEY-1")), lines[0])


def ask_new_passphrase(source: str | None) -> str:
    """A new passphrase, asked twice."""
    first = ask_passphrase(source)
    if source is None and getpass.getpass("La même, une seconde fois\u00a0: ") != first:
        raise Fault("passphrase.differs", "Les deux saisies ne sont pas les mêmes\u00a0: recommencez.", ExitCode.USAGE)
    return first


@contextmanager
def progress(label: str, unit: str = "o") -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, shown only to a person: called with what is done and how much there is."""
    from tqdm import tqdm

    with tqdm(
        desc=label,
        unit=unit,
        unit_scale=unit == "o",
        disable=not sys.stderr.isatty(),
        leave=False,
        delay=0.2,
        bar_format="{desc}\u00a0: {percentage:3.0f} % |{bar}| {n_fmt}/{total_fmt}",
    ) as bar:

        def advance(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield advance

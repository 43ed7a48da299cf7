# SPDX-License-Identifier: GPL-3.0-or-later
"""What went wrong, in one sentence. An exception nobody foresaw is never shown: its text may hold a name."""

from typing import Final

from forms.problems import FormError
from hro_desktop.faults import Fault

__all__ = ["UNEXPECTED", "sentence_of"]

UNEXPECTED: Final = (
    "Le programme a rencontré une erreur imprévue\u00a0: l’action en cours n’a pas été faite, "
    "ce qui était enregistré est gardé. Recommencez\u00a0; si cela se répète, verrouillez puis rouvrez le coffre."
)


def sentence_of(error: BaseException) -> str:
    """The sentence of a fault, or the general one."""
    if isinstance(error, Fault | FormError):
        return error.sentence
    if isinstance(error, MemoryError):
        return "La mémoire de l’ordinateur ne suffit pas\u00a0: fermez d’autres programmes, puis recommencez."
    return UNEXPECTED

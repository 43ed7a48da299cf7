# SPDX-License-Identifier: GPL-3.0-or-later
"""Inputs of numbers: a measure, a whole number, a count with what it is worth."""

from hro_desktop.rules import typed
from ui.editor.inputs import LineInput, NotUnderstood

__all__ = ["bounded_input", "count_input", "number_input"]


def number_input() -> LineInput:
    """A number."""

    def convert(text: str) -> float | None:
        try:
            return float(text.replace(",", ".")) if text else None
        except ValueError:
            raise NotUnderstood("Ce n’est pas un nombre\u00a0: écrivez 50,95.") from None

    return LineInput(convert, lambda value: str(value).replace(".", ","))


def count_input() -> LineInput:
    """A whole number."""

    def convert(text: str) -> int | None:
        digits = "".join(text.split())
        if len(digits) > 18 or not digits.isascii() or not (digits.isdecimal() or not digits):
            raise NotUnderstood("Ce n’est pas un nombre entier\u00a0: écrivez 12.")
        return int(digits) if digits else None

    return LineInput(convert)


def bounded_input() -> LineInput:
    """A number with what it is worth."""

    def convert(text: str) -> str:
        count = typed.count_of(text) if text else None
        if text and count is None:
            raise NotUnderstood(
                "Ce n’est pas un nombre\u00a0: écrivez 12 pour au moins 12, = 12 pour exactement 12, "
                "~ 12 pour environ 12."
            )
        return typed.shown_count(count) if count is not None else ""

    return LineInput(convert)

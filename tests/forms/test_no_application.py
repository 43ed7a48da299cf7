# SPDX-License-Identifier: GPL-3.0-or-later
"""Without the one Qt application the text engine says so, instead of ending the process."""

import subprocess
import sys

import pytest

CALLS = ["Canvas()", "measure('x', 100.0, Style())"]
CORE = "from PySide6.QtCore import QCoreApplication; app = QCoreApplication([])"


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("before", ["", CORE])
def test_a_clear_error_without_an_application(call: str, before: str) -> None:
    code = (
        f"{before}\n"
        "from forms.problems import FormError\n"
        "from forms.text import Canvas, Style, measure\n"
        "try:\n"
        f"    {call}\n"
        "except FormError as error:\n"
        "    print(error.code, '|', error.sentence)\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, text=True, encoding="utf-8", check=True
    )
    answer, _, sentence = done.stdout.partition(" | ")
    assert answer == "text.no_application"
    assert sentence.startswith("Le moteur de texte")

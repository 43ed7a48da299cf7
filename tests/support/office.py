# SPDX-License-Identifier: GPL-3.0-or-later
"""LibreOffice as a second opinion: the same `.docx` set as a PDF, with the fonts our own converter uses."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pypdfium2
import pytest
from pypdfium2 import raw

__all__ = ["converted", "letter_sizes", "needed", "page_count"]


def needed() -> str:
    """The command; the test is skipped without it, and fails where everything must run."""
    command = shutil.which("soffice")
    if command is None and os.environ.get("CI") == "true":
        pytest.fail("soffice is needed in CI: scripts/system_packages.sh run test")
    if command is None:
        pytest.skip("soffice is not installed")
    return command


def converted(documents: Mapping[str, bytes], folder: Path, fonts: Path) -> dict[str, bytes]:
    """The PDFs of all documents, made by one process: starting it takes longer than the work.

    Args:
        documents: by name.
        folder: an empty folder of the test's own.
        fonts: a fontconfig file.
    """
    command = needed()
    for name, docx in documents.items():
        (folder / f"{name}.docx").write_bytes(docx)
    arguments = [
        command,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--convert-to", "pdf", "--outdir", str(folder)),
        *(str(folder / f"{name}.docx") for name in documents),
    ]
    environment = {**os.environ, "HOME": str(folder), "FONTCONFIG_FILE": str(fonts)}
    subprocess.run(arguments, env=environment, check=True, capture_output=True, timeout=280)
    return {name: (folder / f"{name}.pdf").read_bytes() for name in documents}


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def letter_sizes(pdf: bytes) -> set[float]:
    """The sizes of the letters of a PDF, in points."""
    document = pypdfium2.PdfDocument(pdf)
    sizes = set()
    for page in document:
        text = page.get_textpage()
        sizes |= {
            round(raw.FPDFText_GetFontSize(text.raw, index), 1)
            for index in range(text.count_chars())
            if text.get_text_range(index, 1).strip()
        }
    document.close()
    return sizes

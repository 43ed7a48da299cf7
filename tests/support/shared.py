# SPDX-License-Identifier: GPL-3.0-or-later
"""Test material that is not ours to commit: public vectors and official forms, kept beside the checkout."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def shared(relative: str) -> Path:
    """A file or folder of the shared material; skips without it, except in CI, where it must be there."""
    path = ROOT.parent / "shared" / relative
    if not path.exists():
        message = f"shared material absent: {relative}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path

# SPDX-License-Identifier: GPL-3.0-or-later
"""A new vault for each test."""

from tests.casework.conftest import empty

__all__ = ["empty"]

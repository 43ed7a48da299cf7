# SPDX-License-Identifier: GPL-3.0-or-later
"""Casework of the legal volunteers: records, rules, vault, actions. No window."""

__version__ = "0.1.0"

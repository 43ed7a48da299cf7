# SPDX-License-Identifier: GPL-3.0-or-later
"""Printing: the pages as they will come out, the printer, and what it is told."""

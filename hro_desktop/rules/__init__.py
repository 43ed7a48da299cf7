# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure functions over plain values: no input or output, no clock of their own."""

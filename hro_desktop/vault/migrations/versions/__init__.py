# SPDX-License-Identifier: GPL-3.0-or-later
"""One file per step. They import nothing of this program, which changes while they must not."""

# SPDX-License-Identifier: GPL-3.0-or-later
"""Law and practice as dated, sourced data, and their loaders."""

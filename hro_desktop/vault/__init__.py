# SPDX-License-Identifier: GPL-3.0-or-later
"""The vault: key slots, encrypted base and objects, journal, lock."""

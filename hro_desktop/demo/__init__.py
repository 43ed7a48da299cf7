# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice case: a fictional eviction, its people and its evidence, made when asked for."""

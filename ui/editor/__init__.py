# SPDX-License-Identifier: GPL-3.0-or-later
"""Editors: what a draft describes, as labelled inputs that save themselves."""

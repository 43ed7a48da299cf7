# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of paper on the screen."""

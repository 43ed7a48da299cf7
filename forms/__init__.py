# SPDX-License-Identifier: GPL-3.0-or-later
"""The document engine: a form and values become a document. No person, no database, no window."""

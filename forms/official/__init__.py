# SPDX-License-Identifier: GPL-3.0-or-later
"""Official PDFs as their authors publish them: read into fields, filled in any script, and read again to prove it."""

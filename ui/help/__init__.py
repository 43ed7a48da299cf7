# SPDX-License-Identifier: GPL-3.0-or-later
"""The help: French pages as Markdown files of this folder, the panel that shows them, and the first-use hints."""

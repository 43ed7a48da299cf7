# SPDX-License-Identifier: GPL-3.0-or-later
"""What the vault remembers beside its records so that they are found and listed at once; made from them alone."""

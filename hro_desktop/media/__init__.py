# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file is: its type by content, its facts, its thumbnail, its cleaned copy. Bytes in, bytes out."""

# SPDX-License-Identifier: GPL-3.0-or-later
"""What a volunteer does, one module per noun."""

# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m ui`: the window, for the restart that locks it."""

import sys

from ui.app import main

if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: GPL-3.0-or-later
"""How large a printed file is: what a page with a photograph may cost, and that letters pay nothing for it."""

import io
from pathlib import Path

from PIL import Image

from forms import preview
from tests.ui.test_printing import sheet, to_file, white

__all__ = ["sheet"]


def test_a_page_with_a_photograph_is_kept_small_and_letters_stay_exact(sheet: bytes, tmp_path: Path) -> None:
    for name in ("photo", "lettres"):
        (tmp_path / name).mkdir()
    noise = Image.effect_noise((1240, 1754), 60).convert("RGB")
    photo = Image.merge("RGB", (noise.getchannel(0), noise.getchannel(1).rotate(180), noise.getchannel(2)))
    made = io.BytesIO()
    photo.save(made, "PDF", resolution=150)
    printed = to_file([made.getvalue()], tmp_path / "photo")
    assert not white(printed, 0)
    assert len(printed) < 8_000_000  # kept exact: 26 MB of pixels, which noise does not let pack
    letters = preview.render(to_file([sheet], tmp_path / "lettres"), 0, 300)
    assert set(letters.data[:: 3 * 997]) <= set(preview.render(sheet, 0, 300).data)

# SPDX-License-Identifier: GPL-3.0-or-later
import re

import attrs
import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from ui.theme import DARK, EDGES, LIGHT, PAIRS, Scheme, Theme, Tokens, contrast

SETS = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#FFFFFF", 21.0), ("#777777", "#FFFFFF", 4.48)])
def test_contrast_is_that_of_the_standard(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@SETS
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_is_readable_on_its_ground(tokens: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@SETS
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_controls_are_seen(tokens: Tokens, edge: str, ground: str) -> None:
    assert contrast(getattr(tokens, edge), getattr(tokens, ground)) >= 3.0


@SETS
def test_every_colour_is_written_the_same_way(tokens: Tokens) -> None:
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in attrs.asdict(tokens).values())


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_sheet_names_only_known_tokens_and_no_colour_of_its_own(scheme: Scheme) -> None:
    theme = Theme(scheme)
    sheet = theme.sheet()
    assert "<" not in sheet
    assert set(re.findall("#[0-9A-Fa-f]{6}", sheet)) <= set(attrs.asdict(theme.tokens).values())


def test_text_and_controls_grow_together() -> None:
    assert "font-size: 13px" in Theme(Scheme.LIGHT).sheet()
    large = Theme(Scheme.LIGHT, 2.0)
    assert "font-size: 26px" in large.sheet()
    assert "min-height: 64px" in large.sheet()


@pytest.mark.parametrize("scale", [0.5, 2.5])
def test_sizes_nobody_can_use_are_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        Theme(Scheme.LIGHT, scale)


def test_palette_follows_the_scheme(qapp: QApplication) -> None:
    for scheme, tokens in ((Scheme.LIGHT, LIGHT), (Scheme.DARK, DARK)):
        palette = Theme(scheme).palette()
        assert palette.color(QPalette.ColorRole.Window).name().upper() == tokens.bg
        assert palette.color(QPalette.ColorRole.Text).name().upper() == tokens.ink
    assert Theme(Scheme.SYSTEM).tokens in (LIGHT, DARK)

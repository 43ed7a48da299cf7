# SPDX-License-Identifier: GPL-3.0-or-later
import re

import attrs
import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from ui.theme import _SHEET, DARK, EDGES, LIGHT, PAIRS, Scheme, Theme, Tokens, contrast

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


Rule = dict[str, str]


def rules() -> dict[str, Rule]:
    """What the sheet says of each selector, in names of tokens; a state has what its widget has without it."""
    found: dict[str, Rule] = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", _SHEET):
        said = dict(part.strip().split(": ", 1) for part in body.split(";") if part.strip())
        for selector in selectors.split(","):
            found.setdefault(" ".join(selector.split()), {}).update(said)
    whole: dict[str, Rule] = {}
    for selector, said in found.items():
        plain, _, states = selector.partition(":")
        kind = plain.partition("[")[0]
        whole[selector] = {**found.get(kind, {}), **found.get(plain, {}), **(said if states else {})}
    return whole


def token(said: str) -> str:
    """The token of a value, or nothing."""
    return next(iter(re.findall(r"<([a-z_0-9]+)>", re.sub(r"<px\d+>", "", said))), "")


@SETS
def test_whatever_the_sheet_writes_is_readable_in_every_state(tokens: Tokens) -> None:
    faint, seen = [], 0
    for selector, said in rules().items():
        ink = token(said.get("color", ""))
        ground = said.get("background", "")
        grounds = [token(ground)] if token(ground) else ["bg", "surface", "sunken"] if ink != "on_desk" else ["desk"]
        for each in grounds if ink else []:
            seen += 1
            ratio = contrast(getattr(tokens, ink), getattr(tokens, each))
            if ratio < 4.5:
                faint.append(f"{selector}: {ink} on {each} is {ratio:.2f}")
        chosen, under = said.get("selection-color", ""), said.get("selection-background-color", "")
        if chosen and contrast(getattr(tokens, token(chosen)), getattr(tokens, token(under))) < 4.5:
            faint.append(f"{selector}: what is selected")
    assert seen > 40
    assert faint == []


@SETS
def test_the_focus_is_seen_around_whatever_has_one(tokens: Tokens) -> None:
    focused = {selector: said for selector, said in rules().items() if ":focus" in selector or 'lit="true"' in selector}
    assert len(focused) > 10
    for selector, said in focused.items():
        edge = token(said.get("border", "") if "border-color" not in said else said["border-color"])
        assert edge, selector
        around = ["desk"] if edge == "on_desk" else ["brand"] if edge == "on_brand" else ["bg", "surface", "sunken"]
        for ground in around:
            assert contrast(getattr(tokens, edge), getattr(tokens, ground)) >= 3.0, (selector, ground)


@SETS
def test_what_qt_draws_by_itself_is_readable_too(qapp: QApplication, tokens: Tokens) -> None:
    palette = Theme(Scheme.LIGHT if tokens is LIGHT else Scheme.DARK).palette()
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    for ink, ground in (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.ButtonText, role.Button),
        (role.PlaceholderText, role.Base),
        (role.HighlightedText, role.Highlight),
        (role.ToolTipText, role.ToolTipBase),
        (role.Link, role.Base),
        (role.LinkVisited, role.Window),
        (role.BrightText, role.Window),
    ):
        for state in (group.Active, group.Inactive, group.Disabled):
            ratio = contrast(palette.color(state, ink).name(), palette.color(state, ground).name())
            assert ratio >= 4.5, (ink, state, ratio)


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

# SPDX-License-Identifier: GPL-3.0-or-later
"""The look: one set of named colours in light and in dark, a palette and a short style sheet made from them.

Nothing else in the window names a colour or a size of type. Contrast of every pair that meets is a test.
"""

import enum
import re
from typing import Final

import attrs
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

__all__ = ["DARK", "EDGES", "LIGHT", "PAIRS", "Scheme", "Theme", "Tokens", "contrast"]

BASE: Final = 13
"""Size of running text in pixels at 100 %."""


@attrs.frozen(kw_only=True)
class Tokens:
    """Colours by what they are for, as `#rrggbb`."""

    bg: str
    surface: str
    sunken: str
    line: str
    line2: str
    border: str  # of a field or a button: what says that one can act there, 3:1 against both its sides
    ink: str
    ink2: str
    ink3: str
    brand: str
    brand_hover: str
    brand_soft: str
    brand_ink: str
    on_brand: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    late: str
    late_soft: str
    violet: str
    violet_soft: str
    desk: str  # what a page of paper lies on
    on_desk: str


LIGHT: Final = Tokens(
    bg="#F6F6F3",
    surface="#FFFFFF",
    sunken="#EFEFEA",
    line="#DEDED7",
    line2="#ECECE6",
    border="#83888F",
    ink="#1C2430",
    ink2="#4A5563",
    ink3="#626C79",
    brand="#1D4E89",
    brand_hover="#174072",
    brand_soft="#E4EDF7",
    brand_ink="#143A67",
    on_brand="#FFFFFF",
    ok="#26694C",
    ok_soft="#E1F1E9",
    warn="#8A5000",
    warn_soft="#FCEFD8",
    late="#B3261E",
    late_soft="#FBE9E7",
    violet="#6B4FA0",
    violet_soft="#EEE8F7",
    desk="#565E67",
    on_desk="#FFFFFF",
)
DARK: Final = Tokens(
    bg="#15181D",
    surface="#1D2127",
    sunken="#111317",
    line="#333A43",
    line2="#292F37",
    border="#7A8490",
    ink="#E9ECF0",
    ink2="#BFC7D1",
    ink3="#9AA4B0",
    brand="#8DB8EA",
    brand_hover="#A9CAF0",
    brand_soft="#22364E",
    brand_ink="#B9D5F5",
    on_brand="#0E1F33",
    ok="#7CCBA5",
    ok_soft="#173328",
    warn="#F0B860",
    warn_soft="#3A2B10",
    late="#F59A92",
    late_soft="#431D1A",
    violet="#C3AEEA",
    violet_soft="#322748",
    desk="#2A2F36",
    on_desk="#E9ECF0",
)

PAIRS: Final = (
    *((ink, ground) for ink in ("ink", "ink2", "ink3") for ground in ("bg", "surface", "sunken")),
    *((ink, "brand_soft") for ink in ("ink", "ink2", "brand_ink")),
    *(("brand", ground) for ground in ("bg", "surface", "sunken")),
    ("on_brand", "brand"),
    ("on_brand", "brand_hover"),
    ("on_desk", "desk"),
    ("surface", "violet"),
    *((state, ground) for state in ("ok", "warn", "late", "violet") for ground in ("surface", f"{state}_soft")),
)
"""Text and ground that meet somewhere: each at least 4.5:1 (WCAG 2.2, 1.4.3)."""

EDGES: Final = (
    *((edge, ground) for edge in ("border", "brand", "late") for ground in ("bg", "surface", "sunken")),
    ("on_brand", "brand"),
    ("on_brand", "brand_hover"),
    ("on_desk", "desk"),
)
"""Borders of what one can act on and the focus, against their ground: at least 3:1 (WCAG 2.2, 1.4.11)."""


def _luminance(colour: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21 (WCAG 2.2, relative luminance)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


class Scheme(enum.Enum):
    """Light, dark, or what the desktop asks for."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


@attrs.frozen
class Theme:
    """How the window looks: a scheme and the size of its text.

    Args:
        scheme: light, dark or as the desktop.
        scale: size of text against 100 %, from 0.8 to 2.0.
    """

    scheme: Scheme = Scheme.SYSTEM
    scale: float = attrs.field(default=1.0, validator=[attrs.validators.ge(0.8), attrs.validators.le(2.0)])

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        if self.scheme is Scheme.SYSTEM:
            dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
            return DARK if dark else LIGHT
        return DARK if self.scheme is Scheme.DARK else LIGHT

    def px(self, size: float) -> int:
        """A length that grows with the text, in device-independent pixels."""
        return round(size * self.scale)

    def font(self, families: list[str]) -> QFont:
        """The type of running text."""
        font = QFont()
        font.setFamilies(families)
        font.setPixelSize(self.px(BASE))
        # Hinting made for one pixel grid spoils small type on another.
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    def apply(self, app: QApplication, families: list[str]) -> None:
        """Dress the whole program, but for its sheet: see `dress`."""
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(self.font(families))
        app.setPalette(self.palette())

    def dress(self, window: QWidget) -> None:
        """Give a window its sheet.

        It is the window’s and not the program’s: what is in a sheet’s reach is dressed anew each time it is put into
        something, and a page is put together from the inside out. Before it comes into the window a page is bare.
        """
        window.setStyleSheet(self.sheet())

    def palette(self) -> QPalette:
        """The colours where Qt asks for them by role."""
        tokens, palette = self.tokens, QPalette()
        role, group = QPalette.ColorRole, QPalette.ColorGroup
        for name, colour in {
            role.Window: tokens.bg,
            role.WindowText: tokens.ink,
            role.Base: tokens.surface,
            role.AlternateBase: tokens.bg,
            role.Text: tokens.ink,
            role.Button: tokens.surface,
            role.ButtonText: tokens.ink,
            role.BrightText: tokens.late,
            role.Highlight: tokens.brand_soft,
            role.HighlightedText: tokens.ink,
            role.Accent: tokens.brand,
            role.Link: tokens.brand,
            role.LinkVisited: tokens.brand,
            role.PlaceholderText: tokens.ink3,
            role.ToolTipBase: tokens.surface,
            role.ToolTipText: tokens.ink,
            role.Light: tokens.line2,
            role.Midlight: tokens.line2,
            role.Mid: tokens.line,
            role.Dark: tokens.line,
            role.Shadow: tokens.line,
        }.items():
            palette.setColor(name, QColor(colour))
        for name in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(group.Disabled, name, QColor(tokens.ink3))
        return palette

    def sheet(self) -> str:
        """What a palette cannot say: corners, heights, roles of text."""
        known = attrs.asdict(self.tokens)

        def value(match: re.Match[str]) -> str:
            name = match[1]
            return f"{self.px(int(name[2:]))}px" if name.startswith("px") else known[name]

        return re.sub(r"<(\w+)>", value, _SHEET)


# Names between < > are tokens, or sizes in pixels at 100 %.
# Object names and the property `role` are what widgets call themselves.
_SHEET: Final = """
QWidget { font-size: <px13>; }
QMainWindow, QDialog, QWidget#page { background: <bg>; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: <px17>; font-weight: 600; }
QLabel[role="heading"] { font-size: <px15>; font-weight: 600; }
QLabel[role="code"] {
  background: <sunken>; border: 1px solid <line>; border-radius: 6px; padding: 12px; font-size: <px17>;
  font-weight: 600;
}
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="label"] { font-size: <px12>; color: <ink2>; }
QLabel[role="soft"] { color: <ink2>; }
QLabel[role="hint"] { font-size: <px12>; color: <ink3>; }
QLabel[role="present"] { font-size: <px12>; font-weight: 600; }
QLabel[role="problem"] { font-size: <px12>; color: <late>; }
QLabel[role="warned"] { font-size: <px12>; color: <warn>; }

QFrame#card { background: <surface>; border: 1px solid <line>; border-radius: 8px; }
QFrame#sidebar { background: <sunken>; border: none; border-right: 1px solid <line>; }
QFrame#header { background: <surface>; border: none; border-bottom: 1px solid <line>; }
QFrame#status { background: <surface>; border: none; border-top: 1px solid <line>; }
QFrame#steps { background: <surface>; border: none; border-right: 1px solid <line>; }
QListWidget[role="schedule"] { background: transparent; border: none; padding: 0; }
QListWidget[role="schedule"]::item { min-height: 0; padding: 0; }
QFrame#panel { background: <bg>; border: none; border-right: 1px solid <line>; }
QFrame#band { background: <bg>; border: none; }
QFrame#hint { background: <brand_soft>; border: none; border-bottom: 1px solid <line>; }
QFrame#help { background: <bg>; border: none; border-left: 1px solid <line>; }
QFrame#rule { background: <line2>; border: none; max-height: 1px; min-height: 1px; }

QPushButton {
  min-height: <px32>; max-height: <px32>; padding: 0 12px; border: 1px solid <border>; border-radius: 6px;
  background: <surface>; color: <ink>; font-weight: 500; margin: 0;
}
QPushButton:hover { background: <sunken>; }
QPushButton:pressed { background: <line2>; }
QPushButton:focus { border: 2px solid <brand>; padding: 0 11px; }
QPushButton:disabled { color: <ink3>; border-color: <line>; background: <sunken>; }
QPushButton[role="main"] { background: <brand>; border-color: <brand>; color: <on_brand>; font-weight: 600; }
QPushButton[role="main"]:hover { background: <brand_hover>; }
QPushButton[role="main"]:focus { border: 4px double <on_brand>; padding: 0 9px; }
QPushButton[role="main"]:disabled { background: <sunken>; border-color: <line>; color: <ink3>; }
QPushButton[role="link"] {
  min-height: <px24>; max-height: <px24>; border: 2px solid transparent; border-radius: 4px; background: transparent;
  color: <brand>; padding: 0 2px; font-weight: 500; font-size: <px12>;
}
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="link"]:focus { border: 2px solid <brand>; padding: 0 2px; }
QPushButton[role="link"]:disabled { color: <ink3>; }
QPushButton[role="nav"] {
  min-height: <px34>; max-height: <px34>; border: 1px solid transparent; background: transparent; color: <ink2>;
  text-align: left; padding: 0 10px; font-weight: 400;
}
QPushButton[role="nav"]:hover { background: <line2>; }
QPushButton[role="nav"]:checked { background: <surface>; border-color: <line>; color: <ink>; font-weight: 600; }
QPushButton[role="nav"]:focus { border: 2px solid <brand>; padding: 0 9px; }
QPushButton[role="choice"] {
  min-height: <px34>; max-height: <px34>; border: 1px solid transparent; background: transparent; text-align: left;
  padding: 0 10px; font-weight: 500;
}
QPushButton[role="choice"]:hover { background: <sunken>; }
QPushButton[role="choice"]:checked { background: <surface>; border-color: <line>; }
QPushButton[role="choice"]:focus { border: 2px solid <brand>; padding: 0 9px; }
QToolButton { border: 1px solid transparent; border-radius: 6px; background: transparent; padding: 4px; }
QToolButton:hover { background: <line2>; }
QToolButton:focus { border: 2px solid <brand>; padding: 3px; }

QToolButton[role="desk"]:hover { background: transparent; border: 1px solid <on_desk>; }
QToolButton[role="desk"]:focus { border: 2px solid <on_desk>; }
QFrame#desk { background: <desk>; border: none; }
QLabel[role="desk"] { color: <on_desk>; font-size: <px12>; }
QLabel[role="notice"] {
  background: <warn_soft>; color: <warn>; padding: 6px 20px; border-bottom: 1px solid <line>; font-size: <px12>;
}
QLabel[role="round"] {
  background: <violet>; color: <surface>; border-radius: <px20>; min-width: <px40>; max-width: <px40>;
  min-height: <px40>; max-height: <px40>; font-weight: 600;
}
QFrame#choice { background: <surface>; border: 1px solid <line>; border-radius: 6px; }
QPushButton[role="pick"] {
  border: 2px solid transparent; border-radius: 4px; background: transparent; text-align: left; padding: 0 2px;
  font-weight: 600; min-height: <px24>; max-height: <px24>;
}
QPushButton[role="pick"]:focus { border: 2px solid <brand>; padding: 0 2px; }

QLineEdit {
  min-height: <px32>; max-height: <px32>; padding: 0 10px; border: 1px solid <border>; border-radius: 6px;
  background: <surface>; color: <ink>; lineedit-password-character: 8226;
  selection-background-color: <brand>; selection-color: <on_brand>;
}
QLineEdit:focus { border: 2px solid <brand>; padding: 0 9px; }
QLineEdit:disabled { background: <sunken>; color: <ink3>; border-color: <line>; }
QLineEdit[problem="true"] { border: 2px solid <late>; padding: 0 9px; }
QPlainTextEdit, QTextEdit {
  padding: 4px 6px; border: 1px solid <border>; border-radius: 6px; background: <surface>; color: <ink>;
  selection-background-color: <brand>; selection-color: <on_brand>;
}
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid <brand>; padding: 3px 5px; }
QPlainTextEdit[problem="true"], QTextEdit[problem="true"] { border: 2px solid <late>; padding: 3px 5px; }
QPlainTextEdit:disabled, QTextEdit:disabled { background: <sunken>; color: <ink3>; border-color: <line>; }
QComboBox {
  min-height: <px32>; max-height: <px32>; padding: 0 10px; border: 1px solid <border>; border-radius: 6px;
  background: <surface>; color: <ink>;
}
QComboBox:focus { border: 2px solid <brand>; padding: 0 9px; }
QComboBox::drop-down { border: none; width: <px22>; }
QComboBox::down-arrow { image: none; border: none; }
QComboBox[problem="true"] { border: 2px solid <late>; padding: 0 9px; }
QComboBox:disabled { background: <sunken>; color: <ink3>; border-color: <line>; }
QComboBox QAbstractItemView, QListWidget {
  background: <surface>; color: <ink>; border: 1px solid <border>; outline: none; padding: 2px;
  selection-background-color: <brand_soft>; selection-color: <ink>;
}
QListWidget::item { min-height: <px28>; padding: 0 8px; border-radius: 4px; }
QListWidget::item:selected { background: <brand_soft>; color: <ink>; }
QLineEdit[role="cell"] { border-color: transparent; padding: 0 6px; min-height: <px28>; max-height: <px28>; }
QLineEdit[role="cell"]:hover { border-color: <border>; }
QLineEdit[role="cell"]:focus { border: 2px solid <brand>; border-color: <brand>; padding: 0 5px; }
QLineEdit[role="cell"][problem="true"] { border: 2px solid <late>; padding: 0 5px; }
QLineEdit[role="cell"]:disabled { background: <surface>; border-color: transparent; }
QCheckBox { spacing: 8px; min-height: <px24>; border: 2px solid transparent; border-radius: 4px; padding: 0 2px; }
QCheckBox:focus { border-color: <brand>; }
QPushButton[role="tab"] {
  min-height: <px34>; max-height: <px34>; border: 2px solid transparent; border-bottom: 2px solid transparent;
  border-radius: 0; background: transparent; color: <ink2>; padding: 0 4px; font-weight: 400;
}
QPushButton[role="tab"]:hover { color: <ink>; }
QPushButton[role="tab"]:checked { color: <ink>; font-weight: 600; border-bottom: 2px solid <brand>; }
QPushButton[role="tab"]:focus { border: 2px solid <brand>; border-radius: 4px; }
QPushButton[role="pill"] {
  min-height: <px22>; max-height: <px22>; padding: 0 9px; border: 1px solid transparent; border-radius: <px11>;
  background: <sunken>; color: <ink2>; font-size: <px12>; font-weight: 500;
}
QPushButton[role="pill"]:hover { border-color: <border>; }
QPushButton[role="pill"]:checked { background: <brand_soft>; color: <brand_ink>; border-color: <brand>; }
QPushButton[role="pill"]:focus { border: 2px solid <brand>; padding: 0 8px; }
QPushButton::menu-indicator { image: none; width: 0; }
QMenu { background: <surface>; color: <ink>; border: 1px solid <border>; padding: 4px; }
QMenu::item { padding: 6px 28px 6px 24px; border-radius: 4px; }
QMenu::item:selected { background: <brand_soft>; color: <ink>; }
QMenu::item:disabled { color: <ink3>; }
QMenu::separator { height: 1px; background: <line2>; margin: 4px 8px; }
QPushButton[role="search"] {
  background: <bg>; color: <ink3>; border: 1px solid <line>; text-align: left; font-weight: 400;
}
QPushButton[role="search"]:focus { border: 2px solid <brand>; padding: 0 11px; }

QTableView {
  background: <surface>; border: none; gridline-color: transparent; outline: none;
  selection-background-color: <brand_soft>; selection-color: <ink>;
}
QTableView::item { padding: 0 8px; border: none; border-bottom: 1px solid <line2>; }
QTableView::item:selected { background: <brand_soft>; color: <ink>; }
QHeaderView { background: <surface>; border: none; }
QHeaderView::section {
  background: <surface>; color: <ink2>; font-size: <px12>; border: none; border-bottom: 1px solid <line>;
  padding: 0 11px; font-weight: 400;
}
QScrollArea { background: transparent; border: none; }
QScrollArea[lit="true"] { border: 2px solid <brand>; }
QScrollArea > QWidget > QWidget#content { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: <border>; border-radius: 4px; margin: 2px; min-height: 32px; min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
  width: 0; height: 0; background: transparent;
}
QSplitter::handle { background: transparent; }
QProgressBar { background: <line>; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: <brand>; border-radius: 3px; }
QToolTip { background: <surface>; color: <ink>; border: 1px solid <line>; padding: 4px; }
QLabel[role="chip"] {
  border-radius: <px8>; min-height: <px18>; max-height: <px18>; padding: 0 8px; font-size: <px11>; font-weight: 500;
}
QLabel[chip="plain"] { background: <sunken>; color: <ink2>; }
QLabel[chip="brand"] { background: <brand_soft>; color: <brand_ink>; }
QLabel[chip="ok"] { background: <ok_soft>; color: <ok>; }
QLabel[chip="warn"] { background: <warn_soft>; color: <warn>; }
QLabel[chip="late"] { background: <late_soft>; color: <late>; }
QLabel[chip="violet"] { background: <violet_soft>; color: <violet>; }
"""

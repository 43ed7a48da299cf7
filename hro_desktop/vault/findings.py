# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check found: each finding has a stable name, one French sentence, and what to do."""

import enum
from typing import Any

import attrs

__all__ = ["Finding", "Level", "Report"]


class Level(enum.Enum):
    """How much a finding matters."""

    NOTE = "à savoir"
    WARNING = "à corriger"
    DAMAGE = "dommage"


@attrs.frozen
class Finding:
    """One thing a check saw.

    Args:
        code: dotted name, e.g. `object.truncated`.
        sentence: what and where, without any name of a person or of a file deposited.
        advice: what to do.
        level: only `DAMAGE` makes a report unsound.
    """

    code: str
    sentence: str
    advice: str
    level: Level = Level.DAMAGE


@attrs.frozen
class Report:
    """What a check looked at, and what it found.

    Args:
        checked: what was looked at, as (French words, count).
        findings: in the order they were met.
    """

    checked: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is damaged; warnings may remain."""
        return all(finding.level is not Level.DAMAGE for finding in self.findings)

    def lines(self) -> list[str]:
        """The report for a reader, line by line."""
        lines = [f"{words}\u00a0: {count}" for words, count in self.checked]
        for finding in self.findings:
            lines.append(f"[{finding.level.value}] {finding.sentence}")
            lines.append(f"    → {finding.advice}")
        lines.append("Rien d’anormal." if self.sound else "Des dommages ont été trouvés.")
        return lines

    def as_json(self) -> dict[str, Any]:
        """The report for a script."""
        return {
            "sound": self.sound,
            "checked": dict(self.checked),
            "findings": [
                {**attrs.asdict(finding, filter=attrs.filters.exclude("level")), "level": finding.level.name.lower()}
                for finding in self.findings
            ],
        }

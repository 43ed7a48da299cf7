# SPDX-License-Identifier: GPL-3.0-or-later
"""A name of a file that came from anybody: kept as it is, shown so that it hides nothing, found, written safely."""

import os
import re
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from hro_desktop.casework import deposits, evidence, evidence_facts, search
from hro_desktop.casework.desk import Desk
from hro_desktop.media.names import safe_name, visible
from hro_desktop.records.evidence import Evidence
from tests.media.test_names import HOSTILE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse most of these names")

LONGEST = 255
HIDDEN = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad\u034f"
JOINER = "\u200c"
WORD = "palissandre"
PAIRS = ("re\u0301cit-nfd.pdf", "r\u00e9cit-nfc.pdf", "ﬁche.txt", "ⅷ.txt", "ＡＢＣ.txt", "İstanbul.txt", "ß.txt")


def names() -> list[str]:
    """Those of the list that a disk takes, and a word with each of the signs nobody sees, in three places."""
    listed = [each for each in (*HOSTILE, *PAIRS) if each not in ("", ".", "..") and not {"/", "\0"} & set(each)]
    cut = [f"{WORD[:at]}{mark}{WORD[at:]}-{at}.txt" for mark in HIDDEN for at in (0, 4, len(WORD))]
    device = [f"{name}{end}" for name in ("CON", "nul", "LPT1", "com9") for end in ("", ".txt", " ", ".", "\u202e.exe")]
    marks = [
        f"x{character}y{number}.jpg" for number, character in enumerate("<>:\"|?*%\\'`$&;!#~^{}[]()=+@,\t\n\r\x1b\x7f")
    ]
    return [each for each in dict.fromkeys((*listed, *cut, *device, *marks)) if len(os.fsencode(each)) <= LONGEST]


@pytest.fixture(scope="module")
def known(kept: Desk, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Evidence]:
    folder, given = tmp_path_factory.mktemp("recus"), names()
    for number, name in enumerate(given):
        (folder / name).write_bytes(b"contenu %d" % number)
    told = deposits.deposit(kept, [folder]).value
    assert {each.fate for each in told} == {"deposited"}, [each for each in told if each.fate != "deposited"]
    with kept.read() as session:
        items = {each.id: each for each in session.scalars(select(Evidence))}
    found = {}
    for each in told:
        assert each.path is not None
        assert each.evidence_id is not None
        found[each.path.name] = items[each.evidence_id]
    assert set(found) == set(given)
    return found


def test_they_are_many() -> None:
    assert len(names()) >= 150


def test_each_is_kept_as_it_is_with_its_content(kept: Desk, known: dict[str, Evidence]) -> None:
    for number, name in enumerate(names()):
        item = known[name]
        assert item.original_name.encode() == os.fsencode(name) or "\udcff" in name
        with evidence.open_item(kept, item.id) as stream:
            assert stream.read() == b"contenu %d" % number
    assert len({each.original_name for each in known.values()}) == len(known)  # composed or not, they stay apart


def test_each_is_shown_with_its_marks(kept: Desk, known: dict[str, Evidence]) -> None:
    with kept.read() as session:
        for name, item in known.items():
            view = evidence_facts.item(session, item.id, kept.today())
            assert view is not None
            assert not re.search(f"[{HIDDEN.replace(JOINER, '')}\0-\x1f]", view.name), ascii(name)
            assert view.name.isprintable() or JOINER in view.name
            assert "⟦" in view.name or not set(HIDDEN) & set(name) - {JOINER}, ascii(name)


def test_each_is_found_with_its_marks_and_without(kept: Desk, known: dict[str, Evidence]) -> None:
    lost = []
    with kept.read() as session:
        for name, item in known.items():
            plain = name.translate(dict.fromkeys(map(ord, HIDDEN)))
            if not plain.startswith(WORD):
                continue
            for typed in (name, plain, WORD):
                hits = search.find(session, typed, limit=500, kinds=("evidence",))
                if item.id not in {each.id for each in hits}:
                    lost.append((ascii(name), ascii(typed)))
    assert lost == []


def test_each_is_written_under_a_safe_name(known: dict[str, Evidence]) -> None:
    for number, (name, item) in enumerate(known.items()):
        written = safe_name(number, item.title, Path(visible(name)).suffix)
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*(\.[a-z0-9]{1,8})?", written)

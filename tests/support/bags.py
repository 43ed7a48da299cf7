# SPDX-License-Identifier: GPL-3.0-or-later
"""A strict reader of bags, written from RFC 8493 and from nothing of ours: what is wrong, in words."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

LINE = re.compile(r"([0-9a-f]{64})[ \t]+\*?(?P<path>\S.*)")


def faults(bag: Path) -> list[str]:
    """Everything that makes a folder no complete and valid bag."""
    return [*_declaration(bag), *_payload(bag), *_tags(bag), *_info(bag), *_names(bag)]


def _declaration(bag: Path) -> Iterator[str]:
    """§ 2.1.1: two lines, in this order, in UTF-8 without a mark."""
    data = (bag / "bagit.txt").read_bytes()
    if not re.fullmatch(rb"BagIt-Version: 1\.0\r?\nTag-File-Character-Encoding: UTF-8(\r?\n)?", data):
        yield "bagit.txt"
    if data.startswith(b"\xef\xbb\xbf"):
        yield "bagit.txt has a mark"


def _listed(manifest: Path) -> dict[str, str]:
    """§ 2.1.3: one file a line; the line break and the percent sign spelled out."""
    found: dict[str, str] = {}
    for line in manifest.read_bytes().decode("utf-8").splitlines():
        match = LINE.fullmatch(line)
        assert match, line
        path = match["path"].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
        assert path not in found, path
        found[path] = match[1]
    return found


def _compared(bag: Path, listed: dict[str, str], there: set[str], what: str) -> Iterator[str]:
    yield from (f"{what}: {path} not listed" for path in sorted(there - set(listed)))
    yield from (f"{what}: {path} not there" for path in sorted(set(listed) - there))
    for path in sorted(there & set(listed)):
        if hashlib.sha256((bag / path).read_bytes()).hexdigest() != listed[path]:
            yield f"{what}: {path} changed"


def _files(bag: Path) -> set[str]:
    return {path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file()}


def _payload(bag: Path) -> Iterator[str]:
    """§ 2.1.2 and 3: every payload file in every manifest, nothing else in a manifest."""
    if not (bag / "data").is_dir():
        yield "no data"
    manifests = sorted(bag.glob("manifest-*.txt"))
    if not manifests:
        yield "no manifest"
    there = {path for path in _files(bag) if path.startswith("data/")}
    for manifest in manifests:
        yield from _compared(bag, _listed(manifest), there, manifest.name)


def _tags(bag: Path) -> Iterator[str]:
    """§ 2.2.1: every tag file but tag manifests themselves."""
    there = {path for path in _files(bag) if not path.startswith(("data/", "tagmanifest-"))}
    for manifest in bag.glob("tagmanifest-*.txt"):
        yield from _compared(bag, _listed(manifest), there, manifest.name)


def _info(bag: Path) -> Iterator[str]:
    """§ 2.2.2: labels and values; the sum of the payload is right."""
    said: dict[str, str] = {}
    for line in (bag / "bag-info.txt").read_bytes().decode("utf-8").splitlines():
        if not re.fullmatch(r"[A-Za-z-]+: \S.*", line):
            yield f"bag-info.txt: {line}"
        label, _, value = line.partition(": ")
        said[label] = value
    payload = [path for path in (bag / "data").rglob("*") if path.is_file()]
    if said.get("Payload-Oxum") != f"{sum(path.stat().st_size for path in payload)}.{len(payload)}":
        yield "Payload-Oxum"


def _names(bag: Path) -> Iterator[str]:
    """§ 5 and 6: no way out of the bag, nothing that two systems read differently."""
    folded: set[str] = set()
    for path in _files(bag):
        if (bag / path).is_symlink() or ".." in path.split("/") or path.startswith(("/", "~")):
            yield f"{path} leads outside"
        same = unicodedata.normalize("NFC", path).casefold()
        if same in folded:
            yield f"{path} twice"
        folded.add(same)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Two hundred words nobody ever wrote, a dossier made of them, and the search for them in files and in memory."""

import base64
import json
import os
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import attrs

__all__ = ["MARK", "PASSPHRASE", "Canaries", "folder_of", "in_files", "in_memory"]

MARK: Final = "qzkxw"
"""What every one of them begins with: no language, no font and no program holds it."""
PASSPHRASE: Final = f"{MARK} lampe ruban agrafe tasse lune dune"
WANTED: Final = 200
PEOPLE: Final = 12
PIECES: Final = 12
CHUNK: Final = 1 << 24


@attrs.define
class Canaries:
    """Gives words, each once, and remembers them."""

    given: list[str] = attrs.field(factory=list)
    draw: random.Random = attrs.field(factory=lambda: random.Random(20261126))

    def word(self) -> str:
        """One more."""
        self.given.append(MARK.capitalize() + "".join(self.draw.choices("abdeghilmnoprstuv", k=7)))
        return self.given[-1]


def _spellings(words: Iterable[str]) -> list[bytes]:
    found = []
    for word in words:
        for each in {word, word.lower(), word.upper(), word.capitalize()}:
            found += [each.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
        plain = word.encode()
        found += [plain.hex().encode(), plain.hex().upper().encode()]
        for text in (plain, plain.capitalize(), plain.upper()):
            for shift in range(3):  # base64 of a text that holds it somewhere: the signs that are all its own
                coded = base64.b64encode(bytes(shift) + text)
                found.append(coded[-(-8 * shift // 6) : 8 * (shift + len(text)) // 6])
    return found


def _pattern(words: Iterable[str], secrets: Iterable[bytes]) -> re.Pattern[bytes]:
    known = {re.escape(each) for each in (*_spellings(words), *secrets) if len(each) > 4}
    return re.compile(b"|".join(sorted(known)))


def _shown(found: bytes) -> str:
    return found.replace(b"\0", b"").decode("ascii", "replace")[:12]


def in_files(folders: Iterable[Path], secrets: Iterable[bytes] = ()) -> dict[str, str]:
    """The files, with their names, in which a canary or a secret can be read, and the first one."""
    pattern, hits = _pattern([MARK], secrets), {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            content = os.fsencode(path.name)
            if path.is_file() and not path.is_symlink():
                content += b"\n" + path.read_bytes()
            if found := pattern.search(content):
                hits[str(path)] = _shown(found[0])
    return hits


def in_memory(process: int, secrets: Iterable[bytes] = ()) -> dict[str, int]:
    """What of the canaries and secrets is in the memory of a process, and how often. Needs the right to read it."""
    pattern, hits = _pattern([MARK], secrets), dict[str, int]()
    maps = Path(f"/proc/{process}/maps").read_text(encoding="ascii")
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in maps.splitlines():
            area, rights, *_ = line.split()
            if not rights.startswith("r") or line.endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
                continue
            start, end = (int(each, 16) for each in area.split("-"))
            for at in range(start, end, CHUNK):
                memory.seek(at)
                try:
                    content = memory.read(min(CHUNK + 200, end - at))
                except OSError:
                    continue  # a page of a device, or beyond the end of a file
                for found in pattern.findall(content):
                    hits[_shown(found)] = hits.get(_shown(found), 0) + 1
    return hits


def _toml(table: str, **fields: object) -> str:
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    return "\n".join([f"[[{table}]]", *lines]) + "\n"


def _inline(**fields: str) -> str:
    return "{" + ", ".join(f"{name} = {json.dumps(value)}" for name, value in fields.items()) + "}"


def folder_of(folder: Path, files: Mapping[str, bytes]) -> Canaries:
    """Write a dossier to be taken in: names, telephones, places, accounts, titles, file names, all of canaries.

    Args:
        folder: where; new.
        files: pictures and papers to be renamed, by suffix: `.jpg`, `.pdf`, `.txt`.
    """
    canaries = Canaries()
    word = canaries.word
    folder.mkdir(parents=True)
    text = [f'format = 1\nkey = "canaris"\ntitle = "{word()}"\nassociation = "asso"\n']
    text.append(_toml("organisations", key="asso", kind="association", name=word(), lines=word(), town=word()))
    text.append(_toml("sites", key="lieu", name=word(), commune="62193"))
    people = [f"p{number}" for number in range(PEOPLE)]
    text += [part for person in people for part in _person(person, word)]
    parts = ", ".join(
        _inline(person=each, role="plaignant", harm="biens_pris", harm_note=word()) for each in people[:4]
    )
    text.append(_toml("incidents", key="faits", kind="expulsion", title=word(), site="lieu", occurred="2026-11-02"))
    text.append(f"involvements = [{parts}]\n")
    for number, suffix in zip(range(PIECES), [*files] * PIECES, strict=False):
        name, kind = f"{word()}{suffix}", "photo" if suffix == ".jpg" else "autre"
        (folder / name).write_bytes(files[suffix] + f" {number} {word()}".encode())
        told = {"key": f"e{number}", "file": name, "kind": kind, "title": word(), "note": word()}
        text.append(_toml("evidence", **told, incidents=["faits"], cases=["d-p0"]))
    while len(canaries.given) < WANTED - 4:
        text.append(_toml("organisations", key=f"o{len(text)}", kind="sante", name=word(), town=word()))
    told = {"key": "plainte", "procedure": "plainte_procureur", "authority": "procureur_boulogne", "place": "Calais"}
    text.append(_toml("referrals", **told, incidents=["faits"], account=f"{word()} et {word()} rapportent {word()}."))
    text.append('parties = [{case = "d-p0"}]\nexhibits = [{evidence = "e0"}, {evidence = "e1"}]\n')
    (folder / "dossier.toml").write_text("".join(text), encoding="utf-8")
    return canaries


def _person(key: str, word: Callable[[], str]) -> Iterator[str]:
    """Somebody with a case, a telephone and an account."""
    told = {"given_names": word(), "birth_name": word(), "original_name": word(), "birth_place": word()}
    yield _toml("people", key=key, **told, profession=word(), sex="f")
    yield f"names = [{_inline(kind='alias', text=word())}]\ncontacts = [{_inline(kind='relais', value=word())}]\n"
    yield _toml("cases", key=f"d-{key}", person=key)
    yield _toml("statements", key=f"r-{key}", kind="recit", author=key, case=f"d-{key}", incidents=["faits"])
    yield _toml("statements.versions", french_text=f"{word()} a vu {word()}. {word()}.", original_text=word())

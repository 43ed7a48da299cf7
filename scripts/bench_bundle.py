# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the paper bundle takes, and how much memory, beside a pypdf bundle and a bare pikepdf merge.

The input is made here, always the same: 100 PDF files of 5 pages, a quarter of them photographs, 103 MB. Each
contender runs in a fresh process, with its libraries loaded before the clock starts; the best of three runs counts.
Not the same work: ours also makes contents with links, dividers and bookmarks, and cleans and flattens every page;
pypdf merges and lays a stamp and a page number over each page; the bare merge only copies the pages.
"""

import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILES, PAGES, RUNS = 100, 5, 3
_WORDS = ("place", "rue", "Calais", "matin", "soir", "tente", "bâche", "policier", "gendarme", "fourgon", "témoin")


def make_input(folder: Path) -> None:
    """Write the 100 files."""
    from reportlab import rl_config
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0
    dice = random.Random(1)  # noqa: S311  (the same input each time)
    for number in range(FILES):
        canvas = Canvas(str(folder / f"{number:03}.pdf"), invariant=1, pageCompression=1)
        for page in range(PAGES):
            if (number * PAGES + page) % 4 == 0:
                canvas.drawImage(ImageReader(_photo(dice)), 40, 60, 515, 722)
            else:
                for line in range(48):
                    canvas.drawString(56, 780 - 15 * line, " ".join(dice.choices(_WORDS, k=14)))
            canvas.showPage()
        canvas.save()


def _photo(dice: random.Random) -> io.BytesIO:
    """A JPEG of about 0.8 MB with the grain of a photograph."""
    from PIL import Image

    grain = Image.frombytes("RGB", (560, 790), dice.randbytes(560 * 790 * 3))
    made = io.BytesIO()
    grain.resize((1120, 1580), Image.Resampling.BILINEAR).save(made, "JPEG", quality=82)
    made.seek(0)
    return made


def _ours(sources: list[Path], target: Path) -> Callable[[], None]:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.path.insert(0, str(ROOT))
    from PySide6.QtGui import QGuiApplication

    from forms.bundle import BundleItem, BundleText, build

    application = QGuiApplication([])

    def opener(path: Path) -> Callable[[], Any]:
        return lambda: path.open("rb")

    items = [
        BundleItem(n, f"Certificat médical n° {n}", "12 octobre 2026", "Certificat", "application/pdf", opener(path))
        for n, path in enumerate(sources, start=1)
    ]

    def work() -> None:
        with target.open("wb") as out:
            build(out, BundleText("Pièces communiquées"), items)
        assert application is not None

    return work


def _pypdf(sources: list[Path], target: Path) -> Callable[[], None]:
    from pypdf import PdfReader, PdfWriter
    from reportlab.pdfgen.canvas import Canvas

    def work() -> None:
        writer = PdfWriter()
        for number, path in enumerate(sources, start=1):
            writer.append(path, outline_item=f"Pièce n° {number}")
        overlay = io.BytesIO()
        canvas = Canvas(overlay, pageCompression=0)
        total = len(writer.pages)
        for index in range(total):
            canvas.setFont("Helvetica", 9)
            canvas.drawRightString(575, 815, f"Pièce n° {index // PAGES + 1} – p. {index % PAGES + 1}/{PAGES}")
            canvas.drawCentredString(297, 17, f"{index + 1} / {total}")
            canvas.showPage()
        canvas.save()
        stamps = PdfReader(overlay)
        for page, stamp in zip(writer.pages, stamps.pages, strict=True):
            page.merge_page(stamp)
        with target.open("wb") as out:
            writer.write(out)

    return work


def _pikepdf(sources: list[Path], target: Path) -> Callable[[], None]:
    import pikepdf

    def work() -> None:
        with pikepdf.new() as merged:
            for path in sources:
                with pikepdf.open(path) as source:
                    merged.pages.extend(source.pages)
            merged.save(target)

    return work


CONTENDERS = {
    "bundle": _ours,
    "pypdf: merge, stamps": _pypdf,
    "pikepdf: bare merge": _pikepdf,
}


def _one(name: str, folder: Path) -> dict[str, Any]:
    """One contender, in this process."""
    target = folder / "out.pdf"
    work = CONTENDERS[name](sorted(folder.glob("[0-9]*.pdf")), target)
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    size = target.stat().st_size
    target.unlink()
    return {
        "name": name,
        "seconds": round(seconds, 3),
        "peak_rss_mb": _peak_mb(),
        "output_mb": round(size / 1e6, 1),
    }


def _peak_mb() -> float:
    """The most memory this process has held. Linux counts it from the start of the program, other systems too."""
    status = Path("/proc/self/status")
    if status.exists():
        # getrusage would answer with the peak of the process this one was forked from, when that was higher.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return round(int(line.split()[1]) / 1024, 1)
    import resource

    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, 1)


def run() -> list[dict[str, Any]]:
    """Run all contenders; the best of three runs of each, taken in turns."""
    best: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_input(folder)
        for _ in range(RUNS):
            for contender in CONTENDERS:
                command = [sys.executable, __file__, contender, str(folder)]
                result = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
                if contender not in best or result["seconds"] < best[contender]["seconds"]:
                    best[contender] = result
    return list(best.values())


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(_one(sys.argv[1], Path(sys.argv[2]))))
    else:
        for row in run():
            print(json.dumps(row, ensure_ascii=False))

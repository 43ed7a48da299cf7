# SPDX-License-Identifier: GPL-3.0-or-later
"""The child process: it converts, is stopped when it hangs, starts again when it dies, and leaves nothing behind."""

import io
import os
import stat
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import pytest

from forms.problems import FormError
from forms.worker import DOCX_TO_PDF, Worker, fonts_conf, serve

CANARY = "Qanari-Zarmina-7731"


def letter(text: str = CANARY) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker() as made:
        yield made


def test_it_converts_and_stays_warm(worker: Worker) -> None:
    first = worker.call(DOCX_TO_PDF, letter())
    pid = worker.pid
    second = worker.call(DOCX_TO_PDF, letter())
    assert first.startswith(b"%PDF-")
    assert second == first
    assert worker.pid == pid


def test_a_fault_of_the_document_does_not_end_it(worker: Worker) -> None:
    worker.start()
    pid = worker.pid
    with pytest.raises(FormError) as error:
        worker.call(DOCX_TO_PDF, b"no document at all " + CANARY.encode())
    assert error.value.code == "worker.failed"
    assert CANARY not in str(error.value) + error.value.sentence
    assert worker.call(DOCX_TO_PDF, letter()).startswith(b"%PDF-")
    assert worker.pid == pid


def test_an_unknown_task_is_refused(worker: Worker) -> None:
    with pytest.raises(FormError, match=r"worker\.failed"):
        worker.call(b"none", b"")


def test_it_starts_again_after_a_death(worker: Worker) -> None:
    worker.start()
    pid = worker.pid
    assert pid is not None
    os.kill(pid, 9)
    deadline = time.monotonic() + 5
    while worker.pid is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert worker.call(DOCX_TO_PDF, letter()).startswith(b"%PDF-")
    assert worker.pid not in {None, pid}


def test_a_death_during_the_work_is_said() -> None:
    with Worker(command=(sys.executable, "-c", "import sys; sys.stdin.buffer.read(30)")) as worker:
        with pytest.raises(FormError) as error:
            worker.call(DOCX_TO_PDF, letter())
        assert error.value.code == "worker.died"
        assert worker.pid is None


def test_what_hangs_is_stopped() -> None:
    with Worker(seconds=0.5, command=(sys.executable, "-c", "import time; time.sleep(60)")) as worker:
        start = time.monotonic()
        with pytest.raises(FormError) as error:
            worker.call(DOCX_TO_PDF, letter())
        assert error.value.code == "worker.timeout"
        assert time.monotonic() - start < 10
        assert worker.pid is None


def test_an_absurd_answer_is_not_believed() -> None:
    answer = struct.pack(">BQ", 0, 2**62).hex()
    program = f"import sys; sys.stdout.buffer.write(bytes.fromhex('{answer}')); sys.stdout.flush(); sys.stdin.read()"
    with (
        Worker(command=(sys.executable, "-c", program)) as worker,
        pytest.raises(FormError, match=r"worker\.died"),
    ):
        worker.call(DOCX_TO_PDF, b"")


def test_any_bytes_go_through(worker: Worker) -> None:
    source = io.BytesIO()
    payload = bytes(range(256)) * 3000
    for _ in range(2):
        source.write(struct.pack(">4sdQ", b"same", 5.0, len(payload)) + payload)
    source.seek(0)
    sink = io.BytesIO()
    serve(source, sink, {b"same": lambda data: data})
    assert sink.getvalue() == (struct.pack(">BQ", 0, len(payload)) + payload) * 2


def test_an_error_is_named_without_its_text() -> None:
    def fails(data: bytes) -> bytes:
        raise ValueError(data.decode())

    source = io.BytesIO(struct.pack(">4sdQ", b"fail", 5.0, len(CANARY)) + CANARY.encode())
    sink = io.BytesIO()
    serve(source, sink, {b"fail": fails})
    assert sink.getvalue() == struct.pack(">BQ", 1, 10) + b"ValueError"


def test_calls_of_several_threads_take_turns(worker: Worker) -> None:
    made: list[bytes] = []
    threads = [
        threading.Thread(target=lambda n=n: made.append(worker.call(DOCX_TO_PDF, letter("x" * n)))) for n in (1, 5, 9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(made) == 3
    assert all(pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF") for pdf in made)


def test_closed_means_closed(worker: Worker) -> None:
    worker.call(DOCX_TO_PDF, letter())
    folder = worker._folder
    pid = worker.pid
    assert folder is not None
    assert pid is not None
    worker.close()
    worker.close()
    assert not folder.exists()
    assert worker.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(FormError, match=r"worker\.closed"):
        worker.call(DOCX_TO_PDF, letter())


def test_nothing_of_a_letter_touches_the_disk(worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    worker.call(DOCX_TO_PDF, letter())
    folder = worker._folder
    assert folder is not None
    assert folder.parent == tmp_path
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".ttf", ".conf", ""}
    assert any(path.name == "fonts.conf" for path in files)
    for path in files:
        data = path.read_bytes()
        assert CANARY.encode() not in data
        assert CANARY.encode("utf-16-le") not in data


@pytest.mark.skipif(sys.platform == "win32", reason="file modes")
def test_its_folder_is_ours_alone_and_the_installed_fonts_stay_as_they_are(worker: Worker) -> None:
    fonts = Path(__file__).resolve().parents[2] / "forms" / "fonts"
    before = sorted(path.name for path in fonts.iterdir())
    worker.call(DOCX_TO_PDF, letter())
    assert worker._folder is not None
    assert stat.S_IMODE(worker._folder.stat().st_mode) == 0o700
    assert sorted(path.name for path in fonts.iterdir()) == before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_its_environment_is_its_own(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid")
    monkeypatch.setenv("HRO_SECRET", CANARY)
    worker.call(DOCX_TO_PDF, letter())
    entries = Path(f"/proc/{worker.pid}/environ").read_bytes().split(b"\0")
    names = {entry.partition(b"=")[0].decode() for entry in entries if entry}
    assert names <= {"FONTCONFIG_FILE", "HOME", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH"}
    limits = Path(f"/proc/{worker.pid}/limits").read_text()
    assert limits.split("Max core file size")[1].split()[:2] == ["0", "0"]
    assert limits.split("Max file size")[1].split()[:2] == ["0", "0"]


def test_the_font_list_is_xml_whatever_the_folder_is_called(tmp_path: Path) -> None:
    text = fonts_conf(tmp_path / "a<b&c 'é'")
    root = ET.fromstring(text)
    assert root.findtext("dir") == str(tmp_path / "a<b&c 'é'")
    assert "Hro Sans Arabic" in [element.text for element in root.iter("string")]


def test_a_program_that_ends_without_closing_leaves_nothing(tmp_path: Path) -> None:
    program = "from forms.worker import Worker\nw = Worker()\nw.start()\n"
    environment = {**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path)}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=60)
    assert list(tmp_path.iterdir()) == []

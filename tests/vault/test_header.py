# SPDX-License-Identifier: GPL-3.0-or-later
"""`coffre.json`: written whole, read within bounds, recovered from its copies."""

import json
import os
import random
import shutil
import time

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import accesses, header, keys
from hro_desktop.vault.canonical import sha256
from hro_desktop.vault.doctor import diagnose
from hro_desktop.vault.unlock import unlock
from hro_desktop.vault.vault import Vault
from tests.vault.support import snapshot

FAST = keys.KdfParams.fast()


@pytest.fixture
def written(tmp_path):
    bare = header.new(FAST)
    own = keys.Keys.generate(bare.vault_id)
    full = bare.with_slot(keys.wrap(own, keys.PASSPHRASE, bytes(32), bare.kdf_object()))
    header.save(tmp_path, full, own)
    return tmp_path, full, own


def rewrite(folder, change, names=header.COPIES):
    """Change the document and make its sum true again, as a forger would."""
    for name in names:
        document = json.loads((folder / name).read_text())
        del document["sum"]
        change(document)
        document["sum"] = sha256(document)
        (folder / name).write_text(json.dumps(document))


def test_what_is_written_is_read(written):
    folder, full, own = written
    copies = header.read_copies(folder)
    assert [copy.header for copy in copies] == [full] * 3
    assert all(header.has_valid_mac(copy, own) for copy in copies)
    assert not header.has_valid_mac(copies[0], keys.Keys.generate(full.vault_id))


def test_it_names_nobody_and_gives_no_key(written):
    folder, _, own = written
    text = (folder / header.NAME).read_text()
    assert bytes(own.vmk).hex() not in text
    assert own.base() not in text
    assert set(json.loads(text)) == {"coffre", "format", "vault", "kdf", "slots", "mac", "sum"}
    assert set(json.loads(text)["slots"][0]) == {"id", "kind", "wrapped", "device", "recipient", "identity"}


def test_two_older_ones_are_kept_unless_they_must_be_forgotten(written):
    folder, full, own = written
    later = [full]
    for _ in range(3):
        later.append(later[-1].with_slot(keys.wrap(own, keys.PASSPHRASE, bytes(32), full.kdf_object())))
        header.save(folder, later[-1], own)
    assert [copy.header for copy in header.read_copies(folder)] == later[:0:-1]
    header.save(folder, full, own, forget=True)
    assert [copy.header for copy in header.read_copies(folder)] == [full] * 3


def test_slots_are_bounded(written):
    _, full, _ = written
    crowded = attrs.evolve(full, slots=full.slots * header.MAX_SLOTS)
    with pytest.raises(Fault) as caught:
        crowded.with_slot(full.slots[0])
    assert caught.value.code == "header.full"


def enormous(document):
    document["kdf"]["memory_kib"] = 1 << 30  # a tebibyte


def endless(document):
    document["kdf"]["passes"] = 1 << 40


def too_cheap(document):
    document["kdf"]["memory_kib"] = 8


def many_slots(document):
    document["slots"] = document["slots"] * 65


def no_slot(document):
    document["slots"] = []


def huge_slot(document):
    document["slots"][0]["kind"] = "escrow"
    document["slots"][0]["wrapped"] = "A" * 5000


@pytest.mark.parametrize("change", [enormous, endless, too_cheap, many_slots, no_slot, huge_slot])
def test_absurd_ones_are_refused_at_once(made, change):
    rewrite(made.folder, change)
    before = snapshot(made.folder)
    started = time.perf_counter()
    with pytest.raises(Fault) as caught:
        Vault.open(made.folder, made.passphrase)
    assert time.perf_counter() - started < 1
    assert caught.value.code == "header.absurd"
    assert caught.value.exit_code == ExitCode.DAMAGED
    assert snapshot(made.folder) == before


def newer(document):
    document["format"] = 3


def test_a_newer_format_is_refused_in_clear_words(made):
    rewrite(made.folder, newer, [header.NAME])
    with pytest.raises(Fault) as caught:
        Vault.open(made.folder, made.passphrase)
    assert caught.value.code == "vault.newer"
    assert "format 3" in caught.value.sentence


def unknown_key(document):
    document["extra"] = 1


def unknown_slot_key(document):
    document["slots"][0]["name"] = "Camille"


def other_kind(document):
    document["slots"][0]["kind"] = "wipe"


def other_type(document):
    document["kdf"]["passes"] = True


def number_for_text(document):
    document["slots"][0]["recipient"] = 5


def number_for_flag(document):
    document["slots"][0]["device"] = 1


def short_salt(document):
    document["kdf"]["salt"] = "00"


def capital_letters(document):
    document["vault"] = document["vault"].upper() if document["vault"].upper() != document["vault"] else "AB" * 16


def other_kdf(document):
    document["kdf"]["name"] = "md5"


def text_for_format(document):
    document["format"] = "1"


def format_zero(document):
    document["format"] = 0


def no_identity(document):
    document["slots"][0]["identity"] = ""


def identity_without_recipient(document):
    document["slots"][0]["recipient"] = ""


def identity_of_an_escrow(document):
    document["slots"][0]["kind"] = "escrow"


def identity_in_the_first_format(document):
    document["format"] = 1


def identity_not_there(document):
    del document["slots"][0]["identity"]


def no_mac(document):
    del document["mac"]


def slots_as_text(document):
    document["slots"] = "x"


@pytest.mark.parametrize(
    "change",
    [
        unknown_key,
        unknown_slot_key,
        other_kind,
        other_type,
        number_for_text,
        number_for_flag,
        short_salt,
        capital_letters,
        other_kdf,
        text_for_format,
        format_zero,
        no_mac,
        slots_as_text,
        no_identity,
        identity_without_recipient,
        identity_of_an_escrow,
        identity_in_the_first_format,
        identity_not_there,
    ],
)
def test_malformed_ones_are_refused(written, change):
    folder, _, _ = written
    rewrite(folder, change)
    assert [copy.fault.code for copy in header.read_copies(folder)] == ["header.damaged"] * 3


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff" * 10, b"[" * 100_000, b"1" * 5000, b'{"sum": 1.5}', b'{"sum":NaN}']
)
def test_other_contents_are_refused(content):
    with pytest.raises(Fault) as caught:
        header.parse(content)
    assert caught.value.code == "header.damaged"


def test_a_folder_in_place_of_the_file(written):
    folder, _, own = written
    (folder / header.NAME).unlink()
    (folder / header.NAME).mkdir()
    copy = header.read_copies(folder)[0]
    assert copy.fault.code == "header.damaged"
    assert not header.has_valid_mac(copy, own)


def test_an_enormous_file_is_not_read(tmp_path):
    (tmp_path / header.NAME).write_bytes(b" " * (header.MAX_SIZE + 10))
    assert header.read_copies(tmp_path)[0].fault.code == "header.absurd"


def outcome(content):
    try:
        return header.parse(content)[0]
    except Fault as fault:
        return fault.code


@settings(max_examples=300)
@given(st.data())
def test_any_byte_changed_is_noticed(data):
    bare = header.Header("ab" * 16, bytes(16), FAST, (keys.Slot("cd" * 8, keys.PAPER, "ef" * 60),))
    document = {**bare.content(), "mac": "01" * 32}
    document["sum"] = sha256(document)
    content = json.dumps(document).encode()
    assert header.parse(content)[0] == bare
    place = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[place] ^= data.draw(st.integers(1, 255))
    assert outcome(bytes(changed)) in (bare, "header.damaged")  # white space for white space says the same


def test_recovery_from_each_copy(made):
    good = (made.folder / header.NAME).read_bytes()
    for damaged in (b"", b"xx", good[:-40], None):
        for names in ([header.NAME], list(header.COPIES[:2])):
            for name in names:
                if damaged is None:
                    (made.folder / name).unlink(missing_ok=True)
                else:
                    (made.folder / name).write_bytes(damaged)
            with Vault.open(made.folder, made.passphrase) as vault:
                assert [notice.code for notice in vault.notices] == ["header.recovered"]
            assert (made.folder / header.NAME).read_bytes() == good
            with Vault.open(made.folder, made.paper_code) as vault:
                assert vault.notices == []


def damages(content, count):
    """Single bytes changed, in places and to values drawn at random; every place of the beginning."""
    draw = random.Random(7)
    for place in [*range(3), *draw.sample(range(3, len(content)), count)]:
        changed = bytearray(content)
        changed[place] ^= draw.randrange(1, 256)
        yield bytes(changed)


def test_any_single_byte_of_the_header_is_recovered_from_a_copy_and_lost_without(made):
    """Looked at from outside, opened, and put back; the control has no copies."""
    main = made.folder / header.NAME
    good, meant = main.read_bytes(), header.read_copies(made.folder)[0].header
    bare = made.folder.with_name("sans-copies")
    shutil.copytree(made.folder, bare)
    for name in header.COPIES[1:]:
        (bare / name).unlink()
    for changed in damages(good, 40):
        main.write_bytes(changed)
        (bare / header.NAME).write_bytes(changed)
        same = outcome(changed) == meant  # white space for white space
        assert unlock(made.folder, made.passphrase).recovered == (not same)
        if not same:
            assert [each.code for each in diagnose(made.folder).findings] == ["header.recoverable"]
            with pytest.raises(Fault) as caught:
                unlock(bare, made.passphrase)
            assert caught.value.code == "header.damaged"
        assert main.read_bytes() == changed  # nothing is written before the vault itself opens
    for changed in (b"", good[: len(good) // 2], b"\0" * len(good), os.urandom(len(good))):
        main.write_bytes(changed)
        Vault.open(made.folder, made.passphrase).close()
        assert [(made.folder / name).read_bytes() for name in header.COPIES] == [good] * 3


def test_every_byte_of_a_header_without_copies_matters(made):
    """Each place once: nothing of a damaged file is ever taken for what was written."""
    content = (made.folder / header.NAME).read_bytes()
    meant = header.parse(content)[0]
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 0x55
        assert outcome(bytes(changed)) == "header.damaged", place
    assert outcome(content) == meant


def test_a_copy_from_before_an_access_says_so(made):
    """The access is gone with the file that knew it; whoever has it is told why, and who opens learns of it."""
    added = "sept autres mots, tirés au sort, lanterne, dune, pavé"
    with Vault.open(made.folder, made.passphrase) as vault:
        accesses.add_passphrase(vault, added)
    kept = (made.folder / header.NAME).read_bytes()
    (made.folder / header.NAME).write_bytes(kept[:-9])
    with pytest.raises(Fault) as caught:
        Vault.open(made.folder, added)
    assert caught.value.code == "access.refused"
    assert "ajouté depuis" in caught.value.sentence
    with Vault.open(made.folder, made.passphrase) as vault:
        assert [notice.code for notice in vault.notices] == ["header.recovered", "slots.lost"]
    with pytest.raises(Fault) as caught:
        Vault.open(made.folder, added)
    assert "ajouté depuis" not in caught.value.sentence
    (made.folder / header.NAME).write_bytes(kept)
    Vault.open(made.folder, added).close()  # the control: the file as it was still opens


def test_all_three_damaged(made):
    for name in header.COPIES:
        (made.folder / name).write_bytes(b"{}")
    before = snapshot(made.folder)
    with pytest.raises(Fault) as caught:
        Vault.open(made.folder, made.passphrase)
    assert caught.value.code == "header.damaged"
    assert snapshot(made.folder) == before


def drop_slot(document):
    del document["slots"][1]


def test_a_forged_file_is_refused_and_a_good_copy_taken(made):
    """Somebody without the key may remove a slot and make the sum true again; the MAC tells."""
    rewrite(made.folder, drop_slot)
    with pytest.raises(Fault) as caught:
        unlock(made.folder, made.passphrase)
    assert caught.value.code == "header.altered"


def test_a_forged_main_file_gives_way_to_its_copy(made):
    rewrite(made.folder, drop_slot, [header.NAME])
    with Vault.open(made.folder, made.passphrase) as vault:
        assert [notice.code for notice in vault.notices] == ["header.recovered"]
        assert len(vault.header.slots) == 2


def test_another_vaults_file_does_not_open_this_one(made, tmp_path):
    other = Vault.create(tmp_path / "autre", made.passphrase, kdf=FAST, reserve_size=4096)
    other.vault.close()
    for name in header.COPIES:
        shutil.copy(tmp_path / "autre" / name, made.folder / name)
    with pytest.raises(Fault) as caught:
        Vault.open(made.folder, made.passphrase)
    assert caught.value.code == "base.damaged"

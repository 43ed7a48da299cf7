# SPDX-License-Identifier: GPL-3.0-or-later
"""Slots, derivations, age key spelling."""

import base64
import json

import attrs
import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.faults import Fault
from hro_desktop.vault import age, bech32, header, keys
from hro_desktop.vault.canonical import canonical

FAST = keys.KdfParams.fast()


@pytest.fixture(scope="module")
def bare():
    return header.new(FAST)


@pytest.fixture(scope="module")
def vault_keys(bare):
    return keys.Keys.generate(bare.vault_id)


@pytest.fixture(scope="module")
def stretched(bare):
    return keys.stretch(keys.secret_bytes("une phrase"), bare.salt, FAST)


def test_a_slot_opens_for_its_secret_only(bare, vault_keys, stretched):
    slot = keys.wrap(vault_keys, keys.PASSPHRASE, stretched, bare.kdf_object())
    opened = keys.open_slot(bare.vault_id, slot, stretched, bare.kdf_object())
    assert opened.vmk == vault_keys.vmk
    assert opened.slot_id == slot.id
    assert keys.open_slot(bare.vault_id, slot, bytes(32), bare.kdf_object()) is None


@pytest.mark.parametrize("change", ["id", "kind", "device", "wrapped", "identity", "recipient", "vault", "kdf"])
def test_a_slot_is_bound_to_everything_around_it(bare, vault_keys, stretched, change):
    slot = keys.wrap(vault_keys, keys.PASSPHRASE, stretched, bare.kdf_object())
    vault_id, kdf = bare.vault_id, bare.kdf_object()
    if change == "vault":
        vault_id = "0" * 32
    elif change == "kdf":
        kdf["passes"] = 9
    else:
        recipient = bech32.recipient(age.public_key(age.generate_key()))
        other = {"id": "0" * 16, "kind": keys.PAPER, "device": True, "recipient": recipient}.get(change, "00" * 60)
        slot = attrs.evolve(slot, **{change: other})
    assert keys.open_slot(vault_id, slot, stretched, kdf) is None


def test_another_key_is_given_to_a_slot_without_its_secret(bare, vault_keys, stretched):
    slot = keys.wrap(vault_keys, keys.PASSPHRASE, stretched, bare.kdf_object())
    other = keys.Keys.generate(bare.vault_id)
    again = keys.rewrap(other, slot)
    assert keys.open_slot(bare.vault_id, again, stretched, bare.kdf_object()).vmk == other.vmk != vault_keys.vmk
    assert attrs.evolve(again, wrapped=slot.wrapped) == slot
    with pytest.raises(Fault):
        keys.rewrap(other, attrs.evolve(slot, recipient=""))


def test_a_device_secret_is_needed_and_not_enough(bare, vault_keys, stretched):
    device = bytes(range(32))
    slot = keys.wrap(vault_keys, keys.PASSPHRASE, stretched, bare.kdf_object(), device_secret=device)
    kdf = bare.kdf_object()
    assert slot.device
    assert keys.open_slot(bare.vault_id, slot, stretched, kdf, device_secret=device).vmk == vault_keys.vmk
    assert keys.open_slot(bare.vault_id, slot, stretched, kdf) is None
    assert keys.open_slot(bare.vault_id, slot, bytes(32), kdf, device_secret=device) is None


def test_escrow_opens_with_the_age_key_and_with_age_alone(bare, vault_keys, tmp_path):
    private = age.generate_key()
    slot = keys.wrap_for_escrow(vault_keys, bech32.recipient(age.public_key(private)))
    assert keys.open_escrow(bare.vault_id, slot, private).vmk == vault_keys.vmk
    assert keys.open_escrow(bare.vault_id, slot, age.generate_key()) is None
    assert keys.open_escrow("0" * 32, slot, private) is None
    assert keys.open_escrow(bare.vault_id, attrs.evolve(slot, wrapped="§"), private) is None
    assert keys.open_escrow(bare.vault_id, attrs.evolve(slot, kind=keys.PAPER), private) is None
    identity = pyrage.x25519.Identity.from_str(bech32.identity(private))
    content = json.loads(pyrage.decrypt(base64.b64decode(slot.wrapped), [identity]))
    assert content == {"vault": bare.vault_id, "vmk": bytes(vault_keys.vmk).hex()}


def test_derived_keys_differ_and_are_wiped(bare):
    own = keys.Keys.generate(bare.vault_id)
    assert len(own.base()) == 64
    assert own.base() != own.header().hex()
    assert keys.Keys.generate(bare.vault_id).base() != own.base()
    assert attrs.evolve(own, vault_id="0" * 32).base() != own.base()
    own.wipe()
    assert own.vmk == bytes(32)
    assert bytes(own.vmk).hex() not in repr(own)


@pytest.mark.parametrize(
    "params",
    [
        keys.KdfParams(memory_kib=64 * 1024 - 1),
        keys.KdfParams(memory_kib=1 << 30),
        keys.KdfParams(passes=0),
        keys.KdfParams(passes=1 << 30),
        keys.KdfParams(lanes=0),
        keys.KdfParams(lanes=17),
        keys.KdfParams(memory_kib=1 << 20, passes=9),
    ],
)
def test_absurd_costs_are_out_of_bounds(params):
    assert not params.within_bounds()


def test_usual_costs_are_within_bounds():
    assert keys.KdfParams().within_bounds()
    assert FAST.within_bounds()
    assert FAST.memory_kib == 64 * 1024


def test_the_measured_cost_is_never_below_the_default(monkeypatch):
    for seconds, passes in ((0.1, 30), (0.5, 6), (4.0, 3), (0.0, 32)):
        ticks = iter((0.0, seconds))
        monkeypatch.setattr(keys.time, "perf_counter", lambda ticks=ticks: next(ticks))
        measured = keys.KdfParams.measured()
        assert measured == keys.KdfParams(passes=passes)
        assert measured.within_bounds()


def test_one_spelling_of_a_secret():
    assert keys.secret_bytes("e\u0301te\u0301") == keys.secret_bytes("été")
    assert keys.secret_bytes("a") != keys.secret_bytes("A")


def test_age_keys_are_spelled_as_age_does():
    for _ in range(20):
        identity = pyrage.x25519.Identity.generate()
        private = bech32.parse_identity(str(identity))
        assert bech32.identity(private) == str(identity)
        assert bech32.recipient(age.public_key(private)) == str(identity.to_public())
        assert bech32.parse_recipient(str(identity.to_public())) == age.public_key(private)


@given(st.binary(min_size=32, max_size=32), st.integers(4, 61), st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7lb1O"))
def test_one_wrong_letter_is_refused(key, place, letter):
    text = bech32.recipient(key)
    wrong = text[:place] + letter + text[place + 1 :]
    if wrong == text:
        assert bech32.parse_recipient(wrong) == key
        return
    with pytest.raises(Fault) as caught:
        bech32.parse_recipient(wrong)
    assert caught.value.code == "access.recipient"


@pytest.mark.parametrize(
    "text", ["", "age1", "AGE-SECRET-KEY-1", "phrase", "aGe1" + "q" * 58, "1" * 90, "age" + "1" * 59]
)
def test_other_texts_are_no_keys(text):
    assert bech32.parse_identity(text) is None
    with pytest.raises(Fault):
        bech32.parse_recipient(text)


def test_a_foreign_padding_is_refused():
    """The last group holds one bit of key and four of padding, which must be zero."""
    values = [31] * 52
    check = bech32._polymod([*bech32._expand("age"), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [check >> shift & 31 for shift in range(25, -1, -5)]
    with pytest.raises(Fault):
        bech32.parse_recipient("age1" + "".join(bech32.ALPHABET[value] for value in values))


Plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(Plain)
def test_canonical_json_has_one_spelling(value):
    content = canonical(value)
    assert json.loads(content) == value
    assert canonical(json.loads(json.dumps(value))) == content
    if isinstance(value, dict):
        assert canonical(dict(reversed(value.items()))) == content


def test_canonical_json_is_spelled_as_the_page_says():
    spelled = canonical({"é": ["ፍርድ", 1, None, True], "a": {"b": "\u2028\\"}})
    assert spelled == '{"a":{"b":"\u2028\\\\"},"é":["ፍርድ",1,null,true]}'.encode()


@pytest.mark.parametrize("value", [1.5, [1.0], {"a": {"b": 2.5}}, {1: "a"}, object()])
def test_canonical_json_refuses_what_has_several(value):
    with pytest.raises(TypeError):
        canonical(value)


def test_argon_is_the_one_everybody_has():
    """The expected value was computed with argon2-cffi, which wraps the reference implementation."""
    ours = keys.stretch(b"phrase", b"saltsaltsaltsalt", FAST).hex()
    assert ours == "cbd87a0f3f43ddef2dbc3dccb53d9397054908aac2825f79e2a1dcf066bdcdae"


def test_too_little_memory_is_said(monkeypatch):
    class Starved:
        def __init__(self, **_: object) -> None:
            raise MemoryError

    monkeypatch.setattr(keys, "Argon2id", Starved)
    with pytest.raises(Fault) as caught:
        keys.stretch(b"", bytes(16), FAST)
    assert caught.value.code == "access.memory"
    assert "64\u00a0Mio" in caught.value.sentence

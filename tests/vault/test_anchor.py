# SPDX-License-Identifier: GPL-3.0-or-later
"""The keyring is a help that may be absent, slow, silent or wrong."""

import time

import pytest

from hro_desktop.vault import anchor, system_keyring
from hro_desktop.vault.journal import Head

HEAD = Head(7, "ab" * 32)
VAULT = "cd" * 16


class Memory:
    def __init__(self, words=None):
        self.words = words

    def get_password(self, service, user):
        assert (service, user) == ("hro-desktop", VAULT)
        return self.words

    def set_password(self, service, user, words):
        assert (service, user) == ("hro-desktop", VAULT)
        self.words = words


def test_what_is_kept_is_recalled(monkeypatch):
    memory = Memory()
    monkeypatch.setattr(system_keyring, "backend", lambda: memory)
    anchor.remember(VAULT, HEAD)
    assert anchor.Recall(VAULT).heads() == (HEAD,)


def test_a_few_earlier_heads_are_kept_within_what_a_keyring_holds(monkeypatch):
    memory = Memory()
    monkeypatch.setattr(system_keyring, "backend", lambda: memory)
    for n in range(1, 400):
        anchor.remember(VAULT, Head(n * 1000, f"{n:064x}"))
    known = [each.n // 1000 for each in anchor.Recall(VAULT).heads()]
    assert known[:2] == [399, 398]
    assert known[-1] == 1
    assert known == sorted(known, reverse=True)
    assert len(memory.words) < 1280


def test_going_back_forgets_what_came_after(monkeypatch):
    memory = Memory()
    monkeypatch.setattr(system_keyring, "backend", lambda: memory)
    for n in (3, 7, 5):
        anchor.remember(VAULT, Head(n, f"{n:064x}"))
    assert [each.n for each in anchor.Recall(VAULT).heads()] == [5, 3]


@pytest.mark.parametrize("words", [None, "", "{", "[]", "null", '{"n": "7", "hash": "x"}', '{"n": 7}', "3"])
def test_whatever_else_is_there_is_nothing(monkeypatch, words):
    monkeypatch.setattr(system_keyring, "backend", lambda: Memory(words))
    assert anchor.Recall(VAULT).heads() == ()


class Broken:
    def get_password(self, service, user):
        raise RuntimeError("locked")

    def set_password(self, service, user, words):
        raise RuntimeError("locked")


def test_a_keyring_that_fails_is_no_reason_to_fail(monkeypatch):
    monkeypatch.setattr(system_keyring, "backend", Broken)
    anchor.remember(VAULT, HEAD)
    assert anchor.Recall(VAULT).heads() == ()


class Slow(Memory):
    def get_password(self, service, user):
        time.sleep(0.5)
        return '{"n": 1, "hash": "x"}'

    def set_password(self, service, user, words):
        time.sleep(0.5)


def test_a_keyring_that_asks_its_user_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(system_keyring, "backend", Slow)
    started = time.perf_counter()
    assert anchor.Recall(VAULT).heads(0.05) == ()
    anchor.remember(VAULT, HEAD, 0.05)
    assert time.perf_counter() - started < 0.4


def test_the_real_module_without_any_keyring():
    anchor.remember(VAULT, HEAD)
    assert anchor.Recall(VAULT).heads() == ()

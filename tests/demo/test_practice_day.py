# SPDX-License-Identifier: GPL-3.0-or-later
"""Which day it is in a practice vault: that of the practice case, or today."""

from pathlib import Path

from hro_desktop import bootstrap
from hro_desktop.demo import run
from hro_desktop.vault.keys import KdfParams
from tests.support.practice import practice_vault


def test_an_own_practice_vault_lives_today_and_the_practice_case_on_its_day(tmp_path: Path) -> None:
    with bootstrap.open_desk(practice_vault(tmp_path), run.PASSPHRASE) as desk:
        assert run.on_its_day(desk).today() == run.NOW.date()
    own = tmp_path / "autre"
    bootstrap.create_vault(own, run.PASSPHRASE, kdf=KdfParams.fast(), practice=True).vault.close()
    with bootstrap.open_desk(own, run.PASSPHRASE) as desk:
        assert desk.practice()
        assert run.on_its_day(desk).today() > run.NOW.date()

# SPDX-License-Identifier: GPL-3.0-or-later
"""prêt, à signer, attend, bloqué: only what the house lists blocks."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.law import vocabulary
from hro_desktop.law.procedures import procedure
from hro_desktop.rules.consents import Gate
from hro_desktop.rules.findings import Finding
from hro_desktop.rules.readiness import (
    Facts,
    Subject,
    assess,
    field_missing,
    unmet,
    unverified_address,
)

OPEN = Gate("granted", "Accord enregistré.")
MISSING = Gate("missing", "Aucun accord.")
ONE = (Subject("0192f000", "pièce n°\u00a03"),)


@pytest.mark.parametrize(
    ("facts", "state", "codes", "leaves"),
    [
        (Facts(), "pret", [], True),
        (Facts(consent=OPEN, signed=True), "pret", [], True),
        (Facts(consent=OPEN, signed=False), "a_signer", ["signature_missing"], False),
        (Facts(consent=MISSING), "bloque", ["consent_missing"], False),
        (Facts(consent=Gate("refused", "Refusé.")), "bloque", ["consent_refused"], False),
        (Facts(consent=Gate("withdrawn", "Retiré.")), "bloque", ["consent_withdrawn"], False),
        (Facts(consent=MISSING, consent_blocks=False), "attend", ["consent_missing"], True),
        (Facts(consent=Gate("refused", "Refusé."), consent_blocks=False), "attend", ["consent_refused"], True),
        (Facts(consent=Gate("withdrawn", "Retiré."), consent_blocks=False), "attend", ["consent_withdrawn"], True),
        (Facts(withdrawn=ONE), "bloque", ["withdrawn"], False),
        (Facts(refused=ONE), "bloque", ["witness_refused"], False),
        (Facts(broken_seals=ONE), "bloque", ["broken_seal"], False),
        (Facts(others=(field_missing("nom", "block", "name"),)), "bloque", ["field_missing"], False),
        (Facts(others=(field_missing("profession", "warn", "job"),)), "pret", ["field_missing"], True),
        (Facts(others=(unverified_address("Parquet"),)), "pret", ["address_unverified"], True),
        (Facts(others=(Finding("exhibit_unknown", "wait", "…"),)), "attend", ["exhibit_unknown"], True),
        (
            Facts(signed=False, others=(Finding("exhibit_unknown", "wait", "…"),)),
            "attend",
            ["exhibit_unknown", "signature_missing"],
            False,
        ),
        (
            Facts(signed=False, withdrawn=ONE, others=(unverified_address("Parquet"),)),
            "bloque",
            ["withdrawn", "signature_missing", "address_unverified"],
            False,
        ),
    ],
)
def test_states_and_reasons(facts: Facts, state: str, codes: list[str], leaves: bool) -> None:
    found = assess(facts)
    assert found.state == state
    assert [finding.code for finding in found.findings] == codes
    assert found.may_leave == leaves
    assert found.may_freeze == (state != "bloque")
    assert vocabulary.label("readiness_states", found.state)


def test_reasons_name_the_record() -> None:
    (finding,) = assess(Facts(refused=ONE)).findings
    assert finding.subject == "0192f000"
    assert "pièce n°\u00a03" in finding.sentence


LEVELS = st.sampled_from(["wait", "sign", "warn", "inform"])


@given(st.lists(LEVELS, max_size=6), st.booleans())
def test_warnings_never_block(levels: list[str], signed: bool) -> None:
    findings = tuple(Finding(f"c{rank}", level, "…") for rank, level in enumerate(levels))  # type: ignore[arg-type]
    found = assess(Facts(consent=OPEN, signed=signed, others=findings))
    assert found.state != "bloque"
    assert found.may_freeze
    assert {finding.code for finding in found.findings} >= {finding.code for finding in findings}


def test_what_the_procureur_requires() -> None:
    complaint = procedure("plainte_procureur", dt.date(2026, 11, 23))
    findings = unmet(complaint, {"identite", "certificat", "unknown"})
    assert [(finding.code, finding.level) for finding in findings] == [("identite", "block"), ("certificat", "warn")]
    assert all(finding.source for finding in findings)
    assert unmet(complaint, set()) == ()
    (unsure,) = unmet(complaint, {"representant"})
    assert unsure.source.endswith("(à vérifier)")
    assert unsure.level == "warn"

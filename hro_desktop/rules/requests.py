# SPDX-License-Identifier: GPL-3.0-or-later
"""Which requests to a body the facts of a referral support on a given day."""

import datetime as dt
from collections.abc import Collection, Sequence

import attrs

from hro_desktop.law import references
from hro_desktop.law.references import PLACEHOLDER, Request
from hro_desktop.law.tables import TO_CHECK
from hro_desktop.rules.dates import PartialDate, add_months
from hro_desktop.rules.grammar import joined

__all__ = ["Asked", "expires_on", "proposed"]


@attrs.frozen
class Asked:
    """One request, ready to follow « je demande : ».

    Args:
        code: its row.
        sentence: with articles under the numbering of the day.
        source: where it comes from, « à vérifier » included.
        verified: whether the row and the articles it names were read in their text.
    """

    code: str
    sentence: str
    source: str
    verified: bool


def expires_on(request: Request, happened: PartialDate) -> dt.date | None:
    """Last day on which the thing asked for may still exist, from the earliest possible day of the facts.

    `None` when it does not perish, or when nothing is known of the day.
    """
    start = happened.earliest
    if start is None or not (request.keeps_days or request.keeps_months):
        return None
    return add_months(start, request.keeps_months) + dt.timedelta(days=request.keeps_days)


def proposed(
    facts: Collection[str],
    happened: PartialDate,
    on: dt.date,
    languages: Sequence[str] = (),
    *,
    several: bool = False,
    body: str = "procureur",
) -> tuple[Asked, ...]:
    """The requests whose facts are known, in the order of a letter; those for images already erased are left out.

    Args:
        facts: codes of the list `request_facts`.
        happened: when the facts took place.
        on: day of the letter.
        languages: French names of the languages an interpreter is needed for.
        several: more than one person writes.
        body: whom the letter goes to.
    """
    found = []
    for request in references.requests():
        supported = all(fact in facts for fact in request.when) and not any(f in facts for f in request.unless)
        last = expires_on(request, happened)
        if request.body != body or not supported or not request.holds_on(on) or (last is not None and last < on):
            continue
        if request.forces and not set(request.forces) & set(facts):
            request = attrs.evolve(request, sentence=request.otherwise)  # noqa: PLW2901 - the same row, said otherwise
        found.append(_asked(request, on, languages, "notre audition" if several else "mon audition"))
    return tuple(found)


def _asked(request: Request, on: dt.date, languages: Sequence[str], hearing: str) -> Asked:
    articles = {code: references.article(code, on) for code in references.cited_articles(request.sentence)}
    words = {code: article.label for code, article in articles.items()}
    words["languages"], words["audition"] = joined(languages), hearing
    # the parenthesis goes away whole when no language is known
    sentence = request.sentence if languages else request.sentence.replace(" ({languages})", "")
    checked = request.verified and all(article.verified for article in articles.values())
    source = request.source if checked else f"{request.source} ({TO_CHECK})"
    return Asked(request.code, PLACEHOLDER.sub(lambda match: words[match[1]], sentence), source, checked)

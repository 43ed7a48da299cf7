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
    happened: Sequence[PartialDate],
    on: dt.date,
    languages: Sequence[str] = (),
    *,
    several: bool = False,
    body: str = "procureur",
) -> tuple[Asked, ...]:
    """The requests whose facts are known, in the order of a letter; those for images already erased are left out.

    Args:
        facts: codes of the list `request_facts`.
        happened: when each of the facts took place; what perishes is asked for those it may still exist of.
        on: day of the letter.
        languages: French names of the languages an interpreter is needed for.
        several: more than one person writes.
        body: whom the letter goes to.
    """
    found = []
    for request in references.requests():
        supported = all(fact in facts for fact in request.when) and not any(f in facts for f in request.unless)
        left = [each for each in happened if (last := expires_on(request, each)) is None or last >= on]
        if request.body != body or not supported or not request.holds_on(on) or (happened and not left):
            continue
        if request.forces and not set(request.forces) & set(facts):
            request = attrs.evolve(request, sentence=request.otherwise)  # noqa: PLW2901 - the same row, said otherwise
        asked = _asked(request, on, languages, "notre audition" if several else "mon audition")
        found.append(attrs.evolve(asked, sentence=f"{asked.sentence}{_only(happened, left)}"))
    return tuple(found)


def _only(happened: Sequence[PartialDate], left: Sequence[PartialDate]) -> str:
    """Which of the facts it is asked for, when it no longer exists of the others."""
    if len(left) == len(happened) or not all(each.known for each in left):
        return ""
    return f", pour les faits survenus {joined(list(dict.fromkeys(each.french() for each in left)))}"


def _asked(request: Request, on: dt.date, languages: Sequence[str], hearing: str) -> Asked:
    articles = {code: references.article(code, on) for code in references.cited_articles(request.sentence)}
    words = {code: article.label for code, article in articles.items()}
    words["languages"], words["audition"] = joined(languages), hearing
    # the parenthesis goes away whole when no language is known
    sentence = request.sentence if languages else request.sentence.replace(" ({languages})", "")
    checked = request.verified and all(article.verified for article in articles.values())
    source = request.source if checked else f"{request.source} ({TO_CHECK})"
    return Asked(request.code, PLACEHOLDER.sub(lambda match: words[match[1]], sentence), source, checked)

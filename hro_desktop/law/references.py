# SPDX-License-Identifier: GPL-3.0-or-later
"""Articles under the numbering in force on a day, and what a complaint or another referral may ask for."""

import datetime as dt
import functools
import re

import attrs

from hro_desktop.law.tables import Row, build_all, in_force, read

__all__ = ["PLACEHOLDER", "Article", "Request", "article", "articles", "cited_articles", "requests"]

PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")
_NOT_ARTICLES = frozenset({"languages", "audition"})


@attrs.frozen(kw_only=True)
class Article(Row):
    """One article as a letter names it (`label`: « article 10-2 du code de procédure pénale »)."""

    label: str


@attrs.frozen(kw_only=True)
class Request(Row):
    """One thing a referral may ask for.

    Args:
        label: how a list of requests names it.
        sentence: follows « je demande : »; `{code}` is an article, `{languages}` the interpreter's languages.
        when: facts that must all be known (list `request_facts`).
        unless: facts none of which may be known.
        body: of whom it may be asked (list `bodies`).
        forces: groups of forces (among `request_facts`) one of which the articles of the sentence bind; empty: any.
        otherwise: the sentence where none of them was reported.
        keeps_days: how many days the thing asked for may exist, 0 when it does not perish.
        keeps_months: the same in months.
    """

    label: str
    sentence: str
    when: tuple[str, ...]
    unless: tuple[str, ...]
    body: str = "procureur"
    keeps_days: int = 0
    keeps_months: int = 0
    forces: tuple[str, ...] = ()
    otherwise: str = ""


@functools.cache
def articles() -> tuple[Article, ...]:
    """Every article under every numbering."""
    return build_all(Article, read("references.toml")["article"], "references.article")


def article(code: str, on: dt.date) -> Article:
    """An article under the numbering of that day.

    Raises:
        KeyError: no such article on that day.
    """
    return in_force(articles(), code, on)


def cited_articles(sentence: str) -> tuple[str, ...]:
    """The codes of the articles a sentence names."""
    return tuple(code for code in PLACEHOLDER.findall(sentence) if code not in _NOT_ARTICLES)


@functools.cache
def requests() -> tuple[Request, ...]:
    """Every request, in the order a letter makes them."""
    return build_all(Request, read("requests.toml")["request"], "requests.request")

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The letters that are not a first complaint: to the Défenseur des droits, and what completes a complaint.

They are put together from the parts of the complaint, so that a fact reads the same wherever it goes.
`scripts/new_letter_template.py` writes their templates.
"""

from docx.document import Document
from docx.shared import Pt
from letter_parts import (
    assertions,
    chosen,
    exhibits,
    facts,
    harms,
    heading,
    parties,
    requests,
    sender_and_authority,
    signatures,
    thanks,
    witnesses,
    written_with_help,
)
from letter_style import NB, Sheet

POLITE = "Madame, Monsieur"
PROCUREUR = "Madame, Monsieur le procureur de la République"


def ombudsman(document: Document) -> None:
    """The referral to the Défenseur des droits."""
    sheet = Sheet(document)
    sender_and_authority(sheet)
    _seized(sheet)
    parties(sheet, criminal=False)
    sheet.each("line in information", "{{ line.text }}", "Exposé")
    for condition, part in (
        ("facts.paragraphs or draft", facts),
        ("assertions", assertions),
        ("harms", harms),
        ("witnesses", witnesses),
        ("offences", duties),
        ("prior", prior),
    ):
        sheet.tag(f"if {condition}")
        part(sheet)
        sheet.tag("endif")
    sheet.tag("if requests")
    sheet.say("Demandes", "Titre de partie")
    chosen(sheet)
    sheet.tag("else")
    # Nobody chose: what any referral asks for.
    sheet.say(
        "{{ words.je_demande }} que ces faits soient instruits, et que les suites {{ words.m_en }} soient "
        "communiquées.",
        "Exposé",
    ).paragraph_format.space_before = Pt(8)
    sheet.tag("endif")
    sheet.tag("if exhibits")
    exhibits(sheet)
    sheet.tag("endif")
    thanks(sheet, POLITE)
    sheet.tag("if declarant.is_association")
    sheet.say("{{ declarant.name }}", "Signataire")
    sheet.say(f"Signature{NB}:", "Signature")
    sheet.say("", "Petit")
    sheet.tag("else")
    written_with_help(sheet)
    sheet.tag("if declarant.is_witness")
    # Who writes signs, and not the people it is about.
    sheet.line("declarant.name", "{{ declarant.name }}", "Signataire")
    sheet.say(f"Signature{NB}:", "Signature")
    sheet.say("", "Petit")
    sheet.tag("else")
    signatures(sheet)
    sheet.tag("endif")
    sheet.tag("endif")


def _seized(sheet: Sheet) -> None:
    """What the body is seized of, and by whom."""
    heading(
        sheet,
        "saisine du Défenseur des droits, déontologie de la sécurité"
        "{% if referral.subject %} – {{ referral.subject }}{% endif %}",
        POLITE,
    )
    about = (
        "{% if facts.incident_lines|length == 1 %} de faits survenus {% for line in facts.incident_lines %}"
        "{{ line.text }}{% endfor %}.{% elif facts.incident_lines %} des faits suivants"
        + NB
        + ":{% else %} des faits exposés ci-après.{% endif %}"
    )
    sheet.say(
        "{{ words.j_ai }} l’honneur de vous saisir, au titre du respect de la déontologie par les personnes exerçant "
        "des activités de sécurité," + about,
        "Exposé",
    )
    sheet.tag("if facts.incident_lines|length > 1")
    sheet.each(
        "line in facts.incident_lines", "{{ line.text }}{% if loop.last %}.{% else %}" + NB + ";{% endif %}", "Alinéa"
    )
    sheet.tag("endif")
    sheet.line(
        "declarant.quality", "Qualité de l’auteur de cette saisine" + NB + ": {{ declarant.quality }}.", "Exposé"
    )


def duties(sheet: Sheet) -> None:
    """Which rules of conduct are at stake."""
    sheet.say("Règles de déontologie en cause", "Titre de partie")
    sheet.say("Ces faits pourraient constituer, sous réserve de votre appréciation" + NB + ":", "Exposé", keep=True)
    sheet.each(
        "o in offences",
        "{{ o.label }}{% if o.article %}, {{ o.article }}{% endif %}{% if not o.verified %} [à vérifier]{% endif %}"
        "{% if loop.last %}.{% else %}" + NB + ";{% endif %}",
        "Alinéa",
    )


def prior(sheet: Sheet) -> None:
    """Who else was seized of the same facts."""
    sheet.say("Autres démarches sur les mêmes faits", "Titre de partie")
    sheet.each("p in prior", "{{ p.line }}{% if loop.last %}.{% else %}" + NB + ";{% endif %}", "Alinéa")


def follow_up(document: Document) -> None:
    """What completes a complaint, or asks what became of it."""
    sheet = Sheet(document)
    sender_and_authority(sheet)
    heading(
        sheet,
        "{% if complaint.silent %}relance et complément{% else %}complément{% endif %} de plainte"
        "{% if referral.subject %} – {{ referral.subject }}{% endif %}",
        PROCUREUR,
    )
    sheet.say(
        "{{ words.j_ai }} l’honneur de compléter {{ words.ma }} plainte"
        "{% if complaint.dated_on %} du" + NB + "{{ complaint.dated_on }}{% endif %}"
        "{% if complaint.filed_on %}, déposée le" + NB + "{{ complaint.filed_on }}{% endif %}"
        "{% if complaint.authority_reference %}, enregistrée sous le n°" + NB + "{{ complaint.authority_reference }}"
        "{% endif %}.",
        "Exposé",
    )
    sheet.tag("if complaint.silent")
    sheet.say(
        "Plus de trois mois se sont écoulés depuis ce dépôt. À {{ words.ma }} connaissance, aucune suite n’y a été "
        "donnée" + NB + "; {{ words.je_vous_demande }} quelle suite vous entendez lui réserver.",
        "Exposé",
    )
    sheet.tag("endif")
    parties(sheet)
    for condition, part in (
        ("facts.paragraphs or draft", new_facts),
        ("assertions", assertions),
        ("harms", harms),
        ("witnesses", witnesses),
        ("requests", requests),
    ):
        sheet.tag(f"if {condition}")
        part(sheet)
        sheet.tag("endif")
    sheet.tag("if exhibits")
    exhibits(sheet)
    sheet.line(
        "complaint.last_number",
        "{% if complaint.last_number == 1 %}La pièce n°"
        + NB
        + "1 a déjà été communiquée{% else %}Les pièces n°"
        + NB
        + "1 à {{ complaint.last_number }} ont déjà été communiquées{% endif %}.",
        "Exposé",
    )
    sheet.tag("endif")
    thanks(sheet, PROCUREUR)
    written_with_help(sheet)
    signatures(sheet)


def new_facts(sheet: Sheet) -> None:
    """What was not in the complaint."""
    facts(sheet, title="Éléments nouveaux")

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the starting `template.docx` of the shipped letters, all in one house style.

    python scripts/new_letter_template.py cerfa_templates/plainte_procureur cerfa_templates/bordereau

A jurist may then edit the file in a word processor; running this again throws such edits away. For a letter to come,
add a function that says its words with `Sheet` and its name to `LETTERS`. Tags: `{{ path }}`, and `{%p if … %}`,
`{%p for … %}` alone in their paragraph (`{%tr … %}` alone in a table row).
"""

import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from docx.document import Document
from docx.shared import Pt
from letter_parts import (
    assertions,
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
from letter_style import NB, Sheet, new_document
from letters_bodies import follow_up, ombudsman
from letters_images import LETTERS as IMAGE_LETTERS
from letters_outing import debriefing

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from forms.clean import clean_docx

SALUTATION = (
    "{% if authority.salutation %}{{ authority.salutation }}{% else %}Madame, Monsieur le procureur de la République"
    "{% endif %}"
)


def complaint(document: Document) -> None:
    """The complaint to the procureur de la République."""
    sheet = Sheet(document)
    sender_and_authority(sheet)
    heading(sheet, "{% if referral.subject %}{{ referral.subject }}{% else %}plainte{% endif %}", SALUTATION)
    opening(sheet)
    for condition, part in (
        ("", parties),
        ("facts.paragraphs or draft", facts),
        ("assertions", assertions),
        ("harms", harms),
        ("witnesses", witnesses),
        ("offences", offences),
        ("requests or draft", requests),
        ("exhibits", exhibits),
    ):
        if condition:
            sheet.tag(f"if {condition}")
        part(sheet)
        if condition:
            sheet.tag("endif")
    closing(sheet)


def opening(sheet: Sheet) -> None:
    named = (
        "{% if referral.accused_lines|length == 1 %}la personne désignée{% else %}les personnes désignées{% endif %}"
        " ci-après,"
    )
    against = (
        f"{{% if referral.against_x %}} contre X{{% if referral.accused_lines %}}, et contre {named}{{% endif %}}"
        f"{{% elif referral.accused_lines %}} contre {named}{{% endif %}}"
    )
    about = (
        "{% if facts.incident_lines|length == 1 %} pour des faits survenus {% for line in facts.incident_lines %}"
        "{{ line.text }}{% endfor %}.{% elif facts.incident_lines %} pour les faits suivants"
        + NB
        + ":{% else %} pour les faits exposés ci-après.{% endif %}"
    )
    sheet.say("{{ words.j_ai }} l’honneur de porter plainte auprès de vous" + against + about, "Exposé")
    sheet.tag("if facts.incident_lines|length > 1")
    sheet.each(
        "line in facts.incident_lines",
        "{{ line.text }}{% if loop.last %}.{% else %}" + NB + ";{% endif %}",
        "Alinéa",
    )
    sheet.tag("endif")
    sheet.tag("if referral.accused_lines")
    sheet.say(
        "{% if referral.accused_lines|length == 1 %}Personne visée par la plainte{% else %}Personnes visées par la "
        "plainte{% endif %}" + NB + ":",
        keep=True,
    )
    sheet.each("line in referral.accused_lines", "{{ line.text }}", "Alinéa")
    sheet.tag("endif")


def offences(sheet: Sheet) -> None:
    sheet.say("Qualifications", "Titre de partie")
    sheet.say(
        "Ces faits sont susceptibles de constituer, sous réserve de l’appréciation de votre parquet" + NB + ":",
        "Exposé",
        keep=True,
    )
    sheet.each(
        "o in offences",
        "{{ o.label }}{% if o.article %}, {{ o.article }}{% endif %}{% if not o.verified %} [à vérifier]{% endif %}"
        "{% if loop.last %}.{% else %}" + NB + ";{% endif %}",
        "Alinéa",
    )


def closing(sheet: Sheet) -> None:
    said = sheet.say(
        "{{ words.je_vous_prie }} de bien vouloir {{ words.me }} faire connaître les suites données à "
        "{{ words.ma }} plainte.",
        "Exposé",
        keep=True,
    )
    said.paragraph_format.space_before = Pt(10)
    thanks(sheet, SALUTATION, first=False)
    written_with_help(sheet)
    signatures(sheet)
    sheet.tag("if referral.copy_lines")
    copies = sheet.say(
        "{% for line in referral.copy_lines %}{{ line.text }}{% if not loop.last %}" + NB + "; {% endif %}{% endfor %}",
        "Petit",
        bold=f"Copie{NB}: ",
    )
    copies.paragraph_format.space_before = Pt(8)
    sheet.tag("endif")


def exhibit_list(document: Document) -> None:
    """The list of exhibits that goes with a file."""
    sheet = Sheet(document)
    sheet.line("association.name", "{{ association.name }}", "Expéditeur")
    sheet.each("line in association.address_lines", "{{ line.text }}", "Expéditeur")
    sheet.line("association.email", "{{ association.email }}", "Expéditeur")
    title = sheet.say("Bordereau de pièces communiquées", "Grand titre")
    title.paragraph_format.space_before = Pt(14)
    sheet.rubrics(
        ("referral.procedure", "Procédure", ""),
        (
            "authority.title",
            "Autorité",
            "{{ authority.title }}{% if authority.name %}, {{ authority.name }}{% endif %}",
        ),
        ("referral.authority_reference", "Référence de l’autorité", ""),
        (
            "complainants",
            "{{ words.titre_plaignant }}",
            "{% for c in complainants %}{{ c.display_name }}{% if not loop.last %}, {% endif %}{% endfor %}",
        ),
        ("referral.reference", "Notre référence", ""),
        ("letter.date", "Date", ""),
    )
    sheet.say("", "Petit")
    sheet.line(
        "list.continues",
        "Ce bordereau fait suite {{ list.continues }}. Les numéros déjà communiqués ne changent pas.",
        "Exposé",
    )
    _numbered(sheet)
    ends = sheet.say("{% if letter.place %}{{ letter.place }}, {% endif %}le" + NB + "{{ letter.date }}", keep=True)
    ends.paragraph_format.space_before = Pt(12)
    sheet.tag("if signer.name")
    sheet.say("{{ signer.name }}", "Signataire")
    sheet.tag("endif")
    sheet.say(f"Signature{NB}:", "Signature")
    sheet.say("", "Petit")


def _numbered(sheet: Sheet) -> None:
    """The exhibits in a table, how many there are, and what proves the recordings."""
    table = sheet.table((1.8, 7.3, 3.6, 2.1, 1.6), grid=True)
    sheet.row(table, ("Pièce n°", "Intitulé", "Date", "Nature", "Page"), bold=True, keep=True)
    sheet.row_tag(table, "for e in exhibits")
    sheet.row(
        table,
        (
            "{{ e.number }}",
            "{{ e.title }}{% if e.is_media %}" + NB + "*{% endif %}",
            "{% if e.date %}{{ e.date }}{% else %}sans date{% endif %}",
            "{% if e.nature %}{{ e.nature }}{% endif %}",
            "{% if e.pages %}{{ e.pages }}{% endif %}",
        ),
    )
    sheet.row_tag(table, "endfor")
    total = sheet.say(
        "{% if list.joined %}{{ list.joined }} {% if list.joined == 1 %}pièce{% else %}pièces{% endif %}{% else %}"
        "Aucune pièce jointe{% endif %}{% if list.page_count %}, "
        "{{ list.page_count }} {% if list.page_count == 1 %}page{% else %}pages{% endif %}{% endif %}"
        "{% if list.withheld %}" + NB + "; {{ list.withheld }}{% endif %}.",
        keep=True,
    )
    total.paragraph_format.space_before = Pt(8)
    sheet.tag("if media")
    sheet.say(
        "* Fichier numérique, remis à part ou sur support. Son empreinte (SHA-256) permet de vérifier que le fichier "
        "remis est bien celui qui est désigné ici" + NB + ":",
        "Petit",
        keep=True,
    )
    sheet.each(
        "m in media",
        f"Pièce n°{NB}{{{{ m.number }}}}{{% if m.name %}} – {{{{ m.name }}}}{{% endif %}}"
        f"{{% if m.duration %}}, durée {{{{ m.duration }}}}{{% endif %}}{NB}: {{{{ m.sha256 }}}}",
        "Petit",
    )
    sheet.tag("endif")


LETTERS: dict[str, tuple[str, Callable[[Document], None]]] = {
    "plainte_procureur": ("Plainte – modèle", complaint),
    "bordereau": ("Bordereau – modèle", exhibit_list),
    "complement_plainte": ("Complément de plainte – modèle", follow_up),
    **IMAGE_LETTERS,
    "debriefing": ("Débrief de sortie – modèle", debriefing),
    "saisine_ddd": ("Saisine du Défenseur des droits – modèle", ombudsman),
}


def main(folders: Sequence[str]) -> None:
    for folder in map(Path, folders):
        title, compose = LETTERS[folder.name]
        document = new_document()
        compose(document)
        out = io.BytesIO()
        document.save(out)
        (folder / "template.docx").write_bytes(clean_docx(out.getvalue(), title=title))
        print(f"{folder / 'template.docx'}")


if __name__ == "__main__":
    main(sys.argv[1:])

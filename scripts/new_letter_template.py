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
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from letter_style import NB, Sheet, new_document

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from forms.clean import clean_docx


def sender_and_authority(sheet: Sheet) -> None:
    sheet.line("sender.name", "{{ sender.name }}", "Expéditeur")
    sheet.each("line in sender.address_lines", "{{ line.text }}", "Expéditeur")
    sheet.line("sender.email", "{{ sender.email }}", "Expéditeur")
    sheet.line("sender.phone", f"Tél.{NB}: {{{{ sender.phone }}}}", "Expéditeur")
    sheet.say("{{ authority.title }}", "Adresse", bold="").paragraph_format.space_before = Pt(10)
    sheet.line("authority.name", "{{ authority.name }}", "Adresse")
    sheet.tag("if authority.verified")
    sheet.each("line in authority.address_lines", "{{ line.text }}", "Adresse")
    sheet.tag("else")
    sheet.say("[adresse à vérifier avant l’envoi]", "Adresse")
    sheet.tag("endif")
    sheet.line("draft and authority.note", "[{{ authority.note }}]", "Adresse")
    date = sheet.say(
        f"{{% if letter.place %}}{{{{ letter.place }}}}, {{% endif %}}le{NB}{{{{ letter.date }}}}", "Adresse"
    )
    date.paragraph_format.space_before, date.paragraph_format.space_after = Pt(14), Pt(10)
    sheet.line("referral.delivery", "{{ referral.delivery }}")


SALUTATION = (
    "{% if authority.salutation %}{{ authority.salutation }}{% else %}Madame, Monsieur le procureur de la République"
    "{% endif %}"
)


def complaint(document: Document) -> None:
    """The complaint to the procureur de la République."""
    sheet = Sheet(document)
    sender_and_authority(sheet)
    subject = sheet.say(
        "{% if referral.subject %}{{ referral.subject }}{% else %}plainte{% endif %}", bold=f"Objet{NB}: "
    )
    subject.paragraph_format.space_after = Pt(1)
    for path, label in (
        ("referral.reference", f"Nos références{NB}: "),
        ("referral.authority_reference", f"Vos références{NB}: "),
    ):
        sheet.tag(f"if {path}")
        sheet.say("{{ " + path + " }}", bold=label).paragraph_format.space_after = Pt(1)
        sheet.tag("endif")
    sheet.tag("if exhibits")
    sheet.say(
        "{{ exhibits|length }} {% if exhibits|length == 1 %}pièce{% else %}pièces{% endif %}, selon la liste en fin de "
        "lettre",
        bold=f"Pièces jointes{NB}: ",
    ).paragraph_format.space_after = Pt(1)
    sheet.tag("endif")
    sheet.say(SALUTATION + ",").paragraph_format.space_before = Pt(12)
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


def parties(sheet: Sheet) -> None:
    sheet.tag("if complainants")
    title = sheet.say("{{ words.titre_plaignant }}", "Personne")
    title.paragraph_format.space_before = Pt(10)
    sheet.tag("elif draft")
    sheet.say(f"[à compléter{NB}: personnes plaignantes]").paragraph_format.space_before = Pt(10)
    sheet.tag("endif")
    sheet.tag("for c in complainants")
    sheet.say("{{ c.display_name }}", "Personne")
    sheet.tag("if c.original_name")
    name = sheet.say("{{ c.original_name }}", "Écriture d’origine")
    # A name stays under the name above it, whatever its direction.
    name._p.get_or_add_pPr().append(parse_xml(f'<w:bidi {nsdecls("w")} w:val="0"/>'))  # noqa: SLF001
    sheet.tag("endif")
    minor = (
        "{% if c.words.mineur %}{{ c.words.mineur }}{% else %}personne mineure{% endif %}"
        "{% if c.representative %}, {{ c.representative }}{% else %}"
        f"{NB}; la désignation d’un administrateur ad hoc est demandée"
        "{% if legal.ad_hoc_administrator %} ({{ legal.ad_hoc_administrator }}){% endif %}{% endif %}"
    )
    address = (
        "{% if c.address_holder %}chez {{ c.address_holder }}, {% endif %}{% for line in c.address_lines %}"
        "{{ line.text }}{% if not loop.last %}, {% endif %}{% endfor %}{% if c.address_is_third_party %} (adresse "
        "d’un tiers, déclarée avec son accord exprès{% if legal.declared_address %}, {{ legal.declared_address }}"
        "{% endif %})"
        "{% endif %}"
    )
    sheet.rubrics(
        ("c.birth_name", "Nom de naissance", ""),
        ("c.usual_name", "Nom d’usage", ""),
        ("c.given_names", "Prénoms", ""),
        ("c.birth_clause", "Naissance", ""),
        ("c.nationality", "Nationalité", ""),
        ("c.profession", "Profession", ""),
        ("c.is_minor", "Minorité", minor),
        ("c.language", "Langue", "{{ c.language }}{% if c.interpreter %} (interprète nécessaire){% endif %}"),
        ("c.address_lines", "Adresse déclarée", address),
        (
            "c.contact_lines",
            "Contact",
            "{% for line in c.contact_lines %}{{ line.text }}{% if not loop.last %} – {% endif %}{% endfor %}",
        ),
    )
    sheet.tag("endfor")


def facts(sheet: Sheet) -> None:
    sheet.say("Les faits", "Titre de partie")
    sheet.tag("if facts.paragraphs")
    sheet.each("p in facts.paragraphs", "{{ p.text }}", "Exposé")
    sheet.tag("else")
    sheet.say(f"[à compléter{NB}: exposé des faits]", "Exposé")
    sheet.tag("endif")


def assertions(sheet: Sheet) -> None:
    sheet.say("Éléments rapportés sur les forces présentes", "Titre de partie")
    sheet.say("Chacun de ces éléments est donné avec la personne qui le rapporte et sa source.", "Exposé", keep=True)
    sheet.each("a in assertions", "{{ a.sentence }}", "Alinéa")


def harms(sheet: Sheet) -> None:
    sheet.say("Blessures et préjudices", "Titre de partie")
    sheet.tag("for h in harms")
    sheet.line("complainants|length > 1 and h.name", "{{ h.name }}" + NB + ":", "Personne")
    sheet.each("s in h.sentences", "{{ s.sentence }}", "Alinéa")
    sheet.tag("endfor")


def witnesses(sheet: Sheet) -> None:
    sheet.say("Témoins", "Titre de partie")
    sheet.say(
        "{% if witnesses|length == 1 %}La personne suivante a accepté{% else %}Les personnes suivantes ont accepté"
        "{% endif %} que {% if witnesses|length == 1 %}son nom vous soit communiqué{% else %}leur nom vous soit "
        "communiqué{% endif %}" + NB + ":",
        "Exposé",
        keep=True,
    )
    sheet.each("w in witnesses", "{{ w.line }}", "Alinéa")


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


def requests(sheet: Sheet) -> None:
    sheet.say("Demandes", "Titre de partie")
    sheet.tag("if requests")
    sheet.say("{{ words.je_demande }}" + NB + ":", "Exposé", keep=True)
    sheet.each("r in requests", "{{ r.sentence }}{% if loop.last %}.{% else %}" + NB + ";{% endif %}", "Demande")
    sheet.tag("else")
    sheet.say(f"[à compléter{NB}: demandes]", "Exposé")
    sheet.tag("endif")


def exhibits(sheet: Sheet) -> None:
    sheet.say("Pièces jointes", "Titre de partie")
    sheet.each(
        "e in exhibits",
        f"Pièce n°{NB}{{{{ e.number }}}} – {{{{ e.title }}}}{{% if e.date %}}, {{{{ e.date }}}}{{% endif %}}"
        "{% if e.nature and e.pages %} ({{ e.nature }}, p." + NB + "{{ e.pages }}){% elif e.nature %} ({{ e.nature }})"
        "{% elif e.pages %} (p." + NB + "{{ e.pages }}){% endif %}",
        "Alinéa",
    )


def closing(sheet: Sheet) -> None:
    thanks = sheet.say(
        "{{ words.je_vous_prie }} de bien vouloir {{ words.me }} faire connaître les suites données à "
        "{{ words.ma }} plainte.",
        "Exposé",
        keep=True,
    )
    thanks.paragraph_format.space_before = Pt(10)
    sheet.say(
        "{{ words.je_vous_prie }} d’agréer, " + SALUTATION + ", l’expression de {{ words.ma }} haute considération.",
        "Exposé",
        keep=True,
    )
    sheet.tag("if read_back.sentence")
    sheet.say("{{ read_back.sentence }}", "Exposé", keep=True)
    sheet.tag("endif")
    sheet.tag("if association.name")
    sheet.say(
        "Lettre rédigée avec l’aide de l’association {{ association.name }}{% for line in association.address_lines %}"
        ", {{ line.text }}{% endfor %}{% if association.email %}, {{ association.email }}{% endif %}"
        f"{{% if association.phone %}}, tél.{NB}{{{{ association.phone }}}}{{% endif %}}.",
        "Petit",
        keep=True,
    )
    sheet.tag("endif")
    sheet.tag("for c in complainants")
    sheet.say("{{ c.display_name }}", "Signataire")
    sheet.tag("if c.is_minor and c.representative")
    sheet.say("{{ c.representative }}", "Petit", keep=True)
    sheet.tag("endif")
    sheet.say(f"Signature{NB}:", "Signature")
    sheet.tag("endfor")
    # Held together with the signatures, which are held with the closing words.
    sheet.say("", "Petit")
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
    table = sheet.table((1.8, 7.3, 3.6, 2.1, 1.6), grid=True)
    sheet.row(table, ("Pièce n°", "Intitulé", "Date", "Nature", "Pages"), bold=True, keep=True)
    sheet.row_tag(table, "for e in exhibits")
    sheet.row(
        table,
        (
            "{{ e.number }}",
            "{{ e.title }}{% if e.is_media %}" + NB + "*{% endif %}",
            "{% if e.date %}{{ e.date }}{% else %}sans date{% endif %}",
            "{% if e.nature %}{{ e.nature }}{% else %}–{% endif %}",
            "{% if e.pages %}{{ e.pages }}{% else %}–{% endif %}",
        ),
    )
    sheet.row_tag(table, "endfor")
    total = sheet.say(
        "{{ exhibits|length }} {% if exhibits|length == 1 %}pièce{% else %}pièces{% endif %}{% if list.page_count %}, "
        "{{ list.page_count }} {% if list.page_count == 1 %}page{% else %}pages{% endif %}{% endif %}.",
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
    ends = sheet.say("{% if letter.place %}{{ letter.place }}, {% endif %}le" + NB + "{{ letter.date }}", keep=True)
    ends.paragraph_format.space_before = Pt(12)
    sheet.tag("if signer.name")
    sheet.say("{{ signer.name }}", "Signataire")
    sheet.tag("endif")
    sheet.say(f"Signature{NB}:", "Signature")
    sheet.say("", "Petit")


LETTERS: dict[str, tuple[str, Callable[[Document], None]]] = {
    "plainte_procureur": ("Plainte – modèle", complaint),
    "bordereau": ("Bordereau – modèle", exhibit_list),
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

# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts letters are put together from: who writes to whom, persons, facts, exhibits, signatures."""

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from letter_style import CALLED, NB, Sheet


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


def heading(sheet: Sheet, subject: str, salutation: str) -> None:
    """Subject, references, number of exhibits, and how the reader is greeted."""
    sheet.say(subject, bold=f"Objet{NB}: ").paragraph_format.space_after = Pt(1)
    for path, label in (
        ("referral.reference", f"Nos références{NB}: "),
        ("referral.authority_reference", f"Vos références{NB}: "),
    ):
        sheet.tag(f"if {path}")
        sheet.say("{{ " + path + " }}", bold=label).paragraph_format.space_after = Pt(1)
        sheet.tag("endif")
    sheet.tag("if list.joined")
    sheet.say(
        "{{ list.joined }} {% if list.joined == 1 %}pièce{% else %}pièces{% endif %}, selon la liste en fin de lettre",
        bold=f"Pièces jointes{NB}: ",
    ).paragraph_format.space_after = Pt(1)
    sheet.tag("endif")
    sheet.say(salutation + ",").paragraph_format.space_before = Pt(12)


def parties(sheet: Sheet, *, criminal: bool = True) -> None:
    """Who complains; what only the criminal procedure knows is left out of other letters."""
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
    ad_hoc = (
        f"{NB}; la désignation d’un administrateur ad hoc est à envisager"
        "{% if legal.ad_hoc_administrator %} ({{ legal.ad_hoc_administrator }}){% endif %}"
    )
    minor = (
        "{% if c.words.mineur %}{{ c.words.mineur }}{% else %}personne mineure{% endif %}"
        "{% if c.representative %}, {{ c.representative }}"
        + (f"{{% else %}}{ad_hoc}" if criminal else "")
        + "{% endif %}"
    )
    address = (
        "{% if c.address_holder %}chez {{ c.address_holder }}, {% endif %}{% for line in c.address_lines %}"
        "{{ line.text }}{% if not loop.last %}, {% endif %}{% endfor %}"
    )
    if criminal:
        address += (
            "{% if c.address_is_third_party %} (adresse d’un tiers, déclarée avec son accord exprès"
            "{% if legal.declared_address %}, {{ legal.declared_address }}{% endif %}){% endif %}"
        )
    sheet.rubrics(
        ("c.birth_name", "Nom de naissance", ""),
        ("c.usual_name", "Nom d’usage", ""),
        ("c.given_names", "Prénom(s)", ""),
        ("c.aliases", "Autre nom", ""),
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


def facts(sheet: Sheet, title: str = "Les faits") -> None:
    sheet.say(title, "Titre de partie")
    sheet.tag("if facts.paragraphs")
    sheet.each("p in facts.paragraphs", "{{ p.text }}", "Exposé")
    sheet.tag("else")
    sheet.say(f"[à compléter{NB}: exposé des faits]", "Exposé")
    sheet.tag("endif")


def assertions(sheet: Sheet) -> None:
    sheet.say("Éléments rapportés, avec leur source", "Titre de partie")
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


def requests(sheet: Sheet) -> None:
    sheet.say("Demandes", "Titre de partie")
    sheet.tag("if requests")
    chosen(sheet)
    sheet.tag("else")
    sheet.say(f"[à compléter{NB}: demandes]", "Exposé")
    sheet.tag("endif")


def chosen(sheet: Sheet) -> None:
    """The requests a person chose, numbered."""
    sheet.say("{{ words.je_demande }}" + NB + ":", "Exposé", keep=True)
    sheet.each("r in requests", "{{ r.sentence }}{% if loop.last %}.{% else %}" + NB + ";{% endif %}", "Demande")


def exhibits(sheet: Sheet) -> None:
    sheet.say("Pièces jointes", "Titre de partie")
    sheet.each(
        "e in exhibits",
        f"Pièce n°{NB}{{{{ e.number }}}} – {{{{ e.title }}}}{{% if e.date %}}, {{{{ e.date }}}}{{% endif %}}"
        "{% if e.nature and e.pages %} ({{ e.nature }}, p." + NB + "{{ e.pages }}){% elif e.nature %} ({{ e.nature }})"
        "{% elif e.pages %} (p." + NB + "{{ e.pages }}){% endif %}",
        "Alinéa",
    )


def thanks(sheet: Sheet, salutation: str, *, first: bool = True) -> None:
    """The polite end, held together with the signatures below; `first` when nothing of the end stands above it."""
    said = sheet.say(
        "{{ words.je_vous_prie }} d’agréer, " + salutation + ", l’expression de {{ words.ma }} haute considération.",
        "Exposé",
        keep=True,
    )
    if first:
        said.paragraph_format.space_before = Pt(10)
    sheet.tag("if read_back.sentence")
    sheet.say("{{ read_back.sentence }}", "Exposé", keep=True)
    sheet.tag("endif")


def written_with_help(sheet: Sheet) -> None:
    """Which association helped to write."""
    sheet.tag("if association.name")
    sheet.say(
        f"Lettre rédigée avec l’aide de l’{CALLED}"
        "{% for line in association.address_lines %}"
        ", {{ line.text }}{% endfor %}{% if association.email %}, {{ association.email }}{% endif %}"
        f"{{% if association.phone %}}, tél.{NB}{{{{ association.phone }}}}{{% endif %}}.",
        "Petit",
        keep=True,
    )
    sheet.tag("endif")


def signatures(sheet: Sheet) -> None:
    """A place for each person to sign, all on the page of the closing words as long as that page can hold them."""
    sheet.tag("for c in complainants")
    sheet.say("{{ c.display_name }}", "Signataire")
    sheet.tag("if c.is_minor and c.representative")
    sheet.say("{{ c.representative }}", "Petit", keep=True)
    sheet.tag("endif")
    sheet.say(f"Signature{NB}:", "Signature")
    # More persons sign on pages that follow: one may end here, below the room for a signature.
    sheet.line("complainants|length > 4", "", "Fin de bloc")
    sheet.tag("endfor")
    # Held together with the signatures, which are held with the closing words.
    sheet.line("complainants|length <= 4", "", "Petit")

# SPDX-License-Identifier: GPL-3.0-or-later
"""The two letters that ask for images to be kept; `scripts/new_letter_template.py` writes their templates."""

from collections.abc import Callable

from docx.document import Document
from docx.shared import Pt
from letter_style import CALLED, NB, Sheet

PROCUREUR = (
    "{% if authority.salutation %}{{ authority.salutation }}{% else %}Madame, Monsieur le procureur de la République"
    "{% endif %}"
)
OPERATOR = "{% if authority.salutation %}{{ authority.salutation }}{% else %}Madame, Monsieur{% endif %}"


def for_procureur(document: Document) -> None:
    """The letter that asks the procureur for a réquisition: it leaves first."""
    sheet = Sheet(document)
    head(sheet, "demande de réquisition aux fins de conservation", PROCUREUR)
    sheet.say(
        f"L’{CALLED} a l’honneur de vous demander de requérir, sans attendre, la conservation "
        "d’images qui ont pu être enregistrées lors {% if facts.line %}de faits survenus {{ facts.line }}{% else %}des "
        "faits désignés ci-après{% endif %}."
        "{% if facts.kind %} Nature des faits, telle que rapportée à l’association" + NB + ": {{ facts.kind }}."
        "{% endif %}",
        "Exposé",
    )
    sheet.line(
        "images.first_term",
        f"Cette demande est urgente{NB}: le terme le plus proche est le{NB}{{{{ images.first_term }}}}"
        "{% if images.sooner %}, et l’autorisation préfectorale a pu fixer, pour la vidéoprotection, un délai plus "
        "court{% endif %}.",
        "Exposé",
    )
    sheet.say("Enregistrements à conserver", "Titre de partie")
    sources(sheet, holder=True)
    why(sheet)
    sheet.say("Demandes", "Titre de partie")
    sheet.say(f"L’association vous demande{NB}:", "Exposé", keep=True)
    for text in (
        "de requérir, dès réception de la présente, la conservation et la remise de ces enregistrements, avec les "
        f"données qui les accompagnent{NB};",
        "de faire rechercher et conserver, de même, les enregistrements de toute autre caméra qui a pu filmer ces "
        f"lieux à ces heures{NB};",
        "de lui faire connaître la suite donnée à cette demande.",
    ):
        sheet.say(text, "Demande")
    said = sheet.say(
        f"La présente n’est pas une plainte{NB}; une plainte pourra suivre. Aucune personne concernée par les faits "
        f"n’y est nommée{NB}: son identité n’est pas nécessaire pour conserver ces images.",
        "Exposé",
        keep=True,
    )
    said.paragraph_format.space_before = Pt(8)
    closing(sheet, PROCUREUR, "haute considération")


def for_operator(document: Document) -> None:
    """The letter that tells an operator, the same day, that the procureur has been asked."""
    sheet = Sheet(document)
    head(sheet, "information sur une demande de conservation", OPERATOR)
    sheet.say(
        f"L’{CALLED} vous informe qu’elle a demandé ce jour au procureur de la République"
        "{% if procureur.court %} près le {{ procureur.court }}{% endif %} de requérir la conservation des "
        "enregistrements suivants, que vous êtes susceptible de détenir.",
        "Exposé",
    )
    sources(sheet, holder=False)
    asked = sheet.say(
        "Dans l’attente d’une éventuelle réquisition, elle vous remercie de bien vouloir veiller à ce que ces "
        "enregistrements ne soient pas effacés avant le terme que prévoient les textes et, s’il y a lieu, votre "
        "autorisation. Elle ne vous demande pas de les garder au-delà de ce terme sans réquisition.",
        "Exposé",
    )
    asked.paragraph_format.space_before = Pt(8)
    sheet.say(
        "{% if images.mandated %}Une personne concernée a donné mandat à l’association pour demander l’accès aux "
        "images où elle figure. Cette demande vous sera adressée par une lettre séparée, accompagnée de ce mandat"
        f"{NB}; la présente n’en tient pas lieu."
        "{% else %}Elle n’en demande ni copie, ni communication, ni visionnage.{% endif %} Si ces enregistrements "
        "n’existent pas, ou si une autre personne les détient, elle vous saurait gré de le lui faire savoir. Cette "
        "démarche, de pure précaution, ne met en cause personne et ne préjuge d’aucun fait.",
        "Exposé",
        keep=True,
    )
    closing(sheet, OPERATOR, "considération distinguée")


def head(sheet: Sheet, subject: str, salutation: str) -> None:
    """The association, the authority, the day, the subject."""
    sheet.say("{{ association.name }}", "Expéditeur")
    sheet.each("line in association.address_lines", "{{ line.text }}", "Expéditeur")
    sheet.line("association.email", "{{ association.email }}", "Expéditeur")
    sheet.line("association.phone", f"Tél.{NB}: {{{{ association.phone }}}}", "Expéditeur")
    sheet.say("{{ authority.title }}", "Adresse").paragraph_format.space_before = Pt(10)
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
    sheet.line("letter.delivery", "{{ letter.delivery }}")
    about = f"{subject}{{% if facts.subject %}}, {{{{ facts.subject }}}}{{% endif %}}"
    sheet.say(about, bold=f"Objet{NB}: ").paragraph_format.space_after = Pt(1)
    sheet.tag("if letter.reference")
    sheet.say("{{ letter.reference }}", bold=f"Nos références{NB}: ").paragraph_format.space_after = Pt(1)
    sheet.tag("endif")
    sheet.say(salutation + ",").paragraph_format.space_before = Pt(12)


def sources(sheet: Sheet, *, holder: bool) -> None:
    """Each source of images with all that helps to find it."""
    sheet.tag("if not sources and draft")
    sheet.say(f"[à compléter{NB}: sources d’images]", "Exposé")
    sheet.tag("endif")
    sheet.tag("for s in sources")
    sheet.say("{% if sources|length > 1 %}{{ loop.index }}. {% endif %}{{ s.label }}", "Personne")
    rows = [
        ("s.place", "Lieu", ""),
        ("s.when", "Jour et heures", ""),
        ("s.mark", "Repère", ""),
        ("s.holder", "Détention probable", ""),
        ("s.rule", "Règle", "{{ s.rule }}{% if not s.verified %} [à vérifier]{% endif %}"),
        ("s.until", "Terme", ""),
        ("s.metadata", "Données associées", ""),
    ]
    for condition, label, text in rows:
        if holder or condition != "s.holder":
            sheet.tag(f"if {condition}")
            line = sheet.say(text or "{{ " + condition + " }}", "Alinéa", bold=f"{label}{NB}: ", keep=True)
            line.paragraph_format.space_after = Pt(1)
            sheet.tag("endif")
    # Held together line by line; here the page may end.
    sheet.say("", "Fin de bloc")
    sheet.tag("endfor")


def why(sheet: Sheet) -> None:
    """Why the procureur is asked, and who else is told."""
    sheet.say("Pourquoi une réquisition", "Titre de partie")
    sheet.line(
        "legal.street",
        "Hors le cas d’une enquête de flagrant délit, d’une enquête préliminaire ou d’une information judiciaire, les "
        "enregistrements de vidéoprotection sont détruits dans le délai que fixe l’autorisation, un mois au plus "
        "({{ legal.street }}).",
        "Exposé",
    )
    sheet.say(
        "La lettre d’une association à la personne qui détient des images n’en empêche pas l’effacement"
        f"{NB}; seule une réquisition le peut.",
        "Exposé",
    )
    sheet.tag("if operators")
    sheet.say(
        "Après vous, et le même jour, l’association informe de la présente demande, sans en demander copie" + NB + ": "
        "{% for o in operators %}{{ o.name }}{% if not loop.last %}" + NB + "; {% endif %}{% endfor %}.",
        "Exposé",
    )
    sheet.tag("endif")


def closing(sheet: Sheet, salutation: str, regards: str) -> None:
    """The last words and the signature of the association: nobody else signs."""
    sheet.say(
        f"L’association vous prie d’agréer, {salutation}, l’expression de sa {regards}.", "Exposé", keep=True
    ).paragraph_format.space_before = Pt(8)
    sheet.say(f"Pour l’{CALLED}", "Signataire")
    sheet.tag("if signer.name")
    sheet.say("{{ signer.name }}{% if signer.quality %}, {{ signer.quality }}{% endif %}", "Petit", keep=True)
    sheet.say(f"Signature{NB}:", "Signature")
    sheet.tag("else")
    sheet.say(f"Nom, qualité et signature{NB}:", "Signature")
    sheet.tag("endif")
    # Held together with the signature, which is held with the closing words.
    sheet.say("", "Petit")


LETTERS: dict[str, tuple[str, Callable[[Document], None]]] = {
    "images_procureur": ("Images, au procureur – modèle", for_procureur),
    "images_exploitant": ("Images, à l’exploitant – modèle", for_operator),
}

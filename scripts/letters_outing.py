# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the debriefing of an outing: place by place, what stood in the way, what is left to do."""

from docx.document import Document
from docx.shared import Pt
from letter_style import NB, Sheet


def debriefing(document: Document) -> None:
    """The debriefing of an outing, without anybody’s name."""
    sheet = Sheet(document)
    sheet.line("association.name", "{{ association.name }}", "Expéditeur")
    title = sheet.say("Débrief de sortie", "Grand titre")
    title.paragraph_format.space_before = Pt(8)
    sheet.rubrics(
        ("outing.reference", "Référence", ""),
        ("outing.day", "Jour", ""),
        ("outing.territory", "Territoire", ""),
        ("outing.hours", "Heures", ""),
        ("outing.team", "Équipe", ""),
        ("outing.convoy", "Convoi, tel que vu par l’équipe", ""),
    )
    sheet.say(
        "{% if outing.read_again %}Chiffres relus" + NB + ": {{ outing.read_again }}.{% else %}Chiffres de travail"
        + NB + ": personne ne les a encore relus.{% endif %}",
        "Petit",
    )  # fmt: skip
    sheet.when("story", lambda: told(sheet))
    sheet.when("places", lambda: places(sheet))
    sheet.when("hindrances", lambda: hindrances(sheet))
    sheet.when("tasks", lambda: tasks(sheet))
    note = sheet.say(
        "Chaque nombre dit ce qu’il vaut et d’où il vient. Ce qui n’est pas écrit n’a pas été relevé" + NB + ": ce "
        "n’est pas zéro. Les forces sont celles que quelqu’un rapporte. Personne n’est nommé" + NB + ": initiales pour "
        "l’équipe, pseudonymes pour les autres.",
        "Petit",
    )
    note.paragraph_format.space_before = Pt(12)


def told(sheet: Sheet) -> None:
    sheet.say("Déroulé", "Titre de partie")
    sheet.each("line in story", "{{ line.text }}", "Exposé")


def places(sheet: Sheet) -> None:
    """Each place with its hours, forces, numbers, belongings, basis and remarks."""
    sheet.say("Lieux", "Titre de partie")
    sheet.tag("for p in places")
    sheet.say(
        "{% if places|length > 1 %}{{ loop.index }}. {% endif %}{% if p.name %}{{ p.name }}{% else %}Lieu non précisé"
        "{% endif %}",
        "Personne",
    )
    for condition, label, text in (
        ("p.kind", "Nature", ""),
        ("p.hours", "Heures", ""),
        ("p.forces", "Forces rapportées", _listed("p.forces")),
        ("p.basis", "Cadre annoncé", ""),
        ("p.observers", "Ont observé", ""),
        ("p.remarks", "Remarques", ""),
    ):
        sheet.tag(f"if {condition}")
        line = sheet.say(text or "{{ " + condition + " }}", "Rubrique", bold=f"{label}{NB}: ")
        line.paragraph_format.space_after = Pt(1)
        sheet.tag("endif")
    sheet.each("c in p.counts", "{{ c.text }}", "Alinéa")
    sheet.each("b in p.belongings", "{{ b.text }}", "Alinéa")
    sheet.say("", "Fin de bloc")
    sheet.tag("endfor")


def _listed(path: str) -> str:
    return "{% for f in " + path + " %}{{ f.text }}{% if not loop.last %}" + NB + "; {% endif %}{% endfor %}"


def hindrances(sheet: Sheet) -> None:
    sheet.say("Entraves aux observateurs", "Titre de partie")
    sheet.each(
        "h in hindrances",
        "{{ h.text }}{% if h.source %} ({{ h.source }}){% endif %}",
        "Alinéa",
    )


def tasks(sheet: Sheet) -> None:
    sheet.say("Reste à faire", "Titre de partie")
    sheet.each("t in tasks", "{{ t.text }}", "Alinéa")

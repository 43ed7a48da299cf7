# SPDX-License-Identifier: GPL-3.0-or-later
"""What the fictional people of the practice case wrote and said. Nobody here exists, no fact here happened."""

from collections.abc import Mapping
from typing import Final

__all__ = [
    "ARABIC_ACCOUNT",
    "ATTESTATIONS",
    "CERTIFICATE",
    "CONSENTS",
    "FOLLOW_UP",
    "ORDER",
    "SUITES",
    "TIGRINYA_ACCOUNT",
]

ARABIC_ACCOUNT: Final = (
    "اسمي يونس. كنت نائماً في خيمتي صباح يوم الاثنين.",
    "سمعت صوت السيارات، حوالي الساعة الثامنة وأربعين دقيقة.",
    "فتح شرطي باب الخيمة وقال لي: اخرج. خرجت فوراً.",
    "طلبت منه أن آخذ حقيبتي وهاتفي، فدفعني.",
    "ثم ضربني بالعصا على ذراعي اليسرى، ثلاث أو أربع مرات.",
    "أنا لم أضرب أحداً ولم أشتم أحداً.",
    "بعد ذلك رأيت شرطياً آخر يمزق خيمتي بسكين صغيرة.",
    "أخذوا خيمتي وبطانيتين ووضعوها في الشاحنة.",
    "في اليوم التالي ذهبت إلى الطبيبة لأن ذراعي كانت تؤلمني.",
)

TIGRINYA_ACCOUNT: Final = (
    "ስመይ ሰላም እዩ። ጓል 16 ዓመት እየ።",
    "ንግሆ፡ ብናይ ፈረንሳ ሰዓት 8:30 ኣቢሉ፡ ኣብ ቴንዳይ ደቂሰ ነይረ።",
    'ፖሊስ መጺኦም ነቲ ቴንዳ ብኢዶም ሃሪሞም። "Out" ኢሎምኒ።',
    "ቦርሳይ ክወስድ ኣይፈቐዱለይን።",
    "ቦርሳይ ኣብ ናይ ጽዕነት መኪና ክድርብዩዎ ርእየ።",
    "ኣብ ውሽጡ ቴለፎነይን ክዳውንተይን ነበረ።",
    "ሓደ ሰብ ክጭርሕ ሰሚዐ፡ ግን እንታይ ከም ዝገበርዎ ኣይረኣኹን።",
    "ብጣዕሚ ፈሪሀ ነይረ። ኣብዚ ሃገር በይነይ እየ።",
)

# By observer: name, opening words, birth, occupation, paragraphs.
ATTESTATIONS: Final = {
    "camille": (
        "Camille VASSEUR",
        "Je soussignée",
        "née le 9 juin 1996 à Lens (Pas-de-Calais)",
        "graphiste",
        (
            "Le lundi 12 octobre 2026, j’étais à l’entrée du terrain dit «\u00a0Yellow Crane\u00a0», à Calais, "
            "de 8\u00a0h\u00a025 à 9\u00a0h\u00a040. À 8\u00a0h\u00a038, j’ai vu arriver sept fourgons de police "
            "et un camion-benne. "
            "Je me trouvais à une douzaine de mètres des premières tentes.",
            "Vers 8\u00a0h\u00a050, un policier m’a demandé de reculer. Il se tenait à environ deux mètres de moi. "
            "J’ai lu sur le côté gauche de sa poitrine le numéro 0990417. Je l’ai noté aussitôt sur mon téléphone. "
            "Je n’ai pas pu lire le numéro des autres.",
            "J’ai entendu crier du côté du talus, mais je n’ai pas vu ce qui s’y passait.",
        ),
    ),
    "tobias": (
        "Tobias LINDGREN",
        "Je soussigné",
        "né le 27 janvier 1991 à Gand (Belgique)",
        "menuisier",
        (
            "Le 12 octobre 2026, vers 8\u00a0h\u00a045, j’étais sur le talus qui longe le terrain «\u00a0Yellow "
            "Crane\u00a0», à Calais. "
            "Plusieurs fourgons portaient l’inscription «\u00a0CRS 99\u00a0».",
            "À une trentaine de mètres, j’ai vu un homme en pull gris sortir d’une tente bleue. Un policier "
            "casqué l’a "
            "poussé, puis l’a frappé avec un bâton. J’ai compté trois coups, sur le bras gauche. "
            "L’homme avait les mains ouvertes devant lui.",
            "J’ai parlé à cet homme vers 9\u00a0h\u00a030. Il m’a montré son avant-bras et m’a dit s’appeler Younès. "
            "Je n’ai pas pu lire de numéro sur l’uniforme du policier.",
        ),
    ),
    "alix": (
        "Alix MORVAN",
        "Je soussigné·e",
        "né·e le 2 novembre 1999 à Quimper (Finistère)",
        "en formation d’aide-soignant·e",
        (
            "Le 12 octobre 2026, de 8\u00a0h\u00a040 à 10\u00a0h\u00a015, j’observais l’opération menée au "
            "terrain «\u00a0Yellow Crane\u00a0», "
            "à Calais. À 8\u00a0h\u00a046, j’ai filmé le camion-benne qui avançait entre les tentes.",
            "J’ai vu un policier fendre une tente verte avec une lame courte, de haut en bas. Après le départ des "
            "forces, j’ai compté au moins onze tentes lacérées et je les ai photographiées.",
            "J’ai vu une personne en gilet orange jeter un sac à dos rouge dans la benne. Une jeune fille "
            "pleurait et "
            "montrait ce sac. Je n’ai vu frapper personne.",
        ),
    ),
}

CERTIFICATE: Final = (
    "Je soussignée, Docteure Hélène CASTAIGNE, médecin généraliste, certifie avoir examiné le 13 octobre 2026 "
    "à 10\u00a0h\u00a020, à la Permanence de soins des Oyats (Calais), à sa demande et avec l’aide d’un "
    "interprète en langue "
    "arabe joint par téléphone, une personne qui dit se nommer ISHAG Younès, né en 1998 selon ses déclarations.",
    "La personne déclare\u00a0: «\u00a0Un policier m’a frappé avec son bâton trois ou quatre fois sur le bras "
    "gauche, "
    "hier matin, quand je sortais de ma tente. J’ai mal quand je ferme la main et je dors mal.\u00a0»",
    "Examen\u00a0: face postérieure de l’avant-bras gauche, au tiers moyen, ecchymose violacée de 7 cm sur 3 cm, "
    "allongée en oblique\u00a0; œdème local\u00a0; douleur à la palpation\u00a0; mobilité du poignet conservée, "
    "douloureuse. Pas de déformation. Pas d’autre lésion visible.",
    "Retentissement\u00a0: troubles de l’endormissement depuis la veille, selon la personne.",
    "Les constatations sont compatibles avec les déclarations. Sous réserve d’évolution ou de complications, "
    "j’évalue l’incapacité totale de travail (ITT) à six (6) jours à compter des faits déclarés.",
    "Certificat établi à la demande de la personne et remis en main propre, le 13 octobre 2026.",
)

# By complainant: who, language, how it was given, what was answered.
CONSENTS: Final = (
    (
        "ISHAG Younès, majeur",
        "arabe, interprète présent\u00a0: M. Idriss H.",
        "par écrit",
        (
            "être enregistré dans le fichier de l’association\u00a0: OUI",
            "plainte au procureur de la République\u00a0: OUI",
            "joindre le certificat médical et la photographie du bras\u00a0: OUI",
            "signalement à l’IGPN\u00a0: NON",
            "transmission à un·e avocat·e\u00a0: OUI",
            "publication\u00a0: NON",
        ),
    ),
    (
        "HABTE Selam, 16 ans selon ses déclarations",
        "tigrinya, interprète au téléphone\u00a0: Mme Rahwa G.",
        "de vive voix",
        (
            "être enregistrée dans le fichier de l’association\u00a0: OUI",
            "plainte au procureur de la République\u00a0: OUI, avec l’administrateur ad hoc demandé",
            "signalement à l’IGPN\u00a0: NON",
            "transmission à un·e avocat·e\u00a0: OUI",
            "publication\u00a0: NON",
        ),
    ),
)

ORDER: Final = (
    (
        "DOCUMENT D’EXERCICE — AUCUNE VALEUR",
        "",
        "Commune fictive du Sémaphore-Éteint",
        "Arrêté n° 2026-EX-017",
        "portant interdiction temporaire d’accès au terrain dit « Yellow Crane »",
        "",
        "Le maire de la commune fictive du Sémaphore-Éteint,",
        "Vu le code général des collectivités territoriales ;",
        "Vu le rapport d’exercice du 28 septembre 2026 ;",
        "Considérant que le terrain dit « Yellow Crane » présente, selon ce rapport, un risque d’incendie ;",
        "Considérant qu’il y a lieu d’en limiter l’accès ;",
    ),
    (
        "DOCUMENT D’EXERCICE — AUCUNE VALEUR",
        "",
        "ARRÊTE",
        "",
        "Article 1er. L’accès au terrain dit « Yellow Crane », chemin du Feu-Éteint, est interdit",
        "du 5 octobre 2026 au 5 novembre 2026, de 20 heures à 7 heures.",
        "",
        "Article 2. L’interdiction ne s’applique pas aux associations qui interviennent de jour.",
        "",
        "Article 3. Le présent arrêté est affiché à l’entrée du terrain.",
    ),
    (
        "DOCUMENT D’EXERCICE — AUCUNE VALEUR",
        "",
        "Article 4. Le présent arrêté peut faire l’objet d’un recours devant le tribunal administratif",
        "dans un délai de deux mois à compter de sa publication.",
        "",
        "Fait au Sémaphore-Éteint, le 1er octobre 2026",
        "",
        "Pour le maire, l’adjointe fictive",
        "J. Dubreuil-Exercice",
    ),
)

FOLLOW_UP: Final[Mapping[str, tuple[str, ...]]] = {
    "recit-aram": (
        "Le 3 juin 2026, vers 21\u00a0h\u00a030, je marchais sur le chemin de halage, à Loon-Plage.",
        "Une voiture s’est arrêtée\u00a0: un break bleu foncé, avec «\u00a0Gendarmerie\u00a0» sur la portière.",
        "Un gendarme m’a demandé mes papiers et m’a giflé.",
        "Mes lunettes sont tombées, il a marché dessus. Elles sont cassées.",
        "Je n’ai pas réussi à lire le numéro sur sa poitrine.",
    ),
    "recit-luwam": (
        "J’attendais devant la gare. Des policiers sont venus.",
        "L’un d’eux m’a crié\u00a0: «\u00a0Dégage, on ne veut pas de vous ici.\u00a0»",
        "J’ai eu très peur et je me suis sentie humiliée.",
    ),
    "attestation-saba": (
        "Le 20 septembre 2026, vers 23\u00a0h\u00a010, j’étais sur le parvis de la gare, à Calais.",
        "J’ai vu trois policiers en civil, avec un brassard, autour d’une jeune femme.",
        "À un passant qui s’arrêtait, l’un d’eux a dit\u00a0: «\u00a0Police, la BAC, circulez.\u00a0»",
        "Je n’ai vu aucun numéro sur leurs brassards.",
    ),
    "attestation-abri": (
        "Le 2 octobre 2026, vers 6\u00a0h\u00a040, à Grande-Synthe, j’ai vu deux policiers municipaux réveiller "
        "un enfant qui dormait seul dans un abri de bus.",
        "L’un d’eux a dit\u00a0: «\u00a0On ne reste pas là.\u00a0» L’enfant est parti seul, à pied.",
        "Je n’ai vu personne lui proposer un lieu où aller.",
    ),
}
"""What the people of the second dossier said or wrote, by the key of the statement."""


def _signed(heading: str, statement: str, name: str) -> str:
    return "\n".join(("", heading, "", *FOLLOW_UP[statement], "", f"Signé\u00a0: {name}"))


SUITES: Final[Mapping[str, str]] = {
    "recit-10-juin.pdf": _signed(
        "Récit de M. Aram Qadir, recueilli le 10 juin 2026, relu en sorani", "recit-aram", "Aram Qadir"
    ),
    "recepisse-parquet.pdf": """
Récépissé d’exercice, 19 juin 2026

Plainte enregistrée sous le numéro 26/04417.""",
    "devis-lunettes.pdf": """
Devis d’exercice, 5 octobre 2026

Lunettes\u00a0: 140 euros.""",
    "recit-22-septembre.pdf": _signed(
        "Récit de Mme Luwam Tesfay, recueilli le 22 septembre 2026, relu en tigrinya", "recit-luwam", "Luwam Tesfay"
    ),
    "attestation-saba.pdf": _signed(
        "Attestation de Mme Saba Okbay, 23 septembre 2026", "attestation-saba", "Saba Okbay"
    ),
}
"""The papers of the second dossier, one page each."""

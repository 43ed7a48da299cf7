# SPDX-License-Identifier: GPL-3.0-or-later
"""`LISEZMOI-RECUPERATION.txt`: how to open a vault the day this program no longer exists. It names nobody."""

from typing import Final

__all__ = ["BACKUP_TEXT", "NAME", "TEXT"]

NAME: Final = "LISEZMOI-RECUPERATION.txt"
TEXT: Final = """\
CE DOSSIER EST UN COFFRE CHIFFRÉ DU PROGRAMME LIBRE « HRO-DESKTOP » (format 2)

Ne renommez, ne déplacez et n'effacez rien ici à la main. Pour le sauvegarder : dans le programme,
Réglages, Sauvegarde ; ou fermez le programme, puis copiez le dossier entier.

Pour l'ouvrir : le programme hro-desktop, et une phrase de passe, ou le code papier (36 signes),
ou la clé age du tiers de confiance si l'association en a désigné un. Sans l'un d'eux, personne
ne peut l'ouvrir, pas même ceux qui ont écrit le programme.

Si le programme n'existe plus, le coffre se rouvre avec des outils publics :

  coffre.json        JSON. Argon2id (RFC 9106) de la phrase, avec le sel et les paramètres de « kdf » ;
                     HKDF-SHA-256 (sel : « vault », info : « hro-desktop/1 slot », saut de ligne, « id »)
                     donne la clé de chaque accès ; ChaCha20-Poly1305 (12 octets de nonce, puis le chiffré)
                     ouvre « identity » : la clé privée X25519 de l'accès, 32 octets. La donnée associée est
                     le JSON canonique (clés triées, sans espace) de {"device","id","kind","recipient"} de
                     l'accès sous « slot », avec « format » (2), « kdf » et « vault ».
                     « wrapped » est un fichier age (https://age-encryption.org) en base64 pour cette clé, ou
                     celle du tiers dans un accès « escrow » : il contient la clé du coffre, 32 octets.
                     Un accès sans « identity » ni « recipient » est du format 1 : sa clé ouvre « wrapped »
                     directement, avec « format » (1) et sans « recipient » dans la donnée associée.
  base/hro.db        SQLCipher 4. Clé brute : HKDF-SHA-256 (sel : « vault », info : « hro-desktop/1 base »)
                     de la clé du coffre, en 64 chiffres hexadécimaux : PRAGMA key = "x'...'";
  base/sel           copie des 16 premiers octets de hro.db, pour le jour où ils seraient perdus.
  objets/ab/*.age    fichiers age v1. La clé de chacun est dans la table stored_object (private_key,
                     32 octets X25519), avec l'empreinte SHA-256 et la taille du contenu.
  ancres/            horodatages du journal.
  sas/               fichiers en cours de dépôt ; sans valeur quand le programme est fermé.
  reserve.bin        place gardée pour le jour où le disque est plein ; sans contenu.
  verrou             présent tant que le programme est ouvert.

La description complète, avec un programme Python de quelques dizaines de lignes qui rouvre tout, est
dans docs/vault-format.md du programme.
"""

BACKUP_TEXT: Final = """\
CE DOSSIER GARDE LES SAUVEGARDES CHIFFRÉES D'UN COFFRE DU PROGRAMME LIBRE « HRO-DESKTOP » (format 1)

Ne renommez, ne déplacez et n'effacez rien ici à la main.

Pour remettre un coffre : ouvrez le programme, « Restaurer une sauvegarde… » à la porte, ou tapez
hro-desktop restore CE-DOSSIER NOUVEAU-DOSSIER. Il s'ouvre ensuite avec la phrase de passe du jour
de la sauvegarde, ou avec le code papier (36 signes).

  generations/   une sauvegarde par dossier, numérotée ; les trois dernières. manifeste.json (JSON) donne
                 la longueur et l'empreinte SHA-256 de chaque fichier qu'il lui faut.
  objets/        les pièces chiffrées, communes à toutes.

Si le programme n'existe plus : faites un dossier vide ; mettez-y coffre.json de la sauvegarde choisie,
hro.db dans un sous-dossier base/, et copiez objets/ en entier. C'est un coffre ; son propre fichier
LISEZMOI et docs/vault-format.md du programme disent comment l'ouvrir avec des outils publics.
"""

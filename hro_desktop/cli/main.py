# SPDX-License-Identifier: GPL-3.0-or-later
"""`hro-desktop`: the whole work from a terminal, in French."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from forms.problems import FormError
from hro_desktop import __version__, bootstrap
from hro_desktop.cli import commands
from hro_desktop.cli.console import complain
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.law import cameras

__all__ = ["main", "parser"]

ENDINGS = """\
fin de la commande (code de sortie) :
  0  fait
  1  erreur imprévue
  2  commande mal écrite
  3  fichier, dossier ou valeur à corriger
  4  coffre introuvable, occupé ou d’une version plus récente
  5  phrase de passe ou code papier refusé
  6  rien n’est sorti : un document est bloqué
  7  disque plein ou illisible
  8  coffre ou pièce abîmés, ou altération trouvée par la vérification
  130  interrompu
"""


class _French(argparse.ArgumentParser):
    """argparse says what is wrong in English; the user gets one French sentence."""

    def error(self, message: str) -> None:  # type: ignore[override]
        del message
        complain(f"Commande mal écrite\u00a0: tapez «\u00a0{self.prog} --help\u00a0» pour voir ce qu’elle attend.")
        raise SystemExit(ExitCode.USAGE)


_Add = Callable[..., argparse.ArgumentParser]
"""Adds a command: its name, what it does, the options it shares."""


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = _French(
        prog="hro-desktop",
        description="Faits, pièces et personnes, jusqu’à une saisine imprimée et suivie.",
        epilog=ENDINGS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"hro-desktop {__version__}")
    vault = _French(add_help=False)
    vault.add_argument("--vault", type=Path, default=None, metavar="COFFRE", help="dossier du coffre (ou HRO_VAULT)")
    vault.add_argument(
        "--passphrase-file",
        metavar="FICHIER",
        default=None,
        help="fichier dont la première ligne est la phrase, ou clé age du tiers de confiance ; - : entrée",
    )
    as_json = _French(add_help=False)
    as_json.add_argument("--json", action="store_true", help="résultat en JSON, pour un script")
    out = _French(add_help=False)
    out.add_argument("--out", type=Path, required=True, metavar="DOSSIER", help="où écrire (dossier neuf ou vide)")
    sub = top.add_subparsers(dest="command", required=True, metavar="COMMANDE", parser_class=_French)

    def add(name: str, text: str, *parents: _French) -> argparse.ArgumentParser:
        return sub.add_parser(name, help=text, description=text, parents=list(parents))

    _reading(add, vault, as_json)
    _writing(add, vault, as_json, out)
    _checking(add, vault, as_json)
    _keeping(add, vault, as_json)
    _access(
        add("access", "les accès du coffre\u00a0: liste, retrait, code papier, sauvegardes périmées"), vault, as_json
    )
    _forms(add("forms", "formulaires officiels en PDF\u00a0: lire, proposer, remplir, relire, contrôler"), as_json)
    _salvaging(add, as_json)
    return top


def _reading(add: _Add, vault: _French, as_json: _French) -> None:
    """What makes, fills and lists a vault."""
    demo = add("demo", "le travail entier sur un cas d’exercice inventé", as_json)
    demo.add_argument("--out", type=Path, default=Path("build/demo"), metavar="DOSSIER", help="où écrire")
    demo.add_argument("--keep", action="store_true", help="garde le coffre d’exercice")
    init = add("init", "crée un coffre", vault)
    init.add_argument("--practice", action="store_true", help="coffre d’exercice, dont chaque document le dit")
    bring = add("import", "dépose un dossier venu d’ailleurs (dossier.toml et ses fichiers)", vault, as_json)
    bring.add_argument("folder", type=Path, metavar="DOSSIER")
    cases = add("cases", "liste des dossiers", vault, as_json)
    cases.add_argument("--page", type=int, default=1, metavar="N", help="page de la liste")
    show = add("show", "ce que contient un dossier", vault, as_json)
    show.add_argument("case", metavar="RÉFÉRENCE")
    bodies = add("bodies", "organismes qui peuvent être saisis des faits d’un dossier, et pourquoi", vault, as_json)
    bodies.add_argument("case", metavar="RÉFÉRENCE")
    add("statements", "liste des récits et attestations", vault, as_json)


def _writing(add: _Add, vault: _French, as_json: _French, out: _French) -> None:
    """What makes papers, or says what they still lack."""
    for name, text in (
        ("missing", "ce qui manque, attend ou bloque, par document et par personne"),
        ("refer", "prépare et écrit le jeu de documents d’une saisine"),
    ):
        each = add(name, text, vault, as_json, *([out] if name == "refer" else []))
        each.add_argument("case", metavar="RÉFÉRENCE")
        each.add_argument(
            "procedure",
            metavar="PROCÉDURE",
            help="plainte_procureur, complement_plainte, saisine_igpn, saisine_iggn ou saisine_ddd",
        )
        each.add_argument(
            "--profile",
            default="",
            metavar="PROFIL",
            help="forme des pièces\u00a0: papier, avocat, telerecours_citoyens, inspections ou annexe_video",
        )
        if name == "refer":
            each.add_argument("--draft", action="store_true", help="brouillon, même si quelque chose bloque")
            each.add_argument(
                "--series",
                action="append",
                default=[],
                metavar="N-N",
                help="pièces à réunir en un fichier, quand le profil a un fichier par pièce",
            )
            each.add_argument("--lot", type=int, default=None, metavar="MO", help="taille d’un envoi, profil avocat")
    images = add("images", "lettres du jour même pour faire conserver des images", vault, as_json, out)
    images.add_argument("incident", metavar="RÉFÉRENCE", help="des faits, F-2026-0001")
    images.add_argument(
        "--camera",
        action="append",
        required=True,
        choices=[row.code for row in cameras.cameras()],
        help="source d’images, autant de fois qu’il y en a",
    )
    images.add_argument(
        "--custody-end", default="", metavar="DATE", help="jour où la garde à vue ou la retenue a pris fin"
    )
    images.add_argument("--doubtful", action="store_true", help="demande aussi ce qui est peut-être déjà effacé")
    attest = add("attest", "attestation d’un témoin, à signer", vault, as_json, out)
    attest.add_argument("statement", metavar="RÉFÉRENCE")
    attest.add_argument("--handwriting", action="store_true", help="identité imprimée, faits à écrire à la main")
    add("outings", "liste des sorties d’observation", vault, as_json)
    debrief = add("debrief", "débrief d’une sortie, sans nom", vault, as_json, out)
    debrief.add_argument("outing", metavar="RÉFÉRENCE", help="de la sortie, O-2026-0001")


def _checking(add: _Add, vault: _French, as_json: _French) -> None:
    """What says whether a vault is sound."""
    add("verify", "relit tout le coffre et dit ce qui aurait changé", vault, as_json)
    doctor = add("doctor", "dit ce qui empêche d’ouvrir un coffre, et quoi faire", vault, as_json)
    more = doctor.add_mutually_exclusive_group()
    for name, text in (
        ("--open", "ouvre aussi le coffre, et dit ce qui ne se voit que de dedans (journal, horloge, sauvegardes)"),
        ("--search", "ouvre le coffre et refait la recherche s’il lui manque quelque chose"),
        ("--header", "ouvre le coffre et refait coffre.json et ses deux copies, s’ils ne disent pas la même chose"),
    ):
        more.add_argument(name, action="store_true", help=text)


def _keeping(add: _Add, vault: _French, as_json: _French) -> None:
    """What keeps a vault elsewhere, and brings it back."""
    made = add("backup", "sauvegarde chiffrée du coffre, relue, sur une clé ou un autre disque", vault, as_json)
    made.add_argument("folder", type=Path, metavar="DOSSIER")
    made.add_argument(
        "--quick", action="store_true", help="ne relit pas ce qui y est déjà\u00a0; aucune sauvegarde n’est alors ôtée"
    )
    made.add_argument(
        "--renew", action="store_true", help="efface ensuite, dans ce dossier, celles qu’un accès retiré ouvre encore"
    )
    listed = add("backups", "liste des sauvegardes d’un dossier", as_json)
    listed.add_argument("folder", type=Path, metavar="DOSSIER")
    listed.add_argument("--verify", action="store_true", help="relit tout ce qu’il leur faut, sans phrase de passe")
    restored = add("restore", "refait un coffre d’une sauvegarde, dans un dossier neuf, et le relit")
    restored.add_argument("folder", type=Path, metavar="DOSSIER", help="des sauvegardes")
    restored.add_argument("target", type=Path, metavar="COFFRE", help="dossier neuf ou vide")
    restored.add_argument("--number", type=int, default=None, metavar="N", help="une autre que la dernière")
    restored.add_argument("--partial", action="store_true", help="restaure sans les pièces abîmées, qui sont nommées")
    restored.add_argument(
        "--passphrase-file",
        metavar="FICHIER",
        default=None,
        help="phrase de passe du jour de la sauvegarde, code papier, ou clé age du tiers de confiance ; - : entrée",
    )


def _access(command: argparse.ArgumentParser, vault: _French, as_json: _French) -> None:
    """Who can open the vault."""
    sub = command.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=_French)

    def add(name: str, text: str, *parents: _French) -> argparse.ArgumentParser:
        return sub.add_parser(name, help=text, description=text, parents=[vault, *parents])

    add("list", "les accès, et à qui ils sont", as_json)
    remove = add("remove", "retire un accès, change la clé du coffre, et dit quelles sauvegardes il ouvre encore")
    remove.add_argument("slot", metavar="ACCÈS", help="les premiers signes de l’accès, comme dans la liste")
    remove.add_argument("--yes", action="store_true", help="sans demander confirmation")
    add("paper", "fait un nouveau code papier, affiché une seule fois")
    escrow = add("escrow", "donne un accès à un tiers de confiance, par sa clé publique age")
    escrow.add_argument("recipient", metavar="age1…", help="la clé publique, que « age-keygen -y » affiche")
    keyring = add("keyring", "lie votre propre accès au trousseau de cet ordinateur, ou ne le lie plus")
    keyring.add_argument("state", metavar="on|off", choices=("on", "off"))
    stale = add("stale", "les sauvegardes qu’un accès retiré ouvre encore", as_json)
    stale.add_argument(
        "--destroyed", action="append", default=[], metavar="NUMÉRO", help="dit que cette sauvegarde est détruite"
    )


def _forms(command: argparse.ArgumentParser, as_json: _French) -> None:
    """What fills official PDFs, without a vault."""
    sub = command.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=_French)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return sub.add_parser(name, help=text, description=text, parents=[as_json])

    add("list", "les formulaires livrés et ceux du dossier personnel, « non vérifiés »")
    inspect = add("inspect", "ce qu’est un PDF, et ses champs")
    inspect.add_argument("pdf", type=Path, metavar="PDF")
    propose = add("propose", "propose où vont les valeurs d’un PDF ou d’un .docx, à relire avec le papier")
    propose.add_argument("pdf", type=Path, metavar="PDF|DOCX")
    propose.add_argument(
        "--form", default="", metavar="FORMULAIRE", help="formulaire connu, dont c’est une autre édition"
    )
    propose.add_argument("--id", default="", metavar="NOM", help="nom d’un nouveau formulaire personnel")
    propose.add_argument("--title", default="", metavar="TITRE", help="titre du nouveau formulaire")
    propose.add_argument(
        "--out",
        type=Path,
        default=None,
        metavar="DOSSIER",
        help="où écrire le nouveau formulaire\u00a0; sinon, le dossier personnel",
    )
    fill = add("fill", "remplit un PDF, ou un formulaire connu, et dit ce que chaque champ est devenu")
    fill.add_argument("what", metavar="PDF|FORMULAIRE", help="un PDF, le nom d’un formulaire ou son dossier")
    fill.add_argument("--pdf", type=Path, default=None, metavar="PDF", help="le PDF officiel vierge d’un formulaire")
    fill.add_argument("--values", type=Path, default=None, metavar="TOML", help="valeurs\u00a0; sans elles, l’exemple")
    fill.add_argument("--out", type=Path, required=True, metavar="PDF|DOCX", help="où écrire")
    fill.add_argument("--keep", action="store_true", help="laisse les champs modifiables")
    fill.add_argument("--draft", action="store_true", help="brouillon d’un formulaire connu, marqué sur chaque page")
    readback = add("readback", "relit un PDF rempli et prouve ce qui se voit")
    readback.add_argument("blank", type=Path, metavar="VIERGE")
    readback.add_argument("filled", type=Path, metavar="REMPLI")
    readback.add_argument("--values", type=Path, default=None, metavar="TOML", help="ce qui devrait s’y lire")
    check = add("check", "contrôle le dossier d’un formulaire, ou le modèle d’une lettre")
    check.add_argument("what", metavar="FORMULAIRE|DOCX")
    check.add_argument("--form", default="", metavar="FORMULAIRE", help="formulaire d’un modèle qui est ailleurs")


def _salvaging(add: _Add, as_json: _French) -> None:
    """What is left when nothing else opens."""
    saved = add("salvage", "fait un nouveau coffre de ce qui peut encore être lu d’un coffre abîmé", as_json)
    saved.add_argument("source", type=Path, metavar="COFFRE", help="coffre abîmé\u00a0; rien n’y est changé")
    saved.add_argument("target", type=Path, metavar="DOSSIER", help="nouveau coffre\u00a0: dossier neuf ou vide")
    saved.add_argument(
        "--passphrase-file",
        metavar="FICHIER",
        default=None,
        help="fichier dont la première ligne est la phrase, ou clé age du tiers de confiance ; - : entrée",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; whatever goes wrong is one French sentence and an exit code."""
    bootstrap.prepare_process()
    try:
        options = parser().parse_args(arguments)
        return int(commands.COMMANDS[options.command](options))
    except Fault as fault:
        complain(fault.sentence)
        return int(fault.exit_code)
    except FormError as error:
        complain(error.sentence)
        return int(ExitCode.BAD_INPUT)
    except KeyboardInterrupt:
        complain("Interrompu\u00a0: l’action en cours n’a rien changé au coffre.")
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        return int(ExitCode.DONE)
    except Exception as error:  # a user never sees a traceback
        complain(
            f"Erreur imprévue ({type(error).__name__})\u00a0: le coffre n’a gardé que ce qui était terminé. "
            "Recommencez\u00a0; si elle revient, «\u00a0hro-desktop doctor\u00a0» dit si le coffre est sain."
        )
        return int(ExitCode.UNEXPECTED)


if __name__ == "__main__":
    sys.exit(main())

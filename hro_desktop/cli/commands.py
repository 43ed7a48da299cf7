# SPDX-License-Identifier: GPL-3.0-or-later
"""What each command does: a few lines over the same casework the window uses."""

import argparse
import datetime as dt
from collections.abc import Callable
from pathlib import Path

from hro_desktop import bootstrap
from hro_desktop.casework import (
    cases,
    competence,
    documents,
    importing,
    outings,
    overview,
    search,
    sending,
    statements,
)
from hro_desktop.casework import vault as casework_vault
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Shape
from hro_desktop.casework.image_documents import Chosen
from hro_desktop.cli import access, backups, forms, salvage
from hro_desktop.cli.console import (
    ask_new_passphrase,
    ask_passphrase,
    check_passphrase_file,
    complain,
    progress,
    say,
    say_json,
    size,
    table,
)
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.law import cameras, procedures, profiles
from hro_desktop.rules import grammar
from hro_desktop.rules.dates import PartialDate
from hro_desktop.vault import checks
from hro_desktop.vault.findings import Report

__all__ = ["COMMANDS"]

PAGE = 50
MOST_IN_SERIES = 1000
"""Numbers somebody may mean; beyond, a digit too many was typed."""
Options = argparse.Namespace


def _folder(options: Options) -> Path:
    return options.vault or bootstrap.default_vault()


def _opened(action: Callable[[Desk, Options], ExitCode]) -> Callable[[Options], ExitCode]:
    """A command that works in an open vault."""

    def run(options: Options) -> ExitCode:
        folder = _folder(options)
        checks.must_be_vault(folder)
        with bootstrap.open_desk(folder, ask_passphrase(options.passphrase_file)) as desk:
            for notice in desk.vault.notices:
                complain(f"{notice.sentence} {notice.advice}")
            if desk.practice():
                from hro_desktop.demo import run as exercise  # it loads what a real vault never needs

                desk = exercise.on_its_day(desk)  # noqa: PLW2901 - the same, on another day
            return action(desk, options)

    return run


def demo(options: Options) -> ExitCode:
    """The whole work on an invented case."""
    from hro_desktop.demo import run

    qt = bootstrap.start_screenless_qt()
    made = run.write(options.out, keep=options.keep)
    del qt
    if options.json:
        say_json({"out": str(options.out), "files": list(made.files), "vault": str(made.vault or "")})
        return ExitCode.DONE
    say(f"Le jeu d’exercice est dans «\u00a0{options.out}\u00a0»\u00a0:")
    for name in made.files:
        say(f"  {name}")
    if made.vault:
        say(f"Coffre d’exercice gardé dans «\u00a0{made.vault}\u00a0», phrase de passe\u00a0: {run.PASSPHRASE}")
    return ExitCode.DONE


def init(options: Options) -> ExitCode:
    """Make a vault and show its paper code once."""
    folder = _folder(options)
    checks.must_be_free(folder)
    created = bootstrap.create_vault(folder, ask_new_passphrase(options.passphrase_file), practice=options.practice)
    created.vault.close()
    say(f"Coffre créé dans «\u00a0{folder}\u00a0».")
    say()
    say("Code papier, affiché une seule fois\u00a0: recopiez-le et gardez-le loin de l’ordinateur.")
    say(f"  {created.paper_code}")
    say()
    say("Sans la phrase de passe ni ce code, personne ne pourra rouvrir le coffre.")
    return ExitCode.DONE


def bring(desk: Desk, options: Options) -> ExitCode:
    """Take a dossier folder in."""
    with progress("Dépôt") as advance:
        imported = importing.import_folder(desk, options.folder, advance).value
    if options.json:
        say_json(
            {
                "already": imported.already,
                "cases": list(imported.cases),
                "referrals": list(imported.referrals),
                "files": imported.files,
                "bytes": imported.size,
            }
        )
    elif imported.already:
        say("Ce dossier est déjà dans le coffre\u00a0: rien n’a changé.")
    else:
        taken = [grammar.counted(len(imported.cases), "dossier"), grammar.counted(imported.files, "pièce")]
        say(f"Déposé\u00a0: {', '.join(taken)}, {size(imported.size)}.")
        for reference in imported.cases:
            say(f"  {reference}")
    return ExitCode.DONE


def list_cases(desk: Desk, options: Options) -> ExitCode:
    """One page of the list of cases."""
    with desk.read() as session:
        every = cases.ids(session)
        pages = max(-(-len(every) // PAGE), 1)
        if not 1 <= options.page <= pages:
            there = f"il y en a {pages}" if pages > 1 else "il n’y en a qu’une"
            raise Fault("page.absent", f"La page {options.page} n’existe pas\u00a0: {there}.", ExitCode.USAGE)
        first = (options.page - 1) * PAGE
        page = cases.rows(session, every[first : first + PAGE])
    if options.json:
        say_json({"total": len(every), "cases": [row.as_json() for row in page]})
    elif not every:
        say("Aucun dossier dans ce coffre\u00a0: «\u00a0hro-desktop import DOSSIER\u00a0» en dépose un.")
    else:
        table(
            ("Référence", "Personne", "Groupe", "Ouvert le", "Saisines"),
            [(row.reference, row.pseudonym, row.group, row.opened_on, str(row.referrals)) for row in page],
        )
        if len(every) > PAGE:
            say(f"Page {options.page} sur {pages} ({len(every)} dossiers)\u00a0; --page N pour une autre.")
    return ExitCode.DONE


def list_statements(desk: Desk, options: Options) -> ExitCode:
    """The list of statements, to know what `attest` takes."""
    with desk.read() as session:
        found = statements.rows(session)
    if options.json:
        say_json([row._asdict() for row in found])
    elif not found:
        say("Aucun récit ni attestation dans ce coffre.")
    else:
        table(
            ("Référence", "Nature", "Personne", "Recueilli le", "Version figée"),
            [
                (
                    row.reference,
                    row.label,
                    row.pseudonym,
                    row.taken_on,
                    "oui" if row.sealed else "non",
                )
                for row in found
            ],
        )
    return ExitCode.DONE


def show(desk: Desk, options: Options) -> ExitCode:
    """Everything a case holds, as lines."""
    with desk.read() as session:
        found = overview.of_case(session, cases.by_reference(session, options.case))
    if options.json:
        say_json(found.as_json())
        return ExitCode.DONE
    for heading, lines in found.sections():
        say(heading)
        for line in lines or ("rien encore",):
            say(f"  {line}")
    return ExitCode.DONE


def bodies(desk: Desk, options: Options) -> ExitCode:
    """Which bodies may be asked to deal with what happened, incident by incident."""
    found = competence.of_case(desk, options.case)
    if options.json:
        say_json([each.as_json() for each in found])
        return ExitCode.DONE
    for line in competence.lines(found):
        say(line)
    return ExitCode.DONE


def missing(desk: Desk, options: Options) -> ExitCode:
    """The state of each document, per person, with reasons; for whoever gets the exhibits in that shape, too."""
    states = documents.states(desk, options.case, options.procedure, options.profile)
    if options.json:
        say_json([state.as_json() for state in states])
    else:
        for state in states:
            say(f"{state.document} — {state.person}\u00a0: {state.label}")
            for reason in state.reasons:
                say(f"  {reason.label}\u00a0: {reason.sentence}" + (f" [{reason.source}]" if reason.source else ""))
        _say_misfit(options, desk.today())
    return ExitCode.BLOCKED if any(state.blocked for state in states) else ExitCode.DONE


def _say_misfit(options: Options, on: dt.date) -> None:
    """A shape that was made for others than this body."""
    if options.profile:
        body = procedures.procedure(options.procedure, on).body
        if sentence := profiles.profile(options.profile, on).misfit(body):
            say(sentence)


def refer(desk: Desk, options: Options) -> ExitCode:
    """Make the pack of a referral and write it out."""
    qt = bootstrap.start_screenless_qt()
    shape = Shape(profile=options.profile, series=[_series(each) for each in options.series], lot_mo=options.lot)
    try:
        with progress("Documents", "étape") as advance:
            pack = sending.write_referral(
                desk,
                options.case,
                options.procedure,
                options.out,
                shape=shape,
                draft=options.draft,
                progress=advance,
            )
    except Fault as fault:
        if fault.code in ("referral.blocked", "referral.opposed"):
            asked = f"missing {options.case} {options.procedure}"
            asked += f" --profile {options.profile}" if options.profile else ""
            fault.sentence += f" Toutes les raisons\u00a0: hro-desktop {asked}"
        raise
    del qt
    return _written(pack, options)


def _series(text: str) -> tuple[int, ...]:
    """« 11-14 » or « 11,12 » as numbers."""
    first, dash, last = text.partition("-")
    said = f"«\u00a0{text}\u00a0» n’est pas une série de pièces\u00a0: "
    try:
        numbers = (int(first), int(last)) if dash else tuple(int(each) for each in text.split(","))
    except ValueError:
        raise Fault("series.invalid", f"{said}écrivez 11-14.", ExitCode.USAGE) from None
    if not dash:
        return numbers
    start, end = numbers
    if start > end:
        sentence = f"{said}elle commence par son plus petit numéro, écrivez {end}-{start}."
        raise Fault("series.invalid", sentence, ExitCode.USAGE)
    if end - start >= MOST_IN_SERIES:
        raise Fault("series.invalid", f"{said}elle réunirait {end - start + 1} pièces.", ExitCode.USAGE)
    return tuple(range(start, end + 1))


def images(desk: Desk, options: Options) -> ExitCode:
    """Make the letters that ask for images, the same day, and write them out."""
    qt = bootstrap.start_screenless_qt()
    chosen = tuple(Chosen(camera=code, ended=_ended(code, options.custody_end)) for code in options.camera)
    pack = sending.write_image_letters(desk, options.incident, chosen, options.out, doubtful=options.doubtful)
    del qt
    return _written(pack, options)


def _ended(camera: str, custody_end: str) -> str:
    """The end of the custody, for the images that are kept from then on only."""
    try:
        PartialDate.parse(custody_end or "?")
    except ValueError:
        raise Fault(
            "date.invalid",
            f"«\u00a0{custody_end}\u00a0» n’est pas une date\u00a0: écrivez 2026-10-12, ou 2026-10-12/2026-10-13.",
            ExitCode.USAGE,
        ) from None
    rows = [row for row in cameras.cameras() if row.code == camera and row.starts == "custody_end"]
    return custody_end if rows else ""


def attest(desk: Desk, options: Options) -> ExitCode:
    """Make an attestation to sign and write it out with its guide sheet."""
    qt = bootstrap.start_screenless_qt()
    pack = sending.write_attestation(desk, options.statement, options.out, handwriting=options.handwriting)
    del qt
    return _written(pack, options)


def list_outings(desk: Desk, options: Options) -> ExitCode:
    """The list of outings, to know what `debrief` takes."""
    with desk.read() as session:
        found = outings.rows(session, outings.ids(session))
    if options.json:
        say_json([{**row._asdict(), "id": str(row.id), "occurred_on": row.occurred_on.isoformat()} for row in found])
    elif not found:
        say("Aucune sortie dans ce coffre.")
    else:
        table(
            ("Référence", "Jour", "Territoire", "Équipe", "Lieux", "Entraves", "Reste à faire"),
            [
                (
                    row.reference,
                    row.day,
                    row.territory,
                    row.team,
                    str(row.places),
                    str(row.hindrances),
                    str(row.to_do),
                )
                for row in found
            ],
        )
    return ExitCode.DONE


def debrief(desk: Desk, options: Options) -> ExitCode:
    """Make the debriefing of an outing and write it out."""
    qt = bootstrap.start_screenless_qt()
    pack = sending.write_debriefing(desk, options.outing, options.out)
    del qt
    return _written(pack, options)


def _written(pack: sending.Written, options: Options) -> ExitCode:
    if options.json:
        say_json(pack.as_json())
        return ExitCode.DONE
    say(f"Écrit dans «\u00a0{options.out}\u00a0»\u00a0:")
    for name in pack.files:
        say(f"  {name}")
    for remark in pack.remarks:
        say(f"À voir\u00a0: {remark}")
    return ExitCode.DONE


def verify(desk: Desk, options: Options) -> ExitCode:
    """Read the whole vault again."""
    with progress("Vérification") as advance:
        report = casework_vault.verify(desk, advance)
    if options.json:
        say_json(report.as_json())
    else:
        for line in report.lines():
            say(line)
    return ExitCode.DONE if report.sound else ExitCode.DAMAGED


def mend_search(desk: Desk, options: Options) -> ExitCode:
    """Compare what can be found with every record, and write what was wrong."""
    wrong = desk.run(search.mend).value
    if options.json:
        say_json({"search": wrong})
    elif wrong:
        say(f"Recherche refaite : {grammar.counted(wrong, 'entrée')} n’y étaient pas, ou pas justes.")
    else:
        say("La recherche dit ce que disent les fiches : rien n’était à refaire.")
    return ExitCode.DONE


def mend_headers(desk: Desk, options: Options) -> ExitCode:
    """Make the header and its copies say the same again."""
    wrong = checks.mend_headers(desk.vault)
    if options.json:
        say_json({"headers": wrong})
    elif wrong:
        say("Le fichier coffre.json et ses deux copies ont été refaits\u00a0: ils disent la même chose.")
    else:
        say("Le fichier coffre.json et ses deux copies disent la même chose\u00a0: rien n’était à refaire.")
    return ExitCode.DONE


def examine(desk: Desk, options: Options) -> ExitCode:
    """What an open vault can say of itself without being read whole."""
    return _said(casework_vault.examine(desk), options)


def doctor(options: Options) -> ExitCode:
    """Say what stands in the way of opening a vault, and with its key what else is wrong."""
    report = checks.diagnose(_folder(options))
    if report.sound and options.open:
        return _opened(examine)(options)
    _said(report, options)
    if report.sound:
        for wanted, action in ((options.search, mend_search), (options.header, mend_headers)):
            if wanted:
                return _opened(action)(options)
        check_passphrase_file(options.passphrase_file)
    return ExitCode.DONE if report.sound else ExitCode.DAMAGED


def _said(report: Report, options: Options) -> ExitCode:
    if options.json:
        say_json(report.as_json())
    else:
        for line in report.lines():
            say(line)
        say("Ce qui est chiffré (base, pièces) n’est relu en entier que par «\u00a0hro-desktop verify\u00a0».")
    return ExitCode.DONE if report.sound else ExitCode.DAMAGED


COMMANDS: dict[str, Callable[[Options], ExitCode]] = {
    "demo": demo,
    "init": init,
    "import": _opened(bring),
    "cases": _opened(list_cases),
    "show": _opened(show),
    "bodies": _opened(bodies),
    "statements": _opened(list_statements),
    "missing": _opened(missing),
    "refer": _opened(refer),
    "images": _opened(images),
    "attest": _opened(attest),
    "outings": _opened(list_outings),
    "debrief": _opened(debrief),
    "verify": _opened(verify),
    "doctor": doctor,
    "access": _opened(access.run),
    "backup": _opened(backups.made),
    "backups": backups.listed,
    "restore": backups.restored,
    "forms": forms.run,
    "salvage": salvage.salvaged,
}

# SPDX-License-Identifier: GPL-3.0-or-later
"""`hro-desktop forms`: official PDFs from a terminal, without a vault."""

import argparse
import datetime as dt
import difflib
import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Final

import attrs

from forms.catalogue import Catalogue, Form
from forms.definition import FORM_FILE, example, resolve
from forms.drawn import fill as drawn_fill
from forms.layout import read_layout
from forms.letter import check_template, fill_docx, labels_of, render_pdf
from forms.official.answers import Value
from forms.official.edition import Found, Official, find, read_official
from forms.official.engine import Apart
from forms.official.filled import fill_form
from forms.official.outcome import Outcome
from forms.official.propose import BLANK_FILE, new_folder, new_letter, propose
from forms.official.shape import PdfForm
from forms.problems import FormError, Problem
from forms.values import Values, plain
from forms.worker import Worker
from hro_desktop import bootstrap
from hro_desktop.casework.documents import catalogue
from hro_desktop.cli.console import complain, say, say_json, table
from hro_desktop.faults import ExitCode, Fault

__all__ = ["ACTIONS", "run"]

Options = argparse.Namespace

_SORTS: Final = {"drawn": "page dessinée", "letter": "lettre", "official": "PDF officiel", "flat": "PDF sans champ"}
_REMARKS: Final = {
    "missing": "il manque",
    "no_glyph": "des signes n’ont pas de dessin",
    "overflow": "le texte est trop long",
}
_KINDS: Final = {
    "acroform": "formulaire à champs",
    "hybrid": "formulaire à champs, avec une seconde forme (XFA) que le programme laisse de côté",
    "orphan": "formulaire à champs dont la liste est perdue, ce qui n’empêche pas de le remplir",
    "dynamic_xfa": "formulaire que seul Adobe Reader affiche (XFA dynamique)\u00a0: remplissez-le là",
    "xfa_only": "page sans champ, dont la forme à remplir (XFA) n’est pas lue\u00a0: il faut des cases",
    "flat": "page sans champ\u00a0: il faut des cases",
}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Fault(
            "file.absent",
            f"Le fichier «\u00a0{path}\u00a0» ne peut pas être lu\u00a0: vérifiez son chemin.",
            ExitCode.BAD_INPUT,
        ) from None


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".hro-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError:
        raise Fault(
            "file.unwritable",
            f"Le fichier «\u00a0{path}\u00a0» ne peut pas être écrit\u00a0: vérifiez le dossier et la place libre.",
            ExitCode.DISK,
        ) from None


def _form(name: str) -> Form:
    """A form by its name, or by the path of its folder."""
    folder = Path(name)
    if (folder / "form.toml").is_file():
        folder = folder.resolve()
        shipped = resources.files("cerfa_templates").joinpath(folder.name)
        same = isinstance(shipped, Path) and shipped.is_dir() and shipped.samefile(folder)
        return attrs.evolve(Catalogue(folder.parent).get(folder.name), verified=same)
    return _catalogue().get(name)


def _catalogue() -> Catalogue:
    return catalogue(bootstrap.default_forms())


def _warn(form: Form) -> None:
    """Say of a form of the association’s own that nobody tested it with the program."""
    if not form.verified:
        complain(f"«\u00a0{form.definition.title}\u00a0»\u00a0: formulaire personnel, non vérifié.")


def listed(options: Options) -> ExitCode:
    """Every form at hand; a broken one is told and stops nothing."""
    forms = _catalogue()
    rows, broken = [], []
    for form_id in forms.ids():
        try:
            form = forms.get(form_id)
        except FormError as error:
            broken.append((form_id, error.sentence))
            continue
        rows.append((form_id, form.definition.title, form.definition.kind, form.verified))
    if options.json:
        fine = [{"id": row[0], "title": row[1], "kind": row[2], "verified": row[3], "fault": ""} for row in rows]
        say_json([*fine, *({"id": name, "verified": False, "fault": sentence} for name, sentence in broken)])
    else:
        table(
            ("Nom", "Titre", "Genre", "État"),
            [(name, title, _SORTS[kind], "vérifié" if sure else "non vérifié") for name, title, kind, sure in rows],
        )
    for _, sentence in broken:
        complain(sentence)
    for name in forms.shadowed:
        complain(f"Le formulaire personnel «\u00a0{name}\u00a0» porte le nom d’un formulaire livré\u00a0: renommez-le.")
    return ExitCode.BAD_INPUT if broken or forms.shadowed else ExitCode.DONE


def _official(form: Form) -> Official:
    return read_official(form.definition, form.file("official"))


def _known(pdf: bytes, shape: PdfForm) -> tuple[Form, Found] | None:
    """The form a PDF is an edition of; « forms list » tells of those that are broken."""
    forms = _catalogue()
    for form_id in forms.ids():
        with suppress(FormError):
            form = forms.get(form_id)
            if form.definition.kind in {"official", "flat"}:
                found = find(_official(form), pdf, shape)
                if found is not None and found.by != "nearest":
                    return form, found
    return None


def inspect(options: Options) -> ExitCode:
    """What a PDF is, and its fields."""
    pdf = _read(options.pdf)
    with Apart() as apart:
        form = apart.read(pdf)
    if options.json:
        fields = [
            {
                "name": field.name,
                "kind": field.kind,
                "label": field.label,
                "pages": [w.page + 1 for w in field.widgets],
                "states": field.states,
                "options": [option.label for option in field.options],
                "max_length": field.max_length,
                "read_only": field.read_only,
                "hidden": field.hidden,
            }
            for field in form.fields
        ]
        say_json({"kind": form.kind, "pages": form.pages, "locked": form.locked, "fields": fields})
        return ExitCode.DONE
    known = _known(pdf, form)
    say(f"{options.pdf.name}\u00a0: {_KINDS[form.kind]}, {form.pages} page(s), {len(form.fields)} champ(s).")
    if known:
        say(f"Édition connue\u00a0: {known[1].edition.number}, «\u00a0{known[0].definition.title}\u00a0».")
        _warn(known[0])
    if form.fields:
        rows = [
            (field.name, field.kind, str(field.widgets[0].page + 1), " | ".join(field.states) or field.label[:60])
            for field in form.fields
        ]
        table(("Champ", "Genre", "Page", "États ou libellé"), rows)
    return ExitCode.DONE


def suggest(options: Options) -> ExitCode:
    """A mapping to read again: for a form we have, or as a new form of one’s own."""
    pdf = _read(options.pdf)
    with Apart() as apart:
        if options.form:
            form = _form(options.form)
            proposal = propose(form.definition, _official(form), pdf, engine=apart)
            say(proposal.toml)
            return ExitCode.DONE
        _check_id(options.id)
        today = dt.date.today()  # noqa: DTZ011 - here
        if options.pdf.suffix.lower() == ".docx":
            files, faults = new_letter(pdf, options.id, options.title or options.id, today)
            if faults:
                for line in _letter_faults(faults, ()):
                    say(line)
                return ExitCode.BAD_INPUT
        else:
            files = new_folder(pdf, options.id, options.title or options.id, today, apart)
    folder = (options.out or bootstrap.default_forms()) / options.id
    if folder.exists():
        raise Fault(
            "forms.exists",
            f"Le dossier «\u00a0{folder}\u00a0» existe déjà\u00a0: rien n’a été changé.",
            ExitCode.BAD_INPUT,
        )
    try:
        folder.mkdir(parents=True)
    except OSError:
        raise Fault(
            "file.unwritable",
            f"Le dossier «\u00a0{folder}\u00a0» ne peut pas être créé\u00a0: vérifiez le chemin et la place libre.",
            ExitCode.DISK,
        ) from None
    # The definition last: without it, the folder is no form yet.
    for name, data in sorted(files.items(), key=lambda each: each[0] == FORM_FILE):
        _write(folder / name, data)
    advice = "relisez form.toml" if "official.toml" not in files else "relisez official.toml avec le papier"
    say(f"Formulaire proposé dans «\u00a0{folder}\u00a0», non vérifié\u00a0: {advice}.")
    return ExitCode.DONE


def _check_id(name: str) -> None:
    if not name:
        raise Fault(
            "forms.usage",
            "Dites pour quel formulaire (--form), ou donnez un nom au nouveau (--id).",
            ExitCode.USAGE,
        )
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,60}", name):
        raise Fault(
            "forms.usage",
            f"«\u00a0{name}\u00a0» ne peut pas nommer un formulaire\u00a0: des minuscules sans accent, des chiffres et "
            "« _ », une lettre d’abord.",
            ExitCode.USAGE,
        )
    if name in catalogue().ids():
        raise Fault(
            "forms.exists",
            f"Un formulaire livré s’appelle déjà «\u00a0{name}\u00a0»\u00a0: choisissez un autre nom.",
            ExitCode.BAD_INPUT,
        )


def _given(path: Path | None) -> Mapping[str, Value]:
    """Values by the names of fields, from a file of TOML."""
    if path is None:
        return {}
    try:
        given = tomllib.loads(_read(path).decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise _bad_values(path, "n’est pas du TOML correct, en UTF-8") from None
    values: dict[str, Value] = {}
    for name, value in given.items():
        many = isinstance(value, list) and all(isinstance(part, str) for part in value)
        if not many and not isinstance(value, str | bool | int | float | dt.date):
            raise _bad_values(path, f"donne au champ «\u00a0{name}\u00a0» ce qu’un formulaire ne peut pas recevoir")
        values[name] = str(value).replace(".", ",") if isinstance(value, float) else value
    return values


def _bad_values(path: Path, reason: str) -> Fault:
    return Fault(
        "forms.values",
        f"Le fichier «\u00a0{path}\u00a0» {reason}\u00a0: une ligne par champ, son nom puis = puis sa valeur, le nom "
        "et le texte entre guillemets droits.",
        ExitCode.BAD_INPUT,
    )


def fill(options: Options) -> ExitCode:
    """Fill a PDF by the names of its fields, or a form from a tree of values."""
    qt = bootstrap.start_screenless_qt()
    missing: list[Problem] = []
    with Apart() as apart:
        if options.what.lower().endswith(".pdf"):
            made = apart.fill(_read(Path(options.what)), _given(options.values), keep_fields=options.keep)
            outcomes, pdf = made.outcomes, made.pdf
            labels = {field.name: field.name for field in made.form.fields}
        else:
            form = _form(options.what)
            _warn(form)
            if form.definition.kind in {"drawn", "letter"}:
                return _make(form, options)
            filled = fill_form(
                form.definition,
                _official(form),
                _blank(form, options.pdf),
                _tree(form, options.values),
                keep_fields=options.keep,
                draft=options.draft,
                engine=apart,
            )
            outcomes, pdf = filled.outcomes, filled.pdf
            missing = [problem for problem in filled.problems if problem.code == "missing"]
            labels = {field.id: field.label for field in form.definition.fields}
    del qt
    _write(options.out, pdf)
    return _told([outcome for outcome in outcomes if outcome.status != "kept"], missing, labels, options)


def _make(form: Form, options: Options) -> ExitCode:
    """A form that needs no PDF of anybody: a page of ours, or a letter, as a `.docx` or a PDF as its name says."""
    definition, values = form.definition, _tree(form, options.values)
    if definition.kind == "drawn":
        layout = read_layout(definition, form.file("layout"))
        drawn = drawn_fill(definition, layout, values, mode=definition.modes[0], draft=options.draft)
        data, problems = drawn.pdf, drawn.problems
    else:
        known, title = labels_of(definition), definition.title
        letter = fill_docx(form.file("template"), plain(values), title=title, labels=known, draft=options.draft)
        data, problems = letter.docx, letter.problems
        if options.out.suffix.lower() != ".docx":
            with Worker() as worker:
                data = render_pdf(letter.docx, worker, title=title)
    _write(options.out, data)
    if options.json:
        say_json([{"field": problem.field, "code": problem.code, "severity": problem.severity} for problem in problems])
    else:
        say(f"Écrit dans «\u00a0{options.out}\u00a0».")
        _remark(problems, {field.id: field.label for field in definition.fields}, definition.title)
    return ExitCode.BAD_INPUT if any(problem.severity == "block" for problem in problems) else ExitCode.DONE


def _remark(problems: Iterable[Problem], labels: Mapping[str, str], whole: str = "") -> None:
    """One line for each; `whole` names the document, for a problem of no field of it."""
    for problem in problems:
        say(f"  {labels.get(problem.field, whole)}\u00a0: {_REMARKS.get(problem.code, 'à relire')}.")


def _blank(form: Form, named: Path | None) -> bytes:
    if named is not None:
        return _read(named)
    if BLANK_FILE in form.files:
        return form.files[BLANK_FILE]
    raise Fault(
        "forms.blank",
        "Ce formulaire est rempli sur le PDF officiel\u00a0: téléchargez-le et donnez-le par --pdf.",
        ExitCode.USAGE,
    )


def _tree(form: Form, path: Path | None) -> Values:
    return example(form.files if path is None else {"example.toml": _read(path)})


def _told(outcomes: list[Outcome], missing: list[Problem], labels: Mapping[str, str], options: Options) -> ExitCode:
    """Say what became of each value, and which ones were not given."""
    lost = [outcome for outcome in outcomes if outcome.lost]
    if options.json:
        say_json(
            [
                *({"field": problem.field, "status": "missing", "lost": True} for problem in missing),
                *(
                    {
                        "field": outcome.field,
                        "status": outcome.status,
                        "reason": outcome.reason,
                        "size": outcome.size,
                        "rest": outcome.rest,
                        "missing": list(outcome.missing),
                        "continued": outcome.continued,
                        "lost": outcome.lost,
                    }
                    for outcome in outcomes
                ),
            ]
        )
    else:
        say(f"Écrit dans «\u00a0{options.out}\u00a0»\u00a0: {len(outcomes) - len(lost)} champ(s) sur {len(outcomes)}.")
        noted = [outcome for outcome in outcomes if outcome.status != "whole" or outcome.reason]
        for outcome in noted:
            say(f"  {labels.get(outcome.field, outcome.field)}\u00a0: {outcome.sentence}")
        _remark(missing, labels)
    return ExitCode.BAD_INPUT if lost or missing else ExitCode.DONE


def readback(options: Options) -> ExitCode:
    """Prove what a filled form shows, beside the blank one."""
    texts = {name: str(value) for name, value in _given(options.values).items()}
    told = [Outcome(name, "whole") for name in texts]
    with Apart() as apart:
        reading = apart.readback(_read(options.blank), _read(options.filled), told, texts)
    proofs = [proof for proof in reading.proofs if proof.field in texts or proof.ink]
    if options.json:
        say_json(
            {
                "flat": reading.flat,
                "spill": dict(reading.spill),
                "leftovers": reading.leftovers,
                "fields": [{"field": p.field, "seen": p.seen, "ink": p.ink, "reason": p.reason} for p in proofs],
            }
        )
    else:
        say("Aucun champ n’est resté modifiable." if reading.flat else "Les champs restent modifiables.")
        words = {"visible": "visible", "partly": "en partie", "not": "absent", "empty": "encre sans valeur donnée"}
        for proof in proofs:
            say(f"  {proof.field}\u00a0: {words[proof.seen]}")
        for page, count in reading.spill.items():
            say(f"  page {page + 1}\u00a0: {count} points d’encre à côté des champs")
        for left in reading.leftovers:
            say(f"  il reste dans le fichier\u00a0: {left}")
    wrong = any(proof.seen in {"not", "partly"} for proof in proofs) or reading.leftovers
    return ExitCode.BAD_INPUT if wrong else ExitCode.DONE


def check(options: Options) -> ExitCode:
    """Whether a folder of a form, or the template of a letter, can be used."""
    letter = Path(options.what) if options.what.lower().endswith(".docx") else None
    form = _form(options.form or (str(letter.parent) if letter is not None else options.what))
    definition = form.definition
    _warn(form)
    if letter is not None:
        known = labels_of(definition)
        wrong = _letter_faults(check_template(_read(letter), known), known)
    else:
        wrong = [*_folder_faults(form)]
        _, missing = resolve(definition, example(form.files))
        wrong += [f"L’exemple ne donne pas «\u00a0{problem.facts['label']}\u00a0»." for problem in missing]
    for line in wrong:
        say(line)
    if not wrong:
        say(f"«\u00a0{definition.title}\u00a0» se charge et son exemple le remplit.")
    return ExitCode.BAD_INPUT if wrong else ExitCode.DONE


def _folder_faults(form: Form) -> list[str]:
    definition = form.definition
    if definition.kind == "drawn":
        read_layout(definition, form.file("layout"))
        return []
    if definition.kind == "letter":
        known = labels_of(definition)
        return _letter_faults(check_template(form.file("template"), known), known)
    return [
        f"L’édition {edition.number} n’a été relue par personne (checked_on)."
        for edition in _official(form).editions
        if edition.checked_on is None
    ]


def _letter_faults(problems: Sequence[Problem], known: Collection[str]) -> list[str]:
    """What is wrong in a template: the paragraph, the tag, and the known name nearest to an unknown one."""
    said = []
    for problem in problems:
        facts = problem.facts
        where = f"{str(facts['place']).capitalize()}, paragraphe {facts['paragraph']}"
        if problem.code == "unknown":
            near = difflib.get_close_matches(str(facts["name"]), list(known), 1, 0.4)
            advice = f" Le nom connu le plus proche est «\u00a0{near[0]}\u00a0»." if near else ""
            said.append(
                f"{where}\u00a0: «\u00a0{facts['name']}\u00a0» n’est pas un nom connu de ce formulaire.{advice}"
            )
        elif problem.code == "syntax":
            said.append(str(facts["sentence"]))
        else:
            reason = "doit être seule dans son paragraphe" if problem.code == "tag_not_alone" else "s’écrit sans p"
            said.append(f"{where}\u00a0: la balise «\u00a0{facts['tag']}\u00a0» {reason}.")
    return said


ACTIONS: Final[Mapping[str, Callable[[Options], ExitCode]]] = {
    "list": listed,
    "inspect": inspect,
    "propose": suggest,
    "fill": fill,
    "readback": readback,
    "check": check,
}


def run(options: Options) -> ExitCode:
    """One action on forms."""
    return ACTIONS[options.action](options)

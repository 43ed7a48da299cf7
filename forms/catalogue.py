# SPDX-License-Identifier: GPL-3.0-or-later
"""Where forms are found: the shipped folders first, then those of the user's own folder.

A user may add forms, never replace a shipped one: whoever asks for « plainte » gets the one that was tested.
"""

from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Final

import attrs

from forms.definition import FORM_FILE, FormDefinition, load
from forms.problems import FormError

__all__ = ["Catalogue", "Form"]

# A template with a letterhead weighs some hundred kilobytes; an official PDF some megabytes.
_LARGEST_FILE: Final = 32 * 1024 * 1024


@attrs.frozen
class Form:
    """A form and the files of its folder, by name.

    Args:
        definition: what its `form.toml` says.
        files: every file of the folder.
        verified: shipped and tested with the program; a form of the user's own is not.
    """

    definition: FormDefinition
    files: Mapping[str, bytes]
    verified: bool

    def file(self, role: str) -> bytes:
        """The bytes of the file that plays a role (`layout`, `template`, `official`)."""
        return self.files[self.definition.files[role]]


class Catalogue:
    """The forms at hand.

    Args:
        shipped: the folder that holds the form folders of the program.
        user: the folder that holds those of the user, if there is one.

    Raises:
        FormError: `form.folder`: the folder of the user is there and cannot be read.
    """

    def __init__(self, shipped: Traversable, user: Traversable | None = None) -> None:
        self._shipped = {folder.name: folder for folder in _form_folders(shipped)}
        try:
            own = {folder.name: folder for folder in _form_folders(user)} if user is not None else {}
        except OSError:
            raise FormError(
                "form.folder",
                "Le dossier des formulaires personnels ne peut pas être lu\u00a0: vérifiez ses droits, ou le disque.",
            ) from None
        self._user = {name: folder for name, folder in own.items() if name not in self._shipped}
        self.shadowed: tuple[str, ...] = tuple(sorted(set(own) & set(self._shipped)))
        """Folders of the user that bear the name of a shipped form, and are therefore not used."""

    def ids(self) -> tuple[str, ...]:
        """The ids of all forms: the shipped ones, then the user's."""
        return (*sorted(self._shipped), *sorted(self._user))

    def get(self, form_id: str) -> Form:
        """Read one form.

        Raises:
            FormError: `form.unknown`; or what is wrong in its folder, in a sentence that names the folder.
        """
        verified = form_id in self._shipped
        folder = self._shipped.get(form_id) or self._user.get(form_id)
        if folder is None:
            raise FormError("form.unknown", f"Aucun formulaire ne s’appelle «\u00a0{form_id}\u00a0».")
        try:
            files = _files(folder)
            definition = load(files)
            if definition.id != form_id:
                raise FormError(
                    "form.value",
                    f"Fichier «\u00a0{FORM_FILE}\u00a0», clé «\u00a0id\u00a0»\u00a0: «\u00a0{definition.id}\u00a0» "
                    "n’est pas le nom du dossier.",
                )
        except FormError as error:
            raise FormError(error.code, f"Formulaire «\u00a0{form_id}\u00a0». {error.sentence}") from None
        return Form(definition, files, verified)


def _form_folders(root: Traversable) -> Iterator[Traversable]:
    if not root.is_dir():
        return
    for folder in root.iterdir():
        if folder.is_dir() and folder.joinpath(FORM_FILE).is_file():
            yield folder


def _files(folder: Traversable) -> Mapping[str, bytes]:
    files = {}
    for entry in folder.iterdir():
        if entry.name.startswith((".", "_", "~")) or not entry.is_file():
            continue
        try:
            with entry.open("rb") as stream:
                data = stream.read(_LARGEST_FILE + 1)
        except OSError:
            raise FormError("form.unreadable", f"Le fichier «\u00a0{entry.name}\u00a0» ne peut pas être lu.") from None
        if len(data) > _LARGEST_FILE:
            raise FormError(
                "form.too_large",
                f"Le fichier «\u00a0{entry.name}\u00a0» dépasse {_LARGEST_FILE // 1024 // 1024}\u00a0Mo.",
            )
        files[entry.name] = data
    return files

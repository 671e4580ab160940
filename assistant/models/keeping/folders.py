"""Where models are kept and read from, as Settings has it."""

from pathlib import Path

from assistant.errors import ModelError, ModelFault
from assistant.models.keeping.details import DetailsFile
from assistant.models.keeping.installed import ModelFolder
from assistant.models.keeping.linked import LinkedFiles
from assistant.models.keeping.moved_files import MoveNote
from assistant.paths import Folders
from assistant.settings import Settings, SettingsFile


def main_folder(settings: Settings, folders: Folders) -> Path:
    """Return the folder in which models are put."""
    return Path(settings.model_folder) if settings.model_folder else folders.models


def further_folders(settings: Settings) -> tuple[Path, ...]:
    """Return the folders that are only read from."""
    return tuple(Path(folder) for folder in settings.model_folders)


def models_of(settings: Settings, folders: Folders) -> ModelFolder:
    """Return the models of this computer; window and terminal both get them here."""
    return ModelFolder(
        main_folder(settings, folders),
        further_folders(settings),
        details=DetailsFile(folders.data / "models.json"),
        linked=LinkedFiles(folders.data / "linked.json"),
    )


def add_folder(folder: Path, settings: SettingsFile) -> Settings:
    """Use the models in `folder`, too, where they are.

    Raises:
        ModelError: there is no such folder.
        CannotWrite, NoSpace: the choice could not be kept.
    """
    path = folder.expanduser().absolute()
    if not path.is_dir():
        raise ModelError(path, ModelFault.MISSING)
    known = settings.value.model_folders
    return (
        settings.value if str(path) in known else settings.change(model_folders=(*known, str(path)))
    )


def forget_folder(folder: Path, settings: SettingsFile) -> Settings:
    """Use the models in `folder` no more; nothing in it is touched.

    Raises:
        CannotWrite, NoSpace: the choice could not be kept.
    """
    path = str(folder.expanduser().absolute())
    kept = tuple(known for known in settings.value.model_folders if known != path)
    return settings.change(model_folders=kept)


def move_note(folders: Folders) -> MoveNote:
    """Return where a move of the models is noted while it is under way."""
    return MoveNote(folders.data / "moving.json")


def switch_folder(folder: Path, settings: SettingsFile) -> None:
    """Put models into `folder` from now on; it is no longer one that is only read from.

    Raises:
        CannotWrite, NoSpace: the choice could not be kept.
    """
    others = tuple(known for known in settings.value.model_folders if Path(known) != folder)
    settings.change(model_folder=str(folder), model_folders=others)

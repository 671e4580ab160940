"""Which model does what: chat, summaries and comparing texts may each have one of their own."""

from collections.abc import Callable
from enum import StrEnum

from assistant.errors import WrongTask
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.settings import Settings, SettingsFile


class Task(StrEnum):
    """What a model is used for."""

    CHAT = "chat"
    SUMMARIES = "summaries"
    EMBEDDINGS = "embeddings"


_FIELDS = {
    Task.CHAT: "model",
    Task.SUMMARIES: "summary_model",
    Task.EMBEDDINGS: "embedding_model",
}


def chosen_name(task: Task, settings: Settings) -> str:
    """Return the name that the person chose for `task`; "" if the choice is left to us."""
    return str(getattr(settings, _FIELDS[task]))


def model_for(task: Task, settings: Settings, folder: ModelFolder) -> InstalledModel | None:
    """Return the installed model that does `task`; None where there is none for it.

    A chosen model that is gone counts as not chosen. Without a choice, summaries are written by
    the model that chats, the best one chats, and texts are compared by the largest model that was
    made for it.
    """
    return pick(task, settings, folder.list(), folder.best)


def pick(
    task: Task,
    settings: Settings,
    installed: list[InstalledModel],
    best: Callable[[], InstalledModel | None],
) -> InstalledModel | None:
    """Return what `model_for` does, of a list that was read before.

    Args:
        task: what for.
        settings: the person's choices.
        installed: the models there are.
        best: returns the best one to talk to, called only when it is needed.
    """
    name = chosen_name(task, settings)
    chosen = next((model for model in installed if name and model.name == name), None)
    if task is Task.EMBEDDINGS:
        return chosen if chosen and chosen.is_for_embeddings else _largest_embedder(installed)
    if chosen:
        return chosen
    return pick(Task.CHAT, settings, installed, best) if task is Task.SUMMARIES else best()


def use_for(task: Task, model: InstalledModel, settings: SettingsFile) -> Settings:
    """Store that `model` does `task` from now on.

    Raises:
        WrongTask: it cannot do that.
        CannotWrite, NoSpace: the choice could not be kept.
    """
    if model.is_for_embeddings != (task is Task.EMBEDDINGS):
        raise WrongTask(model.path, str(task))
    return settings.change(**{_FIELDS[task]: model.name})


def leave_to_us(task: Task, settings: SettingsFile) -> Settings:
    """Store that `task` has no model of its own any more.

    Raises:
        CannotWrite, NoSpace: it could not be kept.
    """
    return settings.change(**{_FIELDS[task]: ""})


def tasks_of(model: InstalledModel, settings: Settings) -> tuple[Task, ...]:
    """Return the tasks that the person chose `model` for."""
    return tuple(task for task in Task if chosen_name(task, settings) == model.name)


def rename_choices(old: str, new: str, settings: SettingsFile) -> Settings:
    """Let `new` do what `old` was chosen for.

    Raises:
        CannotWrite, NoSpace: it could not be kept.
    """
    value = settings.value
    changes = {field: new for field in _FIELDS.values() if getattr(value, field) == old}
    return settings.change(**changes) if changes else value


def _largest_embedder(installed: list[InstalledModel]) -> InstalledModel | None:
    made_for_it = [model for model in installed if model.is_for_embeddings]
    return max(made_for_it, key=lambda model: model.parameters, default=None)

"""What a person must know of a model before they read on, in the terminal."""

from assistant.cli.terminal import say
from assistant.conversations.replying import is_small
from assistant.engine.protocol import ModelInfo
from assistant.models.keeping.installed import InstalledModel


def tell_if_small(model: InstalledModel) -> None:
    """Say that a model makes things up, if it is so small."""
    if is_small(model.parameters):
        say(f"alcove: {model.name} is a very small model: it makes things up.")


def tell_of_thinking(info: ModelInfo, wanted: bool | None) -> None:
    """Say that a model cannot reason, or cannot go without, if that is wanted of it."""
    if wanted is None or info.can_switch_thinking or wanted == info.thinks:
        return
    if wanted:
        say(f"alcove: {info.name} cannot reason first: --think changes nothing.")
    else:
        say(f"alcove: {info.name} always reasons first: --no-think changes nothing.")

"""How one conversation's replies are made: what its person chose for it."""

import msgspec


class ChatSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The choices of one conversation; what is left as it is follows the app's settings.

    Attributes:
        preset: the preset it was begun with, by name; "" for none.
        system_prompt: its own; None for that of the preset or the app.
        model: the model's name; "" for the one that is loaded.
        sampling: settings of the sampler by their name, such as {"temperature": 0.7}.
        max_tokens: of a reply; 0 for no limit of its own.
        thinking: whether the model reasons first; None leaves it to the model.
        form: "json" or "table" where replies have a form; "" for text.
        schema: the JSON schema of a form, as text.
    """

    preset: str = ""
    system_prompt: str | None = None
    model: str = ""
    sampling: dict[str, float | int] = {}
    max_tokens: int = 0
    thinking: bool | None = None
    form: str = ""
    schema: str = ""


def encode(settings: ChatSettings) -> str:
    """Return the settings as JSON; what is left as it is is left out."""
    return msgspec.json.encode(settings).decode()


def decode(text: str) -> ChatSettings:
    """Return what `encode` was given; settings that cannot be read are none."""
    try:
        return msgspec.json.decode(text, type=ChatSettings)
    except msgspec.MsgspecError:  # another version of the app wrote them
        return ChatSettings()

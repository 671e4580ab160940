"""Recaps: what the model is given in place of messages that no longer fit its context."""

from collections.abc import Sequence

from assistant.storage.conversations import MessageRecord
from assistant.storage.recaps import Recap


def on_path(path: Sequence[MessageRecord], kept: Sequence[Recap]) -> list[Recap]:
    """Return the recaps that end at a message of `path`, in the path's order.

    A recap is shown behind that message. Of several that are on, the last one stands for all
    before it.
    """
    places = {message.id: place for place, message in enumerate(path)}
    here = [recap for recap in kept if recap.upto_message_id in places]
    return sorted(here, key=lambda recap: places[recap.upto_message_id])

"""Pictures of replies in every state: Markdown, variants, summaries of what is old, choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.storage.recaps import RecapStore
from assistant.ui.chat.recap_view import RecapView

if TYPE_CHECKING:
    from tests.ui.screenshots import Photographer

NARROW = (720, 480)
MODEL = "Qwen3-4B-Instruct-2507-Q4_K_M"
STATS = {"prompt_tokens": 1712, "generated_tokens": 120, "context_tokens": 2048, "reason": "end"}
SAMPLE = r"""# Right triangles

The theorem of Pythagoras[^1] says that $a^2 + b^2 = c^2$, so $c = \sqrt{a^2 + b^2}$.

| Side | Length | Square |
|:-----|-------:|-------:|
| a    | 3      | 9      |
| b    | 4      | 16     |
| c    | 5      | 25     |

```python
def hypotenuse(a: float, b: float) -> float:
    return math.sqrt(a**2 + b**2)  # exact for 3, 4
```

> Number is the ruler of forms and ideas.

[^1]: Of Samos, about 570 to 495 BC; the theorem is older than he is.
"""
TRIP = (
    "Where should I stay in Kyoto for three nights?",
    "Near **Gion** or by the station.\n\n- Gion is pretty.\n- The station is handy for day trips.",
    "And what do I eat there?",
    "Try *yudofu*, obanzai and a kaiseki lunch.",
)
RECAP = "The user plans three nights in Kyoto; Gion and the station were suggested."
ARABIC = "أنا بخير، شكرا.\n\n- أولا: Python\n- ثانيا\n\n> اقتباس\n\nHello in English."


def photograph_replies(camera: Photographer) -> None:
    """What stands in a chat beside plain replies."""
    camera.alcove.window.show_page("chat")
    page, store = camera.alcove.chat_page, camera.alcove.conversations
    math = store.create("Right triangles")
    question = store.add_message(math, "user", "Explain the theorem of Pythagoras.")
    thoughts = "They want the theorem. A table and a function will do."
    reply = store.add_message(
        math, "assistant", SAMPLE, thinking=thoughts, model_name=MODEL, stats=STATS
    )
    store.add_message(math, "assistant", "Another reply.", parent_id=question)
    assert reply is not None
    store.choose(reply)
    page.refresh_list()
    page.open_conversation(math)
    camera.take("chat-markdown")
    page.transcript.replies()[0].thinking.button.click()
    page.transcript.list.verticalScrollBar().setValue(0)
    camera.take("chat-thoughts")
    page.transcript.edit_last()
    camera.take("chat-changing")
    trip = store.create("Trip to Kyoto")
    for i, text in enumerate(TRIP):
        role = "assistant" if i % 2 else "user"
        store.add_message(trip, role, text, model_name=MODEL if i % 2 else "", stats=STATS)
    summed = store.messages(trip)[1].id
    RecapStore(camera.alcove.database).put(trip, summed, RECAP)
    page.refresh_list()
    page.open_conversation(trip)
    page.transcript.show_recap()
    camera.take("chat-summary")
    (recap,) = (view for view in page.transcript.list.views() if isinstance(view, RecapView))
    recap.edit_button.click()
    camera.take("chat-summary-changing")
    arabic = store.create("مرحبا")
    store.add_message(arabic, "user", "مرحبا، كيف حالك؟")
    store.add_message(arabic, "assistant", ARABIC, model_name=MODEL)
    page.refresh_list()
    page.open_conversation(arabic)
    camera.take("chat-arabic")
    _photograph_choices(camera)
    for conversation in (math, trip, arabic):
        store.remove(conversation)
    page.refresh_list()


def _photograph_choices(camera: Photographer) -> None:
    page = camera.alcove.chat_page
    page.new_chat()
    page.start.preset_buttons[0].click()
    page.options.options_button.click()
    camera.take("chat-choices")
    page.options.view.advanced.button.click()
    camera.take("chat-sampling")
    with camera.size(*NARROW):
        camera.take("chat-choices-narrow")
    page.options.view.advanced.button.click()
    page.options.close()
    page.start.preset_buttons[0].click()
    page.open_temporary()
    camera.take("chat-temporary")
    page.close_temporary()

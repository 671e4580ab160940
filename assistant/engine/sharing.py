"""How the time is shared between chat replies and what summaries ask for."""

# Beside a chat reply, summaries get this share of its time, and none before its first token.
_BACKGROUND_SHARE = 0.1
# A chat that takes longer than this lets prompts of summaries go on, too, in short steps.
_PATIENCE_S = 5.0


class Shares:
    """Counts what steps of both took, in seconds, as long as somebody chats."""

    def __init__(self) -> None:
        self._begun = 0.0
        self._ended = 0.0
        self._chat_s = 0.0
        self._background_s = 0.0
        self._step_s = 0.05  # the last step of summaries

    def note_chat(self, begun: float, ended: float) -> None:
        """Take in a chat's step; both by `time.perf_counter`."""
        if not self._begun:
            self._begun, self._chat_s, self._background_s = begun, 0.0, 0.0
        self._ended = ended
        self._chat_s += ended - begun

    def note_background(self, seconds: float) -> None:
        """Take in a step of summaries beside a chat."""
        self._step_s = seconds
        self._background_s += seconds

    def end_chat(self) -> None:
        """Note that nobody chats now."""
        self._begun = self._ended = 0.0

    @property
    def is_long(self) -> bool:
        """Whether somebody has been chatting for so long that summaries must go on, too."""
        return self._ended - self._begun > _PATIENCE_S

    @property
    def is_background_due(self) -> bool:
        """Whether summaries may have a step beside the chat."""
        return self._background_s + self._step_s < _BACKGROUND_SHARE * self._chat_s

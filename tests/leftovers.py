"""Looks for words in what is left on a disk: as text, and as the tokens of a model."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from assistant.engine.llama import Context, LlamaLog, Model, Rows, Step, start
from assistant.engine.protocol import LoadSettings
from assistant.engine.states import StateStore, state_key

_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
_SHORTEST_RUN = 4  # tokens; numbers of other meaning are seldom so many together


class Searcher:
    """Reads files as a person would who has the model and wants to know what was said.

    Args:
        model_path: whose tokens are looked for.
    """

    def __init__(self, model_path: Path) -> None:
        self._log: LlamaLog = start()
        self.model = Model(model_path, lambda _: True, self._log)

    def close(self) -> None:
        self.model.close()

    def found(self, words: str, *folders: Path) -> list[str]:
        """Return in which files `words` are, and how: "utf-8", "utf-16-le" or "tokens"."""
        found = []
        for file in sorted(file for folder in folders for file in folder.rglob("*")):
            if file.is_file():
                data = file.read_bytes()
                found += [f"{file.name}: {way}" for way in self._ways(words, data)]
        return found

    def _ways(self, words: str, data: bytes) -> Iterator[str]:
        lower = data.lower()
        yield from (code for code in _ENCODINGS if words.lower().encode(code) in lower)
        if any(words.lower() in text.lower() for text in self.texts(data)):
            yield "tokens"

    def texts(self, data: bytes) -> Iterator[str]:
        """Yield what every run of plausible 32-bit tokens in `data` reads, wherever it begins."""
        for offset in range(min(4, len(data))):
            count = (len(data) - offset) // 4
            numbers = np.frombuffer(data, "<i4", count, offset)
            is_token = (numbers >= 0) & (numbers < self.model.vocabulary_size)
            edges = np.flatnonzero(np.diff(np.concatenate(([0], is_token.view(np.int8), [0]))))
            for begin, end in zip(edges[::2], edges[1::2], strict=True):
                run = numbers[begin:end]
                if end - begin >= _SHORTEST_RUN and run.any():  # not an empty page
                    yield self.text_of(run.tolist())

    def text_of(self, tokens: Sequence[int]) -> str:
        return b"".join(map(self.model.piece, tokens)).decode("utf-8", "replace")

    def keep(self, folder: Path, owner: str, text: str, key: str = "test") -> None:
        """Keep the state of `text` for `owner`, as the engine would."""
        settings = LoadSettings(context_tokens=512, threads=1, sequences=1)
        tokens = self.model.tokenize(text, parse_special=False)[: settings.ubatch_tokens]
        context = Context(self.model, settings, self._log)
        try:
            assert context.evaluate([Rows(0, 0, tokens, outputs=1)]) is Step.DONE
            store = StateStore(folder, state_key(key, "", ""), 1_000_000_000)
            size_bytes = context.saved_bytes(0, tokens)
            store.save(owner, lambda part: context.save(0, tokens, part), size_bytes)
            assert store.tokens(owner) == tokens
        finally:
            context.close()

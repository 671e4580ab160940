"""The figures of a reply, from the engine to the stored message and back."""

from assistant.conversations.figures import ReplyFigures
from assistant.engine.protocol import Finished, FinishReason

FINISHED = Finished(
    id=1,
    reason=FinishReason.END,
    prompt_tokens=412,
    reused_tokens=380,
    generated_tokens=62,
    prompt_s=0.31234,
    generation_s=2.0,
    restored_tokens=370,
    first_token_s=0.34567,
    threads=2,
    peak_memory_bytes=600_000_000,
)


def test_figures_are_kept_with_a_message() -> None:
    figures = ReplyFigures.of(FINISHED)
    assert figures.tokens_per_s == 31.0
    kept = ReplyFigures.kept({"reason": "end", "left_out": 2, **figures.stats()})
    assert kept is not None
    assert kept.first_token_s == 0.346
    assert (kept.prompt_tokens, kept.reused_tokens, kept.restored_tokens) == (412, 380, 370)
    assert (kept.threads, kept.peak_memory_bytes) == (2, 600_000_000)


def test_older_and_failed_messages_have_few_or_none() -> None:
    assert ReplyFigures.kept({}) is None
    assert ReplyFigures.kept({"left_out": 3, "context_tokens": 512}) is None
    older = ReplyFigures.kept({"prompt_tokens": 10, "generated_tokens": 1, "generation_s": 0.1})
    assert older == ReplyFigures(prompt_tokens=10, generated_tokens=1, generation_s=0.1)
    assert older.tokens_per_s == 0.0

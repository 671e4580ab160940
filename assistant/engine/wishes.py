"""What the person's settings ask of the engine."""

from assistant.engine.protocol import KvType, LoadSettings
from assistant.settings import LoadWishes, Settings

_NONE = LoadWishes()


def wished(settings: Settings, own: LoadWishes = _NONE) -> LoadSettings:
    """Return how the person wants a model to be loaded.

    Args:
        settings: what holds for all models.
        own: what holds for this one, and comes first.
    """
    is_compact = own.kv_type == KvType.Q8_0
    gpu_layers = own.gpu_layers if own.gpu_layers is not None else -1
    return LoadSettings(
        context_tokens=own.context_tokens or settings.context_tokens,
        threads=own.threads or settings.threads,
        gpu_layers=gpu_layers if settings.uses_gpu else 0,
        saves_battery=settings.saves_battery,
        kv_type=KvType.Q8_0 if is_compact else KvType.F16,
        # llama.cpp keeps values in 8 bits only with it.
        flash_attention=is_compact or bool(own.flash_attention),
        chat_template=own.chat_template,
    )


def idle_s(settings: Settings) -> float:
    """Return after how many seconds without a request a model is unloaded; 0 for never."""
    return settings.idle_minutes * 60.0

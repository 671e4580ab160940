"""What the person's settings ask of the engine."""

from assistant.engine.protocol import LoadSettings
from assistant.settings import Settings


def wished(settings: Settings) -> LoadSettings:
    """Return how the person wants models to be loaded."""
    return LoadSettings(
        context_tokens=settings.context_tokens,
        threads=settings.threads,
        gpu_layers=-1 if settings.uses_gpu else 0,
        saves_battery=settings.saves_battery,
    )


def idle_s(settings: Settings) -> float:
    """Return after how many seconds without a request a model is unloaded; 0 for never."""
    return settings.idle_minutes * 60.0

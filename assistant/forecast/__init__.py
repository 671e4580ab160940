"""How a model will go on this computer: whether it fits, how fast it will be, the verdict.

A speed is computed from what a token costs (weights that are multiplied for a prompt, bytes that
are read for a reply) and from what was measured here: of this very model, else of the models that
were, else of the processor and the memory alone.
"""

from assistant.forecast.forecasting import Forecast, Verdict, forecast
from assistant.forecast.machine import Machine
from assistant.forecast.shape import ModelShape, shape_of
from assistant.forecast.speeds import MeasuredSpeeds, SpeedRecords

__all__ = [
    "Forecast",
    "Machine",
    "MeasuredSpeeds",
    "ModelShape",
    "SpeedRecords",
    "Verdict",
    "forecast",
    "shape_of",
]

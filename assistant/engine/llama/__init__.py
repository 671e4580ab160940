"""llama.cpp: log, model, context and sampler. The only importer of llama_cpp.

The low-level functions are called directly: the package's own `Llama` class redirects the whole
process's output while it loads and cannot be stopped in the middle of a prompt.
"""

from assistant.engine.llama.batch import Rows
from assistant.engine.llama.context import Context, Step, StepFailed
from assistant.engine.llama.log import LlamaLog, LoadRefused, build, start
from assistant.engine.llama.model import Model
from assistant.engine.llama.sampler import Sampler

__all__ = [
    "Context",
    "LlamaLog",
    "LoadRefused",
    "Model",
    "Rows",
    "Sampler",
    "Step",
    "StepFailed",
    "build",
    "start",
]

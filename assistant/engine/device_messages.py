"""What the process that looks for GPUs says."""

import msgspec


class Device(msgspec.Struct, frozen=True):
    """A GPU that this build can use.

    Attributes:
        name: llama.cpp's short name for it, "Vulkan0".
        description: its maker's name for it.
        total_bytes: its memory; 0 if it does not say.
    """

    name: str
    description: str
    total_bytes: int


class Devices(msgspec.Struct, frozen=True):
    """All of them."""

    gpus: tuple[Device, ...] = ()

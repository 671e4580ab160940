"""Finds the GPUs that this build can use, in a process of its own: drivers may crash."""

import functools

import msgspec

from assistant.child import Channel, Child, ChildEndedError, ChildOptions
from assistant.engine.device_messages import Device, Devices
from assistant.engine.process import ENVIRONMENT

_PATIENCE_S = 20.0  # the first look at a driver may compile something


@functools.cache
def gpus() -> tuple[Device, ...]:
    """Return the GPUs that a model can be given to; takes half a second the first time.

    Empty where the build has no use for one, or where looking for them fails.
    """
    child = Child(_tell, ChildOptions(name="alcove devices", environment=ENVIRONMENT))
    try:
        message = child.receive(_PATIENCE_S)
        return msgspec.msgpack.decode(message, type=Devices).gpus if message else ()
    except (ChildEndedError, msgspec.MsgspecError):
        return ()
    finally:
        child.kill()
        child.close()


def _tell(channel: Channel) -> None:
    """Send the GPUs to the app; runs in the process."""
    # llama.cpp is loaded here, and never in the app's own process.
    from assistant.engine.llama import start  # noqa: PLC0415
    from assistant.engine.llama.devices import gpus as found  # noqa: PLC0415

    log = start()
    channel.send(msgspec.msgpack.encode(Devices(found())))
    channel.receive()  # until the app has read it and ends us
    del log

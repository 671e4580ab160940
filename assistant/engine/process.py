"""The engine's process: takes requests off the pipe, hands them on, and shows that it lives."""

import time

import msgspec

from assistant.child import Channel
from assistant.engine.patience import HEARTBEAT_S
from assistant.engine.protocol import Cancel, Event, Heartbeat, Hold, Request

_STACK_BYTES = 64 * 1024 * 1024  # std::regex, which splits text for some models, recurses deeply
# Removed before llama.cpp is loaded: they name libraries to load. No backtrace: an abort would
# start a debugger and hang.
ENVIRONMENT = {
    "LLAMA_CPP_LIB_PATH": None,
    "GGML_BACKEND_PATH": None,
    "GGML_NO_BACKTRACE": "1",
    # Threads of llama.cpp wait for each other by spinning. Beside other busy processes that is
    # ruinous: on 2 busy cores 64 tokens took 43-71 s with libgomp's own limit. threads.py finds
    # out and uses fewer; until it has, this bounds the loss. Lower limits cost speed where the
    # cores are idle, since threads that fell asleep must be woken: against llama_cpp.Llama 0.92
    # with 3,000 turns, 0.96 with 8,000, 0.94-1.04 with 20,000 (benchmarks/engine --only speed).
    "GOMP_SPINCOUNT": "20000",
}


def main(channel: Channel) -> None:
    """Serve the requests of `channel` until the parent goes.

    The scheduler computes in a thread of its own, so that a `Cancel` is read at once. Heartbeats
    are sent only while there is work: an idle engine wakes nobody.
    """
    encoder = msgspec.msgpack.Encoder()
    decoder = msgspec.msgpack.Decoder(Request)

    def send(event: Event) -> None:
        channel.send(encoder.encode(event))

    # llama.cpp is loaded here, and never in the app's own process.
    from assistant.engine.requests import Requests  # noqa: PLC0415
    from assistant.engine.scheduler import Scheduler  # noqa: PLC0415

    requests = Requests(send)
    scheduler = Scheduler(requests, send)
    scheduler.start(_STACK_BYTES)
    beaten = 0.0
    while True:
        message = channel.receive(HEARTBEAT_S if requests.is_busy else None)
        if message is not None:
            request = decoder.decode(message)
            if isinstance(request, Cancel):
                requests.cancel(request.id)
            elif isinstance(request, Hold):
                requests.hold(request.id, is_held=request.is_held)
            else:
                requests.submit(request)
        now = time.monotonic()
        if now - beaten >= HEARTBEAT_S:
            beaten = now
            send(Heartbeat(0, scheduler.clock.look()))

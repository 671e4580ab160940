"""The reader's process: takes requests one by one until the app goes."""

from assistant.child import Channel


def serve(channel: Channel) -> None:
    """Answer requests. What parses files is imported here, so that the app never holds it."""
    import msgspec  # noqa: PLC0415

    from assistant.documents.answering import Answerer  # noqa: PLC0415
    from assistant.documents.messages import Request  # noqa: PLC0415

    decoder: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
    answerer = Answerer(channel.send)
    while True:
        message = channel.receive()
        if message is not None:
            answerer.answer(decoder.decode(message))

"""What of a model decides its speed: how much is multiplied and read for a token, in which formats.

Two models of one shape are equally fast, whatever their weights say: a speed that was measured of
one holds for the other, and for the same file on the hub.
"""

import msgspec

from assistant.gguf import GgufHeader

_SAME = 0.03  # parameters that were estimated from a file's length differ by less


class ModelShape(msgspec.Struct, frozen=True):
    """What a model's speed depends on.

    Attributes:
        architecture, quantization: as its header tells them.
        parameters: of all its tensors.
        layers: how many steps a token goes through.
        prompt: weights multiplied for each token of a prompt, by format.
        reply: bytes of weights read for each generated token, by format.
        attention: multiplications for each pair of a token and an earlier one.
        kept: keys' and values' elements kept of each token, and read for each later one.
    """

    architecture: str
    quantization: str
    parameters: int
    layers: int
    prompt: tuple[tuple[str, int], ...]
    reply: tuple[tuple[str, int], ...]
    attention: int
    kept: int

    def is_same(self, other: "ModelShape") -> bool:
        """Whether a speed of one is a speed of the other."""
        one, two = self.parameters, other.parameters
        return (
            (self.architecture, self.quantization) == (other.architecture, other.quantization)
            and min(one, two) > 0
            and abs(one - two) <= _SAME * max(one, two)
        )


def shape_of(header: GgufHeader) -> ModelShape:
    """Return what decides the speed of `header`'s model."""
    heads = sum(
        count
        for count, kept in zip(header.head_counts, header.head_counts_kv, strict=False)
        if kept
    )
    return ModelShape(
        architecture=header.architecture,
        quantization=header.quantization,
        parameters=header.parameters,
        layers=header.block_count,
        prompt=header.work.prompt,
        reply=header.work.reply,
        attention=heads * (header.key_length + header.value_length),
        kept=sum(header.head_counts_kv) * (header.key_length + header.value_length),
    )

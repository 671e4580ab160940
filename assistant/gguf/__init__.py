"""Reads what a GGUF file says of its model: bounded, in order, and never the weights.

The format is https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. A header has key-value
pairs, then one record for each tensor; every count and length in it is checked before it is
believed, and the tensors must lie within the file.
"""

from assistant.gguf.estimating import header_of
from assistant.gguf.header import GgufHeader
from assistant.gguf.identity import fingerprint
from assistant.gguf.parts import files_of, first_part_name, is_later_part, whole_name
from assistant.gguf.reading import read_beginning, read_header, read_header_from
from assistant.gguf.source import MAX_STRING_BYTES

__all__ = [
    "MAX_STRING_BYTES",
    "GgufHeader",
    "files_of",
    "fingerprint",
    "first_part_name",
    "header_of",
    "is_later_part",
    "read_beginning",
    "read_header",
    "read_header_from",
    "whole_name",
]

"""Cuts a GGUF file into parts, as llama.cpp's `llama-gguf-split` does."""

from pathlib import Path

from gguf import GGUFReader, GGUFValueType, GGUFWriter, ReaderField


def split(whole: Path, folder: Path, count: int) -> list[Path]:
    """Write the model `whole` into `count` files of `folder`; the first has the facts."""
    reader = GGUFReader(whole)
    architecture = str(reader.fields["general.architecture"].contents())
    share = -(-len(reader.tensors) // count)
    paths = []
    for number in range(count):
        path = folder / f"{whole.stem}-{number + 1:05d}-of-{count:05d}.gguf"
        writer = GGUFWriter(path, architecture)
        if number == 0:
            for field in reader.fields.values():
                _copy(writer, field)
        writer.add_uint16("split.no", number)
        writer.add_uint16("split.count", count)
        writer.add_int32("split.tensors.count", len(reader.tensors))
        for tensor in reader.tensors[number * share : (number + 1) * share]:
            writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        paths.append(path)
    return paths


def _copy(writer: GGUFWriter, field: ReaderField) -> None:
    if field.name.startswith("GGUF.") or field.name == "general.architecture":
        return
    kind = field.types[0]
    element = field.types[-1] if kind is GGUFValueType.ARRAY else None
    writer.add_key_value(field.name, field.contents(), kind, sub_type=element)

"""Measures which formats are fast on this processor, as ratios to Q4_K_M in the same run.

    python benchmarks/quantizations.py [--model PATH] [--rounds 3] [--json]

Formats are written into a scratch folder and removed. The starter's rows are no multiple of 256,
so llama.cpp puts other formats in the place of many K formats; the second table is of a model of
random weights whose rows are. Run it on an idle computer.
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

import gguf
import msgspec
import numpy as np

from assistant.child import Channel, Child, ChildOptions
from assistant.engine.process import ENVIRONMENT
from assistant.engine.threads import usable_cores
from assistant.paths import resource
from assistant.quantizations import features

STARTER = resource("models/SmolLM2-135M-Instruct.Q4_1.gguf")
FORMATS = (
    *("Q4_K_M", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q3_K_M", "Q5_K_M", "Q6_K", "Q8_0"),
    *("IQ4_NL", "IQ4_XS", "IQ3_S", "F16"),
)
WIDTH, FEED_FORWARD, LAYERS = 1024, 2816, 12


Measured = tuple[int, float, float, bool]


class Try(msgspec.Struct, frozen=True):
    """Requantize `source` to `target`, unless it is empty, and measure it."""

    source: str
    target: str
    quantization: str


def work(channel: Channel) -> None:
    """In the child: answer each `Try` with (bytes, prompt tokens/s, generated tokens/s, busy)."""
    from assistant.engine.llama import start
    from assistant.engine.llama.quantizer import quantize
    from assistant.engine.llama.trial import Times, trial
    from assistant.engine.others import Others

    log = start()
    text = resource("samples/languages.txt").read_text("utf-8")
    while True:
        message = channel.receive()
        assert message is not None
        one = msgspec.msgpack.decode(message, type=Try)
        path, threads = Path(one.source), usable_cores()
        if one.target:
            path = Path(one.target)
            if not path.exists():
                quantize(
                    Path(one.source),
                    path,
                    one.quantization,
                    threads=threads,
                    log=log,
                    on_tensor=lambda _done, _total: None,
                )
        with trial(path, threads, log) as loaded:
            times, others = Times(), Others(patience_s=3)
            others.are_quiet(lambda: None)
            with others.watched():
                for _ in loaded.rounds(loaded.tokens(text), 6, times):
                    pass
            speed = times.speed()
        answer = (path.stat().st_size, speed.prompt, speed.generation, others.were_busy)
        channel.send(msgspec.msgpack.encode(answer))


def measure(model: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Return, for every format, its bytes and its speed to that of Q4_K_M; medians of rounds."""
    figures: dict[str, list[Measured]] = {name: [] for name in FORMATS}
    with tempfile.TemporaryDirectory(prefix="formats-") as folder:
        child = Child(work, ChildOptions(name="alcove formats", environment=ENVIRONMENT))
        try:
            for _ in range(rounds):
                for name in FORMATS:
                    target = str(Path(folder) / f"{name}.gguf")
                    child.send(msgspec.msgpack.encode(Try(str(model), target, name)))
                    answer = child.receive()
                    assert answer is not None
                    figures[name].append(msgspec.msgpack.decode(answer, type=Measured))
        finally:
            child.close()
    reference = figures["Q4_K_M"]
    return {
        name: {
            "bytes": rows[0][0],
            "prompt": statistics.median(r[1] / q[1] for r, q in zip(rows, reference, strict=True)),
            "generation": statistics.median(
                r[2] / q[2] for r, q in zip(rows, reference, strict=True)
            ),
            "prompt_per_s": statistics.median(row[1] for row in rows),
            "generation_per_s": statistics.median(row[2] for row in rows),
            "busy_rounds": sum(row[3] for row in rows),
        }
        for name, rows in figures.items()
    }


def random_model(path: Path) -> Path:
    """Write a llama of 16-bit random weights with the starter's vocabulary; rows of n x 256."""
    random = np.random.default_rng(1)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_context_length(4096)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_block_count(LAYERS)
    writer.add_head_count(16)
    writer.add_head_count_kv(4)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(64)
    tokens = copy_vocabulary(writer)

    def add(name: str, *shape: int) -> None:
        values = random.normal(0, 0.03, shape) if len(shape) > 1 else np.ones(shape)
        writer.add_tensor(name, values.astype(np.float16 if len(shape) > 1 else np.float32))

    add("token_embd.weight", tokens, WIDTH)
    add("output_norm.weight", WIDTH)
    for layer in range(LAYERS):
        prefix = f"blk.{layer}."
        for name, rows, columns in (
            ("attn_q", WIDTH, WIDTH),
            ("attn_k", WIDTH // 4, WIDTH),
            ("attn_v", WIDTH // 4, WIDTH),
            ("attn_output", WIDTH, WIDTH),
            ("ffn_gate", FEED_FORWARD, WIDTH),
            ("ffn_up", FEED_FORWARD, WIDTH),
            ("ffn_down", WIDTH, FEED_FORWARD),
        ):
            add(f"{prefix}{name}.weight", rows, columns)
        add(f"{prefix}attn_norm.weight", WIDTH)
        add(f"{prefix}ffn_norm.weight", WIDTH)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def copy_vocabulary(writer: gguf.GGUFWriter) -> int:
    """Give the file the starter's tokenizer; return how many tokens it has."""
    fields = gguf.GGUFReader(STARTER).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(fields["tokenizer.ggml.pre"].contents())
    writer.add_token_list(tokens)
    writer.add_token_types(fields["tokenizer.ggml.token_type"].contents())
    writer.add_token_merges(fields["tokenizer.ggml.merges"].contents())
    for key in ("bos", "eos"):
        writer.add_uint32(
            f"tokenizer.ggml.{key}_token_id",
            int(fields[f"tokenizer.ggml.{key}_token_id"].contents()),
        )
    return len(tokens)


def show(title: str, figures: dict[str, dict[str, float]]) -> None:
    print(f"{title}\n{'format':8} {'MB':>6} {'prompt':>16} {'generation':>16}")
    for name, row in sorted(figures.items(), key=lambda item: -item[1]["prompt"]):
        cells = (
            f"{row[what]:5.2f} ({row[f'{what}_per_s']:4.0f}/s)" for what in ("prompt", "generation")
        )
        busy = "   (busy)" if row["busy_rounds"] else ""
        print(f"{name:8} {row['bytes'] / 1e6:6.0f} {'   '.join(cells)}{busy}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="formats-") as folder:
        found = {
            options.model.name: measure(options.model, options.rounds),
            "random weights, rows of 1,024": measure(
                random_model(Path(folder) / "random.gguf"), options.rounds
            ),
        }
    if options.json:
        print(json.dumps({"processor": sorted(features()), "formats": found}, indent=2))
        return 0
    print("Processor:", ", ".join(sorted(features())) or "nothing special")
    for title, figures in found.items():
        show(title, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())

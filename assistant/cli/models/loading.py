"""`alcove models settings`: how one model is loaded, and what each choice costs."""

import argparse
import json
from typing import Any

from assistant.cli.terminal import Exit, write_result
from assistant.cli.workplace import Workplace, workplace
from assistant.engine.devices import gpus
from assistant.forecast import Machine
from assistant.gguf import read_header
from assistant.models.keeping.installed import InstalledModel
from assistant.models.keeping.options import Choice, LoadOptions, Setting, options_of, with_general
from assistant.wording import size

_LEFT = {
    "context_tokens": 0,
    "kv_type": "",
    "gpu_layers": None,
    "threads": 0,
    "flash_attention": None,
}
_NAMES = {
    Setting.CONTEXT_TOKENS: "--context",
    Setting.KV_TYPE: "--kv",
    Setting.FLASH_ATTENTION: "--flash-attention",
    Setting.THREADS: "--threads",
    Setting.GPU_LAYERS: "--gpu-layers",
}


def add_to(actions: Any) -> None:
    """Add the action to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser(
        "settings",
        help="how one model is loaded, and what each choice costs",
        description="What is not set is as in Settings, or as the model's file says. Speeds are "
        "foretold, for a context that is three quarters full.",
    )
    parser.add_argument("model", metavar="NAME", help="an installed model")
    parser.add_argument("--context", dest="context_tokens", type=_count, metavar="TOKENS")
    parser.add_argument("--threads", type=_count, metavar="N")
    parser.add_argument("--gpu-layers", type=int, metavar="N", help="-1 for all")
    parser.add_argument(
        "--kv", dest="kv_type", choices=["f16", "q8_0"], help="q8_0: half the memory, slower"
    )
    parser.add_argument(
        "--flash-attention",
        choices=["on", "off"],
        help="less memory for long contexts; for many models much slower on processors",
    )
    parser.add_argument("--reset", action="store_true", help="set nothing any more")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=set_loading)


def set_loading(options: argparse.Namespace) -> int:
    """Store what was given, and print all choices with what they cost."""
    work = workplace()
    model = work.models.find(options.model)
    changes: dict[str, Any] = dict(_LEFT) if options.reset else {}
    given = {name: getattr(options, name) for name in _LEFT}
    if given["flash_attention"] is not None:
        given["flash_attention"] = given["flash_attention"] == "on"
    changes |= {name: value for name, value in given.items() if value is not None}
    if changes:
        model = work.models.change(model, **changes)
    found = _options(work, model)
    if options.format == "json":
        told = {
            "name": model.name,
            "settings": {name: getattr(model.wishes, name) for name in _LEFT},
            "choices": [_told(choice) for choice in found.choices],
        }
        write_result(json.dumps(told, indent=2, ensure_ascii=False) + "\n", None)
    else:
        write_result(_text(found), None)
    return Exit.DONE


def _options(work: Workplace, model: InstalledModel) -> LoadOptions:
    """Return the choices, with what Settings says where the model has nothing of its own."""
    wishes = with_general(model.wishes, work.settings)
    has_gpu = work.settings.uses_gpu and bool(gpus())
    return options_of(read_header(model.path), Machine.now(), work.speeds, wishes, has_gpu=has_gpu)


def _told(choice: Choice) -> dict[str, Any]:
    return {
        "setting": str(choice.setting),
        "value": choice.value,
        "memory_bytes": choice.memory_bytes,
        "fits": choice.fits,
        "prompt_tokens_per_s": round(choice.prompt_tokens_per_s, 1),
        "tokens_per_s": round(choice.tokens_per_s, 1),
        "is_default": choice.is_default,
        "is_chosen": choice.is_chosen,
    }


def _text(found: LoadOptions) -> str:
    lines = []
    for setting, name in _NAMES.items():
        for choice in found.of(setting):
            mark = "*" if choice.is_chosen else " "
            remarks = [] if choice.fits else ["more than is free now"]
            remarks += ["the default"] if choice.is_default else []
            speeds = ""
            if choice.tokens_per_s:
                speeds = f"reads {choice.prompt_tokens_per_s:,.0f}/s, writes "
                speeds += f"{choice.tokens_per_s:,.0f}/s"
            given = f"{mark} {name} {_value(choice)}"
            cells = f"{given:<26} {size(choice.memory_bytes):>8}  {speeds}"
            lines.append(f"{cells}  {', '.join(remarks)}".rstrip() + "\n")
    return "".join(lines)


def _value(choice: Choice) -> str:
    if isinstance(choice.value, bool):
        return "on" if choice.value else "off"
    return str(choice.value)


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("at least 0")
    return value

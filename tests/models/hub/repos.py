"""What a hub of ours has: repositories with their commits, files and facts."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class RemoteContent:
    """A file in a repository. Small files are not in LFS: the hub names no sha256 of them.

    A file may only be announced: it has a size and no bytes, since some tests need many GB.
    """

    content: bytes
    is_lfs: bool = True
    announced_bytes: int = 0

    @property
    def size_bytes(self) -> int:
        return self.announced_bytes or len(self.content)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def blob_id(self) -> str:
        header = f"blob {len(self.content)}\0".encode()
        return hashlib.sha1(header + self.content).hexdigest()


@dataclass
class Repo:
    """A repository: its commits, the newest last, each with all its files.

    Attributes:
        gguf: what the hub reads in the header of one file: total, architecture, context_length,
            chat_template, totalFileSize.
        config: of the original's library: model_type, tokenizer_config …
        safetensors: parameters, total.
        base_models: what it was made from.
        relation: how: "quantized", "finetune", "adapter", "merge".
        discussions: their titles; None where they are turned off.
        tags: further ones.
        card_data: further fields of the card's front matter.
    """

    name: str
    commits: dict[str, dict[str, RemoteContent]] = field(default_factory=dict)
    licence: str = "apache-2.0"
    gated: str = ""
    downloads: int = 1000
    likes: int = 10
    trending: int = 0
    created: str = "2026-01-01T00:00:00.000Z"
    updated: str = "2026-01-01T00:00:00.000Z"
    pipeline: str = ""
    library: str = ""
    languages: tuple[str, ...] = ()
    base_models: tuple[str, ...] = ()
    relation: str = "quantized"
    gguf: dict[str, Any] | None = None
    config: dict[str, Any] | None = None
    safetensors: dict[str, Any] | None = None
    discussions: list[str] | None = field(default_factory=list)
    tags: tuple[str, ...] = ()
    card_data: dict[str, Any] = field(default_factory=dict)

    @property
    def head(self) -> str:
        return list(self.commits)[-1]

    @property
    def author(self) -> str:
        return self.name.partition("/")[0]

    @property
    def parameters(self) -> int:
        return int((self.gguf or self.safetensors or {}).get("total", 0))

    def files(self, revision: str) -> dict[str, RemoteContent] | None:
        return self.commits.get(self.head if revision == "main" else revision)

    def all_tags(self) -> list[str]:
        """The tags that the real hub makes of everything it knows."""
        names = self.commits[self.head]
        found = [self.library] if self.library else []
        if any(name.endswith(".gguf") for name in names):
            found.append("gguf")
        if self.pipeline:
            found.append(self.pipeline)
        found += self.languages
        for base in self.base_models:
            found += [f"base_model:{base}", f"base_model:{self.relation}:{base}"]
        if self.licence:
            found.append(f"license:{self.licence}")
        return list(dict.fromkeys([*found, *self.tags, "region:us"]))

"""How comments are written in programming languages, and what their files are called."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comments:
    """The marks of comments.

    Attributes:
        line: what makes the rest of a line a comment.
        blocks: pairs of marks around comments of several lines.
    """

    line: tuple[str, ...] = ()
    blocks: tuple[tuple[str, str], ...] = ()


_C = Comments(("///", "//!", "//"), (("/*", "*/"),))
_HASH = Comments(("#",))
_PYTHON = Comments(("#",), (('"""', '"""'), ("'''", "'''")))
_DASHES = Comments(("--",), (("/*", "*/"),))
_LUA = Comments(("--",), (("--[[", "]]"),))
_HASKELL = Comments(("--",), (("{-", "-}"),))
_LISP = Comments((";;;", ";;", ";"))
_XML = Comments((), (("<!--", "-->"),))
_PERCENT = Comments(("%",))
_PHP = Comments(("//", "#"), (("/*", "*/"),))
_RUBY = Comments(("#",), (("=begin", "=end"),))
_CSS = Comments((), (("/*", "*/"),))
_POWERSHELL = Comments(("#",), (("<#", "#>"),))
_BATCH = Comments(("REM ", "rem ", "::"))
_BASIC = Comments(("'",))
_ML = Comments((), (("(*", "*)"),))
_NONE = Comments()

_BY_COMMENTS: dict[Comments, str] = {
    _C: ".c .h .cc .cpp .cxx .hh .hpp .hxx .java .js .mjs .cjs .jsx .ts .tsx .cs .go .rs .swift"
    " .kt .kts .scala .dart .m .mm .groovy .gradle .proto .zig .v .sv .jsonc .json5 .glsl .cu"
    " .less .scss .sass .vala .d .qml",
    _HASH: ".sh .bash .zsh .fish .pl .pm .yaml .yml .toml .cfg .conf .ini .properties .r .jl .tcl"
    " .cmake .mk .nix .tf .awk .sed .env .dockerfile .ex .exs .cr .nim .desktop .service .spec",
    _PYTHON: ".py .pyi .pyw .pyx .gd .star .bzl",
    _DASHES: ".sql .vhd .vhdl .ada .adb .ads",
    _LUA: ".lua",
    _HASKELL: ".hs .elm .purs",
    _LISP: ".lisp .lsp .el .clj .cljs .cljc .edn .scm .rkt .asm .s",
    _XML: ".xml .xsd .xsl .xslt .svg .vue .svelte .xaml .csproj .plist .wsdl .rss .atom .gpx .kml",
    _PERCENT: ".erl .hrl .pro .matlab",
    _PHP: ".php .phtml",
    _RUBY: ".rb .rake .gemspec",
    _CSS: ".css",
    _POWERSHELL: ".ps1 .psm1",
    _BATCH: ".bat .cmd",
    _BASIC: ".vb .vbs .bas",
    _ML: ".ml .mli .fs .fsi .sml .pas",
    _NONE: ".json .jsonl .ndjson .geojson .diff .patch .f .f90 .for .cob",
}
SUFFIXES = {
    suffix: comments for comments, names in _BY_COMMENTS.items() for suffix in names.split()
}
NAMES = {
    "makefile": _HASH,
    "gnumakefile": _HASH,
    "dockerfile": _HASH,
    "cmakelists.txt": _HASH,
    "jenkinsfile": _C,
    "rakefile": _RUBY,
    "gemfile": _RUBY,
    "vagrantfile": _RUBY,
    ".bashrc": _HASH,
    ".gitignore": _HASH,
    ".editorconfig": _HASH,
}


def comments_of(name: str, suffix: str, text: str) -> Comments:
    """Return how comments are written in a file of this name; else as its first line tells."""
    if found := NAMES.get(name.lower()) or SUFFIXES.get(suffix):
        return found
    first = text.partition("\n")[0]
    if "python" in first:
        return _PYTHON
    if first.startswith("<?php"):
        return _PHP
    if first.startswith("#!"):
        return _C if "node" in first else _HASH
    sample = text[:20_000]
    if sample.count("\n//") + sample.count("/*") + sample.count(";\n") > sample.count("\n#"):
        return _C
    return _PYTHON

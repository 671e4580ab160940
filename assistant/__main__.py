"""Run Alcove: without arguments, or with files, the window; with a command, the terminal."""

import multiprocessing
import os
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run the window or the terminal command, and return the exit code."""
    multiprocessing.freeze_support()
    arguments = sys.argv[1:] if arguments is None else arguments
    if all(_is_file(argument) for argument in arguments):
        return _window([Path(argument).absolute() for argument in arguments])
    from assistant import cli  # noqa: PLC0415 - the window does not need it

    return cli.main(arguments, show_quick=lambda question: _window([], question))


def _is_file(argument: str) -> bool:
    """Whether a file manager may have passed it, and not a person a command."""
    return not argument.startswith("-") and Path(argument).is_file()


def _window(files: list[Path], quick: str | None = None) -> int:
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in displays):
        instead = "alcove summarize FILE" if quick is None else "alcove chat -p QUESTION"
        print(
            f"alcove: there is no display for the window. In a terminal: {instead}",
            file=sys.stderr,
        )
        return 1
    # Spawned children import this module again: Qt must not come with it.
    from assistant import paths  # noqa: PLC0415
    from assistant.ui.single_instance import SingleInstance  # noqa: PLC0415

    instance = SingleInstance(paths.folders().data)
    if instance.hand_over(files, quick):
        return 0  # a window that is there has them, before this one's parts are loaded
    from assistant.ui.app import run  # noqa: PLC0415

    return run(files, quick, instance)


if __name__ == "__main__":
    sys.exit(main())

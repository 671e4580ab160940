"""Run Alcove: without arguments, or with files, the window; with a command, the terminal."""

import multiprocessing
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.ui.wish import StartWish


def main(arguments: list[str] | None = None) -> int:
    """Run the window or the terminal command, and return the exit code."""
    multiprocessing.freeze_support()
    _prepare()
    from assistant.ui import wish  # noqa: PLC0415 - children have no use for it, nor for Qt

    arguments = sys.argv[1:] if arguments is None else arguments
    wanted = wish.of_arguments(arguments)
    if wanted is not None:
        return _window(wanted)
    return _terminal(arguments)


def _terminal(arguments: list[str]) -> int:
    from assistant import cli, paths  # noqa: PLC0415 - the window does not need it
    from assistant.crash_reports import Reports, Watch  # noqa: PLC0415
    from assistant.ui.wish import StartWish  # noqa: PLC0415

    watch = Watch(
        Reports.of(paths.folders()),
        "terminal",
        lambda path: print(f"alcove: what is known of this is in {path}", file=sys.stderr),
        has_native_code=False,  # its processes have it, and `--version` needs no folder
    )

    def show_quick(question: str) -> int:
        watch.stop()  # the window has its own
        return _window(StartWish(quick=question))

    watch.start()
    try:
        return cli.main(arguments, show_quick=show_quick)
    except Exception as error:
        watch.note(error)
        raise
    finally:
        watch.stop()


def _prepare() -> None:
    """Have this process, and all that it starts, leave nothing where it should not."""
    from assistant import paths  # noqa: PLC0415 - after `freeze_support`
    from assistant.crash_reports import switch_off_core_dumps  # noqa: PLC0415

    switch_off_core_dumps()
    place = paths.folders().temporary
    if place is not None:
        from assistant import temporary  # noqa: PLC0415 - most copies are not portable

        temporary.keep_in(place)


def _window(wanted: "StartWish") -> int:
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in displays):
        instead = "alcove summarize FILE" if wanted.quick is None else "alcove chat -p QUESTION"
        print(
            f"alcove: there is no display for the window. In a terminal: {instead}",
            file=sys.stderr,
        )
        return 1
    # Spawned children import this module again: Qt must not come with it.
    from assistant import paths  # noqa: PLC0415
    from assistant.ui.single_instance import SingleInstance  # noqa: PLC0415

    folders = paths.folders()
    instance = SingleInstance(folders.data, is_portable=folders.portable is not None)
    if instance.hand_over(wanted):
        return 0  # a window that is there has it, before this one's parts are loaded
    from assistant.ui.app import run  # noqa: PLC0415

    return run(wanted, instance)


if __name__ == "__main__":
    sys.exit(main())

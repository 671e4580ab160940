"""`alcove models move` and `folders`: where models are kept, and read from."""

import argparse
import json
from pathlib import Path
from typing import Any

from assistant.cli.terminal import Exit, Progress, Stopped, say, stop_on_interrupt, write_result
from assistant.cli.workplace import workplace
from assistant.models.keeping.adding import CopyProgress
from assistant.models.keeping.folders import (
    add_folder,
    forget_folder,
    further_folders,
    main_folder,
    move_note,
    switch_folder,
)
from assistant.models.keeping.moving import move_models


def add_to(actions: Any) -> None:
    """Add the actions to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser(
        "move",
        help="move the folder of models, also to another disk",
        description="Copy all models, check the copies, use the new folder and delete the old "
        "files. Cut at any moment nothing is lost; the same command goes on.",
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="where they shall be")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=move_folder)
    parser = actions.add_parser(
        "folders",
        help="the folders of models; use those in one more",
        description="Models are put into the first folder; the others are only read from.",
    )
    parser.add_argument("--add", metavar="FOLDER", type=Path, help="use the models in it, too")
    parser.add_argument("--forget", metavar="FOLDER", type=Path, help="use them no more")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=list_folders)


def move_folder(options: argparse.Namespace) -> int:
    """Move all models and print where they are."""
    work = workplace()
    moved: Path | None = None
    progress = Progress()
    with stop_on_interrupt() as cancel:
        try:
            for event in move_models(
                main_folder(work.settings, work.folders),
                options.folder,
                note=move_note(work.folders),
                switch=lambda folder: switch_folder(folder, work.settings_file),
                cancel=cancel,
            ):
                if isinstance(event, CopyProgress):
                    progress.show("Moving", event.done_bytes, event.total_bytes, unit="B")
                else:
                    moved = event
        finally:
            progress.close()
    if moved is None:
        say("Stopped. The old folder is in use as before; the same command goes on from here.")
        raise Stopped
    if options.format == "json":
        write_result(json.dumps({"folder": str(moved)}) + "\n", None)
    else:
        write_result(f"{moved}\n", None)
    return Exit.DONE


def list_folders(options: argparse.Namespace) -> int:
    """Add or forget a folder, and print those that are read."""
    work = workplace()
    settings = work.settings
    if options.add:
        settings = add_folder(options.add, work.settings_file)
    if options.forget:
        settings = forget_folder(options.forget, work.settings_file)
    first, others = main_folder(settings, work.folders), further_folders(settings)
    if options.format == "json":
        told = {"folder": str(first), "further": [str(folder) for folder in others]}
        write_result(json.dumps(told, ensure_ascii=False) + "\n", None)
    else:
        write_result("".join(f"{folder}\n" for folder in (first, *others)), None)
    return Exit.DONE

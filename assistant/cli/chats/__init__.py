"""`alcove chats`: the kept chats, listed, searched, exported, imported, backed up and deleted."""

from typing import Any

from assistant.cli.chats import backing_up, deleting, listing, porting


def add_to(commands: Any) -> None:
    """Add the command to the `argparse` subparsers `commands`."""
    parser = commands.add_parser(
        "chats",
        help="list, search, export, import, back up and delete chats",
        description="Work with the chats that are kept on this computer. Without an action it "
        "lists them.",
    )
    parser.set_defaults(run=listing.list_chats, archived=False, format="text")
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    for part in (listing, porting, backing_up, deleting):
        part.add_to(actions)

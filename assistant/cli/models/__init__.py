"""`alcove models`: what is installed, getting more, and making one faster."""

from typing import Any

from assistant.cli.models import checking, faster, fetching, listing, verifying


def add_to(commands: Any) -> None:
    """Add the command to the `argparse` subparsers `commands`."""
    parser = commands.add_parser(
        "models", help="installed models, downloading one more, making one faster"
    )
    parser.set_defaults(run=listing.list_installed, format="text")
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    for action in (listing, fetching, verifying, faster, checking):
        action.add_to(actions)

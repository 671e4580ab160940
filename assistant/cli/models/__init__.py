"""`alcove models`: what is installed, getting more, keeping them, and what they are worth."""

from typing import Any

from assistant.cli.models import (
    checking,
    details,
    faster,
    fetching,
    importing,
    listing,
    loading,
    moving,
    recommending,
    removing,
    searching,
    showing,
    templating,
    updating,
    using,
    verifying,
)

_ACTIONS = (
    listing,
    details,
    using,
    recommending,
    searching,
    showing,
    fetching,
    importing,
    updating,
    verifying,
    removing,
    moving,
    loading,
    templating,
    faster,
    checking,
)


def add_to(commands: Any) -> None:
    """Add the command to the `argparse` subparsers `commands`."""
    parser = commands.add_parser(
        "models", help="installed models, downloading one more, making one faster"
    )
    parser.set_defaults(run=listing.list_installed, format="text")
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    for action in _ACTIONS:
        action.add_to(actions)

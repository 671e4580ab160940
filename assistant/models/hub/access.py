"""How the app reaches a hub: the one place that makes one, from the person's settings."""

import functools
from collections.abc import Callable

from assistant.models.hub.client import Hub
from assistant.models.hub.connections import ConnectionLog
from assistant.models.hub.tokens import TokenStore, token_of_environment
from assistant.settings import Settings


def hub_of(
    settings: Settings,
    connections: ConnectionLog,
    tokens: TokenStore | None = None,
    endpoint: str = "",
    *,
    recorded: str = "",
) -> Hub:
    """Return the hub that the settings choose. Nothing is asked, looked up or unlocked.

    Args:
        settings: the mirror, the proxy, "Never connect", and which hosts have a token.
        connections: where each connection is listed.
        tokens: where tokens are kept; None for the one of the environment alone.
        endpoint: another hub than the one of the settings, named by the person now.
        recorded: another one that a record beside a model names, or that of an unfinished
            download; it gets the token of the environment only if it is that of the settings.
    """
    hub = Hub(
        endpoint or recorded or settings.hub_endpoint,
        connections,
        proxy=settings.proxy,
        is_closed=settings.never_connects,
    )
    hub.token_source = _token_source(settings, tokens, hub, is_named=bool(endpoint or not recorded))
    return hub


def _token_source(
    settings: Settings, tokens: TokenStore | None, hub: Hub, *, is_named: bool
) -> Callable[[], str]:
    """Return what gives the token of a hub's own host when its first request is made."""

    @functools.cache
    def token() -> str:
        # The keyring is asked for the hosts only that have one there: it may want a password.
        kept = tokens.get(hub.host) if tokens and hub.host in settings.token_hosts else ""
        if not kept and (is_named or hub.endpoint == Hub(settings.hub_endpoint).endpoint):
            return token_of_environment()
        return kept

    return token

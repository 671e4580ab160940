"""Addresses that a person enters: of a mirror of the hub, and of a proxy."""

import ipaddress
from enum import StrEnum
from urllib.parse import urlsplit

_LONGEST = 500


class AddressFault(StrEnum):
    """Why an address is not taken."""

    NO_ADDRESS = "no-address"
    INSECURE = "insecure"
    HAS_PASSWORD = "has-password"  # noqa: S105 - a fault's name


class AddressError(ValueError):
    """An address that is not taken; `fault` says why."""

    def __init__(self, fault: AddressFault) -> None:
        super().__init__(fault)
        self.fault = fault


def is_loopback(host: str) -> bool:
    """Return whether an address does not leave this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def as_endpoint(text: str) -> str:
    """Return the address of a hub as it is kept: encrypted, unless it is on this computer.

    Raises:
        AddressError: it is none, or not encrypted, or has a password in it.
    """
    address = _with_scheme(text, "https")
    if not address:
        return ""
    scheme, host = _checked(address)
    if scheme == "http" and not is_loopback(host):
        raise AddressError(AddressFault.INSECURE)
    return address


def as_proxy(text: str) -> str:
    """Return the address of a proxy as it is kept: `http(s)://host:port`.

    What goes through it is encrypted from here to the hub, so the way to the proxy need not be.

    Raises:
        AddressError: it is none, or has a password in it: that is not kept in a file.
    """
    address = _with_scheme(text, "http")
    if not address:
        return ""
    _checked(address)
    if urlsplit(address).path:
        raise AddressError(AddressFault.NO_ADDRESS)
    return address


def _with_scheme(text: str, scheme: str) -> str:
    text = text.strip()
    address = text if not text or "://" in text else f"{scheme}://{text}"
    return address.rstrip("/")


def _checked(address: str) -> tuple[str, str]:
    """Return the scheme and the host of an http(s) address."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressError(AddressFault.NO_ADDRESS) from error
    is_plain = address.isprintable() and " " not in address and len(address) <= _LONGEST
    is_address = parts.scheme in {"http", "https"} and host and port != 0
    if not is_address or not is_plain or parts.query or parts.fragment:
        raise AddressError(AddressFault.NO_ADDRESS)
    if parts.username is not None or parts.password is not None:
        raise AddressError(AddressFault.HAS_PASSWORD)
    return parts.scheme, host

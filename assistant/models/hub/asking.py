"""One question to a hub, and its answer with a bound on it.

Not through `HfApi`, whose lists repeat a question that was refused for minutes without a way to
stop them, unpack an answer whatever its size, and follow the pages by themselves. The session, the
names' rules and the limits' headers are the library's.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import DownloadError, DownloadFault, HubError, HubFault
from assistant.models.hub.client import Hub
from assistant.models.hub.errand import TransientError, WrongBytesError

_LONGEST_PAGE_ADDRESS = 8192
_FAULTS = {
    DownloadFault.OFFLINE: HubFault.OFFLINE,
    DownloadFault.PROXY: HubFault.PROXY,
    DownloadFault.CERTIFICATE: HubFault.CERTIFICATE,
    DownloadFault.CUT: HubFault.CUT,
    DownloadFault.NOT_FOUND: HubFault.NOT_FOUND,
    DownloadFault.FILE_NOT_FOUND: HubFault.NOT_FOUND,
    DownloadFault.GATED: HubFault.GATED,
    DownloadFault.WRONG_TOKEN: HubFault.WRONG_TOKEN,
    DownloadFault.INSECURE: HubFault.INSECURE,
}
_TOLD = frozenset({DownloadFault.GATED, DownloadFault.WRONG_TOKEN})  # plainly, also with a 401
_BUSY = frozenset({"429", "503"})

Parameters = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a hub says to a question; not to be trusted.

    Attributes:
        content: its bytes.
        next_page: the question for the next page; "" at the end.
    """

    content: bytes
    next_page: str = ""


def ask(
    hub: Hub,
    question: str,
    parameters: Parameters | None = None,
    *,
    reason: str,
    limit_bytes: int,
    is_cut: bool = False,
    repo: str = "",
    cancel: threading.Event | None = None,
) -> Answer:
    """Ask a hub one question, once.

    Args:
        hub: whom.
        question: the path from the hub's root, or the `next_page` of an answer.
        parameters: of the query.
        reason: what stands in the connection list.
        limit_bytes: more is not taken, neither as it comes nor unpacked.
        is_cut: a longer answer is cut there; else it is refused.
        repo: the repository that it is about, if any: its name is checked.
        cancel: stops it.

    Raises:
        HubError: there is no answer.
        NetworkClosed: "Never connect" is on; nothing was asked.
        StoppedError: within `assistant.models`.
    """
    try:
        errand = hub.errand(reason, repo, "", cancel, limit_bytes=0 if is_cut else limit_bytes)
        if repo and not hub.is_name(repo):
            raise HubError(HubFault.NOT_FOUND, hub.host, repo, detail="name")
        from assistant.models.hub.transport import translated  # noqa: PLC0415 - it imports HTTP

        with errand, errand.running(), translated(repo, "", errand):
            return _answer(hub, question, parameters, repo, limit_bytes, is_cut=is_cut)
    except TransientError as error:
        raise _no_answer(hub, error.error, repo, error.retry_after_s) from error
    except DownloadError as error:
        raise _no_answer(hub, error, repo) from error
    except WrongBytesError as error:
        raise HubError(HubFault.NOT_A_HUB, hub.host, repo, detail="too long") from error


def _answer(
    hub: Hub,
    question: str,
    parameters: Parameters | None,
    repo: str,
    limit_bytes: int,
    *,
    is_cut: bool,
) -> Answer:
    """Send the request, and read the answer as far as it is wanted."""
    from assistant.models.hub.transport import timeout  # noqa: PLC0415

    headers = {"accept": "application/json, text/plain", "accept-encoding": "gzip"}
    with hub.session().stream(
        "GET",
        hub.endpoint + question,
        params=parameters,
        headers=headers | hub.headers(),
        timeout=timeout(hub.timeouts),
    ) as response:
        if error := _refused(hub, response, repo):
            raise error
        content = bytearray()
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > limit_bytes:
                if not is_cut:
                    raise WrongBytesError
                break
        link = response.links.get("next", {}).get("url", "")
        return Answer(bytes(content[:limit_bytes]), _next_page(hub, link))


def _next_page(hub: Hub, link: str) -> str:
    """Return a link to the next page as a question to this hub, wherever it leads.

    A mirror may hand on the links of another hub, which is not the one that was to be asked.
    """
    if len(link) > _LONGEST_PAGE_ADDRESS:
        return ""
    question = link.removeprefix(hub.endpoint)
    if question == link:
        try:
            parts = urlsplit(link)
        except ValueError:
            return ""
        question = f"{parts.path}?{parts.query}"
    return question if question.startswith("/api/") else ""


def _refused(hub: Hub, response: Any, repo: str) -> DownloadError | TransientError | None:
    """Return what the status of an answer means; None for a success."""
    from assistant.models.hub.transport import meaning  # noqa: PLC0415

    error = meaning(response, repo, "")
    if isinstance(error, TransientError):
        error.retry_after_s = error.retry_after_s or hub.wait_s(response.headers)
    elif error is not None and repo and response.status_code == 401 and error.fault not in _TOLD:
        # The hub does not tell private repositories from those that are not there.
        return DownloadError(repo, DownloadFault.NOT_FOUND, detail="401")
    return error


def _no_answer(hub: Hub, error: DownloadError, repo: str, wait_s: float = 0.0) -> HubError:
    """Return what a failure means for who asked."""
    fault = _FAULTS.get(error.fault, HubFault.REFUSED)
    if wait_s or error.detail in _BUSY:
        fault = HubFault.BUSY
    elif fault is HubFault.NOT_FOUND and not repo:
        fault = HubFault.NOT_A_HUB  # nothing answers where a hub is searched
    return HubError(fault, hub.host, repo, wait_s, error.detail)

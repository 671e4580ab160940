"""What an error means, in words, and the next step to take. English; the window translates it.

Templates are marked with `QT_TRANSLATE_NOOP`, which `lupdate` knows by its name, so that the
window can translate them while the terminal uses the same sentences without Qt.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.documents.ocr import installing
from assistant.documents.places import place_short as place_short  # noqa: PLC0414
from assistant.documents.places import place_words as place_words  # noqa: PLC0414
from assistant.documents.places import unit_word as unit_word  # noqa: PLC0414
from assistant.engine.protocol import Fallback, ModelInfo
from assistant.errors import (
    AssistantError,
    BackupFault,
    BackupUnusable,
    CannotWrite,
    CrashedLastTime,
    CrashNoted,
    DamagedData,
    DeathCause,
    DocumentError,
    DownloadError,
    DownloadFault,
    EngineClosed,
    EngineDied,
    EngineUnusable,
    FileFault,
    GrammarError,
    HubError,
    HubFault,
    ModelError,
    ModelFault,
    ModelInUse,
    ModelNotFound,
    ModelTooLarge,
    MoveFault,
    MoveRefused,
    NetworkClosed,
    NewerData,
    NoKeyring,
    NoSpace,
    NothingKept,
    NothingOlder,
    NotOurs,
    PortError,
    PortFault,
    PromptTooLong,
    RequantizingFault,
    RequantizingRefused,
    TemplateUnusable,
    WindowOpen,
    WrongTask,
)

if TYPE_CHECKING:  # it imports numpy, which `alcove --version` does without
    from assistant.engine.requantizing import Requantized

CONTEXT = "errors"


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name lupdate looks for
    """Mark `text` for translation in `context`, and return it."""
    del context
    return text


_N = QT_TRANSLATE_NOOP  # lupdate is told of this name too


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sentence that says what happened and one that says what to do.

    Attributes:
        what: template of the first, to be filled with `facts`.
        next_step: template of the second.
        facts: values for both.
    """

    what: str
    next_step: str
    facts: dict[str, str]

    def __str__(self) -> str:
        """Both sentences in English, on one line."""
        text = f"{self.what} {self.next_step}".format(**self.facts).strip()
        return " ".join(text.split())

    def translated(self, translate: Callable[[str], str]) -> tuple[str, str]:
        """Return both sentences after `translate` turned the templates."""
        return (
            translate(self.what).format(**self.facts),
            translate(self.next_step).format(**self.facts) if self.next_step else "",
        )


_DOCUMENT = {
    FileFault.MISSING: (
        QT_TRANSLATE_NOOP("errors", "{path}: there is no such file."),
        QT_TRANSLATE_NOOP("errors", "Check the name, or choose the file again."),
    ),
    FileFault.DIRECTORY: (
        QT_TRANSLATE_NOOP("errors", "{path} is a folder, not a document."),
        QT_TRANSLATE_NOOP("errors", "Choose the files in it."),
    ),
    FileFault.EMPTY: (
        QT_TRANSLATE_NOOP("errors", "{path} is empty: it has no bytes."),
        QT_TRANSLATE_NOOP("errors", "If it should have content, fetch it again."),
    ),
    FileFault.UNKNOWN_TYPE: (
        QT_TRANSLATE_NOOP("errors", "{path} is of a type Alcove cannot read."),
        QT_TRANSLATE_NOOP(
            "errors", "It reads PDF, office files, EPUB, RTF, HTML, Markdown, mail, text and ZIP."
        ),
    ),
    FileFault.DAMAGED: (
        QT_TRANSLATE_NOOP("errors", "{path} is damaged and cannot be read."),
        QT_TRANSLATE_NOOP(
            "errors", "Fetch it again, or open it in its own program and save a new copy."
        ),
    ),
    FileFault.PASSWORD_NEEDED: (
        QT_TRANSLATE_NOOP("errors", "{path} is protected with a password."),
        QT_TRANSLATE_NOOP("errors", "Enter the password, or save a copy without one."),
    ),
    FileFault.PASSWORD_WRONG: (
        QT_TRANSLATE_NOOP("errors", "{path} does not open with this password."),
        QT_TRANSLATE_NOOP("errors", "Try the password again."),
    ),
    FileFault.ENCRYPTED: (
        QT_TRANSLATE_NOOP("errors", "{path} is encrypted, by a password or copy protection."),
        QT_TRANSLATE_NOOP(
            "errors",
            "Open it in its own program and save an open copy: only PDFs can be unlocked here.",
        ),
    ),
    FileFault.NO_TEXT: (
        QT_TRANSLATE_NOOP("errors", "{path} has no text on any of its {pages} pages."),
        QT_TRANSLATE_NOOP(
            "errors",
            "They are blank, or hold pictures in which no writing could be recognised.",
        ),
    ),
    FileFault.NEEDS_OCR: (
        QT_TRANSLATE_NOOP(
            "errors", "{path} holds only pictures of text, and nothing here can read those yet."
        ),
        QT_TRANSLATE_NOOP(
            "errors",
            "Add text recognition (OCR), which works offline: {ocr_command} (or, where Alcove was "
            "installed with pip: {ocr_pip}). Then open the file again.",
        ),
    ),
    FileFault.TOO_LARGE: (
        QT_TRANSLATE_NOOP(
            "errors", "{path} passes a limit that keeps this computer safe: {limit}."
        ),
        QT_TRANSLATE_NOOP("errors", "Split it into smaller files."),
    ),
    FileFault.NOT_ALLOWED: (
        QT_TRANSLATE_NOOP("errors", "{path} may not be read by you."),
        QT_TRANSLATE_NOOP("errors", "Change its permissions, or copy it to a folder of yours."),
    ),
    FileFault.READER_CRASHED: (
        QT_TRANSLATE_NOOP("errors", "{path} made the reader stop; nothing else was harmed."),
        QT_TRANSLATE_NOOP(
            "errors", "The file may be damaged: open it in its own program and save a new copy."
        ),
    ),
    FileFault.READER_TIMED_OUT: (
        QT_TRANSLATE_NOOP("errors", "{path} took too long to read and was given up."),
        QT_TRANSLATE_NOOP("errors", "Split it into smaller files, or save a new copy of it."),
    ),
    FileFault.SUMMARY_LOST: (
        QT_TRANSLATE_NOOP("errors", "{path} was summarised, but its summary cannot be read here."),
        QT_TRANSLATE_NOOP("errors", "Let it be tried again in the queue: it is made anew then."),
    ),
    FileFault.PASSED_OVER: (
        QT_TRANSLATE_NOOP("errors", "{path} was passed over in the queue, and was not read."),
        QT_TRANSLATE_NOOP("errors", "Let it have its turn there: the digest is made anew then."),
    ),
}

_MODEL = {
    ModelFault.MISSING: (
        QT_TRANSLATE_NOOP("errors", "{path}: there is no such model file."),
        QT_TRANSLATE_NOOP("errors", "Choose another model; the ones here are listed under Models."),
    ),
    ModelFault.DIRECTORY: (
        QT_TRANSLATE_NOOP("errors", "{path} is a folder, not a model."),
        QT_TRANSLATE_NOOP("errors", "Choose a .gguf file."),
    ),
    ModelFault.EMPTY: (
        QT_TRANSLATE_NOOP("errors", "{path} is empty: it has no bytes."),
        QT_TRANSLATE_NOOP("errors", "Download the model again."),
    ),
    ModelFault.NOT_GGUF: (
        QT_TRANSLATE_NOOP("errors", "{path} is not a model in GGUF format."),
        QT_TRANSLATE_NOOP("errors", "Choose a .gguf file."),
    ),
    ModelFault.TRUNCATED: (
        QT_TRANSLATE_NOOP("errors", "{path} is incomplete: the end of the file is missing."),
        QT_TRANSLATE_NOOP("errors", "Download the model again."),
    ),
    ModelFault.DAMAGED: (
        QT_TRANSLATE_NOOP("errors", "{path} is damaged."),
        QT_TRANSLATE_NOOP("errors", "Download the model again."),
    ),
    ModelFault.UNKNOWN_ARCHITECTURE: (
        QT_TRANSLATE_NOOP("errors", "{path} is of a kind that is not known here: {detail}."),
        QT_TRANSLATE_NOOP("errors", "Choose another model, or a newer version of Alcove."),
    ),
    ModelFault.REFUSED: (
        QT_TRANSLATE_NOOP("errors", "llama.cpp refused to load {path}."),
        QT_TRANSLATE_NOOP("errors", "Download the model again, or choose another."),
    ),
    ModelFault.NO_CHAT_TEMPLATE: (
        QT_TRANSLATE_NOOP(
            "errors", "{path} is a base model: it continues text and cannot hold a conversation."
        ),
        QT_TRANSLATE_NOOP("errors", 'Choose a model with "Instruct" or "Chat" in its name.'),
    ),
    ModelFault.TEMPLATE_FAILED: (
        QT_TRANSLATE_NOOP("errors", "The chat template inside {path} does not work."),
        QT_TRANSLATE_NOOP("errors", "Choose another file of this model, or another model."),
    ),
    ModelFault.NOT_ALLOWED: (
        QT_TRANSLATE_NOOP("errors", "{path} may not be read by you."),
        QT_TRANSLATE_NOOP("errors", "Change its permissions, or copy it to a folder of yours."),
    ),
    ModelFault.PART_MISSING: (
        QT_TRANSLATE_NOOP(
            "errors", "{path} is one of several parts of a model, and {detail} is not beside it."
        ),
        QT_TRANSLATE_NOOP("errors", "Download the missing part, or put it into the same folder."),
    ),
    ModelFault.LATER_PART: (
        QT_TRANSLATE_NOOP("errors", "{path} is a later part of a model that is cut into files."),
        QT_TRANSLATE_NOOP("errors", "Choose the first part; it is called {detail}."),
    ),
    ModelFault.NOT_FOR_EMBEDDING: (
        QT_TRANSLATE_NOOP("errors", "{path} was not made for comparing texts (embeddings)."),
        QT_TRANSLATE_NOOP("errors", 'Choose a model with "embed", "e5" or "bge" in its name.'),
    ),
}

_REQUANTIZING = {
    RequantizingFault.NOT_FASTER: (
        QT_TRANSLATE_NOOP(
            "errors",
            "As {quantization} the model is not faster on this computer: it reads {prompt} and "
            "writes {generation} times as fast. The new file was removed.",
        ),
        QT_TRANSLATE_NOOP("errors", "Keep the model as it is."),
    ),
    RequantizingFault.TOO_MUCH_LOST: (
        QT_TRANSLATE_NOOP(
            "errors",
            "As {quantization} the model loses too much: only {agreement} of 100 next words are "
            "the same. The new file was removed.",
        ),
        QT_TRANSLATE_NOOP("errors", "Keep the model as it is."),
    ),
    RequantizingFault.UNKNOWN_FORMAT: (
        QT_TRANSLATE_NOOP("errors", "Alcove cannot make a model into {quantization}."),
        QT_TRANSLATE_NOOP("errors", "Choose Q4_0, Q4_K_M or Q8_0."),
    ),
    RequantizingFault.FAST_ALREADY: (
        QT_TRANSLATE_NOOP(
            "errors", "No format is known to be faster on this computer than {quantization}."
        ),
        QT_TRANSLATE_NOOP("errors", "Keep the model as it is."),
    ),
}

_MOVE = {
    MoveFault.SAME: (
        QT_TRANSLATE_NOOP("errors", "The models are in {path} already."),
        QT_TRANSLATE_NOOP("errors", "Choose another folder."),
    ),
    MoveFault.INSIDE: (
        QT_TRANSLATE_NOOP("errors", "{path} is inside the folder that would be moved."),
        QT_TRANSLATE_NOOP("errors", "Choose a folder beside it, or on another disk."),
    ),
    MoveFault.NAME_TAKEN: (
        QT_TRANSLATE_NOOP("errors", "{path} exists already and is another file; nothing moved."),
        QT_TRANSLATE_NOOP("errors", "Choose an empty folder, or rename that file."),
    ),
    MoveFault.BUSY: (
        QT_TRANSLATE_NOOP("errors", "{path} is being written by a download or another move."),
        QT_TRANSLATE_NOOP("errors", "Wait for it, or stop it, then move the folder."),
    ),
    MoveFault.DAMAGED_COPY: (
        QT_TRANSLATE_NOOP(
            "errors", "The copy of {path} is not what was copied; the original is untouched."
        ),
        QT_TRANSLATE_NOOP("errors", "Check the new disk, or choose another one."),
    ),
    MoveFault.OTHER_MOVE: (
        QT_TRANSLATE_NOOP("errors", "An earlier move, to {detail}, has not ended."),
        QT_TRANSLATE_NOOP("errors", "Move to that folder first: it goes on from there."),
    ),
}

_GIVEN_UP = {
    Fallback.NO_GPU: (
        QT_TRANSLATE_NOOP("errors", "No GPU that this build can use: the processor does it all."),
        "",
    ),
    Fallback.FEWER_GPU_LAYERS: (
        QT_TRANSLATE_NOOP(
            "errors", "The GPU's memory holds only {layers} layers of the model; it is slower so."
        ),
        QT_TRANSLATE_NOOP("errors", "Choose a smaller model for full speed."),
    ),
    Fallback.PROCESSOR: (
        QT_TRANSLATE_NOOP(
            "errors", "The model did not load on the GPU; the processor does it all, slower."
        ),
        QT_TRANSLATE_NOOP("errors", "Close programs that use the GPU, or choose a smaller model."),
    ),
    Fallback.COMPACT_MEMORY: (
        QT_TRANSLATE_NOOP(
            "errors",
            "Memory is tight: the model keeps the text in mind with 8 bits instead of 16; "
            "it writes slower so.",
        ),
        QT_TRANSLATE_NOOP("errors", "Close other programs, or choose a smaller context."),
    ),
    Fallback.SMALLER_CONTEXT: (
        QT_TRANSLATE_NOOP(
            "errors", "Memory is tight: the context has {context} tokens instead of {wished}."
        ),
        QT_TRANSLATE_NOOP("errors", "Close other programs, or choose a smaller model."),
    ),
}

_DEATH = {
    DeathCause.KILLED: QT_TRANSLATE_NOOP("errors", "The engine was ended from outside."),
    DeathCause.OUT_OF_MEMORY: QT_TRANSLATE_NOOP("errors", "The computer ran out of memory."),
    DeathCause.CRASHED: QT_TRANSLATE_NOOP("errors", "The engine crashed."),
    DeathCause.FROZEN: QT_TRANSLATE_NOOP("errors", "The engine did not answer any more."),
    DeathCause.EXITED: QT_TRANSLATE_NOOP("errors", "The engine stopped."),
}

_DOWNLOAD = {
    DownloadFault.OFFLINE: (
        QT_TRANSLATE_NOOP("errors", "The hub could not be reached."),
        QT_TRANSLATE_NOOP("errors", "Check the connection and start again: it goes on from there."),
    ),
    DownloadFault.PROXY: (
        QT_TRANSLATE_NOOP("errors", "The hub could not be reached through the proxy."),
        QT_TRANSLATE_NOOP(
            "errors", "Check the proxy in Settings, under Network; what came is kept."
        ),
    ),
    DownloadFault.CERTIFICATE: (
        QT_TRANSLATE_NOOP(
            "errors",
            "Whoever answered could not prove to be the hub (its certificate is not trusted): "
            "nothing was taken.",
        ),
        QT_TRANSLATE_NOOP(
            "errors", "Check the computer's date, the mirror and the network; then try again."
        ),
    ),
    DownloadFault.CUT: (
        QT_TRANSLATE_NOOP("errors", "The download of {file} was cut; what came is kept."),
        QT_TRANSLATE_NOOP("errors", "Start it again: it goes on from there."),
    ),
    DownloadFault.NOT_FOUND: (
        QT_TRANSLATE_NOOP("errors", "The hub has no repository {repo}."),
        QT_TRANSLATE_NOOP("errors", "Check its name: it has the form owner/name."),
    ),
    DownloadFault.FILE_NOT_FOUND: (
        QT_TRANSLATE_NOOP("errors", "{repo} has no file {file}."),
        QT_TRANSLATE_NOOP("errors", "Check the file's name on the model's page."),
    ),
    DownloadFault.GATED: (
        QT_TRANSLATE_NOOP("errors", "{repo} is given only to people who accepted its terms."),
        QT_TRANSLATE_NOOP(
            "errors",
            "Sign in on the hub and accept them on the model's page, make an access token there "
            "that may only read, and enter it in Settings, under Network (in a terminal: "
            "ALCOVE_HUB_TOKEN). Or choose another model.",
        ),
    ),
    DownloadFault.WRONG_TOKEN: (
        QT_TRANSLATE_NOOP("errors", "The hub does not know the access token."),
        QT_TRANSLATE_NOOP(
            "errors",
            "Make a new one there that may only read and enter it in Settings, under Network; or "
            "remove it: most models need none.",
        ),
    ),
    DownloadFault.CHANGED: (
        QT_TRANSLATE_NOOP("errors", "{file} changed on the hub since the download began."),
        QT_TRANSLATE_NOOP("errors", "Start it again from the beginning."),
    ),
    DownloadFault.DAMAGED: (
        QT_TRANSLATE_NOOP("errors", "{file} arrived damaged twice and was thrown away."),
        QT_TRANSLATE_NOOP("errors", "Try later, or from another mirror."),
    ),
    DownloadFault.NOT_A_MODEL: (
        QT_TRANSLATE_NOOP("errors", "{file} of {repo} is not a model in GGUF format."),
        QT_TRANSLATE_NOOP("errors", "Choose a file whose name ends in .gguf."),
    ),
    DownloadFault.REFUSED: (
        QT_TRANSLATE_NOOP("errors", "The hub refused to give {file}."),
        QT_TRANSLATE_NOOP("errors", "Try later, or choose another model."),
    ),
    DownloadFault.UNSAFE_NAME: (
        QT_TRANSLATE_NOOP("errors", "{file} is not a safe name for a model file."),
        QT_TRANSLATE_NOOP("errors", "Choose a file whose name ends in .gguf."),
    ),
    DownloadFault.INSECURE: (
        QT_TRANSLATE_NOOP("errors", "The address is not encrypted (https)."),
        QT_TRANSLATE_NOOP("errors", "Use an address that begins with https."),
    ),
    DownloadFault.BUSY: (
        QT_TRANSLATE_NOOP("errors", "{file} is being downloaded already."),
        QT_TRANSLATE_NOOP("errors", "Wait for it, or stop the other download."),
    ),
}


_HUB = {
    HubFault.OFFLINE: (
        QT_TRANSLATE_NOOP("errors", "{host} could not be reached."),
        QT_TRANSLATE_NOOP("errors", "Check the connection, then try again."),
    ),
    HubFault.PROXY: (
        QT_TRANSLATE_NOOP("errors", "{host} could not be reached through the proxy."),
        QT_TRANSLATE_NOOP("errors", "Check the proxy in Settings, under Network."),
    ),
    HubFault.CERTIFICATE: (
        QT_TRANSLATE_NOOP(
            "errors",
            "Whoever answered could not prove to be {host} (its certificate is not trusted): "
            "nothing was asked.",
        ),
        QT_TRANSLATE_NOOP(
            "errors", "Check the computer's date, the mirror and the network; then try again."
        ),
    ),
    HubFault.CUT: (
        QT_TRANSLATE_NOOP("errors", "{host} stopped answering."),
        QT_TRANSLATE_NOOP("errors", "Try again."),
    ),
    HubFault.BUSY: (
        QT_TRANSLATE_NOOP("errors", "{host} is busy, or was asked too often."),
        QT_TRANSLATE_NOOP("errors", "Try again in {wait}."),
    ),
    HubFault.NOT_FOUND: (
        QT_TRANSLATE_NOOP("errors", "{host} has no repository {repo}, or does not show it."),
        QT_TRANSLATE_NOOP("errors", "Check its name: it has the form owner/name."),
    ),
    HubFault.GATED: (
        QT_TRANSLATE_NOOP("errors", "{repo} is shown only to people who accepted its terms."),
        QT_TRANSLATE_NOOP(
            "errors",
            "Sign in on the hub and accept them on the model's page, make an access token there "
            "that may only read, and enter it in Settings, under Network (in a terminal: "
            "ALCOVE_HUB_TOKEN). Or choose another model.",
        ),
    ),
    HubFault.WRONG_TOKEN: (
        QT_TRANSLATE_NOOP("errors", "{host} does not know the access token."),
        QT_TRANSLATE_NOOP("errors", "Make a new one there, or remove it from Alcove."),
    ),
    HubFault.REFUSED: (
        QT_TRANSLATE_NOOP("errors", "{host} refused to answer."),
        QT_TRANSLATE_NOOP("errors", "Try later, or with other words."),
    ),
    HubFault.NOT_A_HUB: (
        QT_TRANSLATE_NOOP("errors", "{host} answered something that no model hub says."),
        QT_TRANSLATE_NOOP(
            "errors",
            "Does this network ask to log in? If a mirror is chosen, check its address.",
        ),
    ),
    HubFault.INSECURE: (
        QT_TRANSLATE_NOOP("errors", "The address is not encrypted (https)."),
        QT_TRANSLATE_NOOP("errors", "Use an address that begins with https."),
    ),
}

_BACKUP = {
    BackupFault.MISSING: (
        QT_TRANSLATE_NOOP("errors", "{path}: there is no such file."),
        QT_TRANSLATE_NOOP("errors", "Check the name, or choose the backup again."),
    ),
    BackupFault.UNREADABLE: (
        QT_TRANSLATE_NOOP("errors", "{path} could not be read."),
        QT_TRANSLATE_NOOP("errors", "Check the disk and the file's permissions."),
    ),
    BackupFault.NOT_A_BACKUP: (
        QT_TRANSLATE_NOOP("errors", "{path} is not a backup made by Alcove; nothing was changed."),
        QT_TRANSLATE_NOOP("errors", "Choose a file that Alcove's backup wrote."),
    ),
    BackupFault.DAMAGED: (
        QT_TRANSLATE_NOOP("errors", "{path} is damaged; nothing was changed."),
        QT_TRANSLATE_NOOP("errors", "Choose another backup, or copy this one again."),
    ),
    BackupFault.NEWER: (
        QT_TRANSLATE_NOOP(
            "errors", "{path} was made by a newer version of Alcove; nothing was changed."
        ),
        QT_TRANSLATE_NOOP("errors", "Update Alcove, then restore it."),
    ),
    BackupFault.IN_USE: (
        QT_TRANSLATE_NOOP("errors", "{path} is what Alcove is using now, not a backup of it."),
        QT_TRANSLATE_NOOP("errors", "Choose a file that Alcove's backup wrote."),
    ),
}

_PORT = {
    PortFault.MISSING: (
        QT_TRANSLATE_NOOP("errors", "{path}: there is no such file."),
        QT_TRANSLATE_NOOP("errors", "Check the name, or choose the file again."),
    ),
    PortFault.DIRECTORY: (
        QT_TRANSLATE_NOOP("errors", "{path} is a folder without exported chats."),
        QT_TRANSLATE_NOOP("errors", "Choose the exported file itself."),
    ),
    PortFault.EMPTY: (
        QT_TRANSLATE_NOOP("errors", "{path} is empty: it has no bytes."),
        QT_TRANSLATE_NOOP("errors", "Export the chats again."),
    ),
    PortFault.NOT_ALLOWED: (
        QT_TRANSLATE_NOOP("errors", "{path} may not be read by you."),
        QT_TRANSLATE_NOOP("errors", "Change its permissions, or copy it to a folder of yours."),
    ),
    PortFault.UNKNOWN_FORMAT: (
        QT_TRANSLATE_NOOP("errors", "{path} holds no chats that Alcove can read."),
        QT_TRANSLATE_NOOP(
            "errors",
            "It reads its own JSON, and the exports of ChatGPT, Claude, LM Studio and GPT4All. "
            "Nothing was imported.",
        ),
    ),
    PortFault.NO_CHATS: (
        QT_TRANSLATE_NOOP("errors", "{path} has no chats in it."),
        QT_TRANSLATE_NOOP("errors", "Nothing was imported. Export the chats again."),
    ),
    PortFault.NEWER: (
        QT_TRANSLATE_NOOP(
            "errors", "{path} was written by a newer version of its app (format {detail})."
        ),
        QT_TRANSLATE_NOOP("errors", "Nothing was imported. Update Alcove, then try again."),
    ),
    PortFault.TOO_OLD: (
        QT_TRANSLATE_NOOP(
            "errors", "{path} was written by a very old version of its app (format {detail})."
        ),
        QT_TRANSLATE_NOOP(
            "errors", "Nothing was imported. Open it once with a newer version of that app."
        ),
    ),
    PortFault.DAMAGED: (
        QT_TRANSLATE_NOOP("errors", "{path} is damaged, or was cut off while it was copied."),
        QT_TRANSLATE_NOOP("errors", "Nothing was imported. Export or copy it again."),
    ),
    PortFault.ENCRYPTED: (
        QT_TRANSLATE_NOOP("errors", "{path} is protected with a password."),
        QT_TRANSLATE_NOOP("errors", "Unpack it with its password, then import what was in it."),
    ),
    PortFault.TOO_LARGE: (
        QT_TRANSLATE_NOOP("errors", "{path} passes a limit that keeps this computer safe."),
        QT_TRANSLATE_NOOP("errors", "Nothing was imported. Export fewer chats at once."),
    ),
}


def given_up(info: ModelInfo) -> tuple[Explanation, ...]:
    """Return what was given up to load a model, for people; nothing where nothing was."""
    facts = {
        "context": str(info.context_tokens),
        "wished": str(info.wished_context_tokens or info.trained_context_tokens),
        "layers": str(info.gpu_layers),
    }
    return tuple(Explanation(*_GIVEN_UP[fallback], facts) for fallback in info.fallbacks)


def explain(error: AssistantError) -> Explanation:
    """Return what `error` means and the next step to take."""
    for kind, explainer in _EXPLAINERS.items():
        if isinstance(error, kind):
            return explainer(error)
    return Explanation(str(error).replace("{", "(").replace("}", ")"), "", {})


_QUALITY = {
    "same": QT_TRANSLATE_NOOP(
        "errors",
        "Expect answers about as good as before: on a sample text it expects "
        "the same next word in {agreement} of 100 places (perplexity {lost}).",
    ),
    "slightly-worse": QT_TRANSLATE_NOOP(
        "errors",
        "Expect slightly worse answers than before: on a sample text it expects "
        "the same next word in {agreement} of 100 places (perplexity {lost}).",
    ),
    "worse": QT_TRANSLATE_NOOP(
        "errors",
        "Expect worse answers than before: on a sample text it expects "
        "the same next word in {agreement} of 100 places (perplexity {lost}).",
    ),
    "much-worse": QT_TRANSLATE_NOOP(
        "errors",
        "Expect much worse answers than before: on a sample text it expects "
        "the same next word in {agreement} of 100 places (perplexity {lost}).",
    ),
}


def faster(made: "Requantized") -> Explanation:
    """Return what a model in another format gained, and what it costs."""
    lost = round(100 * (made.compared.perplexity_ratio - 1))
    facts = {
        "quantization": made.quantization,
        "prompt": f"{made.prompt_ratio:.1f}",
        "generation": f"{made.generation_ratio:.1f}",
        "agreement": f"{100 * made.compared.agreement:.0f}",
        "lost": f"{lost:+d}%",
        "size": size(made.size_bytes),
        "before": size(made.size_before_bytes),
    }
    what = _N(
        "errors",
        "As {quantization} it reads {prompt} and writes {generation} times as fast on this "
        "computer ({size}, before {before}).",
    )
    if made.compared.was_busy:
        what = _N(
            "errors",
            "As {quantization} it reads about {prompt} and writes about {generation} times as "
            "fast on this computer ({size}, before {before}); other programs were busy, so this "
            "is rough.",
        )
    return Explanation(what, _QUALITY[made.quality], facts)


def size(size_bytes: float) -> str:
    """Return a size in the units people see elsewhere: "98 MB", "2.1 GB"."""
    if size_bytes < 1e6:
        return f"{size_bytes / 1e3:.0f} kB"
    if size_bytes < 1e9:
        return f"{size_bytes / 1e6:.0f} MB"
    return f"{size_bytes / 1e9:.1f} GB"


def _document(error: DocumentError) -> Explanation:
    what, step = _DOCUMENT[error.fault]
    facts = {"path": str(error.path), "limit": error.limit, "pages": str(error.pages)}
    if error.fault is FileFault.NEEDS_OCR:
        facts |= {"ocr_command": installing.command(), "ocr_pip": installing.PIP}
    return Explanation(what, step, facts)


def _model(error: ModelError) -> Explanation:
    what, step = _MODEL[error.fault]
    return Explanation(what, step, {"path": str(error.path), "detail": error.detail})


def _not_found(error: ModelNotFound) -> Explanation:
    if not error.installed:
        return Explanation(
            _N("errors", "There is no model named {name}, and none is installed."),
            _N("errors", "Download one under Models, or name a .gguf file."),
            {"name": error.name},
        )
    return Explanation(
        _N("errors", "There is no model named {name}."),
        _N("errors", "Installed: {installed}. A path to a .gguf file works too."),
        {"name": error.name, "installed": ", ".join(error.installed)},
    )


def _too_large(error: ModelTooLarge) -> Explanation:
    facts = {
        "path": str(error.path),
        "needed": size(error.needed_bytes),
        "free": size(error.free_bytes),
    }
    return Explanation(
        _N("errors", "{path} needs {needed} of memory, and {free} are free."),
        _N("errors", "Close other programs, or choose a smaller model."),
        facts,
    )


def _died(error: EngineDied) -> Explanation:
    facts = {"path": str(error.model or "")}
    if error.while_loading:
        step = _N("errors", "It happened while loading {path}: choose another model.")
    elif error.cause is DeathCause.OUT_OF_MEMORY:
        step = _N("errors", "Close other programs or choose a smaller model, then try again.")
    else:
        step = _N("errors", "Try again: it starts by itself, and nothing else is lost.")
    return Explanation(_DEATH[error.cause], step, facts)


def _crashed(error: CrashedLastTime) -> Explanation:
    return Explanation(
        _N("errors", "{path}: this model crashed last time."),
        _N("errors", "Download it again, choose another model, or try it once more on purpose."),
        {"path": str(error.path)},
    )


def _prompt(error: PromptTooLong) -> Explanation:
    return Explanation(
        _N("errors", "The text has {prompt} tokens, and the context holds {context}."),
        _N("errors", "Shorten it, or choose a larger context in Settings."),
        {"prompt": str(error.prompt_tokens), "context": str(error.context_tokens)},
    )


def _grammar(error: GrammarError) -> Explanation:
    return Explanation(
        _N("errors", "The form that the reply should have cannot be used: {detail}."),
        _N("errors", "Check the grammar or the JSON schema, or ask without one."),
        {"detail": error.detail.strip().rstrip(".") or "llama.cpp refused it"},
    )


def _requantizing(error: RequantizingRefused) -> Explanation:
    what, step = _REQUANTIZING[error.fault]
    facts = {
        "quantization": error.quantization,
        "prompt": f"{error.prompt_ratio:.1f}",
        "generation": f"{error.generation_ratio:.1f}",
        "agreement": f"{100 * error.agreement:.0f}",
    }
    return Explanation(what, step, facts)


def _closed(_: EngineClosed) -> Explanation:
    return Explanation(
        _N("errors", "The engine is closed."), _N("errors", "Start Alcove again."), {}
    )


def _unusable(error: EngineUnusable) -> Explanation:
    return Explanation(
        _N("errors", "No part of llama.cpp could be loaded for this processor ({detail})."),
        _N("errors", "Unpack or install Alcove again: files of it are missing or damaged."),
        {"detail": error.detail},
    )


def _download(error: DownloadError) -> Explanation:
    what, step = _DOWNLOAD[error.fault]
    return Explanation(what, step, {"repo": error.repo, "file": error.file or error.repo})


def _hub(error: HubError) -> Explanation:
    what, step = _HUB[error.fault]
    facts = {"host": error.host, "repo": error.repo, "wait": _wait(error.wait_s)}
    return Explanation(what, step, facts)


def _wait(seconds: float) -> str:
    seconds = seconds or 60  # said where the hub does not say
    return f"{math.ceil(seconds)} s" if seconds < 100 else f"{math.ceil(seconds / 60)} min"


def _network_closed(_: NetworkClosed) -> Explanation:
    return Explanation(
        _N("errors", '"Never connect" is on: nothing was asked, and nothing was sent.'),
        _N("errors", "Turn it off in Settings, under Network, to search or download."),
        {},
    )


def _no_keyring(_: NoKeyring) -> Explanation:
    return Explanation(
        _N("errors", "This system has no keyring, so an access token cannot be kept safely."),
        _N("errors", "Install or unlock one, or give the token to the terminal: ALCOVE_HUB_TOKEN."),
        {},
    )


def _in_use(error: ModelInUse) -> Explanation:
    return Explanation(
        _N("errors", "{path} is loaded at the moment, so it cannot be changed."),
        _N("errors", "Unload the model or choose another one, then try again."),
        {"path": str(error.path)},
    )


def _not_ours(error: NotOurs) -> Explanation:
    return Explanation(
        _N("errors", "{path} belongs to {owner}; Alcove does not delete it."),
        _N("errors", "Delete it there if you no longer need it."),
        {"path": str(error.path), "owner": error.owner},
    )


def _wrong_task(error: WrongTask) -> Explanation:
    if error.task == "embeddings":
        return Explanation(*_MODEL[ModelFault.NOT_FOR_EMBEDDING], {"path": str(error.path)})
    return Explanation(
        _N("errors", "{path} was made for comparing texts (embeddings): it does not write."),
        _N("errors", 'Choose a model with "Instruct" or "Chat" in its name.'),
        {"path": str(error.path)},
    )


def _template(error: TemplateUnusable) -> Explanation:
    return Explanation(
        _N("errors", "This is no chat template: it is longer than {limit} bytes, or no text."),
        _N("errors", "Give a Jinja template, as model files have it."),
        {"limit": str(error.limit_bytes)},
    )


def _move(error: MoveRefused) -> Explanation:
    return Explanation(*_MOVE[error.fault], {"path": str(error.path), "detail": error.detail})


def _backup(error: BackupUnusable) -> Explanation:
    return Explanation(*_BACKUP[error.fault], {"path": str(error.path)})


def _port(error: PortError) -> Explanation:
    return Explanation(*_PORT[error.fault], {"path": str(error.path), "detail": error.detail})


def _window_open(_: WindowOpen) -> Explanation:
    return Explanation(
        _N("errors", "The window of Alcove is open and works with what would be replaced."),
        _N("errors", "Close it, then try again; or do this in the window, under Settings."),
        {},
    )


def _nothing_older(error: NothingOlder) -> Explanation:
    return Explanation(
        _N("errors", "There is no older revision of {name} here to go back to."),
        _N("errors", "Download the revision that you want."),
        {"name": error.name},
    )


def _no_space(error: NoSpace) -> Explanation:
    facts = {
        "path": str(error.path),
        "needed": size(error.needed_bytes),
        "free": size(error.free_bytes),
    }
    if error.needed_bytes:
        what = _N("errors", "The disk of {path} has {free} left, and {needed} are needed.")
    else:
        what = _N("errors", "The disk of {path} is full.")
    return Explanation(what, _N("errors", "Free some space, then try again."), facts)


def _cannot_write(error: CannotWrite) -> Explanation:
    return Explanation(
        _N("errors", "{path} cannot be written: {reason}."),
        _N("errors", "Choose another place, or change its permissions."),
        {"path": str(error.path), "reason": error.reason or "not permitted"},
    )


def _newer(error: NewerData) -> Explanation:
    return Explanation(
        _N("errors", "{path} was written by a newer version of Alcove; it was not touched."),
        _N("errors", "Use that version, or another data folder."),
        {"path": str(error.path)},
    )


def _crash_noted(error: CrashNoted) -> Explanation:
    if error.was_fatal:
        return Explanation(
            _N("errors", "Alcove crashed the last time it ran."),
            _N("errors", "What is known of it is in a report here. Nothing was sent to anyone."),
            {},
        )
    return Explanation(
        _N("errors", "Something went wrong inside Alcove; it goes on."),
        _N("errors", "It is a fault of the program. Nothing was sent to anyone."),
        {},
    )


def _nothing_kept(error: NothingKept) -> Explanation:
    if error.portable is not None and isinstance(error.cause, CannotWrite):
        return Explanation(
            _N(
                "errors",
                "Alcove runs from a place that cannot be written: nothing that you do now is kept.",
            ),
            _N(
                "errors",
                "Make {place} writable, or remove the file “portable” beside Alcove to keep your "
                "things on this computer.",
            ),
            {"place": str(error.portable)},
        )
    told = explain(error.cause)
    return replace(
        told,
        next_step=_N("errors", "{step} Until then nothing that you do in this window is kept."),
        facts={**told.facts, "step": told.next_step.format(**told.facts)},
    )


def _damaged(error: DamagedData) -> Explanation:
    if error.kept_as is None:
        return Explanation(
            _N("errors", "{path} is damaged and could not be moved aside."),
            _N("errors", "Move it away by hand, then start again."),
            {"path": str(error.path)},
        )
    return Explanation(
        _N("errors", "{path} was damaged; it is kept as {kept}, and a new one was begun."),
        "",
        {"path": str(error.path), "kept": str(error.kept_as)},
    )


# Any: each function takes the class it stands beside.
_EXPLAINERS: dict[type[AssistantError], Callable[..., Explanation]] = {
    DocumentError: _document,
    ModelError: _model,
    ModelNotFound: _not_found,
    ModelTooLarge: _too_large,
    EngineDied: _died,
    CrashedLastTime: _crashed,
    PromptTooLong: _prompt,
    RequantizingRefused: _requantizing,
    GrammarError: _grammar,
    EngineClosed: _closed,
    EngineUnusable: _unusable,
    DownloadError: _download,
    HubError: _hub,
    NetworkClosed: _network_closed,
    NoKeyring: _no_keyring,
    ModelInUse: _in_use,
    NotOurs: _not_ours,
    WrongTask: _wrong_task,
    TemplateUnusable: _template,
    MoveRefused: _move,
    PortError: _port,
    WindowOpen: _window_open,
    BackupUnusable: _backup,
    NothingOlder: _nothing_older,
    NoSpace: _no_space,
    CannotWrite: _cannot_write,
    NewerData: _newer,
    CrashNoted: _crash_noted,
    NothingKept: _nothing_kept,
    DamagedData: _damaged,
}

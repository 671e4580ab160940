"""What the app and the engine's process say to each other.

Every request has an `id` and every event carries the id of the request it belongs to, so that
several can be under way. Messages are msgpack with a tag and a schema: the child meets untrusted
model files, so the app decodes what it says with types and never unpickles it.
"""

from enum import IntEnum, StrEnum

import msgspec


class Priority(IntEnum):
    """Which request goes first: a person waits for a chat reply."""

    CHAT = 0
    SUMMARY = 1
    ASIDE = 2  # nobody waits, and what others have evaluated stays: a chat's title, its recap


class Role(StrEnum):
    """Who says a message."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class FinishReason(StrEnum):
    """Why a reply ended."""

    END = "end"  # the model ended it, or a stop string did
    LENGTH = "length"  # max_tokens was reached, or the context is full
    STOPPED = "stopped"  # the user stopped it


class Message(msgspec.Struct, frozen=True):
    """One message of a prompt."""

    role: Role
    content: str


class Sampling(msgspec.Struct, frozen=True):
    """How the next token is chosen; temperature 0 is greedy.

    The names are llama.cpp's where it has them, and so are the defaults from `typical_p` on: all
    of those are switched off.

    Attributes:
        temperature: higher is freer; `dynatemp_range` lets it move so far up and down with how
            sure the model is, by `dynatemp_exponent`.
        top_k, top_p, min_p: which candidates are left.
        repeat_penalty, presence_penalty, frequency_penalty: against tokens that stand among the
            last `repeat_last_n` of the reply.
        seed: the same one gives the same choices.
        typical_p: leaves tokens that are about as surprising as is to be expected.
        top_n_sigma: leaves tokens within so many standard deviations of the likeliest.
        xtc_probability: chance to leave out all likely tokens but the last of them; `likely` is
            above `xtc_threshold`.
        dry_multiplier: against going on with a run of tokens that stood there before: it grows
            with `dry_base` for each token beyond `dry_allowed_length`, in the last
            `dry_penalty_last_n` of the reply.
        mirostat: 1 or 2 for that version, in place of what leaves out candidates: it holds the
            surprise at `mirostat_tau`, with steps of `mirostat_eta`.
    """

    temperature: float = 0.7
    top_k: int = 40
    top_p: float = 0.9
    min_p: float = 0.05
    repeat_penalty: float = 1.1
    repeat_last_n: int = 64
    seed: int = 0
    typical_p: float = 1.0
    top_n_sigma: float = -1.0
    xtc_probability: float = 0.0
    xtc_threshold: float = 0.1
    dry_multiplier: float = 0.0
    dry_base: float = 1.75
    dry_allowed_length: int = 2
    dry_penalty_last_n: int = 4096
    mirostat: int = 0
    mirostat_tau: float = 5.0
    mirostat_eta: float = 0.1
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    dynatemp_range: float = 0.0
    dynatemp_exponent: float = 1.0


GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)


class KvType(StrEnum):
    """How keys and values are kept in memory."""

    F16 = "f16"
    Q8_0 = "q8_0"  # half of it; llama.cpp wants flash attention for the values


class LoadSettings(msgspec.Struct, frozen=True):
    """How a model is loaded.

    Attributes:
        context_tokens: wished context; 0 for the largest sensible one that fits.
        threads: exactly so many; 0 for as many as there are physical cores, fewer while other
            programs need them.
        ubatch_tokens: tokens of a prompt evaluated at a time; Stop waits for one such step.
        sequences: how many requests are under way at once, at most, with what is remembered of
            earlier ones.
        outputs: of how many tokens of a step the next one can be sampled.
        kv_type: how keys and values are kept.
        flash_attention: needed for values that are not 16-bit; slower on processors.
        gpu_layers: layers given to a GPU; -1 for all, where there is one.
        speculates: tokens are guessed from the prompt, where that is measured to be faster.
        saves_battery: automatic threads are fewer while the computer runs on its battery.
        chat_template: Jinja source that takes the place of the file's; "" for the file's own.
    """

    context_tokens: int = 0
    threads: int = 0
    ubatch_tokens: int = 128
    sequences: int = 12
    outputs: int = 24
    kv_type: KvType = KvType.F16
    flash_attention: bool = False
    gpu_layers: int = 0
    saves_battery: bool = False
    speculates: bool = True
    chat_template: str = ""


class Fallback(StrEnum):
    """What was given up to load a model at all."""

    NO_GPU = "no-gpu"  # there is none that this build can use
    FEWER_GPU_LAYERS = "fewer-gpu-layers"  # the GPU's memory takes only some
    PROCESSOR = "processor"  # it did not load on the GPU
    COMPACT_MEMORY = "compact-memory"  # keys and values in 8 bits, with flash attention: slower
    SMALLER_CONTEXT = "smaller-context"


class Load(msgspec.Struct, frozen=True, tag=True):
    """Load the model file `path`.

    Attributes:
        states: folder for what was evaluated for an owner; none is kept if empty.
        states_limit_bytes: how much that folder may hold.
    """

    id: int
    path: str
    settings: LoadSettings
    states: str = ""
    states_limit_bytes: int = 2_000_000_000


class Generate(msgspec.Struct, frozen=True, tag=True):
    """Continue a conversation, or a bare text if the model has no chat template.

    Attributes:
        messages: the conversation, its last message the user's. Empty if `prompt` is given.
        prompt: a bare text to continue, for base models and tests.
        max_tokens: at most so many are generated; 0 for as many as the context holds.
        stop: strings that end the reply; they are not part of it.
        thinking: None leaves it to the template; True or False asks for it where the template
            knows how.
        reply_start: how the reply begins; the events bring what follows it.
        is_continued: `reply_start` is what a reply came to before it was stopped, so that no
            reasoning comes before it.
        grammar: GBNF that the reply follows; none if empty.
        json_schema: JSON schema, as JSON, that the reply follows; none if empty. It goes before
            `grammar`. `reply_start` is part of the reply.
        owner: whose words these are, such as "conversation-7": what was evaluated is kept on disk
            for it, until it is forgotten. Nothing is kept if empty.
        is_reproducible: the same reply each time, if nothing else is asked for meanwhile: nothing
            is reused or guessed, and the prompt is evaluated in steps of one size, since other
            steps round differently.
    """

    id: int
    messages: tuple[Message, ...] = ()
    prompt: str = ""
    sampling: Sampling = Sampling()
    max_tokens: int = 512
    stop: tuple[str, ...] = ()
    thinking: bool | None = None
    priority: Priority = Priority.CHAT
    reply_start: str = ""
    is_continued: bool = False
    grammar: str = ""
    json_schema: str = ""
    owner: str = ""
    is_reproducible: bool = False

    @property
    def has_form(self) -> bool:
        """Whether the whole reply follows a form; then no reasoning comes before it."""
        return bool(self.grammar or self.json_schema)

    @property
    def must_reply(self) -> bool:
        """Whether what comes next is the reply and no reasoning."""
        return self.has_form or self.is_continued


class CountTokens(msgspec.Struct, frozen=True, tag=True):
    """Count the tokens of each text, without special tokens.

    Attributes:
        priority: for a chat it does not wait for the step of a summary.
    """

    id: int
    texts: tuple[str, ...]
    priority: Priority = Priority.CHAT


class Cancel(msgspec.Struct, frozen=True, tag=True):
    """Stop request `id`, wherever it is."""

    id: int


class Hold(msgspec.Struct, frozen=True, tag=True):
    """Pause request `id`, or let it go on; what it has is kept."""

    id: int
    is_held: bool


class Forget(msgspec.Struct, frozen=True, tag=True):
    """Drop what was evaluated for an owner, in memory and on disk; all owners if empty."""

    id: int
    owner: str


class Unload(msgspec.Struct, frozen=True, tag=True):
    """Free the model."""

    id: int


Request = Load | Generate | CountTokens | Cancel | Hold | Forget | Unload


class LoadProgress(msgspec.Struct, frozen=True, tag=True):
    """How much of the file is loaded, from 0 to 1."""

    id: int
    fraction: float


class ModelInfo(msgspec.Struct, frozen=True, tag=True):
    """A model is ready. Sizes in bytes, lengths in tokens, counts of parameters.

    Attributes:
        name: from the file's metadata, else the file's name.
        context_tokens: the context that was made; `trained_context_tokens` is what it was
            trained with.
        has_chat_template: False for a base model, which continues text and cannot converse.
        thinks: its template knows reasoning.
        can_switch_thinking: and knows how to go without.
        can_rewind: a common prefix of two prompts can be reused (False for recurrent and hybrid
            models, whose state cannot be cut back).
        weights_bytes, kv_bytes, buffer_bytes: what llama.cpp holds for it.
        wished_context_tokens: what was asked for; 0 if it was left to the engine.
        gpu_layers: given to a GPU; -1 for all.
        fallbacks: what was given up, in that order.
        estimated_bytes: what the process was expected to take at its peak.
        variant: the processor that the loaded part of llama.cpp was built for; empty where it
            was built in one piece, for the machine that built it.
    """

    id: int
    path: str
    name: str
    architecture: str
    quantization: str
    parameters: int
    context_tokens: int
    trained_context_tokens: int
    has_chat_template: bool
    thinks: bool
    can_switch_thinking: bool
    can_rewind: bool
    weights_bytes: int
    kv_bytes: int
    buffer_bytes: int
    threads: int
    wished_context_tokens: int = 0
    gpu_layers: int = 0
    fallbacks: tuple[Fallback, ...] = ()
    estimated_bytes: int = 0
    variant: str = ""


class PromptProgress(msgspec.Struct, frozen=True, tag=True):
    """How much of the prompt is evaluated; `reused_tokens` of it were there already."""

    id: int
    evaluated_tokens: int
    total_tokens: int
    reused_tokens: int


class TextPart(msgspec.Struct, frozen=True, tag=True):
    """The next piece of the reply, or of the reasoning before it."""

    id: int
    text: str
    is_thinking: bool = False


class Finished(msgspec.Struct, frozen=True, tag=True):
    """The reply is complete. Times in seconds.

    Attributes:
        reused_tokens: of the prompt, not evaluated again; `restored_tokens` of them from disk.
        generated_tokens: those of the reply; `drafted_tokens` were guessed from the prompt, and
            `accepted_tokens` of those were right.
        prompt_s: from the moment the engine began with it to the end of the prompt.
        first_token_s: from its arrival in the engine to its first token, waiting included.
        threads: how many computed it, at its end.
        peak_memory_bytes: the most that the process has taken since the model was loaded.
        extra_memory_bytes: taken beside what was estimated, for several requests at once.
    """

    id: int
    reason: FinishReason
    prompt_tokens: int
    reused_tokens: int
    generated_tokens: int
    prompt_s: float
    generation_s: float
    thinking_s: float = 0.0
    restored_tokens: int = 0
    drafted_tokens: int = 0
    accepted_tokens: int = 0
    first_token_s: float = 0.0
    threads: int = 0
    peak_memory_bytes: int = 0
    extra_memory_bytes: int = 0


class TokenCounts(msgspec.Struct, frozen=True, tag=True):
    """Tokens of each text of a `CountTokens`."""

    id: int
    counts: tuple[int, ...]


class Unloaded(msgspec.Struct, frozen=True, tag=True):
    """The model is freed."""

    id: int


class Forgotten(msgspec.Struct, frozen=True, tag=True):
    """What was evaluated for an owner is dropped."""

    id: int


class Failed(msgspec.Struct, frozen=True, tag=True):
    """A request failed; `kind` is a `ModelFault`, "prompt-too-long", "grammar" or "bug"."""

    id: int
    kind: str
    detail: str = ""
    numbers: tuple[int, ...] = ()


class Heartbeat(msgspec.Struct, frozen=True, tag=True):
    """The engine lives; `step_s` is how long its current native step has been running."""

    id: int
    step_s: float


Event = (
    LoadProgress
    | ModelInfo
    | PromptProgress
    | TextPart
    | Finished
    | TokenCounts
    | Unloaded
    | Forgotten
    | Failed
    | Heartbeat
)

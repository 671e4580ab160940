"""Writes chats as other apps write them.

ChatGPT, LM Studio and Claude write JSON; GPT4All writes with Qt's QDataStream, which writes here,
too, in the order of the app's public source (chat.cpp, chatllm.cpp, chatmodel.cpp, tool.cpp).
"""

from typing import Any

from PySide6.QtCore import QByteArray, QDataStream, QIODevice, QUrl

BEGUN = 1_700_000_000


def _node(
    name: str, parent: str | None, children: list[str], message: dict[str, Any] | None
) -> dict[str, Any]:
    return {"id": name, "parent": parent, "children": children, "message": message}


def said(
    role: str, *parts: object, kind: str = "text", at: float | None = BEGUN + 1.5, **more: Any
) -> dict[str, Any]:
    """A message of ChatGPT's."""
    metadata = more.pop("metadata", {})
    content = more.pop("content", {"content_type": kind, "parts": list(parts)})
    return {
        "id": "m",
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": at,
        "update_time": None,
        "content": content,
        "status": "finished_successfully",
        "end_turn": True,
        "weight": 1.0,
        "metadata": metadata,
        "recipient": "all",
        "channel": None,
    } | more


def chatgpt_conversation(title: str = "Moving to Lyon") -> dict[str, Any]:
    """A conversation with hidden messages, reasoning, a tool, a picture, a file and variants."""
    picture = {
        "content_type": "image_asset_pointer",
        "asset_pointer": "sediment://file_00000000329c620cae9335c4e8fffff8",
        "size_bytes": 221373,
        "width": 708,
        "height": 1536,
    }
    mark = "\ue200cite\ue202turn0search0\ue201"
    references = [{"matched_text": mark, "alt": "([city](https://example.org))", "refs": []}]
    thought = {"content_type": "thoughts", "thoughts": [{"summary": "Plan", "content": "First …"}]}
    mapping = {
        "root": _node("root", None, ["system"], None),
        "system": _node(
            "system",
            "root",
            ["about"],
            said("system", "", metadata={"is_visually_hidden_from_conversation": True}),
        ),
        "about": _node(
            "about",
            "system",
            ["q1"],
            said(
                "user",
                metadata={"is_user_system_message": True},
                content={"content_type": "user_editable_context", "user_profile": "I am a cook"},
            ),
        ),
        "q1": _node(
            "q1",
            "about",
            ["think", "a1b"],
            said(
                "user",
                picture,
                "What does this lease say?\r\nPlease\x07 be brief.",
                kind="multimodal_text",
                metadata={"attachments": [{"name": "Lease.pdf", "mime_type": "application/pdf"}]},
            ),
        ),
        "think": _node("think", "q1", ["a1"], said("assistant", content=thought)),
        "a1": _node(
            "a1", "think", ["call"], said("assistant", "Let me look.", at=BEGUN + 2, end_turn=False)
        ),
        "call": _node(
            "call",
            "a1",
            ["result"],
            said(
                "assistant",
                recipient="web.search",
                content={"content_type": "code", "language": "json", "text": "{}"},
            ),
        ),
        "result": _node("result", "call", ["a2"], said("tool", "A page of the city")),
        "a2": _node(
            "a2",
            "result",
            ["q2", "q2b"],
            said(
                "assistant",
                f'The rent is 950 euros{mark}, says \ue200entity\ue202["city","Lyon",0]\ue201.',
                at=BEGUN + 3,
                metadata={"model_slug": "gpt-4o", "content_references": references},
            ),
        ),
        "a1b": _node(
            "a1b",
            "q1",
            [],
            said("assistant", "It is a lease.", at=None, status="in_progress"),
        ),
        "q2": _node("q2", "a2", [], said("user", "And the deposit?", at=BEGUN + 4)),
        "q2b": _node("q2b", "a2", ["a3"], said("user", "And the notice?", at=BEGUN + 5)),
        "a3": _node(
            "a3",
            "q2b",
            [],
            said("assistant", "Three months. \ud83d\ude00", at=BEGUN + 6),
        ),
    }
    return {
        "title": title,
        "create_time": BEGUN + 0.25,
        "update_time": BEGUN + 7.0,
        "mapping": mapping,
        "moderation_results": [],
        "current_node": "a3",
        "plugin_ids": None,
        "conversation_id": "67a678d3-a274-8191-94ee-7ca817b25b36",
        "is_archived": False,
        "is_starred": True,
        "default_model_slug": "gpt-4o",
        "safe_urls": [],
        "id": "67a678d3-a274-8191-94ee-7ca817b25b36",
    }


def lm_studio_conversation() -> dict[str, Any]:
    """A conversation with reasoning, a tool, a picture, three versions of a reply, and settings."""
    info = {
        "indexedModelIdentifier": "qwen/qwen3-4b",
        "identifier": "qwen3-4b",
        "stats": {
            "stopReason": "eosFound",
            "tokensPerSecond": 20.0,
            "timeToFirstTokenSec": 0.412,
            "totalTimeSec": 3.0,
            "promptTokensCount": 34,
            "predictedTokensCount": 60,
            "totalTokensCount": 94,
        },
    }

    def block(text: str, step: int, **more: Any) -> dict[str, Any]:
        return {
            "type": "contentBlock",
            "stepIdentifier": f"{BEGUN}123-0.{step}1234567",
            "content": [
                {"type": "text", "text": text, "fromDraftModel": False, "isStructural": False}
            ],
            "defaultShouldIncludeInContext": True,
            "shouldIncludeInContext": True,
        } | more

    def reply(*steps: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "multiStep",
            "role": "assistant",
            "senderInfo": {"senderName": "qwen3-4b"},
            "steps": list(steps),
        }

    thinking = {"type": "thinking", "ended": True, "title": "Thought for 2.0 seconds"}
    tool = {"type": "toolStatus", "stepIdentifier": f"{BEGUN}125-0.2", "callId": 1}
    stopped = info | {"stats": info["stats"] | {"stopReason": "userStopped"}}
    file = {"type": "file", "fileIdentifier": f"{BEGUN}123 - Lease.pdf", "fileType": "text/pdf"}
    return {
        "name": "Rent",
        "pinned": True,
        "createdAt": BEGUN * 1000,
        "preset": "",
        "tokenCount": 94,
        "userLastMessagedAt": BEGUN * 1000 + 60_000,
        "assistantLastMessagedAt": BEGUN * 1000 + 65_500,
        "systemPrompt": "",
        "messages": [
            {
                "versions": [
                    {
                        "type": "singleStep",
                        "role": "user",
                        "content": [{"type": "text", "text": "What is the rent?"}, file],
                    }
                ],
                "currentlySelected": 0,
            },
            {
                "versions": [
                    reply(block("900 euros.", 1, genInfo=stopped)),
                    reply(
                        block("It says 950.", 1, style=thinking),
                        tool,
                        block("950 euros.", 2, genInfo=info),
                        {"type": "debugInfoBlock", "debugInfo": "Conversation naming technique"},
                    ),
                    reply(block("I do not know.", 3)),
                ],
                "currentlySelected": 1,
            },
            {
                "versions": [
                    {
                        "type": "singleStep",
                        "role": "user",
                        "content": [{"type": "text", "text": "Thanks"}],
                    }
                ],
                "currentlySelected": 0,
            },
        ],
        "usePerChatPredictionConfig": True,
        "perChatPredictionConfig": {
            "fields": [
                {"key": "llm.prediction.systemPrompt", "value": "Answer briefly."},
                {"key": "llm.prediction.temperature", "value": 0.4},
                {"key": "llm.prediction.topPSampling", "value": {"checked": True, "value": 0.9}},
            ]
        },
        "clientInput": "One more thing",
        "clientInputFiles": [],
        "lastUsedModel": {"identifier": "qwen3-4b"},
        "notes": [],
        "plugins": [],
        "looseFiles": [],
    }


def claude_conversation() -> dict[str, Any]:
    """A conversation with reasoning, a tool, an attachment and a branch."""

    def message(
        name: str, above: str, sender: str, at: int, *content: dict[str, Any], **more: Any
    ) -> dict[str, Any]:
        texts = [block["text"] for block in content if block["type"] == "text"]
        return {
            "uuid": name,
            "text": "\n".join(texts),
            "content": list(content),
            "sender": sender,
            "created_at": f"2025-03-01T10:00:{at:02d}.000000Z",
            "updated_at": f"2025-03-01T10:00:{at:02d}.000000Z",
            "attachments": [],
            "files": [],
            "parent_message_uuid": above,
        } | more

    def text(said: str) -> dict[str, Any]:
        return {"type": "text", "text": said, "citations": []}

    lease = {"file_name": "Lease.txt", "file_size": 12, "extracted_content": "950 euros"}
    root = "00000000-0000-4000-8000-000000000000"
    return {
        "uuid": "c1",
        "name": "Deposit",
        "created_at": "2025-03-01T10:00:00.000000Z",
        "updated_at": "2025-03-01T10:01:00.000000Z",
        "account": {"uuid": "a"},
        "chat_messages": [
            message("m1", root, "human", 1, text("How much?"), attachments=[lease]),
            message("m2", "m1", "assistant", 2, text("1,900 euros.")),
            message(
                "m3",
                "m1",
                "assistant",
                3,
                {"type": "thinking", "thinking": "Twice the rent"},
                {"type": "tool_use", "name": "search", "input": {}},
                text("Two rents: 1,900 euros."),
            ),
            message("m4", "m3", "human", 4, text("When is it returned?")),
        ],
    }


def gpt4all_chat(version: int = 12, *, state_bytes: int = 0) -> bytes:
    """A chat as the app's version of that format writes it; up to 10 with the model's state."""
    content = QByteArray()
    out = QDataStream(content, QIODevice.OpenModeFlag.WriteOnly)
    out.writeUInt32(0xF5D553CC)
    out.writeInt32(version)
    out.setVersion(QDataStream.Version.Qt_6_2)
    out.writeInt64(BEGUN)
    for text in ("e8a1", "Rent of the flat", "", "Llama-3.2-1B-Instruct-Q4_0.gguf"):
        out.writeQString(text)
    if version >= 3:
        out.writeUInt32(1)
        out.writeQString("My documents")
    if version < 11:
        _write_state(out, version, state_bytes)
    out.writeInt32(3)
    _write_item(out, version, "Prompt: ", "What is the rent? 🏠")
    _write_item(out, version, "Response: ", "It is 950 euros.", has_thought=True)
    _write_item(out, version, "Response: ", "The model failed", is_error=True)
    return content.data()


def _write_state(out: QDataStream, version: int, state_bytes: int) -> None:
    if version >= 6:
        out.writeBool(bool(state_bytes))
    if version >= 2:
        out.writeInt32(1)
        out.writeInt32(0)
    out.writeQString("the last reply")
    out.writeQString("name")
    out.writeUInt32(77)
    if version >= 6 and not state_bytes:
        return
    if version < 4:
        out.writeInt32(0)
    out.writeInt32(77)
    if version >= 7:
        out.writeInt32(2048)
    if version < 9:
        out.writeUInt64(3)
        out.writeRawData(b"\0" * 12)
    out.writeUInt64(2)
    out.writeRawData(b"\0" * 8)
    out << QByteArray(b"\1" * state_bytes)


def _write_item(
    out: QDataStream,
    version: int,
    name: str,
    value: str,
    *,
    has_thought: bool = False,
    is_error: bool = False,
) -> None:
    is_reply = name == "Response: "
    if version < 12:
        out.writeInt32(0)
    out.writeQString(name)
    out.writeQString(value)
    if version < 10:
        out.writeQString("the prompt, once more")
    out.writeQString("")
    for flag in (False, is_reply, False, False):
        out.writeBool(flag)
    if version >= 11 and is_reply:
        out.writeBool(is_error)
    _write_sources(out, version, is_given=is_reply and not is_error)
    if version >= 10:
        out.writeInt64(0 if is_reply else 1)
        if not is_reply:
            out << QUrl.fromLocalFile("/home/me/Rent table.xlsx")
            out << QByteArray(b"PK")
    if version >= 12:
        out.writeInt64(3 if has_thought else 0)
        if has_thought:
            _write_parts(out)


def _write_sources(out: QDataStream, version: int, *, is_given: bool) -> None:
    if version >= 8:
        out.writeInt64(int(is_given))
        if is_given:
            for text in ("Mine", "/a/b.txt", "b.txt", "B", "me", "2024", "The rent is 950 euros."):
                out.writeQString(text)
            for number in (3, -1, -1):
                out.writeInt32(number)
    elif version >= 3:
        out.writeQString("1. In b.txt. [Context](context://1)" if is_given else "")
        out.writeUInt32(int(is_given))
        if is_given:
            out.writeQString("The rent is 950 euros.")


def _write_parts(out: QDataStream) -> None:
    """Reasoning, then a tool that was called, then what it answered."""

    def text(name: str, value: str) -> None:
        out.writeQString(name)
        out.writeQString(value)

    text("Response: ", "")
    out.writeInt64(2)
    text("Text: ", "Let me compute.")
    out.writeInt64(0)
    text("Think: ", "<think>Twelve times …</think>")
    out.writeInt32(1500)
    out.writeInt64(0)
    text("Response: ", "")
    out.writeInt64(1)
    text("ToolCall: ", "12 * 950")
    out.writeQString("javascript_interpret")
    out.writeInt64(2)
    out.writeQString("code")
    out.writeInt32(0)
    out.writeQVariant("12 * 950")
    out.writeQString("limit")
    out.writeInt32(2)
    out.writeQVariant(5)
    out.writeQString("11400")
    out.writeInt32(0)
    out.writeQString("")
    out.writeInt64(0)
    text("ToolResponse: ", "11400")
    out.writeInt64(0)

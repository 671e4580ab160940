"""Presets of the person's own: a system prompt, a model and settings of the sampler by a name."""

import json
from dataclasses import dataclass, field

from assistant.storage.database import Connection, Database, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A preset.

    Attributes:
        id: its row; 0 for one that is not stored.
        name: what the person calls it.
        system_prompt: what the model is told first, or "".
        model: the model's name; "" for any.
        sampling: settings of the sampler by their name.
        position: its place in the person's order, from 0.
    """

    id: int = 0
    name: str
    system_prompt: str = ""
    model: str = ""
    sampling: dict[str, float | int] = field(default_factory=dict)
    position: int = 0


class PresetStore:
    """The presets of one database.

    Every method that changes something returns when it is committed, and raises NoSpace,
    CannotWrite or DamagedData if it was not.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> list[Preset]:
        """Return the presets in the person's order."""
        rows = self._database.query(
            "SELECT id, name, system_prompt, model, sampling, position FROM presets"
            " ORDER BY position, id"
        )
        return [_preset(row) for row in rows]

    def save(self, preset: Preset) -> int:
        """Store a preset and return its id: a new one (`id` 0) stands after all others."""
        sampling = json.dumps(preset.sampling, ensure_ascii=False)
        values = (preset.name, preset.system_prompt, preset.model, sampling)

        def put(connection: Connection) -> int:
            changed = connection.execute(
                "UPDATE presets SET name = ?, system_prompt = ?, model = ?, sampling = ?,"
                " position = ? WHERE id = ?",
                (*values, preset.position, preset.id),
            )
            if changed.rowcount:
                return preset.id
            row = connection.execute(
                "INSERT INTO presets (name, system_prompt, model, sampling, position)"
                " SELECT ?, ?, ?, ?, coalesce(max(position) + 1, 0) FROM presets RETURNING id",
                values,
            ).fetchone()
            return int(row[0])

        return self._database.write(put).result()

    def remove(self, preset_id: int) -> None:
        """Delete a preset; conversations begun with it keep what they took from it."""
        self._database.write(
            lambda c: c.execute("DELETE FROM presets WHERE id = ?", (preset_id,))
        ).result()


def _preset(row: Row) -> Preset:
    preset_id, name, system_prompt, model, sampling, position = row
    return Preset(
        id=preset_id,
        name=name,
        system_prompt=system_prompt,
        model=model,
        sampling=json.loads(sampling),
        position=position,
    )

"""Recognises letters with RapidOCR, a Python package whose wheel brings its models.

The only importer of rapidocr. It runs inside the reader's process, whose limits hold for it.
"""

import importlib.metadata
import importlib.util
import math
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from assistant.documents.ocr.recognition import (
    GrayPicture,
    OcrProgram,
    OcrStatus,
    RecognisedPage,
    Word,
    WordLine,
)

_MODELS = "models"
_LONGEST_SIDE_PX = 2_400  # of A4 at 200 dpi; more is slower and no better
_MARGIN = 0.75  # of a box's height is the type's, the rest is paper around it
_SAME_ROW = 0.5  # of the lower one's height


class RapidOcr:
    """RapidOCR with the models in its own folder; nothing is ever downloaded."""

    def __init__(self, folder: Path, version: str) -> None:
        self._folder = folder
        self._version = version
        self._engine: Any = None

    @classmethod
    def find(cls) -> "RapidOcr | None":
        """Return it if it is installed with its models and what runs them."""
        found = importlib.util.find_spec("rapidocr")
        if not (found and found.origin and importlib.util.find_spec("onnxruntime")):
            return None
        folder = Path(found.origin).parent
        if len(list((folder / _MODELS).glob("*.onnx"))) < 2:  # to find lines, and to read them
            return None
        return cls(folder, importlib.metadata.version("rapidocr"))

    @property
    def status(self) -> OcrStatus:
        """What is installed."""
        return OcrStatus(
            program=OcrProgram.RAPIDOCR,
            version=self._version,
            languages=(),
            place=str(self._folder),
        )

    def recognise(self, picture: GrayPicture) -> RecognisedPage:
        """Return what stands on `picture`; a page it gives up on has failed."""
        import numpy as np  # noqa: PLC0415 - only where pictures are read

        gray = np.frombuffer(picture.pixels, dtype=np.uint8)
        gray = gray.reshape(picture.height_px, picture.width_px)
        try:
            result = self._ready()(np.repeat(gray[:, :, None], 3, axis=2))
        except (RuntimeError, ValueError, MemoryError):
            return _page(picture, (), has_failed=True)
        if result.boxes is None or result.txts is None:
            return _page(picture, ())
        words = [
            _word(text, float(score), box)
            for text, score, box in zip(result.txts, result.scores, result.boxes, strict=True)
        ]
        return _page(picture, tuple(_line(row) for row in _rows(words)))

    def _ready(self) -> Any:
        if self._engine is None:
            from rapidocr import RapidOCR  # noqa: PLC0415 - loads hundreds of megabytes

            self._engine = RapidOCR(
                params={
                    "Global.log_level": "error",
                    "Global.max_side_len": _LONGEST_SIDE_PX,
                    "EngineConfig.onnxruntime.intra_op_num_threads": os.cpu_count() or 1,
                    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                }
            )
        return self._engine


def _word(text: str, score: float, box: Any) -> Word:
    """Return a line's part. It may stand aslant: its height is that of the slanting box."""
    xs, ys = [float(point[0]) for point in box], [float(point[1]) for point in box]
    middle = sum(ys) / len(ys)
    height = _MARGIN * math.dist((xs[0], ys[0]), (xs[3], ys[3]))
    return Word(
        text=text,
        left=min(xs),
        top=middle - height / 2,
        right=max(xs),
        bottom=middle + height / 2,
        confidence=score,
    )


def _rows(words: Iterable[Word]) -> list[list[Word]]:
    """Put parts side by side into one row, so that columns and tables are seen by their gaps."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.top + word.bottom, word.left)):
        if rows and _is_beside(rows[-1][-1], word):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word.left) for row in rows]


def _is_beside(word: Word, other: Word) -> bool:
    overlap = min(word.bottom, other.bottom) - max(word.top, other.top)
    lower = min(word.bottom - word.top, other.bottom - other.top)
    return overlap > _SAME_ROW * lower


def _line(words: Sequence[Word]) -> WordLine:
    bottom = sorted(word.bottom for word in words)[len(words) // 2]
    height = sorted(word.bottom - word.top for word in words)[len(words) // 2]
    return WordLine(words=tuple(words), size_px=height, baseline=bottom - 0.22 * height)


def _page(
    picture: GrayPicture, lines: tuple[WordLine, ...], *, has_failed: bool = False
) -> RecognisedPage:
    return RecognisedPage(
        lines=lines,
        width_px=picture.width_px,
        height_px=picture.height_px,
        dpi=picture.dpi,
        has_failed=has_failed,
    )

"""An engine with the real small model, and a real text to summarise."""

import importlib.metadata
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.documents.document import Block, BlockKind, Document, Page, Section, Sentence, Span
from assistant.documents.reading import Reader
from assistant.documents.sentences import split
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings

# From "On the Origin of Species" by Charles Darwin (1859), chapters 3 and 4, shortened.
DARWIN = {
    "Introduction": (
        "When on board H.M.S. Beagle, as naturalist, I was much struck with certain facts in the "
        "distribution of the inhabitants of South America, and in the geological relations of "
        "the present to the past inhabitants of that continent. These facts seemed to me to "
        "throw some light on the origin of species, that mystery of mysteries, as it has been "
        "called by one of our greatest philosophers. On my return home, it occurred to me, in "
        "1837, that something might perhaps be made out on this question by patiently "
        "accumulating and reflecting on all sorts of facts which could possibly have any bearing "
        "on it. After five years' work I allowed myself to speculate on the subject, and drew up "
        "some short notes; these I enlarged in 1844 into a sketch of the conclusions, which then "
        "seemed to me probable. I am fully convinced that species are not immutable; but that "
        "those belonging to what are called the same genera are lineal descendants of some other "
        "and generally extinct species. Furthermore, I am convinced that Natural Selection has "
        "been the main but not exclusive means of modification."
    ),
    "Struggle for Existence": (
        "I should premise that I use the term Struggle for Existence in a large and metaphorical "
        "sense, including dependence of one being on another, and including not only the life of "
        "the individual, but success in leaving progeny. A struggle for existence inevitably "
        "follows from the high rate at which all organic beings tend to increase. Every being, "
        "which during its natural lifetime produces several eggs or seeds, must suffer "
        "destruction during some period of its life, and during some season or occasional year, "
        "otherwise, on the principle of geometrical increase, its numbers would quickly become "
        "so inordinately great that no country could support the product. Hence, as more "
        "individuals are produced than can possibly survive, there must in every case be a "
        "struggle for existence, either one individual with another of the same species, or with "
        "the individuals of distinct species, or with the physical conditions of life. It is the "
        "doctrine of Malthus applied with manifold force to the whole animal and vegetable "
        "kingdoms; for in this case there can be no artificial increase of food, and no "
        "prudential restraint from marriage. The elephant is reckoned to be the slowest breeder "
        "of all known animals, and I have taken some pains to estimate its probable minimum rate "
        "of natural increase."
    ),
    "Conclusion": (
        "It may be said that natural selection is daily and hourly scrutinising, throughout the "
        "world, every variation, even the slightest; rejecting that which is bad, preserving and "
        "adding up all that is good. We see nothing of these slow changes in progress, until the "
        "hand of time has marked the long lapses of ages. This preservation of favourable "
        "variations and the rejection of injurious variations, I call Natural Selection. There "
        "is grandeur in this view of life, with its several powers, having been originally "
        "breathed into a few forms or into one; and that, whilst this planet has gone cycling on "
        "according to the fixed law of gravity, from so simple a beginning endless forms most "
        "beautiful and most wonderful have been, and are being, evolved."
    ),
}


def document_of(sections: dict[str, str], language: str = "en") -> Document:
    """Return a document with one page a section: its heading and one paragraph."""
    pages: list[Page] = []
    sentences: list[Sentence] = []
    for number, (title, text) in enumerate(sections.items(), start=1):
        offset = len(title) + 2
        page = f"{title}\n\n{text}"
        blocks = (
            Block(BlockKind.HEADING, 0, len(title), 1),
            Block(BlockKind.PARAGRAPH, offset, len(page)),
        )
        pages.append(Page(number, page, blocks))
        sentences += [
            Sentence(text[start:end], (Span(number, offset + start, offset + end),), number - 1)
            for start, end in split(text)
        ]
    return Document(
        path=Path("origin.txt"),
        title="On the Origin of Species",
        type="text",
        sha256="0" * 64,
        language=language,
        pages=tuple(pages),
        sections=tuple(
            Section(title, 1, -1, number) for number, title in enumerate(sections, start=1)
        ),
        sentences=tuple(sentences),
    )


@pytest.fixture
def darwin() -> Document:
    """A text from 1859 in three sections."""
    return document_of(DARWIN)


@pytest.fixture(scope="session")
def engine(starter_model: Path) -> Iterator[Engine]:
    """The real engine; the starter model is loaded at the first request."""
    engine = Engine(log=None)
    engine.choose(starter_model, LoadSettings(context_tokens=4096))
    yield engine
    engine.close()


@pytest.fixture
def make_document() -> Callable[[dict[str, str]], Document]:
    """Makes a document of titles and texts, a page each."""
    return document_of


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """One reader for many documents, as in the app."""
    reader = Reader(log=tmp_path_factory.mktemp("reader") / "log")
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def read(reader: Reader) -> Callable[[Path], Document]:
    """Reads a file."""

    def read(path: Path) -> Document:
        *_, last = reader.read(path, cancel=threading.Event())
        assert isinstance(last, Document)
        return last

    return read


@pytest.fixture(scope="session")
def apache(read: Callable[[Path], Document]) -> Document:
    """The Apache licence, as an installed package carries it."""
    files = importlib.metadata.files("huggingface_hub") or []
    return read(Path(next(file for file in files if file.name == "LICENSE").locate()))

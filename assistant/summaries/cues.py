"""Phrases by which authors say that a sentence matters, in several kinds of documents.

The idea is Edmundson's (1969). Weights lie between 0 and 1; several cues add up, but never past 1.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product

_STRONG = 0.6
_GOOD = 0.4
_SOME = 0.2

# A group in parentheses stands for each of its alternatives.
_PHRASES: tuple[tuple[float, tuple[str, ...]], ...] = (
    (
        _STRONG,
        (
            "in this (paper|report|article|study|work|letter|document|thesis|chapter)",
            "this (paper|report|article|study|work|agreement|document|thesis)",
            "we (propose|present|introduce|show|conclude|recommend|demonstrate|describe)",
            "we have (presented|proposed|shown|introduced|described|demonstrated|developed)",
            "our (results|experiments|method|approach|model|findings|system|contribution)",
            "(in conclusion|in summary|to sum up|to conclude|in short|we conclude that)",
            "the (purpose|aim|goal|objective) of",
            "(it was|the board|the council|the committee) (agreed|decided|resolved|approved)",
            "(agreed|resolved|decided) (that|to)",
            "(key|main|most important) (finding|findings|result|results|point|points|message)",
            "we (find|found) that",
            "(results|experiments|findings|data) (show|demonstrate|indicate|suggest) that",
        ),
    ),
    (
        _GOOD,
        (
            "(must not|shall not|may not|is prohibited|are prohibited|is required to)",
            "(outperform|outperforms|outperformed|state of the art|novel|significantly)",
            "(experimental|empirical) results",
            "(recommend|recommends|recommended|recommendation|recommendations)",
            "(terminate|termination|notice period|liable|liability|penalty|deadline)",
            "(no later than|at the latest|in the event of|subject to|provided that)",
            "(shall pay|must pay|agrees to|is entitled to|undertakes to)",
            "(importantly|crucially|notably|most notably|above all|overall)",
            "(therefore|thus|consequently|as a result|hence)",
            "(approved|rejected|carried unanimously|action item|was adopted|voted)",
            "(increased|decreased|rose|fell|grew|declined|doubled|halved) (by|to|from)",
            "(effective|efficient|improve|improves|improved|improvement|improvements)",
        ),
    ),
    (
        _SOME,
        (
            "(must|shall|required|important|significant|essential|necessary|main|key|major)",
            "(propose|proposed|approach|method|show|shows|demonstrate|demonstrates|achieve|achieves)",
            "(deadline|due|payable|fee|fees|rent|deposit|warranty|damages|insurance)",
            "(decided|agreed|responsible|budget|per cent|percent)",
            "(we|our)",
        ),
    ),
    (  # German
        _GOOD,
        (
            "in (dieser|diesem|dem vorliegenden) (arbeit|artikel|bericht|beitrag|studie)",
            "(zusammenfassend|wir zeigen|wir stellen|ergebnisse zeigen|ziel dieser|fazit)",
            "(beschlossen|vereinbart|verpflichtet|darf nicht|dürfen nicht|ist nicht berechtigt)",
            "(kündigung|kündigen|haftung|haftet|frist|spätestens|fällig|vertragsstrafe)",
            "(muss|müssen|wesentlich|wichtig|insbesondere|empfehlen|empfiehlt)",
        ),
    ),
    (  # French
        _GOOD,
        (
            "(dans|cet|ce|cette) (cet article|cette étude|ce rapport|rapport|étude|article)",
            "(en conclusion|en résumé|nous proposons|nous présentons|nous montrons|objectif de)",
            "(il est interdit|ne peut|ne peuvent|doit|doivent|est tenu|sont tenus|résiliation)",
            "(décidé|approuvé|convenu|recommande|recommandons|délai|préavis|responsable)",
            "(important|essentiel|notamment|au plus tard|sous réserve)",
        ),
    ),
    (  # Spanish
        _GOOD,
        (
            "en este (artículo|trabajo|informe|estudio|documento)",
            "(en conclusión|en resumen|proponemos|presentamos|mostramos|el objetivo de)",
            "(no podrá|no podrán|deberá|deberán|está obligado|queda prohibido|rescisión)",
            "(acordó|aprobó|se acuerda|recomienda|recomendamos|plazo|a más tardar|responsable)",
            "(importante|fundamental|principal|en particular)",
        ),
    ),
    (  # Italian, Portuguese, Dutch
        _GOOD,
        (
            "in questo (articolo|lavoro|rapporto|studio|documento)",
            "(in conclusione|in sintesi|proponiamo|presentiamo|l'obiettivo di|deve|devono)",
            "(non può|non possono|è tenuto|è vietato|approvato|deliberato|entro e non oltre)",
            "neste (artigo|trabalho|relatório|estudo|documento)",
            "(em conclusão|em resumo|propomos|apresentamos|o objetivo de|deverá|não poderá)",
            "(aprovado|deliberou|recomenda|prazo|é proibido|está obrigado)",
            "in dit (artikel|rapport|onderzoek|document)",
            "(tot slot|samenvattend|wij stellen|het doel van|moet|mag niet|verplicht|uiterlijk)",
            "(besloten|goedgekeurd|aanbevolen|opzegging|aansprakelijk)",
        ),
    ),
)


def _alternatives(phrase: str) -> Iterator[tuple[str, ...]]:
    """Write out `phrase`: each choice in parentheses gives phrases of its own."""
    parts = phrase.replace(")", "(").split("(")
    choices = [[choice.strip() for choice in part.split("|")] for part in parts if part.strip()]
    for chosen in product(*choices):
        yield tuple(" ".join(chosen).split())


def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], float]]]:
    """Arrange the phrases by their first word, the longest first."""
    table: dict[str, dict[tuple[str, ...], float]] = defaultdict(dict)
    for weight, phrases in _PHRASES:
        for phrase in phrases:
            for alternative in _alternatives(phrase):
                first = table[alternative[0]]
                first[alternative] = max(weight, first.get(alternative, 0.0))
    return {
        word: sorted(found.items(), key=lambda item: -len(item[0])) for word, found in table.items()
    }


_TABLE = _by_first_word()


def cues_in(words: Sequence[str]) -> tuple[float, tuple[str, ...]]:
    """Return the weight of the cues among folded words (0 to 1), and the cues found."""
    missing = 1.0
    found: list[str] = []
    end = 0
    for at, word in enumerate(words):
        if at < end or word not in _TABLE:
            continue
        for phrase, weight in _TABLE[word]:
            if len(phrase) == 1 or tuple(words[at : at + len(phrase)]) == phrase:
                said = " ".join(phrase)
                if said not in found:
                    found.append(said)
                    missing *= 1 - weight
                end = at + len(phrase)
                break
    return 1 - missing, tuple(found)

"""What a section's title says about how much its sentences matter.

Weights of papers were fitted on aclsum (benchmarks/summaries.py); those of other kinds of
documents follow the same order: what sums up, what opens and closes, what binds, the rest, what
supports, and what never says what a document is about.
"""

import re
from enum import Enum

from assistant.documents.document import Document


class SectionRole(Enum):
    """What a section is for, with the weight of its sentences (0 leaves them out)."""

    SUMMARY = 1.0
    ENDING = 0.95
    OPENING = 0.9
    DUTIES = 0.7
    FINDINGS = 0.55
    BODY = 0.45
    DETAIL = 0.35
    RELATED = 0.25
    APPENDIX = 0.15
    ASIDE = 0.05
    LISTING = 0.0


# Words that a title contains, in the main European languages. The first role that fits counts.
_WORDS: tuple[tuple[SectionRole, str], ...] = (
    (
        SectionRole.LISTING,
        (
            r"references|bibliograph\w*|works cited|literature cited|citations"
            r"|(?:table of )?contents|index|list of (?:figures|tables)|literatur(?:verzeichnis)?"
            r"|inhalt(?:sverzeichnis)?|r[ée]f[ée]rences(?: bibliographiques)?|bibliografía"
            r"|bibliografia|table des matières|sommaire|índice|indice|referencias|referências"
            r"|literatuur|inhoud(?:sopgave)?|参考文献|目录|目次"
        ),
    ),
    (
        SectionRole.ASIDE,
        (
            r"acknowledge?ments?|funding|conflicts? of interest|competing interests"
            r"|author contributions|about the authors?|copyright|imprint|impressum|danksagung"
            r"|remerciements|agradecimientos|ringraziamenti|agradecimentos|dankwoord|colophon"
            r"|signatures?|disclaimer|ethics statement|ethical considerations|谢辞|致谢|謝辞"
        ),
    ),
    (
        SectionRole.SUMMARY,
        (
            r"abstract|(?:executive |management )?summary|overview|synopsis|highlights"
            r"|key (?:points|facts|findings|messages|takeaways)|at a glance|in brief|tl;?dr"
            r"|zusammenfassung|kurzfassung|überblick|das wichtigste|résumé|synthèse|en bref|resumen"
            r"|síntesis|riassunto|sommario|sintesi|resumo|sumário|samenvatting|摘要|要旨|概要"
        ),
    ),
    (
        SectionRole.ENDING,
        (
            r"conclusions?|concluding|closing remarks|recommendations?|outlook|decisions?"
            r"|resolutions?|action items|next steps|take-?aways|schluss\w*|fazit|ausblick"
            r"|empfehlung\w*|beschl[uü]ss\w*|recommandations?|décisions?|conclusiones|conclusión"
            r"|recomendaciones|acuerdos|conclusioni|conclusione|raccomandazioni|conclusão|conclusões"
            r"|recomendações|conclusies?|aanbevelingen|besluiten|结论|結論"
        ),
    ),
    (
        SectionRole.OPENING,
        (
            r"introduction|introductory|purpose|objectives?|aims?|motivation|preamble"
            r"|preface|foreword"
            r"|recitals|mission|about|einleitung|einführung|zweck|ziele?|präambel|vorwort|but"
            r"|objectifs?|préambule|avant-propos|introducción|objetivos?|propósito|introduzione"
            r"|obiettiv[oi]|scopo|introdução|inleiding|doel|引言|前言|はじめに"
        ),
    ),
    (
        SectionRole.RELATED,
        (
            r"related works?|previous works?|prior works?|literature review|state of the art"
            r"|background|preliminar\w*|stand der (?:technik|forschung)|verwandte arbeiten"
            r"|état de l'art|trabajos relacionados|lavori correlati|trabalhos relacionados"
        ),
    ),
    (
        SectionRole.APPENDIX,
        (
            r"append(?:ix|ices)|annex(?:es)?|supplement\w*|attachments?|exhibits?|schedules?|anhang"
            r"|anlagen?|annexes?|anexos?|apéndice|allegat[oi]|appendice|apêndice|bijlagen?|附录|付録"
        ),
    ),
    (
        SectionRole.DUTIES,
        (
            r"obligations?|duties|duty|responsibilit\w+|payments?|fees?|prices?|rent|deposit|term"
            r"|terms(?: and conditions)?|terminations?|expiry|renewal|notice|liabilit\w+|indemni\w+"
            r"|warrant\w+|penalt\w+|rights?|restrictions?|grant|limitations? of liability"
            r"|confidential\w*|governing law|definitions?|scope|requirements?|deadlines?|pflichten"
            r"|vergütung|zahlung\w*|miete|kaution|laufzeit|kündigung\w*|haftung\w*|gewährleistung"
            r"|vertraulichkeit|paiement|prix|loyer|durée|résiliation|responsabilité|garanties?"
            r"|obligaciones|pago|precio|plazo|duración|rescisión|responsabilidad|obblighi|pagamento"
            r"|prezzo|durata|recesso|responsabilità|obrigações|preço|prazo|rescisão|responsabilidade"
            r"|verplichtingen|betaling|looptijd|opzegging|aansprakelijkheid"
        ),
    ),
    (
        SectionRole.FINDINGS,
        (
            r"results?|findings?|discussions?|analysis|analyses|evaluation|ergebnisse?|diskussion"
            r"|résultats?|discussion|resultados?|discusión|risultati|discussione|discussão"
            r"|resultaten|结果|結果|讨论|考察"
        ),
    ),
    (
        SectionRole.DETAIL,
        (
            r"implementation(?: details)?|experimental set-?up|setup|settings?|parameters?|training"
            r"(?: details)?|data(?:sets?)?|corpora|corpus|baselines?|notation|error analysis"
            r"|ablation\w*(?: study)?|case study"
        ),
    ),
)
_PATTERNS = tuple(
    (role, re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)) for role, words in _WORDS
)
# Of these only a title that says nothing else counts: "Data" is a detail, "Data Protection" not.
_WHOLE_TITLE = frozenset({SectionRole.LISTING, SectionRole.DETAIL, SectionRole.APPENDIX})
_NUMBERING = re.compile(
    r"^\s*(?:(?:section|chapter|article|part|clause|artikel|kapitel|chapitre|capítulo|capitolo"
    r"|§+)\s*)?(?:\d+(?:\.\d+)*|[IVXLC]+|[A-Za-z])?[.):\s—–-]+(?=\S)",
    re.IGNORECASE,
)
_LONGEST_TITLE = 80


def role_of(title: str) -> SectionRole:
    """Return what a section called `title` is for."""
    bare = _NUMBERING.sub("", f" {title.strip()}", count=1).strip(" .:")
    if not bare or len(bare) > _LONGEST_TITLE:
        return SectionRole.BODY
    for role, pattern in _PATTERNS:
        found = pattern.match(bare) if role in _WHOLE_TITLE else pattern.search(bare)
        if found and (role not in _WHOLE_TITLE or found.end() >= len(bare) - 2 or _appends(role)):
            return role
    return SectionRole.BODY


def _appends(role: SectionRole) -> bool:
    """Tell whether a title that only begins so counts: "Appendix A: Forms"."""
    return role is SectionRole.APPENDIX


def roles(document: Document) -> tuple[SectionRole, ...]:
    """Return the role of each section; one whose title says nothing takes after its parent."""
    found: list[SectionRole] = []
    for section in document.sections:
        role = role_of(section.title)
        if role is SectionRole.BODY and 0 <= section.parent < len(found):
            role = found[section.parent]
        found.append(role)
    return tuple(found)

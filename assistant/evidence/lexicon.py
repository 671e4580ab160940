"""Words that say what must, may or must not be, in the main languages of Western Europe.

A document in another language is checked for support, numbers and names alone.
"""

import re
from dataclasses import dataclass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True)
class Lexicon:
    """The words of one language.

    Attributes:
        negations: turn what follows into its opposite.
        prohibitions: say by themselves that something must not be.
        musts: oblige what follows; negated they forbid.
        duties: oblige; negated they leave free. They also govern what stands before them.
        after_be: those words above that say it after a form of "be" alone: "required fields" oblige
            nobody.
        duties_before_to: oblige if "to" follows.
        mays: permit.
        adjectives: those of `mays` that also govern what stands before them.
        limits: "only" and its like.
        conditions: "if" and its like.
        grammar: words that no marker is about.
        idioms: stretches whose markers mean nothing.
        conjunctions: words that begin another clause.
        relatives: words that begin a clause about the word before; an "only" in it limits that.
        lacks: say by themselves what others say with "not": "lack", "hardly".
        denials: these and others that may be behind a "not": "unknown", "although", "only".
    """

    negations: frozenset[str]
    prohibitions: frozenset[str]
    musts: frozenset[str]
    duties: frozenset[str]
    mays: frozenset[str]
    limits: frozenset[str]
    conditions: frozenset[str]
    grammar: frozenset[str]
    conjunctions: frozenset[str]
    adjectives: frozenset[str] = frozenset()
    relatives: frozenset[str] = frozenset()
    duties_before_to: frozenset[str] = frozenset()
    after_be: frozenset[str] = frozenset()
    idioms: re.Pattern[str] = re.compile(r"(?!)")
    lacks: re.Pattern[str] = re.compile(r"(?!)")
    denials: re.Pattern[str] | None = None


def _pattern(beginnings: str) -> re.Pattern[str]:
    """Return what finds words that begin like one of `beginnings`; "=" ends a word."""
    each = "|".join(word.replace("=", r"\b") for word in beginnings.split())
    return re.compile(rf"\b(?:{each})", re.IGNORECASE)


_ENGLISH = Lexicon(
    negations=_words("not n't no never none nobody nothing neither nor without cannot unable"),
    prohibitions=_words("prohibited forbidden prohibits forbids banned"),
    musts=_words("must shall duty obligation obligations"),
    duties=_words(
        "required obliged obligated mandatory compulsory necessary payable due responsible liable"
    ),
    after_be=_words("required allowed permitted"),
    duties_before_to=_words("need needs needed has have had requires require ought undertakes"),
    mays=_words(
        "may can could might allowed permitted entitled authorized authorised optional voluntary"
        " discretion"
    ),
    adjectives=_words("allowed permitted optional voluntary"),
    limits=_words("only unless except solely exclusively"),
    relatives=_words("that which who whom"),
    conditions=_words("if until when where provided subject once after before"),
    grammar=_words(
        "a an the to of in on at by for from with as is are was were be been being has have had do"
        " does did will would it its this that these those there their they he she his her our we"
        " you your any some all each every such so also than then and or if when which who whom"
        " whose into under over per within during upon able need needs"
    ),
    conjunctions=_words("but although though whereas while because which unless except if until"),
    idioms=re.compile(
        r"\bnot (?:only|just|merely|least)\b|\bno doubt\b|\bwhether or not\b|\bor not\b(?!\s\w)"
        r"|\bno(?:t)? (?:more|less|fewer|later|earlier|longer) than\b|\bin no\. \d+"
        r"|\bcannot but\b|\bnot until\b|\bdue to\b|\bif not\b|\bsubject to\b|\bin case\b",
        re.IGNORECASE,
    ),
    lacks=_pattern(
        "lack absen fail hardly seldom rarely= barely scarcely unavailab missing= unable"
    ),
    denials=_pattern(
        "lack fail impossib difficult hardly little= few= fewer= seldom rare= rarely= barely limit"
        " insufficien problem avoid prevent unlike despite though= however yet= ignor neglect"
        " miss= missing misses missed absen suffer poor harm unclear unknown unavail unable"
        " unexplor unseen unlex only= challeng remain restrict exclu non= non- drawback hinder"
        " scarce overlook denied denies in(?:capab|accura|adequa|consist|comple|effect|effic)"
        " void= null= prohibit forbid forbidden refus reject revok disclaim waive except unless"
        " cease stop withh"
    ),
)
_GERMAN = Lexicon(
    negations=_words("nicht kein keine keinen keinem keiner keines nie niemals ohne weder"),
    prohibitions=_words("verboten untersagt unzulässig"),
    musts=_words("muss müssen soll sollen pflicht"),
    duties=_words("verpflichtet erforderlich notwendig fällig"),
    mays=_words("darf dürfen kann können berechtigt erlaubt gestattet zulässig freiwillig"),
    adjectives=_words("erlaubt gestattet zulässig freiwillig"),
    limits=_words("nur außer ausschließlich lediglich"),
    conditions=_words("wenn falls bis sofern soweit"),
    grammar=_words(
        "der die das den dem des ein eine einen einem einer eines zu im am in an auf mit von für"
        " ist sind war waren wird werden wurde wurden hat haben sich es er sie wir und oder aus bei"
        " nach vor durch über unter zum zur dass als auch noch seine ihre dieser diese dieses"
    ),
    conjunctions=_words("aber sondern weil obwohl während wenn falls sofern außer"),
    idioms=re.compile(r"\bnicht nur\b|\bnicht (?:mehr|weniger|später) als\b", re.IGNORECASE),
    lacks=_pattern("fehl mangel mängel kaum= selten"),
    denials=_pattern(
        "fehl mangel mängel kaum= selten schwer schwierig unmöglich unklar unbekannt problem jedoch"
        " aber= doch= trotz obwohl statt= anstatt anders nur= lediglich beschränk vermeid verhinder"
        " ausgeschlossen ausschl verbot verweiger ablehn abgelehnt un(?!ter|d=|s=|i)\\w{5} sondern"
        " widerruf aufgehoben entfäll entfall außer wenig"
    ),
)
_FRENCH = Lexicon(
    negations=_words("pas jamais aucun aucune sans ni nul"),
    prohibitions=_words("interdit interdite interdits interdites"),
    musts=_words("doit doivent devra devront"),
    duties=_words("tenu tenue tenus obligatoire obligatoires exigible nécessaire"),
    mays=_words("peut peuvent pourra pourront autorisé autorisée facultatif facultative"),
    adjectives=_words("autorisé autorisée facultatif facultative"),
    limits=_words("sauf uniquement seulement exclusivement"),
    conditions=_words("si lorsque jusqu moins sous"),
    grammar=_words(
        "le la les un une des du de d l à au aux est sont être été a ont il elle ils elles que qui"
        " qu ne n se s et ou en dans par pour sur avec ce cet cette ces son sa ses leur leurs"
    ),
    conjunctions=_words("mais bien parce si lorsque sauf"),
    idioms=re.compile(r"\bnon seulement\b|\bpas (?:plus|moins) (?:de|que)\b", re.IGNORECASE),
    lacks=_pattern("manqu absen rarement guère= défaut="),
    denials=_pattern(
        "manqu= manque défaut= absen difficil impossib problèm peu= rare guère sauf= seul mais="
        " cependant pourtant bien= malgré plutôt limit évit empêch interdi refus rejet exclu échou"
        " insuffis in(?:capab|connu|exact|compl) personne= rien= non= ne= n="
    ),
)
_SPANISH = Lexicon(
    negations=_words("no nunca jamás sin ningún ninguna ninguno nadie ni"),
    prohibitions=_words("prohibido prohibida prohibidos prohibidas prohíbe"),
    musts=_words("debe deben deberá deberán"),
    duties=_words("obligado obligada obligados obligatorio obligatoria necesario"),
    mays=_words("puede pueden podrá podrán permitido permitida opcional"),
    adjectives=_words("permitido permitida opcional"),
    limits=_words("solo sólo solamente únicamente salvo excepto"),
    conditions=_words("si cuando hasta siempre"),
    grammar=_words(
        "el la los las un una unos unas del al de es son ser sido ha han y o con por para en que se"
        " su sus lo le les a este esta estos estas como"
    ),
    conjunctions=_words("pero aunque sino si cuando salvo excepto"),
    idioms=re.compile(r"\bno sólo\b|\bno solo\b|\bno (?:más|menos) de\b", re.IGNORECASE),
    lacks=_pattern("falta carec ausen apenas= raramente"),
    denials=_pattern(
        "falta carec ausen difícil imposib problem poco= poca= pocos= pocas= apenas= rara salvo="
        " excepto= solo= sólo= pero= sin= embargo= aunque= pese= limit evit impid impedi prohib"
        " rechaz exclu insufici fracas in(?:capa|exact|compl)"
    ),
)
_ITALIAN = Lexicon(
    negations=_words("non mai senza nessun nessuna nessuno né"),
    prohibitions=_words("vietato vietata vietati proibito"),
    musts=_words("deve devono dovrà dovranno"),
    duties=_words("obbligato obbligata tenuto tenuta obbligatorio obbligatoria necessario"),
    mays=_words("può possono potrà potranno permesso consentito facoltativo"),
    adjectives=_words("permesso consentito facoltativo"),
    limits=_words("solo soltanto solamente unicamente eccetto salvo"),
    conditions=_words("se quando fino purché qualora"),
    grammar=_words(
        "il lo la i gli le un uno una del della dei delle al alla di da nel nella è sono essere"
        " stato ha hanno e o con per che si su suo sua in a"
    ),
    conjunctions=_words("ma anche se quando salvo eccetto"),
    idioms=re.compile(r"\bnon solo\b|\bnon (?:più|meno) di\b", re.IGNORECASE),
)
_PORTUGUESE = Lexicon(
    negations=_words("não nunca jamais sem nenhum nenhuma ninguém nem"),
    prohibitions=_words("proibido proibida vedado vedada"),
    musts=_words("deve devem deverá deverão"),
    duties=_words("obrigado obrigada obrigatório obrigatória necessário"),
    mays=_words("pode podem poderá poderão permitido permitida facultativo"),
    adjectives=_words("permitido permitida facultativo"),
    limits=_words("só somente apenas salvo exceto"),
    conditions=_words("se quando até desde caso"),
    grammar=_words(
        "o a os as um uma do da dos das de no na nos nas em é são ser foi e ou com por para que se"
        " seu sua ao à"
    ),
    conjunctions=_words("mas embora porque se quando salvo exceto"),
    idioms=re.compile(r"\bnão só\b|\bnão apenas\b|\bnão (?:mais|menos) de\b", re.IGNORECASE),
)
_DUTCH = Lexicon(
    negations=_words("niet geen nooit zonder noch"),
    prohibitions=_words("verboden"),
    musts=_words("moet moeten dient dienen"),
    duties=_words("verplicht noodzakelijk verschuldigd"),
    mays=_words("mag mogen kan kunnen toegestaan optioneel vrijwillig"),
    adjectives=_words("toegestaan optioneel vrijwillig"),
    limits=_words("alleen slechts uitsluitend tenzij behalve"),
    conditions=_words("indien als tot wanneer mits"),
    grammar=_words(
        "de het een van is zijn was wordt worden werd heeft hebben en of te met voor in op aan door"
        " bij naar dat die deze dit er zich om"
    ),
    conjunctions=_words("maar omdat hoewel tenzij indien behalve"),
    idioms=re.compile(r"\bniet alleen\b|\bniet (?:meer|minder|later) dan\b", re.IGNORECASE),
)
_LEXICONS = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "it": _ITALIAN,
    "pt": _PORTUGUESE,
    "nl": _DUTCH,
}


def lexicon_of(language: str) -> Lexicon | None:
    """Return the words of a language (ISO 639-1, "" counts as English), None if not known."""
    return _LEXICONS.get(language or "en")

"""Turns sentences of contracts, requirements and financial news into claims, true and false.

Faithful claims say the same in other shapes: word for word, compressed, split, active or passive,
in other words. False ones change one thing. All by rule, the same in every run, and written without
a look at how the check works.
"""

import itertools
import re
from collections.abc import Iterator

_FEWEST_WORDS, _MOST_WORDS = 7, 70


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# --- faithful -------------------------------------------------------------------------------------

_LEADING = re.compile(
    r"^(?:\(?(?:\d+(?:\.\d+)*|[a-z]|[ivx]+)[.)]\s+)+|^(?:Section \d+(?:\.\d+)*\.?\s+)"
    r"|^(?:[A-Z][A-Za-z -]{2,40}\. )(?=[A-Z])"
)
_PARENTHESES = re.compile(r"\s*\((?![^)]*\b(?:not|only|unless|except|c)\b)[^()]{3,}\)")
_OPENING = re.compile(
    r"^(?:However|In addition|Furthermore|Moreover|Therefore|Thus|Also|For example|In particular"
    r"|Finally|Additionally|Similarly|Accordingly|Note that|In general|In this case),? +",
)
_FILLERS = re.compile(
    r", (?:however|therefore|for example|in particular|of course|in turn),"
    r"|\b(?:hereby|thereof|herein|hereunder|expressly|also|itself|simply) "
    r"|,? (?:including|such as|e\.g\.,?|for instance) [^,;:.]{4,80}(?=\.$|,|;)"
)
_SPLIT = re.compile(
    r"; (?:and |or |but )?|, (?:and|but) (?=(?:the|a|an|you|it|they|we|any|each)\b)"
)
_STARTS = re.compile(
    r"(?:the|a|an|you|your|it|its|they|we|any|each|if|this|these|all|no|such|every|other|some"
    r"|[A-Z][\w-]*)\b"
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|shall|must|may|will|can|cannot|should|would|does|do|did"
    r"|said|says|agrees?|grants?|means|rose|fell|expects?)\b"
)
_MONTH_DAY = (
    r"\b(January|February|March|April|June|July|August|September|October|November|December)"
    r" (\d{1,2})\b(?!,)"
)
_OTHER_WORDS: tuple[tuple[str, str], ...] = (
    (r"\bshall not\b", "must not"),
    (r"\bmust not\b", "may not"),
    (r"\bshall\b(?! not)", "must"),
    (r"\bmust\b(?! not)", "has to"),
    (r"\bis required to\b", "must"),
    (r"\bmay not\b", "is not allowed to"),
    (r"\bcannot\b", "can not"),
    (r"\bprior to\b", "before"),
    (r"\bin the event that\b", "if"),
    (r"\bprovided that\b", "if"),
    (r"\bpursuant to\b", "under"),
    (r"\bin accordance with\b", "under"),
    (r"\bupon\b", "on"),
    (r"\bmodif(y|ies)\b", r"change"),
    (r"\bterminate\b", "end"),
    (r"\butilize\b", "use"),
    (r"\bpurchase\b", "buy"),
    (r"\bacquired\b", "bought"),
    (r"\bobtain\b", "get"),
    (r"\bcommence\b", "begin"),
    (r"\bsubsequent\b", "later"),
    (r"\bportion of\b", "part of"),
    (r"\bmln dlrs\b", "million dollars"),
    (r"\bdlrs\b", "dollars"),
    (r"\bpct\b", "percent"),
    (r"\bcts\b", "cents"),
    (r"\bmln\b", "million"),
    (r"\bsaid\b", "stated"),
    (r"\bapproximately\b", "about"),
    (r"\bwhich\b", "that"),
    (r"\btwo\b", "2"),
    (r"\bthree\b", "3"),
    (r"\b30 days\b", "thirty days"),
    (_MONTH_DAY, r"\2 \1"),
)  # fmt: skip
_MODAL = r"(?:shall|must|may|will|can|should|MUST|MAY|SHOULD|SHALL)"
_ACTIVE = re.compile(
    rf"^((?:The|A|An|Any|Each|Every|Such|This|[A-Z][\w-]+)(?: [\w-]+){{0,3}}|You) ({_MODAL})"
    r"( not)? (\w+) ((?:the|a|an|any|each|your|all|its|such|this|these|one)\b(?: [\w-]+){1,4})"
    r"(?=[.,;]| (?:to|in|under|for|within|before|after|at|on|by|if|when|with)\b)(.*)$"
)
_IRREGULAR = {
    "send": "sent", "give": "given", "make": "made", "take": "taken", "keep": "kept",
    "hold": "held", "set": "set", "pay": "paid", "sell": "sold", "buy": "bought", "put": "put",
    "begin": "begun", "choose": "chosen", "write": "written", "read": "read", "know": "known",
    "find": "found", "show": "shown", "withdraw": "withdrawn", "overrule": "overruled",
    "refer": "referred", "transmit": "transmitted", "permit": "permitted", "submit": "submitted",
    "bring": "brought", "see": "seen", "do": "done", "get": "got", "run": "run", "bear": "borne",
}  # fmt: skip
_NO_VERB = frozenset(_words("be have also only either then include exercise contain not"))


def is_usable(text: str) -> bool:
    """Tell whether a sentence of a document says something by itself."""
    count = len(text.split())
    letters = sum(character.isalpha() or character == " " for character in text)
    return (
        _FEWEST_WORDS <= count <= _MOST_WORDS
        and text.rstrip().endswith(".")
        and text[0].isupper()
        and not text.isupper()
        and letters >= 0.85 * len(text)
        and _FINITE.search(text) is not None
    )


def faithful(sentence: str) -> Iterator[tuple[str, str]]:
    """Yield what says the same as `sentence`: the shape, and the claim."""
    plain = _LEADING.sub("", " ".join(sentence.split()))
    yield "word for word", plain
    shorter = _FILLERS.sub(lambda m: " " if m.group().startswith(",") and m.group().endswith(",")
                           else "", _OPENING.sub("", _PARENTHESES.sub("", plain)))  # fmt: skip
    shorter = _capital(re.sub(r" +", " ", shorter).replace(" ,", ",").replace(" .", "."))
    if shorter != plain and len(shorter.split()) >= _FEWEST_WORDS:
        yield "compressed", shorter
    yield from (("split", part) for part in _parts(plain))
    if passive := _passive(plain):
        yield "passive", passive
    other = _in_other_words(plain)
    if other != plain:
        yield "other words", other
        if shorter != plain:
            yield "compressed, other words", _in_other_words(shorter)


def _in_other_words(text: str) -> str:
    """Replace up to three words by others that mean the same here."""
    replaced = 0
    for pattern, instead in _OTHER_WORDS:
        changed = re.sub(pattern, instead, text, count=1)
        if changed != text:
            if instead == "has to" and re.search(
                r"\b(?:you|they|we|\w+s) has to\b", changed, re.IGNORECASE
            ):
                changed = changed.replace("has to", "have to", 1)
            if "is not allowed" in instead and re.search(r"\b[Yy]ou is not", changed):
                changed = changed.replace("ou is not", "ou are not")
            text, replaced = changed, replaced + 1
        if replaced == 3:
            break
    return text


def _parts(text: str) -> Iterator[str]:
    """Yield the parts of a sentence that are sentences themselves."""
    if re.match(r"(?:If|When|Unless|Where|Provided|Except|Only|Although|While)\b", text):
        return  # the condition covers all parts
    pieces = [piece.strip(" .,;") for piece in _SPLIT.split(text)]
    if len(pieces) < 2 or len(pieces) > 3 or ":" in text:
        return
    for piece in pieces:
        opens = re.search(
            r"\b(?:if|unless|only|except|either|both|not|provided)\b", pieces[0], re.IGNORECASE
        )
        if opens:
            return
        if len(piece.split()) >= _FEWEST_WORDS and _STARTS.match(piece) and _FINITE.search(piece):
            yield f"{_capital(piece)}."


def _passive(text: str) -> str:
    match = _ACTIVE.match(text)
    if not match or match[4] in _NO_VERB or match[4].endswith(("ly", "ed", "ing")):
        return ""
    subject, modal, negation, verb, thing, rest = match.groups()
    doer = subject[0].lower() + subject[1:] if re.match(
        r"(?:The|A|An|Any|Each|Every|Such|This|You)\b", subject) else subject  # fmt: skip
    end = rest.rstrip(".")
    return f"{_capital(thing)} {modal}{negation or ''} be {_participle(verb)} by {doer}{end}."


def _participle(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ied"
    return f"{verb}ed"


def _capital(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:]


# --- changed --------------------------------------------------------------------------------------

_OBLIGATIONS: tuple[tuple[str, str], ...] = (
    (r"\bMUST\b(?! NOT)", "MAY"),
    (r"\bSHALL\b(?! NOT)", "MAY"),
    (r"\bREQUIRED\b", "OPTIONAL"),
    (r"\bMAY\b(?! NOT)", "MUST"),
    (r"\bSHOULD\b(?! NOT)", "MAY"),
    (r"\b(?:is|are) required to\b", "may"),
    (r"\b(?:has|have) to\b", "may"),
    (r"\bmust\b(?! not)", "may"),
    (r"\bshall\b(?! not| mean| be deemed)", "may"),
    (r"\bmay\b(?! not)", "must"),
    (r"\bcan\b(?! not)", "must"),
    (r"\b(is|are) (?:permitted|allowed|free|entitled) to\b", r"\1 required to"),
)
_ADD_NOT = re.compile(
    r"\b(MUST|SHALL|MAY|SHOULD|shall|must|may|should|can|will|would|is|are|was|were|has|have|had)\b"
    r"(?! (?:not|NOT|no|never|only|neither|to|likewise)\b)"
)
_DROP_NOT = re.compile(
    r"\b(MUST|SHALL|MAY|SHOULD|shall|must|may|should|can|will|would|is|are|was|were|has|have|had)"
    r" ?(?:not|NOT)\b(?! (?:only|limited|necessarily))"
)
_DO_NOT = re.compile(r"\b(?:does|do|did) not ")
_PARTIES = re.compile(
    r"\b(?:[Yy]ou\b|(?:(?:[Tt]h(?:e|is|ese)|[Aa]n?|[Aa]ny|[Aa]ll|[Ee]ach|[Ss]uch|[Ee]very|[Yy]our"
    r"|[Oo]ther) )?(?:(?:original|initial|local|other|downstream|remote) )?"
    r"(?:licensors?|Licensors?|licensees?|Licensees?|Contributors?|contributors?|recipients?"
    r"|Recipients?|Initial Developer|NVIDIA|Intel|customers?|Customers?|Project Leader"
    r"|Technical Committee|Developers?|Project Secretary|Delegates?|Chair|Project|Copyright Holder"
    r"|users?|distributors?|authors?|publishers?|Affirmer|Free Software Foundation"
    r"|Fair Isaac|Gurobi|Artelys|DataRobot"
    r"|copyright holders?|[Cc]lients?|servers?|senders?|receivers?|hosts?|routers?|peers?"
    r"|maintainers?|administrators?|applications?|programs?|packages?|scripts?|systems?"
    r"|initiators?|responders?|endpoints?|nodes?|speakers?|resolvers?|registrars?|proxy|proxies))\b(?!['’-])"
)
_COMPANY = re.compile(
    r"\b(?:[A-Z][\w&.]*[a-z&][\w&.]*|[A-Z]{3,})(?: (?:[A-Z][\w&.]+|and [A-Z]\w+))*"
    r"(?: (?:Inc|Corp|Co|Ltd|Plc|PLC|AG|SA))?\b"
)
_NO_COMPANY = frozenset(
    _words(
        "The It But In A An He They We This That These Its On At For Under If However Last Analysts"
        " Earlier Both Each Oil OPEC Reuters January February March April May June July August"
        " September October November December Monday Tuesday Wednesday Thursday Friday Saturday"
        " Sunday U.S. Terms Texas West Intermediate Gulf"
    )
)
_ACTS = re.compile(
    r"\b(?:shall|must|may|will|should|can|cannot|MUST|MAY|SHOULD|SHALL|agrees?|agreed|grants?|sends?"
    r"|receives?|notifies|acquired?|acquires|sold|sells?|sell|bought|buys?|buy|owns?|offered|bid"
    r"|told|urged|asked|rejected|sued|merged into|took over|paid|pays?|controls|holds)\b"
)
_DEEDS = (
    r"(?:acquir|purchas|complet|receiv|rais|launch|reject|accept|approv|notif|inform|requir|provid"
    r"|appoint|overrul|propos|consult|ask|sign|form|ow|take|join|lower|follow|support|help|allow"
    r"|install|contain|replac|us|call|run|creat|updat|remov)(?:e|es|ed|s|ies|ied|ing|y)?"
)
_OPENS_CLAUSE = re.compile(r"(?:^|[,;:.] |\b(?:and|but|then|if|when|that|so|or|which) )$")
_VERB_BETWEEN = re.compile(
    r"(?: \w+ly| hereby| also)?(?: (?:said|says) (?:it|they))?"
    r"(?: (?:has|had|have|will|would|plans? to|agreed to|is to))?(?: \w+ly)?"
    rf" (?:{_ACTS.pattern[5:-3]}|{_DEEDS})"
    r"(?: (?!and |or |that |if |when |said )[\w.-]+){0,8}? "
)
_ENDS_NAME = re.compile(
    r"[.,;]| (?:for|in|from|on|to|at|and|with|by|if|after|under|of|as|the|an?|any|all|that|which)\b"
)
# A noun after another noun is part of a name: "an AI application", "the postinst script".
_STANDS_ALONE = re.compile(
    r"(?:\b(?:to|from|with|by|for|on|of|in)|\b(?:shall|must|may|will|should|can) \w+) \w+$|[Yy]ou$"
    r"|\b(?:[Tt]h(?:e|is|ese)|[Aa]n?|[Aa]ny|[Aa]ll|[Ee]ach|[Ss]uch|[Ee]very|[Yy]our|[Oo]ther) \w+$"
    r"|\b[A-Z]\w+$"
)
_SYMMETRIC = re.compile(
    r"\b(?:between|merge|merged|merger|each other|together|cooperate|meet|and/or)\b"
)
_DIGITS = re.compile(r"(?<![\w.,:/(-])(?<!Section )(?<!section )(?<!RFC )(?<!version )"
                     r"\d+(?:[.,]\d+)*(?![\w/:-]|\.\d)")  # fmt: skip
_NUMBER_WORDS = _words("two three four five six seven eight nine ten twenty thirty sixty ninety")
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b(?! \()")
_MONTHS = _words(
    "January February March April May June July August September October November December"
)
_DATE = re.compile(rf"\b({'|'.join(m for m in _MONTHS if m != 'May')})\b(?= \d|,? of| \d|\.|,|$)"
                   r"|\b(?:19|20)\d\d\b")  # fmt: skip
_UNITS: tuple[tuple[str, str], ...] = (
    (r"(?<=\d )days\b", "months"), (r"(?<=\d )months\b", "weeks"), (r"(?<=\d )years\b", "months"),
    (r"(?<=\d )weeks\b", "days"), (r"(?<=\d )hours\b", "days"), (r"(?<=\d )minutes\b", "hours"),
    (r"(?<=\d )seconds\b", "minutes"), (r"(?<=\d )(?:pct|percent)\b", "dollars"),
    (r"(?<=\d )mln\b", "billion"), (r"(?<=\d )million\b", "billion"), (r"(?<=\d )billion\b", "mln"),
    (r"(?<=\d )dlrs\b", "pct"), (r"(?<=\d )dollars\b", "euros"), (r"(?<=\d )cts\b", "dlrs"),
    (r"(?<=\d )cents\b", "dollars"), (r"(?<=\d)%", " dollars"), (r"(?<=mln )dlrs\b", "stg"),
    (r"(?<=million )dollars\b", "pounds"), (r"(?<=\) )days\b", "months"),
    (r"(?<=\) )years\b", "months"), (r"(?<=(?:two|ten|six) )weeks?\b", "days"),
    (r"(?<=three )years\b", "months"), (r"(?<=three )weeks\b", "days"),
    (r"(?<=thirty )days\b", "months"), (r"(?<=(?:two|six|ten) )months\b", "years"),
    (r"(?<=(?:two|six|ten) )days\b", "weeks"), (r"(?<=(?:two|six|ten) )years\b", "months"),
    (r"(?<=three )months\b", "years"), (r"(?<=\d )bytes\b", "bits"), (r"(?<=\d )bits\b", "bytes"),
    (r"(?<=\d )octets\b", "bits"), (r"(?<=\d )milliseconds\b", "seconds"),
)  # fmt: skip


def changed(claim: str, *, is_news: bool = False) -> Iterator[tuple[str, str]]:
    """Yield what `claim` becomes when one thing in it is changed: the kind, and the new claim.

    Parties are companies where `is_news`, else licensors, users, servers and the like.
    """
    for name, change in (
        ("obligation flipped", _flip),
        ("negation added", _negate),
        ("negation dropped", _affirm),
        ("parties swapped", _swap_companies if is_news else _swap_parties),
        ("number changed", _renumber),
        ("date changed", _redate),
        ("unit changed", _reunit),
    ):
        instead = change(claim)
        if instead and instead != claim:
            yield name, instead


def _flip(claim: str) -> str:
    for pattern, instead in _OBLIGATIONS:
        if re.search(pattern, claim):
            return re.sub(pattern, instead, claim, count=1)
    return ""


def _negate(claim: str) -> str:
    match = _ADD_NOT.search(claim)
    if not match:
        return ""
    word = "NOT" if match.group().isupper() and len(match.group()) > 1 else "not"
    return f"{claim[: match.end()]} {word}{claim[match.end() :]}"


def _affirm(claim: str) -> str:
    if match := _DROP_NOT.search(claim):
        return f"{claim[: match.start()]}{match.group(1)}{claim[match.end() :]}"
    if re.search(r"\bcannot\b", claim):
        return claim.replace("cannot", "can", 1)
    return _DO_NOT.sub("", claim, count=1)


def _swap_parties(claim: str) -> str:
    return _swap(claim, (_PARTIES,))


def _swap_companies(claim: str) -> str:
    return _swap(claim, (_PARTIES, _COMPANY))


def _swap(claim: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    if _SYMMETRIC.search(claim):
        return ""
    for pattern in patterns:
        found = [m for m in pattern.finditer(claim) if m.group() not in _NO_COMPANY]
        for first, second in itertools.pairwise(found):
            between = claim[first.end() : second.start()]
            if _bare(first.group()) == _bare(second.group()) or not _VERB_BETWEEN.fullmatch(
                between
            ):
                continue
            if not _OPENS_CLAUSE.search(claim[: first.start()]):
                continue
            if not _ENDS_NAME.match(claim, second.end()):
                continue
            if not _STANDS_ALONE.search(claim[: second.end()]):
                continue
            one, other = first.group(), second.group()
            if first.start() == 0:
                one = one if pattern is _COMPANY else one[0].lower() + one[1:]
                other = _capital(other)
            return f"{claim[: first.start()]}{other}{between}{one}{claim[second.end() :]}"
    return ""


def _bare(party: str) -> str:
    bare = party.lower().rstrip("s")
    return re.sub(r"^(?:the|an?|any|each|such|every) ", "", bare)


def _renumber(claim: str) -> str:
    for match in _DIGITS.finditer(claim):
        digits = match.group()
        if re.fullmatch(r"(?:19|20)\d\d|\d+\.\d+\..*", digits):
            continue
        value = float(digits.replace(",", ""))
        new = f"{value * 2 + 3:.{len(digits.split('.')[1]) if '.' in digits else 0}f}"
        return claim[: match.start()] + new + claim[match.end() :]
    if match := _NUMBER_WORD.search(claim):
        at = _NUMBER_WORDS.index(match.group())
        new = _NUMBER_WORDS[(at + 4) % len(_NUMBER_WORDS)]
        return claim[: match.start()] + new + claim[match.end() :]
    return ""


def _redate(claim: str) -> str:
    match = _DATE.search(claim)
    if not match:
        return ""
    if match.group().isdigit():
        new = str(int(match.group()) - 3)
    else:
        new = _MONTHS[(_MONTHS.index(match.group()) + 5) % 12]
    return claim[: match.start()] + new + claim[match.end() :]


def _reunit(claim: str) -> str:
    for pattern, instead in _UNITS:
        if re.search(pattern, claim):
            return re.sub(pattern, instead, claim, count=1)
    return ""

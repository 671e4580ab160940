"""Words that say what must, may or must not be, in the main languages of Western Europe.

A document in another language is checked for support, numbers and names alone.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOT = _words(
    "not n't no never none nobody nothing neither nor without cannot fail fails failed lacks lack"
    " unable refuse refuses refused nicht kein keine keinen keinem keiner keines nie niemals ohne"
    " pas jamais aucun aucune sans nunca jamás sin ningún ninguna ninguno nadie mai senza nessun"
    " nessuna não nunca sem nenhum nenhuma niet geen nooit zonder"
)
PROHIBITED = _words(
    "prohibited forbidden prohibits forbids verboten untersagt interdit interdite interdits"
    " prohibido prohibida vietato vietata proibido proibida verboden"
)
MUST = _words(
    "must shall duty obligation obligations muss müssen soll sollen pflicht doit doivent devra"
    " devront debe deben deberá deberán deve devono dovrà devem deverá moet moeten"
)
REQUIRED = _words(
    "required obliged obligated mandatory compulsory requires require need needs necessary bound"
    " payable due responsible liable verpflichtet erforderlich tenu tenue obligatoire obligado"
    " obligada obligatorio obbligato obbligatorio tenuto obrigado obrigatório verplicht"
)
MAY = _words(
    "may can could might allowed permitted entitled authorized authorised free optional voluntary"
    " discretion darf dürfen kann können berechtigt erlaubt freiwillig optional peut peuvent"
    " pourra autorisé facultatif puede pueden podrá podrán permitido opcional può possono"
    " permesso facoltativo pode podem poderá permitido mag mogen kan kunnen toegestaan"
)
ONLY = _words(
    "only unless except solely exclusively nur außer ausschließlich sauf uniquement seulement"
    " salvo excepto solo sólo solamente únicamente eccetto soltanto somente apenas exceto alleen"
    " tenzij behalve"
)
CONDITIONS = ONLY | _words(
    "if until when where provided subject wenn falls bis sofern si lorsque jusqu cuando hasta se"
    " quando fino caso até indien als tot mits"
)
# These also govern what stands before them: "Pets are not allowed", "payment is due".
LOOKS_BACK = (
    PROHIBITED
    | REQUIRED
    | _words(
        "allowed permitted optional voluntary erlaubt freiwillig autorisé facultatif permitido"
        " opcional permesso facoltativo toegestaan"
    )
)
# Words of grammar, which no marker has as its head.
GRAMMAR = _words(
    "a an the to of in on at by for from with as is are was were be been being has have had do"
    " does did will would it its this that these those there their they he she his her our we you"
    " your any some all each every such so also than then and or if when which who whom whose"
    " der die das den dem des ein eine einen einem einer zu im am ist sind war wird werden wurde"
    " hat haben sich es er sie und oder auf mit von für le la les un une des du de d l à au aux"
    " est sont être été a ont il elle ils que qui ne n se et ou en dans par pour sur el los las"
    " una uno unos del al es son ser sido ha han y o con por para lo gli i il uno è sono essere"
    " stato ha hanno e di da nel della al dal o os as um uma do da dos das no na é são foi het een"
    " van is zijn wordt worden heeft en of te met voor"
)

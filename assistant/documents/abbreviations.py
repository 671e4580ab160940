"""Words that end with a full stop without ending a sentence, in the languages people read here.

All are lower case and without their last stop. Three kinds are told apart, because "Dr." never
ends a sentence, "etc." may, and "no." does unless a number follows.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEVER_LAST = _words("""
    mr mrs ms dr prof st mt messrs hon rev gen col lt capt sgt maj gov sen rep pres supt cmdr
    vs v cf viz ed eds trans e.g i.e eg ie approx esp ca resp incl excl i.a a.k.a
    hr fr frl dipl.-ing dipl ing z.b z d.h u.a s.o s.u vgl bzw evtl ggf sog bspw inkl zzgl
    mme mlle mm p.ex c.-à-d m sra srta d dña p.ej ej ud uds exmo
    jan feb apr jun jul aug sep sept oct nov dec
""")
BEFORE_NUMBER = _words("""
    no nos nr nrs fig figs eq eqs eqn sec secs sect ch chap art arts vol vols pp p pt par para
    ex app tab thm lem prop def cor ref refs s ss abs abb bd kap ziff rdnr anm núm n° pág págs
    cap lit cl reg ln col pg f ff line lines
""")
SOMETIMES_LAST = _words("""
    etc inc ltd co corp bros jr sr esq dept univ assn a.m p.m u.s u.k u.n e.u d.c ph.d m.d b.a m.a
    usw u.s.a u.s.c ave blvd rd usf gmbh ag s.a cie ee.uu op cit ibid est min max avg std misc al
""")
MONTHS = _words("""
    januar jänner februar märz april mai juni juli august september oktober november dezember
    jan feb mär apr jun jul aug sep sept okt nov dez jahrhundert jahrhunderts
""")
STARTERS = _words("""
    the a an this that these those it its he she they we you i in on at by for from to of with as
    if when while where after before since because although though however but and or so then
    there here what who which how why no not all each every some any many most such both our
    their his her my your one two three first second finally moreover furthermore thus hence
    therefore also according instead once unless until under over between during
    der die das ein eine es er sie wir ihr ich dies diese dieser im am zum zur bei mit nach wenn
    als auch aber und oder nicht für von
    le la les un une il elle ils elles nous vous je ce cette ces dans en au aux pour par si mais
    el los las una lo yo esto este esta estos en por para con si pero al del
""")

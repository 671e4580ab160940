"""Words for numbers, months and units, in the main languages of Western Europe."""

SMALL = {
    word: number
    for number, words in {
        0: "zero null zéro cero nul",
        1: "once",
        2: "two zwei deux dos due dois twee twice",
        3: "three drei trois tres tre três drie thrice",
        4: "four vier quatre cuatro quattro quatro",
        5: "five fünf cinq cinco cinque vijf",
        6: "six sechs seis sei zes",
        7: "seven sieben sept siete sette sete zeven",
        8: "eight acht huit ocho otto oito",
        9: "nine neun neuf nueve nove negen",
        10: "ten zehn dix diez dieci dez tien",
        11: "eleven elf onze once undici",
        12: "twelve zwölf douze doce dodici doze twaalf dozen",
        13: "thirteen dreizehn treize trece tredici treze dertien",
        14: "fourteen vierzehn quatorze catorce quattordici veertien",
        15: "fifteen fünfzehn quinze quince quindici vijftien",
        16: "sixteen sechzehn seize",
        17: "seventeen siebzehn",
        18: "eighteen achtzehn",
        19: "nineteen neunzehn",
        20: "twenty zwanzig vingt veinte venti vinte twintig",
        30: "thirty dreißig trente treinta trenta trinta dertig",
        40: "forty vierzig quarante cuarenta quaranta quarenta veertig",
        50: "fifty fünfzig cinquante cincuenta cinquanta cinquenta vijftig",
        60: "sixty sechzig soixante sesenta sessanta sessenta zestig",
        70: "seventy siebzig setenta settanta zeventig",
        80: "eighty achtzig ochenta ottanta oitenta tachtig",
        90: "ninety neunzig noventa novanta negentig",
    }.items()
    for word in words.split()
}
# Words of other languages that mean something else in English or are too common to be numbers.
for _word in ("once", "null", "due", "dix", "sei", "sept", "elf", "quince", "nul", "dos", "tre"):
    SMALL.pop(_word, None)
# Mostly no number: "one of them". It counts with a unit, and after tens.
ONE = frozenset({"one", "un", "une", "uno", "una", "um", "uma", "ein", "eine", "einen", "een"})
LARGE = {
    "hundred": 100,
    "hundert": 100,
    "cent": 100,
    "thousand": 1_000,
    "tausend": 1_000,
    "mille": 1_000,
    "mil": 1_000,
    "million": 1_000_000,
    "millions": 1_000_000,
    "millionen": 1_000_000,
    "millones": 1_000_000,
    "milioni": 1_000_000,
    "milhões": 1_000_000,
    "mio": 1_000_000,
    "mln": 1_000_000,
    "mlns": 1_000_000,
    "bln": 1_000_000_000,
    "mrd": 1_000_000_000,
    "billion": 1_000_000_000,
    "billions": 1_000_000_000,
    "milliarden": 1_000_000_000,
    "milliards": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}
SUFFIXES = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000}
ORDINALS = {
    word: number
    for number, word in enumerate(
        # "first" and "second" mostly order an argument
        ("third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
        start=3,
    )
}
FRACTIONS = {"half": "0.5", "quarter": "0.25", "½": "0.5", "¼": "0.25", "¾": "0.75"}
MONTHS = {
    name: str(number)
    for number, names in enumerate(
        (
            "january januar janvier enero gennaio janeiro januari",
            "february februar février febrero febbraio fevereiro februari",
            "march märz mars marzo março maart",
            "april avril abril aprile",
            "may mai mayo maggio maio mei",
            "june juni juin junio giugno junho",
            "july juli juillet julio luglio julho",
            "august août agosto augustus",
            "september septembre septiembre settembre setembro",
            "october oktober octobre octubre ottobre outubro",
            "november novembre noviembre novembro",
            "december dezember décembre diciembre dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
UNITS = {
    form: unit
    for unit, forms in {
        "%": "% percent percentage pct prozent pourcent",
        "USD": "$ usd dollar dollars us$ dlr dlrs",
        "EUR": "€ eur euro euros",
        "GBP": "£ gbp pound pounds sterling stg",
        "JPY": "¥ jpy yen",
        "CHF": "chf francs franken",
        "second": "second seconds sec secs sekunde sekunden secondes segundos",
        "minute": "minute minutes min mins minuten minutos minuti",
        "hour": "hour hours hr hrs stunde stunden heures heure horas hora ore uur",
        "day": "day days tag tage tagen jour jours día días giorni giorno dia dias dag dagen",
        "week": "week weeks woche wochen semaine semaines semana semanas settimane weken",
        "month": "month months monat monate monaten mois mes meses mese mesi maand maanden",
        "year": "year years jahr jahre jahren an ans année années año años anno anni ano anos jaar",
        "km": "km kilometre kilometres kilometer kilometers",
        "m": "metre metres meter meters",
        "kg": "kg kilogram kilograms kilo kilos",
        "GB": "gb gigabyte gigabytes",
        "MB": "mb megabyte megabytes",
        "kB": "kb kilobyte kilobytes",
        "byte": "byte bytes octet octets",
        "bit": "bit bits",
        "ms": "ms millisecond milliseconds",
        "cent": "cents cts ct",
        "barrel": "barrel barrels bbl bbls",
        "share": "share shares shr shrs aktie aktien",
        "tonne": "tonne tonnes ton tons",
    }.items()
    for form in forms.split()
}
CURRENCIES = frozenset({"USD", "EUR", "GBP", "JPY", "CHF"})

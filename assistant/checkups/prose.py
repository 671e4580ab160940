"""Text to measure with: sentences that do not repeat, so that nothing can be guessed from them."""

import random
from collections.abc import Iterator

_WHO = "the tenant,a neighbour,our cook,the old captain,the committee,a young doctor,the gardener"
_DID = "painted,found,sold,described,repaired,carried,forgot,measured,drew,bought,hid,returned"
_WHAT = "a wooden boat,the third letter,two lamps,an iron gate,the map,a silver watch,nine chairs"
_WHERE = "near the harbour,in the library,behind the mill,at the station,under the bridge,upstairs"
_WHEN = "before noon,in the spring,after the storm,on a Sunday,last winter,at dawn,years ago"
_WHY = "because it rained,to please the mayor,without a word,for a small fee,by mistake,at last"


def sentences(seed: int) -> Iterator[str]:
    """Yield sentences without end, others for each `seed`."""
    chance = random.Random(seed)  # noqa: S311 - prose, not a secret
    parts = [part.split(",") for part in (_WHO, _DID, _WHAT, _WHERE, _WHEN, _WHY)]
    while True:
        words = " ".join(chance.choice(part) for part in parts)
        yield f"{words[0].upper()}{words[1:]} ({chance.randint(2, 9999)})."

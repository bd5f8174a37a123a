"""Whether somebody asked for a picture of one colour."""

import re

_WORDS = re.compile(
    r"black|white|gr[ae]y|red|green|blue|yellow|orange|purple|pink|brown|colou?r|monochrom|blank|empty"
    r"|plain|solid|uniform|background|void|dark|night|nothing|invisible|square|minimal|fog|snow"
    r"|schwarz|wei(?:ß|ss)|leer|farbe|noire?|blanche?|vide|couleur|negr[oa]|blanc[oa]|vac[ií]o|nero|vuoto"
    r"|ч[её]рн|бел|黒|黑|白|空|色|검은|흰|अंधेर",
    re.IGNORECASE,
)


def asks_for_blank(prompt: str) -> bool:
    """In doubt it does: "a black square", "a plain background", "a moonless night"."""
    return _WORDS.search(prompt) is not None

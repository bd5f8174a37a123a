"""Whether somebody asked for a picture of one colour."""

import re

# Whole words with their endings, else "tired" and "hundred" would ask for red.
_WORDS = re.compile(
    r"\b(?:black|white|gr[ae]y|red|green|blue|yellow|orange|purple|pink|brown|colou?r|monochrome?"
    r"|blank|empty|plain|solid|uniform|background|void|dark|darkness|night|nothing|invisible|square"
    r"|minimal|minimalist|fog|foggy|snow|schwarz|wei(?:ß|ss)|leer|farbe|noire?|blanche?|vide|couleur"
    r"|negr[oa]|blanc[oa]?|vac[ií]o|nero|bianc[oa]|vuoto)\w{0,2}\b"
    r"|\b(?:ч[её]рн|бел)\w{1,3}\b|黒|黑|白|空|色|검은|흰|अंधेर",
    re.IGNORECASE,
)


def asks_for_blank(prompt: str) -> bool:
    """In doubt it does: "a black square", "a plain background", "a moonless night"."""
    return _WORDS.search(prompt) is not None

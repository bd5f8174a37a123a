"""The commands in the reader's own language, from one file."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import discord
from discord.app_commands import TranslationContextTypes, Translator, locale_str

LOCALES = ("de", "es-ES", "fr", "ja")


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """English → locale → word, as words.json has them in the order of LOCALES."""
    text = files("adapters.discord.platform").joinpath("words.json").read_text("utf-8")
    return {
        english: dict(zip(LOCALES, translated, strict=True))
        for english, translated in json.loads(text).items()
    }


class Words(Translator):
    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        del context
        return words().get(string.message, {}).get(locale.value)

"""Commands as Discord offers them to people of several languages. Names stay as they are: the texts name them."""

from __future__ import annotations

from discord import Locale
from discord.app_commands import TranslationContextLocation, TranslationContextTypes, Translator, locale_str

from bot.phrases import phrases

TRANSLATED = {
    TranslationContextLocation.command_description,
    TranslationContextLocation.group_description,
    TranslationContextLocation.parameter_description,
}


class Descriptions(Translator):
    """Says what commands and their options are for."""

    async def translate(self, string: locale_str, locale: Locale, context: TranslationContextTypes) -> str | None:
        """The description in the language of a locale; None for names, and for languages that the bot does not speak."""
        told = phrases(locale.value)(string.message)
        return told if context.location in TRANSLATED and told != string.message else None

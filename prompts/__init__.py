"""What a language model is told: one text file a prompt, with `$name` where something is put in."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from string import Template


class PromptError(ValueError):
    """A prompt is missing, or does not have exactly the placeholders that the code fills in."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A checked prompt."""

    name: str
    text: str

    def fill(self, **values: str) -> str:
        """The prompt with these in place; what is put in is never read for placeholders itself."""
        return Template(self.text).substitute(values)


def load(name: str, *placeholders: str) -> Prompt:
    """Read `name.txt`, and check that it has these placeholders and no other.

    Raises:
        PromptError: it has not, or cannot be read.
    """
    try:
        text = files(__name__).joinpath(f"{name}.txt").read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"the prompt {name}.txt cannot be read: {error}") from error
    return check(Prompt(name, text), placeholders)


def fingerprint() -> str:
    """Names the wording of all prompts, so that an answer can say what it was made with."""
    texts = sorted((one.name, one.read_bytes()) for one in files(__name__).iterdir() if one.name.endswith(".txt"))
    return f"prompts@{sha256(repr(texts).encode()).hexdigest()[:12]}"


def check(prompt: Prompt, placeholders: tuple[str, ...]) -> Prompt:
    """The prompt, when it has exactly these placeholders.

    Raises:
        PromptError: one is missing, unknown or malformed.
    """
    template = Template(prompt.text)
    if not template.is_valid():
        raise PromptError(f"the prompt {prompt.name}.txt has a lone $ (write it as $$)")
    found = set(template.get_identifiers())
    wrong = [f"lacks ${name}" for name in sorted(set(placeholders) - found)]
    wrong += [f"has an unknown ${name}" for name in sorted(found - set(placeholders))]
    if wrong:
        raise PromptError(f"the prompt {prompt.name}.txt {' and '.join(wrong)}")
    return prompt

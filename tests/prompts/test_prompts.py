"""Prompts are files: what the code fills in and what they ask for must agree, and what is put in is only data."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompts
from prompts import Prompt, PromptError, check, fingerprint, load

SHIPPED = {
    "answer": ("passages", "today", "question"),
    "answer_again": ("failed",),
    "answer_rules": ("fence", "format", "limit"),
    "format_json": (),
    "format_lines": (),
    "standalone": ("fence", "conversation", "question"),
    "standalone_rules": ("fence",),
}


def test_every_prompt_that_is_shipped_is_tested_here() -> None:
    assert {file.stem for file in Path(prompts.__file__).parent.glob("*.txt")} == set(SHIPPED)


@pytest.mark.parametrize(("name", "placeholders"), SHIPPED.items())
def test_a_shipped_prompt_takes_in_all_it_is_given(name: str, placeholders: tuple[str, ...]) -> None:
    prompt = load(name, *placeholders)
    filled = prompt.fill(**{placeholder: f"<the {placeholder}>" for placeholder in placeholders})
    assert prompt.name == name
    assert prompt.text == prompt.text.strip()
    assert "$" not in filled
    assert all(f"<the {placeholder}>" in filled for placeholder in placeholders)


@pytest.mark.parametrize(
    ("placeholders", "told"),
    [
        (("passages", "today", "question", "mood"), "lacks $mood"),
        (("passages", "today"), "has an unknown $question"),
        (("Passages", "today", "question"), "lacks $Passages and has an unknown $passages"),
        ((), "has an unknown $passages and has an unknown $question and has an unknown $today"),
    ],
)
def test_a_placeholder_too_few_or_too_many_is_named(placeholders: tuple[str, ...], told: str) -> None:
    with pytest.raises(PromptError) as caught:
        load("answer", *placeholders)
    assert str(caught.value) == f"the prompt answer.txt {told}"


@pytest.mark.parametrize("name", ["nothing", "", "answer.txt", "Answer"])
def test_a_prompt_that_does_not_exist_is_named(name: str) -> None:
    with pytest.raises(PromptError, match=rf"the prompt {name}\.txt cannot be read"):
        load(name)


@pytest.mark.parametrize("text", ["It costs $5.", "It costs 5 $", "${question", "${}", "$ question"])
def test_a_lone_dollar_sign_is_told_with_its_remedy(text: str) -> None:
    with pytest.raises(PromptError, match=r"the prompt price\.txt has a lone \$ \(write it as \$\$\)"):
        check(Prompt("price", text), ())


def test_a_prompt_that_is_as_it_should_be_is_given_back() -> None:
    prompt = Prompt("price", "It costs $$5, $name. Does it, ${name}?")
    assert check(prompt, ("name",)) is prompt
    assert prompt.fill(name="Ann") == "It costs $5, Ann. Does it, Ann?"


@pytest.mark.parametrize("text", ["$fence", "${question}", "$$", "$", "a $passages b ${today}", "%s {question}"])
def test_what_articles_and_questions_say_is_never_filled_in(text: str) -> None:
    prompt = load("answer", *SHIPPED["answer"])
    filled = prompt.fill(passages=text, today="Monday", question=text)
    assert filled.startswith(f"{text}\n")
    assert filled.endswith(f"\n{text}")
    assert filled.count("Monday") == 1


@given(st.text(), st.text())
def test_whatever_is_put_in_comes_out_as_it_is(one: str, other: str) -> None:
    prompt = check(Prompt("two", "[$one|${other}]"), ("one", "other"))
    assert prompt.fill(one=one, other=other) == f"[{one}|{other}]"


def test_the_fingerprint_tells_one_wording_from_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = fingerprint()
    folder = shutil.copytree(Path(prompts.__file__).parent, tmp_path / "prompts")
    monkeypatch.setattr(prompts, "files", lambda _package: folder)
    assert fingerprint() == shipped
    rules = folder / "standalone_rules.txt"
    rules.write_text(rules.read_text().replace("question", "query"))
    assert fingerprint() != shipped

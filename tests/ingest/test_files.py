"""Files and folders of articles, the broken ones too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest import files
from ingest.errors import ItemError, UsageError
from ingest.records import ParsedArticle


def read(path: Path) -> list[files.Item]:
    return list(files.read(path, files.load(path)))


def articles(items: list[files.Item]) -> list[ParsedArticle]:
    return [item.result for item in items if isinstance(item.result, ParsedArticle)]


def errors(items: list[files.Item]) -> list[tuple[str, str]]:
    return [(item.name, item.result.message) for item in items if isinstance(item.result, ItemError)]


def test_a_folder_is_read_recursively_in_order_without_hidden_or_foreign_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.md", "a/.hidden.txt", ".git/x.txt", "a/picture.png", "d.JSONL"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    assert [str(path.relative_to(tmp_path)) for path in files.find(tmp_path)] == ["b.txt", "d.JSONL", "a/c.md"]


def test_one_broken_line_does_not_keep_the_others_out(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    lines = [json.dumps({"id": n, "text": f"Report {n} says something."}) for n in range(1, 20)]
    lines[16] = '{"id": 17, "text": '
    path.write_text("\n".join(lines))
    items = read(path)
    assert len(articles(items)) == 18
    ((name, message),) = errors(items)
    assert name == f"{path}:17"
    assert "not JSON" in message


def test_of_two_records_with_one_id_the_first_is_kept_and_both_are_named(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text('{"id": "a", "text": "The first one."}\n{"id": "a", "text": "The second one."}\n')
    items = read(path)
    assert [one.text for one in articles(items)] == ["The first one."]
    assert errors(items) == [(f"{path}:2", f"its id is already used at {path}:1")]


def test_ids_are_urls_else_paths_with_the_records_own_id(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    records = [
        {"url": "https://x.example/a#top", "text": "One here."},
        {"id": "b", "text": "Two here."},
        {"text": "Three."},
    ]
    path.write_text(json.dumps(records))
    ids = [one.id for one in articles(read(path))]
    assert ids[:2] == ["https://x.example/a", f"{path}#b"]
    assert ids[2].startswith(f"{path}#")
    path.write_text(json.dumps({"text": "Alone here."}))
    assert [one.id for one in articles(read(path))] == [str(path)]


@pytest.mark.parametrize("content", ["[1, 2", "[[[", "nonsense"])
def test_a_broken_json_file_is_one_failure_with_its_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    assert [message.startswith("line 1 is not JSON") for _, message in errors(read(path))] == [True]


@pytest.mark.parametrize("content", ["[3]", '["text"]', "5", "[null]"])
def test_json_that_is_no_article_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    assert errors(read(path))[0][1] == "it is not a JSON object"


def test_json_nested_without_end_is_refused(tmp_path: Path) -> None:
    for name in ("deep.json", "deep.jsonl"):
        (tmp_path / name).write_text("[" * 200_000)
        assert "nested too deeply" in errors(read(tmp_path / name))[0][1]


def test_a_file_of_200_mb_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(200 * 10**6)
    with pytest.raises(ItemError, match="191 MiB, 64 at most"):
        files.load(path)


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(ItemError, match="No such file"):
        files.load(tmp_path / "gone.txt")
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(ItemError, match="directory"):
        files.load(tmp_path / "folder.txt")
    with pytest.raises(UsageError, match=r"\.docx is not read"):
        files.check_suffix(tmp_path / "x.docx")


def test_a_doubted_date_is_reported_beside_the_article(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"text": "It rained.", "published": "soon"}')
    items = read(path)
    assert len(articles(items)) == 1
    assert errors(items) == [(f"{path}:1", "its published 'soon' is not a date")]

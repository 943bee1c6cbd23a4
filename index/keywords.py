"""The keyword index: BM25 over stemmed words, in tantivy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from math import ceil, floor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.records import Candidate, Filter
from index.sync import Batch, Write
from ingest.errors import StorageError
from ingest.records import Article, Passage

if TYPE_CHECKING:
    import tantivy

ANALYZER = "dateline_en"
WRITER_HEAP_BYTES = 64_000_000
TITLE_BOOST = 0.5
# Function words, the ones that questions are made of among them.
STOP_WORDS = """
a about after all also an and any are as at be been before being but by can could did do does during for from had has
have he her hers him his how i if in into is it its many me more most much my no nor not of on one or our out over own
she should so some such than that the their them then there these they this those to under up us was we were what when
where which while who whom whose why will with would you your
"""


class KeywordIndex:
    """A folder that holds the tantivy index and, in `position`, the last change it has taken in.

    Delete the folder and the next sync fills it again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def position(self) -> int:
        """Sequence number of the last change taken in, read from disk each time; 0 for none."""
        try:
            return int((self._folder / "position").read_text())
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return 0

    def prepare(self, batch: Batch) -> Write:
        """Nothing here takes long."""
        return partial(self._write, batch)

    def _write(self, batch: Batch) -> None:
        """Replace these articles' passages, then move the position."""
        with _storage(self._folder):
            writer = self._index.writer(heap_size=WRITER_HEAP_BYTES, num_threads=1)
            for article_id in batch.articles:
                writer.delete_documents_by_term("article", article_id)
            for passage in batch.passages:
                writer.add_document(_document(passage, batch.articles[passage.article]))
            writer.commit()
            writer.wait_merging_threads()
            self._write_position(batch.seq)
            self._index.reload()

    def clear(self) -> None:
        """Forget everything: the folder is deleted, damaged or not."""
        self.__dict__.pop("_index", None)
        if self._folder.exists():
            with _storage(self._folder):
                shutil.rmtree(self._folder)

    def reload(self) -> None:
        """See what another process committed."""
        with _storage(self._folder):
            self._index.reload()

    def search(self, question: str, limit: int, where: Filter) -> list[Candidate]:
        """The best passages by BM25, best first; none when only stop words are asked for.

        Near the bounds of a window some may be outside it.
        """
        import tantivy

        terms = self.terms(question)
        if not terms:
            return []
        schema = self._index.schema
        wanted: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for term in terms:
            in_title = tantivy.Query.term_query(schema, "title", term)
            wanted.append((tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", term)))
            wanted.append((tantivy.Occur.Should, tantivy.Query.boost_query(in_title, TITLE_BOOST)))
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, tantivy.Query.boolean_query(wanted)), *self._restrictions(where)]
        )
        with _storage(self._folder):
            searcher = self._index.searcher()
            found = searcher.search(query, limit, count=False).hits
            return [_candidate(searcher.doc(address).to_dict(), score) for score, address in found]

    def terms(self, text: str) -> list[str]:
        """The distinct stemmed words of a text, stop words left out, in order."""
        return list(dict.fromkeys(self._analyzer.analyze(text)))

    def document_frequency(self, terms: Sequence[str]) -> list[int]:
        """In how many passages each stemmed term stands."""
        searcher = self._index.searcher()
        return [searcher.doc_freq("text", term) for term in terms]

    def ids(self) -> set[str]:
        """Ids of all passages held."""
        import tantivy

        searcher = self._index.searcher()
        if not searcher.num_docs:
            return set()
        found = searcher.search(tantivy.Query.all_query(), searcher.num_docs, count=False).hits
        return {searcher.doc(address)["id"][0] for _, address in found}

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def _restrictions(self, where: Filter) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        import tantivy

        schema = self._index.schema
        parts: list[tuple[tantivy.Occur, tantivy.Query]] = []
        if where.outlets:
            parts.append((tantivy.Occur.Must, tantivy.Query.term_set_query(schema, "outlet", where.outlets)))
        if where.hidden:
            parts.append((tantivy.Occur.MustNot, tantivy.Query.term_set_query(schema, "outlet", where.hidden)))
        window = where.widened
        first = floor(window.since.timestamp()) if window.since else None
        last = ceil(window.until.timestamp()) - 1 if window.until else None
        if not where.undated and (first is not None or last is not None):
            parts.append((tantivy.Occur.Must, self._published(first, last)))
        # What has no date is not in any range: to let it pass, what is dated outside the window is left out.
        if where.undated and first is not None:
            parts.append((tantivy.Occur.MustNot, self._published(None, first - 1)))
        if where.undated and last is not None:
            parts.append((tantivy.Occur.MustNot, self._published(last + 1, None)))
        return parts

    def _published(self, first: int | None, last: int | None) -> tantivy.Query:
        """Published from one second to another, both included."""
        import tantivy

        return tantivy.Query.range_query(self._index.schema, "published", tantivy.FieldType.Integer, first, last)

    @cached_property
    def _index(self) -> tantivy.Index:
        import tantivy

        builder = tantivy.SchemaBuilder()
        for name in ("id", "article", "outlet"):
            builder.add_text_field(name, stored=name != "outlet", tokenizer_name="raw", index_option="basic")
        for name in ("title", "text"):
            builder.add_text_field(name, tokenizer_name=ANALYZER, index_option="freq")
        for name in ("revision", "start", "end"):
            builder.add_unsigned_field(name, stored=True)
        builder.add_integer_field("published", indexed=True, fast=True)
        with _storage(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            index = tantivy.Index(builder.build(), path=str(self._folder))
            index.register_tokenizer(ANALYZER, self._analyzer)
        return index

    @cached_property
    def _analyzer(self) -> tantivy.TextAnalyzer:
        from tantivy import Filter as Step
        from tantivy import TextAnalyzerBuilder, Tokenizer

        steps = (Step.remove_long(60), Step.lowercase(), Step.ascii_fold(), Step.custom_stopword(STOP_WORDS.split()))
        builder = TextAnalyzerBuilder(Tokenizer.simple())
        for step in (*steps, Step.stemmer("english")):
            builder = builder.filter(step)
        return builder.build()

    def _write_position(self, seq: int) -> None:
        with _storage(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = self._folder / "position.new"
            draft.write_text(str(seq))
            draft.replace(self._folder / "position")


def _document(passage: Passage, article: Article) -> tantivy.Document:
    import tantivy

    document = tantivy.Document()
    document.add_text("id", passage.id)
    document.add_text("article", article.id)
    document.add_text("outlet", article.outlet)
    document.add_text("title", article.title)
    document.add_text("text", passage.text)
    document.add_unsigned("revision", passage.revision)
    document.add_unsigned("start", passage.start)
    document.add_unsigned("end", passage.end)
    if article.published:
        document.add_integer("published", int(article.published.timestamp()))
    return document


def _candidate(stored: dict[str, list[Any]], score: float) -> Candidate:
    values = {name: stored[name][0] for name in ("id", "article", "revision", "start", "end")}
    return Candidate(**values, score=score)


@contextmanager
def _storage(folder: Path) -> Iterator[None]:
    """Say in one line what tantivy could not do. It raises ValueError for every failure of its own."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise StorageError(
            f"the keyword index in {folder} cannot be used: {str(error).splitlines()[0]}",
            hint="check disk space and permissions; `dateline doctor --repair` rebuilds it from the archive",
        ) from error

"""Dateline's search as LangChain objects, for whoever builds on them."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, SkipValidation

from index.embed import Embedder
from index.records import Filter, Hit
from index.retrieve import Retriever


class DatelineEmbeddings(Embeddings):
    """The index's own embedding model as LangChain `Embeddings`."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector per text."""
        return self._embedder.embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        return self._embedder.embed_query(text)


class DatelineRetriever(BaseRetriever):
    """Hybrid search as a LangChain retriever. Each document's metadata is a citation: article, revision, offsets.

    limit: passages returned, best first. where: which articles may answer.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: Retriever
    embedder: SkipValidation[Embedder]  # a protocol: there is no class to check against
    limit: int = 10
    where: Filter = Filter()

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain passes it by this name
    ) -> list[Document]:
        vector = self.embedder.embed_query(query)
        return [_document(hit) for hit in self.retriever.search(query, vector, self.limit, self.where)]


def _document(hit: Hit) -> Document:
    passage, article = hit.passage, hit.article
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "article": article.id,
            "revision": passage.revision,
            "start": passage.start,
            "end": passage.end,
            "title": article.title,
            "outlet": article.outlet,
            "url": article.url,
            "published": article.published.isoformat() if article.published else None,
            "score": hit.score,
        },
    )

"""The stock script, as Chroma's tutorials write it: stock.py MODEL index FOLDER STORE | stock.py MODEL ask STORE QUESTION."""

import sys
import textwrap
from pathlib import Path

import chromadb
from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

model, mode, *words = sys.argv[1:]
store = chromadb.PersistentClient(words[1] if mode == "index" else words[0])
passages = store.get_or_create_collection("news", embedding_function=SentenceTransformerEmbeddingFunction(model))

if mode == "index":
    texts = [part for file in Path(words[0]).rglob("*.txt") for part in textwrap.wrap(file.read_text(), 850)]
    for start in range(0, len(texts), 5000):
        some = texts[start : start + 5000]
        passages.add(ids=[str(start + n) for n in range(len(some))], documents=some)
    print(len(texts))
else:
    for text in passages.query(query_texts=[words[1]], n_results=5)["documents"][0]:
        print(text, end="\n\n")

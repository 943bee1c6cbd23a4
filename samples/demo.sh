#!/bin/sh
# The demo: take in samples/articles, then ask three questions, the last of which they cannot answer.
set -eu
export DATELINE_HOME="$PWD/.demo"
dateline() { .venv/bin/dateline "$@"; }
ask() {
    printf '\n$ dateline ask "%s"\n' "$1"
    dateline ask "$1" || [ $? -eq 3 ] # 3: it abstained, as it should
}

echo '$ dateline reindex samples/articles'
dateline reindex samples/articles
ask "how many flights were screened?"
ask "how many people were displaced by the Ardle flood?"
ask "who won the World Cup?"

"""Sources to archive: fetch, extract, and keep every version of every article."""

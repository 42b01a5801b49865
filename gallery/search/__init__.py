"""Finding photos by words: the query language, the index, and the page."""

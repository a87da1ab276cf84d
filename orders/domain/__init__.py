"""Orders, queries and errors in our own words: plain Python that knows no framework and no network."""

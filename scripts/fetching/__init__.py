"""Web pages and news feeds, fetched into a folder that `quoth index` reads."""

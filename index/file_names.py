"""What lies where in an index directory.

    index-dir/
      record.sqlite            the record
      CURRENT                  the name of the generation that serves, and `held` if it stays
      build.lock               held while one process builds a base
      publish.lock             held for the moment in which a generation is published
      generations/NAME/
        manifest.json          counts, checksums, settings, model fingerprints
        base/tables.sqlite     articles, sentences, passages
        base/vectors.faiss     dense index
        base/keywords/         BM25 index
        delta/...              the same of what was changed since the base was built, if anything
      aside/NAME/              a generation that the quality gate looks at, or has refused

The files of a base never change, so all generations over one base share them by hard links.
"""

CURRENT_NAME = "CURRENT"
RECORD_NAME = "record.sqlite"
GENERATIONS_NAME = "generations"
TABLES_NAME = "tables.sqlite"
VECTORS_NAME = "vectors.faiss"
KEYWORDS_NAME = "keywords"
BASE_NAME = "base"
DELTA_NAME = "delta"
ASIDE_NAME = "aside"
BUILD_LOCK_NAME = "build.lock"
PUBLISH_LOCK_NAME = "publish.lock"

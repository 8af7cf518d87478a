"""The tables of the record, by version, and the steps from each older version to this one.

A record is brought up to date by the first process that opens it for writing, in one transaction:
killed half way, it is as it was. A generation of an older version stays what it is; the manifest
says how it is read (`index/generation/manifest.py`).
"""

import sqlite3
from pathlib import Path

from index.record.article_rows import COLUMN_DEFINITIONS, COLUMN_LIST, content_sha256
from qa.errors import IndexUnavailableError

SCHEMA_VERSION = 2

_ARTICLES = f"""
CREATE TABLE articles (
    position INTEGER PRIMARY KEY,
    {COLUMN_DEFINITIONS},
    content_sha256 BLOB NOT NULL,
    sequence INTEGER NOT NULL
) STRICT;
CREATE INDEX articles_by_sequence ON articles (sequence);
"""
_CHANGES = """
CREATE TABLE counter (sequence INTEGER NOT NULL) STRICT;
INSERT INTO counter VALUES (0);
CREATE TABLE removed (article_id TEXT PRIMARY KEY, sequence INTEGER NOT NULL)
    STRICT, WITHOUT ROWID;
CREATE INDEX removed_by_sequence ON removed (sequence);
CREATE TABLE deleted (article_id TEXT PRIMARY KEY, sequence INTEGER NOT NULL)
    STRICT, WITHOUT ROWID;
CREATE INDEX deleted_by_sequence ON deleted (sequence);
"""
# With rowids a vector lies in its page; without, most of it would lie in an overflow page of its
# own, at twice the room. Records that were made so stay so: every statement reads both.
_EMBEDDINGS = """
CREATE TABLE embeddings (
    encoder TEXT NOT NULL,
    text_sha256 BLOB NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (encoder, text_sha256)
) STRICT;
"""


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Create the tables of a new record, or bring those of an older one up to date.

    Raises IndexUnavailableError if they are of a newer version, or of another program.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
        if version == 0 and tables == 0:
            _run(connection, _ARTICLES, _CHANGES, _EMBEDDINGS)
        elif version == 1:
            _from_version_1(connection)
        else:
            check_version(version, path)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def check_version(version: int, path: Path) -> None:
    """Raise IndexUnavailableError unless `version` is the one that is read here."""
    if version != SCHEMA_VERSION:
        raise IndexUnavailableError(
            f"{path} has schema version {version}, but this Quoth reads version "
            f"{SCHEMA_VERSION}; use the Quoth that wrote it, or another --index-dir"
        )


def _from_version_1(connection: sqlite3.Connection) -> None:
    """Version 1 had articles in their order, and no notion of change.

    Every article counts as written at sequence 1, and the generations of that time as holding
    sequence 0: whether they hold the record's articles is not known, so the next publish makes a
    new base. It encodes nothing, since the vectors are kept.
    """
    connection.create_function("content_sha256", -1, _content_sha256, deterministic=True)
    _run(
        connection,
        "ALTER TABLE articles RENAME TO articles_1;",
        _ARTICLES,
        f"INSERT INTO articles SELECT sequence, {COLUMN_LIST}, content_sha256({COLUMN_LIST}), 1 "
        "FROM articles_1;",
        "DROP TABLE articles_1;",
        _CHANGES,
        "UPDATE counter SET sequence = 1;",
    )


def _content_sha256(*row: str | None) -> bytes:
    return content_sha256(row)


def _run(connection: sqlite3.Connection, *scripts: str) -> None:
    """Run statements inside of the open transaction, which `executescript` would commit."""
    for script in scripts:
        for statement in filter(str.strip, script.split(";")):
            connection.execute(statement)

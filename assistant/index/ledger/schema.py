"""The tables of the ledger, and what brings those of earlier versions up to date."""

SCHEMA_VERSION = 3

_SCHEMA = """
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE contents (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL, original BLOB NOT NULL);
CREATE TABLE documents (
  id TEXT PRIMARY KEY, path TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,
  sha256 TEXT NOT NULL REFERENCES contents, fields TEXT NOT NULL
);
CREATE TABLE chunks (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, document_id TEXT NOT NULL,
  section TEXT NOT NULL, prefix TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
  key BLOB NOT NULL
);
CREATE INDEX chunks_by_document ON chunks (document_id);
CREATE TABLE sentences (
  chunk INTEGER NOT NULL, n INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
  block INTEGER NOT NULL, role TEXT NOT NULL, marker TEXT NOT NULL, key BLOB NOT NULL,
  PRIMARY KEY (chunk, n)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (prefix, body, tokenize = 'porter unicode61');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, 'row');
CREATE TABLE embeddings (key BLOB NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL);
CREATE UNIQUE INDEX embeddings_by_key ON embeddings (model, key);
"""
_SIGNPOSTS = """
CREATE TABLE signposts (
  id TEXT PRIMARY KEY, document_id TEXT NOT NULL, section TEXT, text TEXT NOT NULL,
  key BLOB NOT NULL
);
CREATE INDEX signposts_by_document ON signposts (document_id, section);
"""
_OWN_DOCUMENTS = """
ALTER TABLE documents ADD COLUMN key TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN folder TEXT;
ALTER TABLE documents ADD COLUMN state TEXT NOT NULL DEFAULT 'unchanged';
ALTER TABLE documents ADD COLUMN warnings TEXT NOT NULL DEFAULT '[]';
ALTER TABLE chunks ADD COLUMN anchor TEXT;
CREATE TABLE pages (
  document_id TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, number INTEGER NOT NULL,
  label TEXT, PRIMARY KEY (document_id, start)
) WITHOUT ROWID;
CREATE TABLE versions (
  document_id TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (document_id, sha256)
) WITHOUT ROWID;
CREATE TABLE added (number INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE);
CREATE TABLE refused (
  path TEXT PRIMARY KEY, document_id TEXT NOT NULL, key TEXT NOT NULL, reason TEXT NOT NULL
);
INSERT INTO versions SELECT id, sha256 FROM documents;
"""
# What brings a ledger of each version to the present one; 0 is an empty file. A build does it,
# and fills what is new because the fingerprint of the index has changed with it.
UPGRADES = {
    0: _SCHEMA + _SIGNPOSTS + _OWN_DOCUMENTS,
    1: _SIGNPOSTS + _OWN_DOCUMENTS,
    2: _OWN_DOCUMENTS,
}

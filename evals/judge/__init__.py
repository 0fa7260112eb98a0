"""An optional judge: a language model compares answers with references. It never gates."""

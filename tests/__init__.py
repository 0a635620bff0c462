"""Tests, laid out as the sources are; docs/testing.md says what each layer promises."""

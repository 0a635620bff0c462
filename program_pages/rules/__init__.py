"""The programme's rules in pure Python: no Django, no database, no clock of their own.

Everything here computes from the frozen dataclasses of :mod:`program_pages.rules.terms`
and may import only the standard library and its own siblings (import-linter holds this).
"""

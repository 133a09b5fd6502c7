"""One article's evidence, to be checked by others without Vigie.

It never writes into the store.
"""

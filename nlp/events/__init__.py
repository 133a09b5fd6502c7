"""What happened when, out of the dated sentences of all articles.

It never writes a sentence of its own.
"""

"""Entities: their names, who is whom, what people decided of that, and what is told of them.

It never reads a text to find a name.
"""

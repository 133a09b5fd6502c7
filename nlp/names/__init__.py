"""Who is named: the watch list, what models find, and who is whom across articles.

It never asks a database.
"""

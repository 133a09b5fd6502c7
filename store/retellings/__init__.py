"""Copies and stories: who repeats whom, which articles tell one development, what people decided.

It never compares two texts.
"""

"""What is held, written for other programs and for readers.

It never changes what is held.
"""

"""The steps of one pass, as `app/pipeline.py` calls them.

None of them knows which command began the pass.
"""

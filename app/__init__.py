"""The composition root: commands, the pipeline, the schedule, the demo.

Nothing imports it.
"""

"""`vigie export graphml`: who and what is named together, as GraphML."""

from app.exporting.graph_commands import graph_command

command = graph_command("graphml", "GraphML")

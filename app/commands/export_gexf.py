"""`vigie export gexf`: who and what is named together, as GEXF."""

from app.exporting.graph_commands import graph_command

command = graph_command("gexf", "GEXF")

"""
The product in Python: what `import mlrun_nb as mn` gives, and the notebook that this kernel is running.

Belongs here: objects that people hold (`Function`, `Run`, `RunFuture`, the table of `mn.runs`), and the cells that ran
in this kernel as capture wants to see them. A method calls one command or service and wraps what comes back.
Not here: parsing of a `%%mlrun` line and displays that move (`magics`), words and layout (`commands`), any import of
IPython: a shell is handed in.
"""

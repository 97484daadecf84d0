"""
The card: one display of one run that is drawn again in its place while the run goes on.

Here belong what a card shows (`snapshot`), how it follows a run (`live`), and how that is drawn as HTML and text.
Records in, a MIME bundle out: no store, no IPython, no clock but an argument. Whoever displays it decides when.
"""

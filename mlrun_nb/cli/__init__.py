"""
The shell's entry: `mlrun-nb VERB`.

Here belong the parsing of a command line, the choice of where text goes, exit codes and the one place that
turns an error into words on stderr. Not here: what a verb does (commands), anything that a magic or the
server also needs, any knowledge of an engine or a store. Options come from the one table in `model.options`;
none is written a second time.

In doubt: would the same line be needed if the words had come from a notebook cell? Then it belongs to
`commands`.
"""

"""
Verbs over services, and the text and HTML that all three entries show.

Here belong one module per verb (`run`, `show`, `runs` …) that takes typed arguments and returns a record or
text, and the renderers of runs, diffs and tables. Not here: parsing of words, terminals, exit codes, HTTP, a
decision about a run's state.

In doubt: does it say how something looks or in which order services are called? Here. Does it decide what is
true? `services`.
"""

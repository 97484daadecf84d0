"""
One module per verb: its words in, one call of `commands`, its words out.

Each holds a click command called `command`; `cli.main` loads it when the verb is typed. At most 80 lines each.
"""

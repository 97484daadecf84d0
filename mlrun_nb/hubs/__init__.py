"""
Where functions of others come from: what ships with the product, and folders, behind `protocols.hub.HubSource`.

Here belong searching a source, fetching a bundle and checking its digest before anything in it is read as
code. Not here: the functions themselves (the top-level folder `hub/`), registering what was fetched
(services), a call to an engine.

In doubt: does it know what the fetched code does? Then it knows too much.
"""

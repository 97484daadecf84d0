"""
Where functions of others come from: folders, repositories of git, catalogs behind http, each a `HubSource`.

Here belong searching a source, fetching a bundle and checking its digest before anything in it is read as
code, and putting a version where others find it. Not here: the functions themselves (the top-level folder
`hub/`), what was fetched and what is locked (services), a call to an engine.

In doubt: does it know what the fetched code does? Then it knows too much.
"""

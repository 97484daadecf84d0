"""
What goes over the wire, as records: one module for each resource.

Here belong the shapes that TypeScript types and the OpenAPI document are generated from. Not here: where
their content comes from (`endpoints`), and records that the product itself keeps (`model`).

In doubt: would a client see it? A name, once released, is never given another meaning.
"""

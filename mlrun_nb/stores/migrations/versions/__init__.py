"""The scripts, one per change of the schema, called `schema_NNNN`; none is edited once it has been released."""

"""
The store in SQL: one set of tables, statements and plans for SQLite and PostgreSQL, in SQLAlchemy Core.

Here belongs what is the same for both databases. How each is opened, locked and how its errors read is in
`stores.sqlite` and `stores.postgresql`. No ORM, no reflection, no statement whose plan the benchmark does not show.
"""

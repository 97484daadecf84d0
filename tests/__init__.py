"""Everything that proves a claim of the product; README.md beside this file says which folder holds what."""

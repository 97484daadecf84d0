# %% [markdown]
# # Churn, with modules beside the notebook
# `churn/` is a package, `settings.py` a module; `customers.csv` is read by the module.

# %%
import xml.dom.minidom
import xml.etree.ElementTree

from churn import features
from churn.model import *
from settings import THRESHOLD as LIMIT

# %%
from pathlib import Path

HERE = Path(".")
CUSTOMERS = HERE / "customers.csv"

# %%
customers = features.read(CUSTOMERS)
customers


# %%
def as_xml(frame):
    root = xml.etree.ElementTree.Element("customers")
    for name, months in zip(frame["name"], frame["months"]):
        xml.etree.ElementTree.SubElement(root, "customer", months=str(months)).text = name
    return xml.dom.minidom.parseString(xml.etree.ElementTree.tostring(root)).toprettyxml(indent=" ")


# %%
# %%mlrun score --input customers --output risk --output high
weight: float = 0.5
table = features.prepare(customers)
risk = Risk(weight).of(table)
high = int((risk > LIMIT).sum())

# %%
high

# %%
# %%mlrun reread --file customers.csv --output rows --output xml_text
rows = len(features.read(CUSTOMERS))
xml_text = as_xml(features.read(CUSTOMERS))

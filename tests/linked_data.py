"""JSON-LD as a graph of RDF, read by another's parser, without a network."""

import json
import warnings
from typing import Any

from rdflib import Graph


def graph_of(content: dict[str, Any], context: dict[str, Any]) -> Graph:
    """The graph of a JSON-LD document, with a context in the place of its own."""
    with warnings.catch_warnings():
        # rdflib's parser uses what rdflib itself calls out of date.
        warnings.filterwarnings("ignore", "ConjunctiveGraph", DeprecationWarning)
        data = json.dumps(content | {"@context": context})
        return Graph().parse(data=data, format="json-ld")

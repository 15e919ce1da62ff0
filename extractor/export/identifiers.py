"""Names for articles and what is found in them that hold everywhere: IRIs.

They follow from the article and the item alone, so that the same item has the same name
in every format and every time.
"""

import hashlib
import json
import re
from base64 import urlsafe_b64encode
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from extractor.schema import Document

_NAMESPACE: Final = uuid5(NAMESPACE_URL, "urn:newsextract")
_ADDRESS = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+", re.IGNORECASE)
"""What RFC 3986 lets be in an address."""


def article_iri(document: Document) -> str:
    """The article's address on the web; of one without, a name for its very text.

    That is an RFC 6920 name, with the SHA-256 of the text in UTF-8.
    """
    if document.source and _ADDRESS.fullmatch(document.source):
        return document.source
    digest = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).digest()
    return f"ni:///sha-256;{urlsafe_b64encode(digest).decode().rstrip('=')}"


def item_iri(document: Document, kind: str, id_: str) -> str:
    """The name of an item.

    Args:
        document: the article it was found in.
        kind: field of the extraction that holds it, `quotes` and so on.
        id_: tells it from others of its kind.
    """
    return named(document.id, document.sha256, kind, id_)


def named(*parts: str) -> str:
    """A name that follows from some texts: a version 5 UUID as a URN."""
    return uuid5(_NAMESPACE, json.dumps(parts)).urn

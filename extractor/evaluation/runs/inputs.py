"""What a model gets of gold articles."""

from collections.abc import Iterable, Iterator

from extractor.documents import make_document
from extractor.errors import InputError
from extractor.evaluation.gold import GoldArticle
from extractor.recipe import hash_json
from extractor.schema import Document


def document_of(article: GoldArticle) -> Document:
    """A gold article as the article that is extracted from.

    Raises:
        InputError: a text without words, or a publication date that is none.
    """
    doc = article.doc
    return make_document(
        article.text,
        id=doc.id,
        title=doc.title,
        published=doc.published,
        language=doc.language,
        source=doc.url,
    )


def documents_of(articles: Iterable[GoldArticle]) -> Iterator[Document]:
    """The articles that can be extracted from; of the others a run tells."""
    for article in articles:
        try:
            yield document_of(article)
        except InputError:
            continue


def inputs_hash(articles: Iterable[GoldArticle]) -> str:
    """Sha256 of what the model gets of the articles."""
    return hash_json([describe_input(article) for article in articles])


def describe_input(article: GoldArticle) -> tuple[str | None, ...]:
    """What shapes the extraction of an article, its text as a hash."""
    doc = article.doc
    return (doc.id, doc.sha256, doc.title, doc.published, doc.language, doc.url)

"""How well people who labelled the same articles agree.

Each pair of annotators is scored as a model would be, one as gold, the other as found:
pairwise F1, which needs no count of what neither labelled (Hripcsak and Rothschild
2005). Beside it stands Krippendorff's alpha over characters for each layer, nominal,
inside or outside an item (Krippendorff 2004, section 11.3).
"""

import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from pydantic import Field

from extractor.errors import GoldError
from extractor.evaluation.alignment import Region, make_region
from extractor.evaluation.alignment.regions import union
from extractor.evaluation.gold import GoldArticle, Layer
from extractor.evaluation.scoring.article import ArticleScores, score_article
from extractor.evaluation.scoring.outcomes import LayerScores, add_measures
from extractor.evaluation.scoring.summary import Scores, layers_of, summarise
from extractor.schema import Frozen, Span


class Agreement(Frozen):
    """What annotators agree on."""

    scores: Scores
    """Pairwise, the pairs of an article added up; articles are the sample."""
    alpha: dict[Layer, float] = Field(default_factory=dict)
    """Krippendorff's alpha over characters, 1 perfect, 0 chance."""
    annotators: list[str]
    pairs: int
    """Pairs of labellings that were compared."""

    def table(self) -> str:
        """The figures as lines of text."""
        head = (
            f"{len(self.annotators)} annotators, {len(self.scores.articles)} articles, "
            f"{self.pairs} pairs of labellings"
        )
        alphas = [
            f"alpha over characters, {layer}: {value:.3f}"
            for layer, value in self.alpha.items()
        ]
        return "\n".join([head, self.scores.table(), *alphas])


def agree(
    labellings: Mapping[str, Sequence[GoldArticle]],
    *,
    layers: Collection[Layer] = (),
) -> Agreement:
    """Compares all pairs of annotators on the articles both labelled.

    Args:
        labellings: the articles of each annotator, by name.
        layers: compare no others; default: all that two of them labelled.

    Raises:
        GoldError: no article has two annotators, two labelled different texts, or
            nobody one of the layers.
    """
    of_article: dict[str, dict[str, GoldArticle]] = {}
    for name in sorted(labellings):
        for article in labellings[name]:
            of_article.setdefault(article.doc.id, {})[name] = article
    shared = {id_: by for id_, by in of_article.items() if len(by) > 1}
    if not shared:
        names = " and ".join(sorted(labellings))
        raise GoldError(
            f"{names} have no article in common; agreement needs articles with the "
            "same id in both."
        )
    scored = [_pairwise(list(by.values()), layers) for by in shared.values()]
    found = layers_of(scored)
    strange = [layer for layer in layers if layer not in found]
    if strange:
        raise GoldError(
            f"No two annotators labelled {strange[0]!r} in one article; they did "
            f"{', '.join(found)}."
        )
    common = [layer for layer in found if all(layer in a.layers for a in scored)]
    return Agreement(
        scores=summarise(scored),
        alpha={
            layer: value
            for layer in common
            if (value := alpha(shared.values(), layer)) is not None
        },
        annotators=sorted({name for by in shared.values() for name in by}),
        pairs=sum(len(by) * (len(by) - 1) // 2 for by in shared.values()),
    )


def _pairwise(
    labellings: Sequence[GoldArticle], layers: Collection[Layer]
) -> ArticleScores:
    """All pairs of annotators of one article, added up."""
    added: dict[Layer, LayerScores] = {}
    for one, other in itertools.combinations(labellings, 2):
        wanted = layers or one.layers
        both = [x for x in wanted if x in one.layers and x in other.layers]
        for layer, scores in score_article(one, other, layers=both).layers.items():
            known = added.get(layer, LayerScores())
            added[layer] = LayerScores(
                measures=add_measures(known.measures, scores.measures),
                muc=known.muc + scores.muc,
                outcomes=[*known.outcomes, *scores.outcomes],
            )
    return ArticleScores(article=labellings[0].doc.id, layers=added)


def alpha(articles: Iterable[Mapping[str, GoldArticle]], layer: Layer) -> float | None:
    """Krippendorff's nominal alpha over characters, inside or outside an item.

    Args:
        articles: the labellings of each article by annotator's name.
        layer: which items.

    Returns:
        None where nothing or everything is labelled, so that chance is certain.
    """
    inside, values, disagreement = 0, 0, 0.0
    for labellings in articles:
        regions = [_covered(article, layer) for article in labellings.values()]
        length = len(next(iter(labellings.values())).text)
        raters = len(regions)
        for marked, characters in _counts(regions, length).items():
            inside += marked * characters
            values += raters * characters
            disagreement += characters * marked * (raters - marked) / (raters - 1)
    chance = inside * (values - inside)
    return 1 - (values - 1) * disagreement / chance if chance else None


def _counts(regions: Sequence[Region], length: int) -> Counter[int]:
    """How many characters so many annotators marked."""
    steps = Counter[int]()
    for region in regions:
        for start, end in region.parts:
            steps[start] += 1
            steps[end] -= 1
    counts, depth, at = Counter[int](), 0, 0
    for position in [*sorted(steps), length]:
        counts[depth] += position - at
        depth, at = depth + steps[position], position
    return counts


def _covered(article: GoldArticle, layer: Layer) -> Region:
    items: dict[Layer, list[list[Span]]] = {
        "quotes": [quote.spans for quote in article.quotes],
        "speakers": [entity.mentions for entity in article.entities],
        "claims": [claim.spans for claim in article.claims],
        "events": [[event.trigger] for event in article.events if event.trigger],
    }
    for name, own in article.items.items():
        items[name] = [item.place for item in own]
    return union(make_region(article.text, s, trim=False) for s in items.get(layer, []))

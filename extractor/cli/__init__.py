"""The command line: `extractor extract`, `batch`, `eval`, `gold`, `schema`, ...

Only click and the standard library are imported before a command runs, so that help
comes at once. Standard output holds data alone; all else goes to standard error.
Exit codes: 0 all well, 1 failure, 2 wrong usage, 3 some documents or tasks failed
(everything else was printed), 130 interrupted.
"""

import click

from extractor import __version__
from extractor.cli.batch import batch
from extractor.cli.cache import cache
from extractor.cli.compare import compare
from extractor.cli.completion import completion
from extractor.cli.convert import convert
from extractor.cli.evaluate import evaluate
from extractor.cli.extract import extract
from extractor.cli.front import WIDTH, Front
from extractor.cli.gold import gold
from extractor.cli.models import models
from extractor.cli.resources import prompts, schema
from extractor.cli.show import show

_SECTIONS = {
    "Every day": (extract, show, convert, batch),
    "How good is it": (evaluate, compare, gold),
    "Upkeep": (models, cache, prompts, schema, completion),
}

_EXAMPLES = """\
\b
Examples:
  extractor extract article.txt -f text         read the findings
  extractor extract article.html -o found.json  keep them
  extractor show found.json --html found.html   look at them in a browser
  extractor convert found.json --to csv -o tables/    for a spreadsheet
  curl -s URL | extractor extract -t quotes     pipe an article in
  extractor extract articles/ -o found.jsonl    a folder, one line each
  extractor batch articles/ -o found.jsonl      very many, whatever happens
  extractor models pull                         fetch the model beforehand

\b
`extractor COMMAND -h` tells more of each. Results go to standard output, all
else to standard error. An option can stand in extractor.toml, too.

\b
Exit codes: 0 all well, 1 failure, 2 wrong usage, 3 some articles failed (the
rest was written), 130 interrupted; `compare` has its own.
"""


@click.group(
    cls=Front,
    sections=_SECTIONS,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": WIDTH,
    },
    epilog=_EXAMPLES,
)
@click.version_option(__version__, prog_name="extractor")
def main() -> None:
    """Who said what, what is claimed and what happened in a news article.

    Every quote, speaker, claim and event is tied to the exact characters of the
    article that say so. What the model returns and the article does not say is listed
    apart, as rejected. The model runs on this machine unless you name another.
    """

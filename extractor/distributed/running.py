"""Workers on Ray Data: a dataset into rows, or files into files."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from extractor.batch import Summary
from extractor.batch.columns import import_arrow
from extractor.batch.sources import Sources
from extractor.distributed.cluster import cluster, import_ray
from extractor.distributed.folder import Folder, summary_of
from extractor.distributed.parts import Part, articles_of
from extractor.distributed.settings import Settings
from extractor.distributed.worker import Worker
from extractor.errors import ExtractorError, RunStopped, UsageError

if TYPE_CHECKING:
    import pyarrow as pa
    from ray.data import Dataset

BATCH: Final = 256
"""Articles that a worker takes at once from a dataset."""
BLOCKS: Final = 1_000
"""Tasks that Ray has to plan for, at most; one has several parts where need be."""

Progress = Callable[[Summary, int, int], None]
"""Takes what came of a part, how many parts are done, and how many there are."""


def run(
    dataset: "Dataset",
    settings: Settings | None = None,
    *,
    workers: int = 1,
    batch_size: int = BATCH,
    keep: Sequence[str] = (),
    **resources: Any,
) -> "Dataset":
    """The rows of a dataset of articles, made when it is written or read.

    One row for each article, in any order. A worker that dies is replaced, and what it
    was paid for is in its node's store.

    Args:
        dataset: articles with a column `text`, and any of `id`, `title`, `published`,
            `language`, `url` and `source`.
        settings: how to extract.
        workers: processes at the same time, at most.
        batch_size: articles that a worker takes at once.
        keep: columns to pass on as they are, beside those of the rows.
        resources: of each worker, as `map_batches` takes them (`num_cpus=1`).

    Raises:
        UsageError: ray is not installed, or the dataset has no column of texts.
    """
    ray = import_ray()
    missing = [name for name in ("text", *keep) if name not in dataset.columns()]
    if missing:
        raise UsageError(f"The dataset has no column {missing[0]!r}: name it so.")
    return dataset.map_batches(
        _Rows,
        fn_constructor_args=(settings or Settings(), tuple(keep)),
        batch_format="pyarrow",
        batch_size=batch_size,
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=workers),
        **resources,
    )


def run_files(
    sources: Sources,
    output: Path,
    settings: Settings | None = None,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Writes the rows of articles as a folder of Parquet files, in their order.

    A run that was killed or stopped goes on with the same call. Each part is written
    whole, by whichever worker has it, and once.

    Args:
        sources: where the articles are, on a disk that all nodes see.
        output: folder, likewise.
        settings: how to extract.
        workers: processes at the same time; default: one for each core of the cluster.
        progress: called after each part.

    Raises:
        RunStopped: it ended early; the same again goes on.
        UsageError: ray is not installed, or the folder holds something else.
        ExtractorError: nothing can be extracted with these settings.
        OSError: the folder cannot be written.
    """
    import_arrow()
    import_ray(quiet=True)
    settings = settings or Settings()
    folder = Folder(output.resolve(), sources, settings)
    total = Summary()
    with folder.claimed() as parts:
        waiting = []
        for part in parts:
            if os.path.exists(part.target):
                _join(total, summary_of(part))
            else:
                waiting.append(part)
        before = len(parts) - len(waiting)
        for number, summary in enumerate(_work(waiting, settings, workers), start=1):
            _join(total, summary)
            if progress:
                progress(total, before + number, len(parts))
        folder.finish()
    return total


def _work(
    parts: Sequence[Part], settings: Settings, workers: int | None
) -> Iterator[Summary]:
    """What came of each part, as workers write them."""
    if not parts:
        return
    with cluster() as ray:
        cores = int(ray.cluster_resources().get("CPU", 1))
        items = ray.data.from_items(
            [asdict(part) for part in parts],
            override_num_blocks=min(len(parts), BLOCKS),
        )
        items.context.enable_progress_bars = False
        written = items.map_batches(
            _Writer,
            fn_constructor_args=(settings,),
            batch_format="pyarrow",
            batch_size=1,
            compute=ray.data.ActorPoolStrategy(size=min(workers or cores, len(parts))),
        )
        for row in written.iter_rows():
            if row["stopped"] is not None:
                raise RunStopped(row["stopped"])
            yield Summary(
                statuses=Counter(json.loads(row["statuses"])),
                codes=Counter(json.loads(row["codes"])),
                kept=row["kept"],
            )


class _Rows:
    """The actor that turns a dataset's batches into rows."""

    def __init__(self, settings: Settings, keep: Sequence[str]) -> None:
        self._worker = Worker(settings)
        self._keep = keep

    def __call__(self, table: "pa.Table") -> "pa.Table":
        batches = table.combine_chunks().to_batches()
        rows = [self._worker.rows(batch, self._keep) for batch in batches]
        return import_arrow().Table.from_batches(rows)


class _Writer:
    """The actor that writes parts; what goes wrong is told in its answer."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._worker: Worker | None = None

    def __call__(self, table: "pa.Table") -> "pa.Table":
        told = [self._told(Part(**row)) for row in table.to_pylist()]
        return import_arrow().Table.from_pylist(told, schema=_told_columns())

    def _told(self, part: Part) -> dict[str, Any]:
        try:
            summary = self._write(part)
        except ExtractorError as error:
            return {"stopped": str(error)}
        except OSError as error:
            return {"stopped": f"{part.target} cannot be written: {error.strerror}."}
        return {
            "statuses": json.dumps(summary.statuses),
            "codes": json.dumps(summary.codes),
            "kept": summary.kept,
        }

    def _write(self, part: Part) -> Summary:
        """Write a part, unless another worker did so before it died."""
        if os.path.exists(part.target):
            return summary_of(part)
        if self._worker is None:
            self._worker = Worker(self._settings)
        settings = self._settings
        items = articles_of(part, settings.published, settings.language)
        return self._worker.write(items, Path(part.target))


def _told_columns() -> "pa.Schema":
    pa = import_arrow()
    text = ("statuses", "codes", "stopped")
    return pa.schema([*((name, pa.string()) for name in text), ("kept", pa.int64())])


def _join(total: Summary, part: Summary) -> None:
    total.statuses += part.statuses
    total.codes += part.codes
    total.kept += part.kept

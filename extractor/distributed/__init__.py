"""Articles by the million: rows made by Ray's actors, on one machine or many.

```python
import ray
from extractor import distributed

articles = ray.data.read_parquet("s3://bucket/articles")  # columns id, text, ...
settings = distributed.Settings("my-model", base_url="http://localhost:8000/v1")
distributed.run(articles, settings, workers=16).write_parquet("s3://bucket/rows")
```
"""

from extractor.distributed.running import run, run_files
from extractor.distributed.settings import Settings
from extractor.distributed.worker import Worker

__all__ = ["Settings", "Worker", "run", "run_files"]

from pathlib import Path

from tests import benchmarks
from tests.benchmarks.__main__ import BENCHES


def test_every_bench_is_run() -> None:
    files = Path(str(benchmarks.__file__)).parent.glob("*_bench.py")

    assert sorted(BENCHES) == sorted(file.stem.removesuffix("_bench") for file in files)

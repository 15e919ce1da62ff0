"""The store under crashes, damage, full disks, and two processes at once."""

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from extractor.errors import StoreError
from extractor.schema import Usage
from extractor.store import (
    Charge,
    Store,
    Table,
    check,
    contents,
    default_path,
    prune,
)

TABLES: tuple[Table, ...] = ("replies", "rows", "jobs")
TABLE = st.sampled_from(TABLES)
KEY = st.sampled_from([f"{n:064x}" for n in range(5)])
VALUE = st.binary(max_size=200) | st.just(b"x" * 20_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "store.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        yield opened


def get(store: Store, table: Table, key: str) -> bytes | None:
    read = {"replies": store.reply, "rows": store.row, "jobs": store.job}
    return read[table](key)


def put(store: Store, table: Table, key: str, value: bytes) -> None:
    if table == "replies":
        store.put_reply(key, value)
    elif table == "rows":
        store.put_row(key, value)
    else:
        store.put_job(key, value)


def damage(path: Path, table: str, key: str, at: int = 0) -> None:
    """Flips a byte of a value, behind the store's back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        (value,) = raw.execute(
            f"SELECT value FROM {table} WHERE key = ?", (key,)
        ).fetchone()
        flipped = bytearray(value)
        flipped[at] ^= 1
        raw.execute(
            f"UPDATE {table} SET value = ? WHERE key = ?", (bytes(flipped), key)
        )


class Kept(RuleBasedStateMachine):
    """A store beside a dictionary that cannot crash."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.crashes = 0
        self.model: dict[tuple[Table, str], bytes] = {}
        self.spent = 0
        self.open(self.folder / "0" / "store.sqlite")

    def open(self, path: Path) -> None:
        self.path = path
        self.store, self.other = Store(path), Store(path)

    def shut(self) -> None:
        self.store.close()
        self.other.close()

    @rule(table=TABLE, key=KEY, value=VALUE, other=st.booleans())
    def put(self, table: Table, key: str, value: bytes, other: bool) -> None:
        put(self.other if other else self.store, table, key, value)
        self.model[table, key] = value

    @rule(key=KEY, value=VALUE, calls=st.integers(0, 3))
    def pay(self, key: str, value: bytes, calls: int) -> None:
        usage = Usage(prompt_tokens=calls)
        self.store.put_reply(key, value, Charge("run", calls, usage))
        self.model["replies", key] = value
        self.spent += calls

    @rule(table=TABLE, values=st.dictionaries(KEY, VALUE))
    def put_many(self, table: Table, values: dict[str, bytes]) -> None:
        self.store.put_all(table, values.items())
        self.model |= {(table, key): value for key, value in values.items()}

    @rule(table=TABLE, key=KEY)
    def drop(self, table: Table, key: str) -> None:
        self.store.drop(table, key)
        self.model.pop((table, key), None)

    @rule(table=TABLE, key=KEY, at=st.integers(0, 10_000))
    def damage(self, table: Table, key: str, at: int) -> None:
        value = self.model.get((table, key))
        if value:
            damage(self.path, table, key, at % len(value))
            del self.model[table, key]

    @rule()
    def close_and_open(self) -> None:
        self.shut()
        self.open(self.path)

    @rule(torn=st.binary(max_size=5_000))
    def crash(self, torn: bytes) -> None:
        """What a killed process leaves: its files, with a torn write at the end."""
        self.crashes += 1
        left = self.folder / str(self.crashes)
        left.mkdir()
        for name in ("store.sqlite", "store.sqlite-wal"):
            shutil.copy(self.path.with_name(name), left / name)
        self.shut()
        with (left / "store.sqlite-wal").open("ab") as log:
            log.write(torn)
        self.open(left / "store.sqlite")

    @rule()
    def check(self) -> None:
        assert check(self.path).entries == len(self.model)

    @invariant()
    def all_is_there(self) -> None:
        for table in TABLES:
            for number in range(5):
                key = f"{number:064x}"
                expected = self.model.get((table, key))
                assert get(self.store, table, key) == expected
                assert get(self.other, table, key) == expected
        assert self.other.spent("run").calls == self.spent

    def teardown(self) -> None:
        self.shut()
        shutil.rmtree(self.folder)


Kept.TestCase.settings = settings(
    max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "200")) // 10,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestKept = Kept.TestCase


# Durability


WRITER = """
import sys
from pathlib import Path
from extractor.store import Store

store = Store(Path(sys.argv[1]))
for number in range(100_000):
    store.put_reply(f"{sys.argv[2]}{number}", b"y" * 500)
    print(number, flush=True)
"""


def start_writer(path: Path, name: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, str(path), name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_what_was_put_survives_kill_9(path: Path) -> None:
    for round_ in range(3):
        child = start_writer(path, f"{round_}-")
        assert child.stdout
        read = 20 + 30 * round_
        for _ in range(read):
            child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        told = [int(line) for line in child.stdout if line.endswith("\n")]
        child.wait()
        child.stdout.close()
        with Store(path) as store:
            for number in range(max(told, default=read - 1) + 1):
                assert store.reply(f"{round_}-{number}") == b"y" * 500
    assert check(path).dropped == 0


def test_two_processes_share_a_store(path: Path) -> None:
    children = [start_writer(path, name) for name in "ab"]
    for child in children:
        assert child.stdout
        for _ in range(100):
            assert child.stdout.readline()
    with Store(path) as store:
        store.put_reply("c0", b"mine")
    for child in children:
        child.kill()
        child.wait()
        assert child.stdout
        child.stdout.close()
    with Store(path) as store:
        assert store.reply("c0") == b"mine"
        assert all(store.reply(f"{name}{n}") for name in "ab" for n in range(100))


OPENER = """
import sys, time
from pathlib import Path
from extractor.store import Store

time.sleep(max(0.0, float(sys.argv[2]) - time.time()))
for number in range(20):
    with Store(Path(f"{sys.argv[1]}{number}")) as store:
        store.put_reply(sys.argv[3], b"there")
"""


def test_processes_may_make_a_store_at_the_same_moment(path: Path) -> None:
    begin = str(time.time() + 2)
    children = [
        subprocess.Popen([sys.executable, "-c", OPENER, str(path), begin, str(name)])
        for name in range(6)
    ]
    assert [child.wait(timeout=120) for child in children] == [0] * 6


def test_threads_that_put_at_once_all_get_through(store: Store) -> None:
    def work(name: int) -> None:
        for number in range(50):
            store.put_row(f"{name}-{number}", f"{name}-{number}".encode())

    threads = [threading.Thread(target=work, args=(name,)) for name in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [f"{name}-{number}" for name in range(16) for number in range(50)]
    assert list(store.rows(keys)) == [key.encode() for key in keys]


def test_a_full_disk_is_told_and_loses_nothing(path: Path) -> None:
    code = f"""
import resource, signal, sys
from pathlib import Path
from extractor.errors import StoreError
from extractor.store import Store

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
store = Store(Path({str(path)!r}))
kept = 0
try:
    while True:
        store.put_row(str(kept), b"z" * 10_000)
        kept += 1
except StoreError as error:
    print(kept, error)
assert store.row("0") == b"z" * 10_000
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    kept, sentence = done.stdout.split(" ", 1)
    assert int(kept) > 5 and "store.sqlite" in sentence
    with Store(path) as store:
        assert all(store.row(str(number)) for number in range(int(kept)))
        store.put_row("more", b"room again")
    assert check(path).dropped == 0


# Damage


def test_a_damaged_value_is_dropped_when_it_is_read(store: Store, path: Path) -> None:
    store.put_reply("a", b"the answer")
    damage(path, "replies", "a")
    assert store.reply("a") is None
    assert contents(path).entries["replies"] == 0
    store.put_reply("a", b"the answer")
    assert store.reply("a") == b"the answer"


def test_a_value_under_another_key_is_damage(store: Store, path: Path) -> None:
    store.put_reply("a", b"the answer")
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("UPDATE replies SET key = 'b'")
    assert store.reply("b") is None


def test_a_check_drops_what_is_damaged(path: Path) -> None:
    with Store(path) as store:
        for number in range(5):
            store.put_row(str(number), b"row")
    damage(path, "rows", "3")
    assert check(path).dropped == 1
    found = check(path)
    assert (found.entries, found.dropped, found.rebuilt) == (4, 0, False)


def broken(path: Path) -> int:
    """A store of which a page in the middle is lost; tells how many rows it had."""
    with Store(path) as store:
        for number in range(300):
            store.put_row(f"{number:064d}", b"r" * 3_000)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 8192)
    return 300


def test_a_damaged_file_is_told_and_repaired(path: Path) -> None:
    had = broken(path)
    with pytest.raises(StoreError, match="damaged: `extractor cache check --repair`"):
        check(path)
    found = check(path, repair=True)
    assert found.rebuilt and had * 0.9 < found.entries < had
    assert path.with_name("store.sqlite.damaged").exists()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with Store(path) as store:
        rows = list(store.rows(f"{number:064d}" for number in range(had)))
    assert rows.count(b"r" * 3_000) == found.entries
    assert set(rows) == {None, b"r" * 3_000}


def test_a_file_that_is_no_store_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"The minutes of the harbour council, very long ago." * 100)
    with pytest.raises(StoreError, match=r"store\.sqlite is damaged"):
        Store(path)
    with closing(sqlite3.connect(path.with_name("other.db"))) as other:
        other.execute("CREATE TABLE ships (name)")
    with pytest.raises(StoreError, match="another program's database: name another"):
        Store(path.with_name("other.db"))


def test_a_later_version_is_refused(path: Path) -> None:
    Store(path).close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match=r"made by a later version .* update it"):
        Store(path)


# Its file


def test_only_its_user_can_read_it(store: Store, path: Path) -> None:
    store.put_reply("a", b"1")
    beside = list(path.parent.iterdir())
    assert len(beside) == 3
    for file in beside:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match=r"Permission denied.*--store"):
        Store(tmp_path / "store.sqlite")


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot be opened \(Is a directory"):
        Store(tmp_path)


def test_a_closed_store_says_so(path: Path) -> None:
    store = Store(path)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="is closed"):
        store.put_reply("a", b"1")


def test_it_lies_where_the_user_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert default_path().name == "store.sqlite"
    monkeypatch.setenv("EXTRACTOR_STORE", str(tmp_path / "mine"))
    assert default_path() == tmp_path / "mine"


# Upkeep


def test_contents_and_prune(store: Store, path: Path) -> None:
    store.put_reply("a", b"x" * 100_000)
    store.put_row("b", b"2")
    store.put_job("c", b"3")
    found = contents(path)
    assert found.entries == {"replies": 1, "rows": 1, "jobs": 1}
    assert found.bytes > 100_000 and found.oldest and found.newest
    assert prune(path, 1) == 0
    assert prune(path, 0) == 2
    assert contents(path).bytes < 100_000
    assert (store.reply("a"), store.row("b"), store.job("c")) == (None, None, b"3")


def test_there_has_to_be_a_store_to_look_after(path: Path) -> None:
    for look in (contents, check, lambda path: prune(path, 0)):
        with pytest.raises(StoreError, match="There is no store"):
            look(path)
    assert not path.exists()


def test_jobs_are_listed_by_their_beginning(store: Store) -> None:
    for key in ("b/2", "a/1", "b/1"):
        store.put_job(key, key.encode())
    assert list(store.jobs("b/")) == [("b/1", b"b/1"), ("b/2", b"b/2")]
    assert [key for key, _ in store.jobs()] == ["a/1", "b/1", "b/2"]
    store.drop_all("jobs", "b/")
    assert [key for key, _ in store.jobs()] == ["a/1"]


def test_spending_is_counted_for_each_run(store: Store, path: Path) -> None:
    usage = Usage(prompt_tokens=5, cached_tokens=2, completion_tokens=1)
    store.charge(Charge("one", 2, usage))
    store.put_reply("a", b"1", Charge("one", 1, usage))
    with Store(path) as other:
        assert other.spent("one") == Charge("one", 3, usage + usage)
        assert other.spent("two") == Charge("two")

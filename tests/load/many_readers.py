"""Processes that query a published database in a loop until standard input ends: DATABASE NUMBER.

Each tells in one line which publishes it saw, in order, or what went wrong. Only DuckDB is loaded, as in the program
of a reader; the processes are forks of one.
"""

import os
import select
import sys
import time
from collections.abc import Iterator

import duckdb

N_ROWS = "2000"
"""Rows that every publish has."""


QUERIES_A_CONNECTION = 8
PAUSE_SECONDS = 0.5
"""Between two queries of a reader, so that a hundred of them leave the publisher some of two cores."""

QUERY = """
select (select min(paper_id) || ' ' || max(paper_id) || ' ' || count(*) from paper_aliases),
       (select count(*) from papers)
"""


def see(connection: duckdb.DuckDBPyConnection) -> str:
    """Number of the publish that all rows of a snapshot agree on."""
    rows = connection.execute(QUERY).fetchall()
    lowest, highest, n_rows = rows[0][0].split()
    if lowest != highest or n_rows != N_ROWS:
        raise RuntimeError(f"mixed: {rows}")
    return str(lowest)


def read_once(database: str, stop: int) -> Iterator[str]:
    """What a reader sees over one connection, query by query, until `stop` is at its end."""
    with duckdb.connect(database, read_only=True, config={"threads": 1}) as connection:
        for _ in range(QUERIES_A_CONNECTION):
            yield see(connection)
            if ended(stop):
                return


def read_in_a_loop(database: str, stop: int) -> None:
    """Open, query and close until `stop` is at its end, then tell.

    Two numbers over one connection are no number: they are told as an error.
    """
    seen: list[str] = []
    try:
        while not ended(stop):
            seen.append(" and ".join(set(read_once(database, stop))))
        line = f"read {' '.join(seen)}" if seen == sorted(seen, key=int) else f"back in time: {seen}"
    except Exception as error:  # noqa: BLE001 - whatever a reader meets is to be told
        line = f"{type(error).__name__}: {error}".splitlines()[0]
    os.write(1, f"{line}\n".encode())


def ended(stop: int) -> bool:
    """Whether `stop` comes to its end while a reader pauses."""
    return bool(select.select([stop], [], [], PAUSE_SECONDS)[0])


def main(database: str, n_readers: int) -> None:
    """Fork the readers and wait for them."""
    for number in range(n_readers):
        if os.fork() == 0:
            time.sleep(PAUSE_SECONDS * QUERIES_A_CONNECTION * number / n_readers)
            read_in_a_loop(database, 0)
            os._exit(0)
    os.write(1, b"reading\n")
    for _ in range(n_readers):
        os.wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

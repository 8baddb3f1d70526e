"""Processes that query a published database in a loop until standard input ends: DATABASE NUMBER.

Each tells in one line which publishes it saw, in order, or what went wrong. Only DuckDB is loaded, as in the program
of a reader; the processes are forks of one.
"""

import os
import select
import sys
import time

import duckdb

PAUSE_SECONDS = 0.5
"""Between two queries of a reader, so that a hundred of them leave the publisher some of two cores."""

QUERY = """
select (select min(paper_id) || ' ' || max(paper_id) || ' ' || count(*) from paper_aliases),
       (select count(*) from papers)
"""


def see(database: str) -> str:
    """Number of the publish that all rows of a snapshot agree on."""
    with duckdb.connect(database, read_only=True, config={"threads": 1}) as connection:
        first = connection.execute(QUERY).fetchall()
        again = connection.execute(QUERY).fetchall()
    lowest, highest, _ = first[0][0].split()
    if lowest != highest or first != again:
        raise RuntimeError(f"mixed: {first} and {again}")
    return lowest


def read_in_a_loop(database: str, stop: int) -> None:
    """Query until `stop` is at its end, then tell."""
    seen: list[str] = []
    try:
        while not select.select([stop], [], [], PAUSE_SECONDS)[0]:
            number = see(database)
            if not seen or seen[-1] != number:
                seen.append(number)
        ordered = seen == sorted(seen, key=int)
        line = f"read {' '.join(seen)}" if ordered else f"back in time: {seen}"
    except Exception as error:  # noqa: BLE001 - whatever a reader meets is to be told
        line = f"{type(error).__name__}: {error}".splitlines()[0]
    os.write(1, f"{line}\n".encode())


def main(database: str, n_readers: int) -> None:
    """Fork the readers and wait for them."""
    for number in range(n_readers):
        if os.fork() == 0:
            time.sleep(PAUSE_SECONDS * number / n_readers)
            read_in_a_loop(database, 0)
            os._exit(0)
    os.write(1, b"reading\n")
    for _ in range(n_readers):
        os.wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

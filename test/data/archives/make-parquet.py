"""Makes the Parquet fixtures beside this file, which are committed: python make-parquet.py, with pyarrow 15 or later.

messages-zstd.parquet  Zstandard, three row groups of two rows, nested messages as Hugging Face datasets store them, and one value of
                       each type that JSON has none for. The texts are ours, and plain.
"""
import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

message = pa.struct([("role", pa.string()), ("content", pa.string()), ("reasoning", pa.string())])
schema = pa.schema(
    [
        ("id", pa.string()),
        ("messages", pa.list_(message)),
        ("tags", pa.list_(pa.string())),
        ("big", pa.int64()),
        ("when", pa.timestamp("us", tz="UTC")),
        ("day", pa.date32()),
        ("raw", pa.binary()),
        ("share", pa.float64()),
        ("harmful", pa.bool_()),
        ("nothing", pa.null()),
        ("extra", pa.map_(pa.string(), pa.int32())),
    ]
)


def row(i):
    return {
        "id": f"row-{i}",
        "messages": [
            {"role": "user", "content": f"What grows in garden {i}?", "reasoning": None},
            {"role": "assistant", "content": f"Answer {i}: beans.", "reasoning": f"Step one of {i}.\n\nStep two."},
        ]
        if i != 3
        else [],
        "tags": None if i == 2 else ["garden", None, "ü"],
        "big": [1, 2**53 + 1, -(2**63), None, 0, 7][i],
        "when": datetime.datetime(2025, 1, 2, 3, 4, 5, [0, 123000, 123456, 1, 0, 0][i], datetime.timezone.utc),
        "day": datetime.date(2025, 1, 2),
        "raw": [b"plain", b"\xff\xd8\xff", None, b"", b"x", b"y"][i],
        "share": [0.5, float("nan"), float("inf"), None, 1e300, -0.25][i],
        "harmful": i % 2 == 0,
        "nothing": None,
        "extra": [("a", i)] if i != 4 else None,
    }


table = pa.Table.from_pylist([row(i) for i in range(6)], schema=schema)
pq.write_table(table, Path(__file__).parent / "messages-zstd.parquet", compression="zstd", row_group_size=2, write_statistics=False)

from evals.bench.encoder import encoder_table

FOUND = {
    "cold": {
        "graph": {"cpu": 1.71, "memory": 235.1},
        "sentence-transformers": {"cpu": 6.9, "memory": 576.4},
    },
    "encoding": {
        "texts": 11258,
        "least_cosine": 0.9999995,
        "by_default": 150,
        "ratio": 1.4,
        "ratios": [1.3, 1.5],
        "half": {"ratio": 2.1, "ratios": [2.0, 2.3], "cosines": [0.9963, 0.9989]},
    },
}


def test_the_table_shows_every_measurement_beside_its_bound() -> None:
    rows = [" ".join(line.split()) for line in encoder_table(FOUND).splitlines()]
    assert rows == [
        "assistant ask from nothing (s of CPU) 1.71 <= 2",
        "peak memory (MiB) 235.1 <= 450",
        "without the graph (s of CPU, MiB) 6.9, 576.4",
        "texts of the library 11,258",
        "graph to sentence-transformers, least cosine 0.9999995 >= 0.9999",
        "sentence-transformers by default, texts a second 150",
        "ours, times as fast 1.4 >= 1.5",
        "of the parts, least and most [1.3, 1.5]",
        "ours in bfloat16, times as fast 2.1 >= 2.2",
        "of the parts, least and most [2.0, 2.3]",
        "bfloat16 to fp32, least and middle cosine [0.9963, 0.9989]",
    ]

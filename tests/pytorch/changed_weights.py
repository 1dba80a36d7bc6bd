"""Saves a network's weights as users of PyTorch do: python3 changed_weights.py WEIGHTS FOLDER.

Always into FOLDER
  zip.pt, old.pt         torch.save, in its present format and in the one before
and with the package safetensors, by save_file
  changed.safetensors    pop.bias raised by 0.5, with the metadata of WEIGHTS but its checksum
  checksum.safetensors   the same with all the metadata of WEIGHTS
  bare.safetensors       the same without metadata
  half.safetensors       in half precision, bfloat.safetensors in bfloat16, double.safetensors in float64
  module.safetensors     the names as torch.nn.DataParallel gives them
"""
import os
import sys

import torch

sys.path.insert(1, os.path.join(os.path.dirname(__file__), "..", "..", "lib", "studies", "baselines"))

from tensor_file import CHECKSUM, read_tensors


def save_changed(weights, folder):
    """The files that need the package safetensors."""
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    tensors, metadata = load_file(weights), safe_open(weights, "pt").metadata()
    kept = {name: text for name, text in metadata.items() if name != CHECKSUM}
    tensors["pop.bias"] += 0.5

    def save(file, convert=lambda tensor: tensor, prefix="", metadata=kept):
        converted = {prefix + name: convert(tensor) for name, tensor in tensors.items()}
        save_file(converted, f"{folder}/{file}.safetensors", metadata=metadata)

    save("changed")
    save("checksum", metadata=metadata)
    save("bare", metadata=None)
    save("half", torch.Tensor.half)
    save("bfloat", torch.Tensor.bfloat16)
    save("double", torch.Tensor.double)
    save("module", prefix="module.")


def main():
    """Writes the files."""
    weights, folder = sys.argv[1:]
    tensors, _ = read_tensors(weights)
    torch.save(tensors, f"{folder}/zip.pt")
    torch.save(tensors, f"{folder}/old.pt", _use_new_zipfile_serialization=False)
    try:
        save_changed(weights, folder)
    except ModuleNotFoundError:
        pass


if __name__ == "__main__":
    main()

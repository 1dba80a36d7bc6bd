"""Weights files: tensors by name in the safetensors format, with a checksum among the metadata.

8 bytes are the header's length, then comes the header, JSON, then the numbers, little-endian float32.
lib/weights/trained_model.ts has the list of tensors and metadata; lib/weights/safetensors.ts
says what the checksum is of. Reading and writing take no package.
"""
import hashlib
import json
import os
import struct

import torch

CHECKSUM = "file_sha256"
NO_CHECKSUM = "0" * 64


def read_tensors(path):
    """Tensors by name, and the metadata."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(length)), file.read()
    metadata, tensors = header.pop("__metadata__", {}), {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise ValueError(f"Cannot read {name}: wanted F32, got {entry['dtype']}")
        begin, end = entry["data_offsets"]
        numbers = torch.frombuffer(bytearray(data[begin:end]), dtype=torch.float32)
        tensors[name] = numbers.reshape(entry["shape"])
    return tensors, metadata


def file_bytes(tensors, metadata):
    """The file. Its checksum is that of all its bytes with zeros for the checksum's digits."""
    header, at = {"__metadata__": {**metadata, CHECKSUM: NO_CHECKSUM}}, 0
    for name, tensor in tensors.items():
        end = at + 4 * tensor.numel()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    numbers = b"".join(struct.pack(f"<{t.numel()}f", *t.flatten().tolist()) for t in tensors.values())
    whole = struct.pack("<Q", len(text)) + text + numbers
    return whole.replace(NO_CHECKSUM.encode(), hashlib.sha256(whole).hexdigest().encode(), 1)


def write_whole(path, content):
    """Under a temporary name first: at any moment the old file is there as a whole, or the new one."""
    new = f"{path}.new"
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(new, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except OSError as error:
        if os.path.exists(new):
            os.remove(new)
        wanted = f"Cannot write {path}: wanted a place for {len(content):,} bytes"
        raise OSError(f"{wanted}, got {error.strerror}") from error


def write_tensors(path, tensors, metadata):
    """A weights file."""
    write_whole(path, file_bytes(tensors, metadata))

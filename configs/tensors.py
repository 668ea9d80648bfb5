# SPDX-License-Identifier: BSD-3-Clause
"""Arrays from .npz files: what is wrong with one is said in a line, before anything is computed with it."""
import os
import zipfile
import zlib

import numpy as np
import sim


def load(path):
    """{name: array} of a file that numpy.savez wrote."""
    if not os.path.isfile(path):
        raise sim.ConfigError(f"{path}: {'is a folder' if os.path.isdir(path) else 'no such file'}; name an .npz file")
    if not zipfile.is_zipfile(path):
        raise sim.ConfigError(f"{path}: is no whole .npz file; write it with numpy.savez")
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, KeyError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise sim.ConfigError(f"{path}: is damaged or holds no numbers ({error}); write it anew with numpy.savez") from None


def shape_text(shape):
    return " x ".join(map(str, shape)) or "a single number"


def numbers(path, arrays, name, dimensions=None, shape=None, below=None):
    """arrays[name], if it has so many dimensions or that shape, and finite numbers: `below`, whole ones from 0 up to that."""
    values = arrays[name]
    if values.dtype.kind not in "biuf":
        raise sim.ConfigError(f"{path}: {name} holds {values.dtype}; it must hold real numbers or integers")
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise sim.ConfigError(f"{path}: {name}: {int((~np.isfinite(values)).sum())} of {values.size} values are not finite")
    if shape is not None and values.shape != shape or dimensions is not None and values.ndim != dimensions:
        wanted = f"must be {shape_text(shape)}" if shape is not None else f"must have {dimensions} dimensions"
        raise sim.ConfigError(f"{path}: {name} has the shape {shape_text(values.shape)}; it {wanted}")
    if not values.size:
        raise sim.ConfigError(f"{path}: {name} is empty")
    if below is not None and (values.dtype.kind == "f" or values.min() < 0 or values.max() >= below):
        raise sim.ConfigError(f"{path}: {name} holds {values.min():g} to {values.max():g}; it must hold whole numbers from 0 "
                              f"to {below - 1}")
    return values

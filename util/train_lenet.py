#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Trains LeNet-300-100 or LeNet-5 on MNIST, prunes it, lets its weights share 15 values, and writes traces/models.

usage: util/train_lenet.py --net=300-100|5 --data=DIR [--out=DIR] [--epochs=N] [--images=N]

DIR holds MNIST's (or Fashion-MNIST's) four IDX files, gzipped. Numpy only; minutes with OpenBLAS (libopenblas0).
Recipe: Han, Mao, Dally, "Deep Compression" (ICLR 2016), with its densities: train, cut the smallest weights of each
layer, train what is left, k-means with centroids spread evenly at first, train the centroids.
"""
import argparse
import gzip
import os
import time

import numpy as np

MODELS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "traces", "models")
SHARED = 15      # values besides zero
BATCH = 100
QUICK_TEST = 2000   # images of the test after every epoch; all of them after pruning, sharing, and at the end
RATE = {"dense": 0.05, "pruned": 0.02, "shared": 0.0005}
MOMENTUM = 0.9
# Layer: kind, shape of the weights (outputs first), and the share of them that stays (Han et al., NIPS 2015, tables 3, 4).
NETS = {
    "300-100": [("fc1", (300, 784), 0.08), ("fc2", (100, 300), 0.09), ("fc3", (10, 100), 0.26)],
    "5": [("conv1", (20, 1, 5, 5), 0.66), ("conv2", (50, 20, 5, 5), 0.12), ("fc1", (500, 800), 0.08), ("fc2", (10, 500), 0.19)],
}


def read_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    dimensions = data[3]
    shape = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(dimensions)]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def load(folder):
    """Images as bytes / 256, so that 16-bit fixed point holds them exactly, and labels: for training, for the test."""
    parts = []
    for part in ("train", "t10k"):
        images = read_idx(os.path.join(folder, f"{part}-images-idx3-ubyte.gz")).astype(np.float32) / 256
        parts += [images[:, None], read_idx(os.path.join(folder, f"{part}-labels-idx1-ubyte.gz")).astype(np.int64)]
    return parts


# ---- layers: forward() keeps what backward() needs; both take and give arrays whose first index is the image

class Linear:
    """Fully connected, or a convolution of 5 x 5 with 2 x 2 maxima after it; ReLU unless it is the last."""

    def __init__(self, name, shape, random, is_last):
        self.name, self.shape, self.is_last = name, shape, is_last
        self.is_conv = len(shape) == 4
        fan_in = int(np.prod(shape[1:]))
        self.weights = random.normal(0, np.sqrt(2 / fan_in), (shape[0], fan_in)).astype(np.float32)
        self.bias = np.zeros(shape[0], np.float32)
        self.mask = self.codes = None
        self.moved = [np.zeros_like(self.weights), np.zeros_like(self.bias)]

    def forward(self, x):
        self.input_shape = x.shape
        if self.is_conv:
            windows = np.lib.stride_tricks.sliding_window_view(x, (5, 5), (2, 3))   # image, channel, y, x, 5, 5
            self.places = windows.shape[2:4]
            self.columns = np.ascontiguousarray(windows.transpose(0, 2, 3, 1, 4, 5)).reshape(-1, self.weights.shape[1])
        else:
            self.columns = x.reshape(len(x), -1)
        y = self.columns @ self.weights.T + self.bias
        if self.is_conv:
            y = self.pool(y.reshape(len(x), *self.places, -1).transpose(0, 3, 1, 2))
        self.passed = None if self.is_last else y > 0
        return y if self.is_last else y * self.passed

    def pool(self, y):
        images, channels, height, width = y.shape
        quads = y.reshape(images, channels, height // 2, 2, width // 2, 2).transpose(0, 1, 2, 4, 3, 5)
        quads = quads.reshape(images, channels, height // 2, width // 2, 4)
        self.largest = quads.argmax(-1)
        return quads.max(-1)

    def unpool(self, dy):
        images, channels, height, width = dy.shape
        quads = np.zeros((*dy.shape, 4), np.float32)
        np.put_along_axis(quads, self.largest[..., None], dy[..., None], -1)
        quads = quads.reshape(images, channels, height, width, 2, 2).transpose(0, 2, 4, 3, 5, 1)
        return quads.reshape(images * height * width * 4, channels)   # as the rows of `columns`

    def backward(self, dy, wants_input):
        if self.passed is not None:
            dy = dy.reshape(self.passed.shape) * self.passed
        if self.is_conv:
            dy = self.unpool(dy)
        self.gradients = [dy.T @ self.columns, dy.sum(0)]
        if not wants_input:
            return None
        dx = dy @ self.weights
        if not self.is_conv:
            return dx.reshape(self.input_shape)
        images, channels = self.input_shape[:2]
        parts = dx.reshape(images, *self.places, channels, 5, 5)
        made = np.zeros(self.input_shape, np.float32)
        for y in range(5):
            for x in range(5):
                made[:, :, y:y + self.places[0], x:x + self.places[1]] += parts[..., y, x].transpose(0, 3, 1, 2)
        return made

    def step(self, rate):
        if self.codes is not None:
            return self.step_centroids(rate)
        for value, gradient, moved in zip((self.weights, self.bias), self.gradients, self.moved):
            moved *= MOMENTUM
            moved -= rate * gradient
            value += moved
        if self.mask is not None:
            self.weights *= self.mask

    # Pruning and sharing. The bias shares the weights' values: EIE folds it in as a column.
    def prune(self, share):
        magnitudes = np.abs(self.weights)
        self.mask = magnitudes > np.quantile(magnitudes, 1 - share)
        self.weights *= self.mask
        self.moved[0][:] = 0

    def share(self):
        whole = np.column_stack([self.weights, self.bias])
        values = whole[whole != 0]
        centroids = np.linspace(values.min(), values.max(), SHARED)
        for _ in range(100):
            near = np.searchsorted((centroids[1:] + centroids[:-1]) / 2, values)
            counts = np.bincount(near, minlength=SHARED)
            centroids = np.sort(np.where(counts, np.bincount(near, values, SHARED) / np.maximum(counts, 1), centroids))
        self.codes = np.zeros(whole.shape, np.uint8)
        self.codes[whole != 0] = 1 + np.searchsorted((centroids[1:] + centroids[:-1]) / 2, values)
        self.codebook = np.concatenate([[0], centroids]).astype(np.float32)
        self.decode()

    def decode(self):
        whole = self.codebook[self.codes]
        self.weights, self.bias = np.ascontiguousarray(whole[:, :-1]), whole[:, -1].copy()

    def step_centroids(self, rate):
        gradient = np.column_stack(self.gradients)
        self.codebook[1:] -= rate * np.bincount(self.codes.ravel(), gradient.ravel(), SHARED + 1)[1:].astype(np.float32)
        self.decode()


class Net:
    def __init__(self, layers, random):
        self.layers = [Linear(name, shape, random, i == len(layers) - 1) for i, (name, shape, _) in enumerate(layers)]

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def train(self, images, labels, rate):
        scores = self.forward(images)
        scores -= scores.max(1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(1, keepdims=True)
        chances[np.arange(len(labels)), labels] -= 1
        dy = chances / len(labels)
        for i, layer in reversed(list(enumerate(self.layers))):
            dy = layer.backward(dy, i > 0)
        for layer in self.layers:
            layer.step(rate)

    def error(self, images, labels):
        wrong = sum((self.forward(images[i:i + 500]).argmax(1) != labels[i:i + 500]).sum() for i in range(0, len(images), 500))
        return wrong / len(images)


class Log:
    def __init__(self):
        self.lines = []
        self.start = time.process_time()

    def say(self, text):
        self.lines.append(text)
        print(f"{text}   ({time.process_time() - self.start:.0f} s)", flush=True)


def run_phase(net, data, phase, epochs, random, log):
    images, labels, test_images, test_labels = data[0], data[1], data[2][:QUICK_TEST], data[3][:QUICK_TEST]
    steps = epochs * (len(images) // BATCH)
    done = 0
    for epoch in range(epochs):
        order = random.permutation(len(images))
        for i in range(0, len(images) - BATCH + 1, BATCH):
            rate = RATE[phase] * 0.5 * (1 + np.cos(np.pi * done / steps))
            net.train(images[order[i:i + BATCH]], labels[order[i:i + BATCH]], rate)
            done += 1
        log.say(f"{phase}, epoch {epoch + 1}: test error {100 * net.error(test_images, test_labels):.2f} %"
                + (f" of the first {len(test_images)}" if len(test_images) < 10000 else ""))


def save(net, name, folder, log):
    """Each layer's shape; the zeros before each weight that stayed, row by row, and its code; bias codes; codebook."""
    arrays = {}
    for layer in net.layers:
        codes = layer.codes[:, :-1].ravel()
        places = np.flatnonzero(codes)
        gaps = np.diff(places, prepend=-1) - 1
        arrays[f"{layer.name}_shape"] = np.array(layer.shape, np.uint16)
        arrays[f"{layer.name}_gaps"] = gaps.astype(np.uint8 if gaps.max() < 256 else np.uint16)
        arrays[f"{layer.name}_codes"] = codes[places]
        arrays[f"{layer.name}_bias_codes"] = layer.codes[:, -1]
        arrays[f"{layer.name}_codebook"] = layer.codebook
        kept = np.count_nonzero(layer.codes[:, :-1])
        log.say(f"{layer.name}: {kept} of {layer.weights.size} weights, {100 * kept / layer.weights.size:.1f} %")
    path = os.path.join(folder, name + ".npz")
    np.savez_compressed(path, **arrays)
    log.say(f"{name}.npz: {os.path.getsize(path)} bytes")
    with open(os.path.join(folder, name + ".log"), "w", encoding="utf-8") as file:
        file.write("\n".join(log.lines) + "\n")


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--net", choices=list(NETS), required=True)
    p.add_argument("--data", required=True, help="folder of the four IDX files")
    p.add_argument("--out", default=MODELS)
    p.add_argument("--epochs", type=int, default=8, help="before pruning; as many after it (default: 8)")
    p.add_argument("--images", type=int, default=60000, help="for training (default: all)")
    given = p.parse_args()
    random = np.random.default_rng(1)
    data = load(given.data)
    data[0], data[1] = data[0][:given.images], data[1][:given.images]
    net = Net(NETS[given.net], random)
    log = Log()
    log.say(f"LeNet-{given.net}, {len(data[0])} images for training, {len(data[2])} for the test, batches of {BATCH}, seed 1")
    run_phase(net, data, "dense", given.epochs, random, log)
    for layer, (_, _, share) in zip(net.layers, NETS[given.net]):
        layer.prune(share)
    log.say(f"pruned: test error {100 * net.error(*data[2:]):.2f} %")
    run_phase(net, data, "pruned", given.epochs, random, log)
    for layer in net.layers:
        layer.share()
    log.say(f"shared: test error {100 * net.error(*data[2:]):.2f} %")
    run_phase(net, data, "shared", 1, random, log)
    log.say(f"at the end: test error {100 * net.error(*data[2:]):.2f} %")
    save(net, "lenet_" + given.net.replace("-", "_"), given.out, log)


if __name__ == "__main__":
    main()

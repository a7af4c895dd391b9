#!/usr/bin/env python3
"""How hard is a practice set for classifiers that know nothing of shapes?

Usage: sketch_difficulty.py FOLDER
  FOLDER holds cat/ and dog/ with images, as `marbles data sketch FOLDER --count 1000` writes
  them.

Prints the accuracy of logistic regression on standardised 64x64 and 32x32 pixels and of a random
forest and logistic regression on colors (mean, spread and histogram), each by 5-fold
cross-validation with the best of several strengths of regularisation. A practice set should keep
pixels under 0.80 (shape must be learned, not a template) and colors near 0.50 (color must not
tell). With a biased background, the colors tell: that is the lesson.

Needs numpy, pillow and scikit-learn.
"""

import pathlib
import sys

import numpy as np
from PIL import Image
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def load(folder, size):
    pixels, labels = [], []
    for label, name in enumerate(["cat", "dog"]):
        for path in sorted((pathlib.Path(folder) / name).iterdir()):
            image = Image.open(path).convert("RGB").resize((size, size), Image.Resampling.BOX)
            pixels.append(np.asarray(image, dtype=np.float32) / 255)
            labels.append(label)
    return np.stack(pixels), np.array(labels)


def colors(pixels):
    flat = pixels.reshape(len(pixels), -1, 3)
    bins = (flat * 3.999).astype(int) @ np.array([16, 4, 1])
    histogram = np.stack([np.bincount(row, minlength=64) / len(row) for row in bins])
    return np.concatenate([flat.mean(1), flat.std(1), histogram], axis=1)


def accuracy(model, features, labels):
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    return cross_val_score(model, features, labels, cv=folds, n_jobs=2).mean()


def linear(features, labels):
    # A rotation onto all principal components changes nothing for an L2 penalty but saves the time
    # of fitting far more weights than there are images.
    scores = {}
    for strength in [1e-5, 1e-4, 1e-3, 1e-2, 1e-1]:
        model = make_pipeline(
            StandardScaler(), PCA(svd_solver="full"), LogisticRegression(C=strength, max_iter=500)
        )
        scores[strength] = accuracy(model, features, labels)
    best = max(scores, key=scores.get)
    return f"{scores[best]:.3f}  (C = {best:g})"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for size in [64, 32]:
        pixels, labels = load(sys.argv[1], size)
        print(
            f"linear, {size}x{size} pixels:   {linear(pixels.reshape(len(pixels), -1), labels)}",
            flush=True,
        )
    features = colors(pixels)
    print(f"linear, mean color:     {linear(features[:, :3], labels)}")
    print(f"linear, histogram:       {linear(features, labels)}")
    forest = RandomForestClassifier(300, min_samples_leaf=5, random_state=0)
    print(f"forest, histogram:       {accuracy(forest, features, labels):.3f}")


if __name__ == "__main__":
    main()

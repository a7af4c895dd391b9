"""The same with Keras:  first_keras.py MODEL.keras IMAGE"""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
from PIL import Image

model = keras.models.load_model(sys.argv[1], compile=False)
size = model.input_shape[1]
image = Image.open(sys.argv[2]).convert("RGB").resize((size, size), Image.Resampling.BILINEAR)
pixels = ((np.asarray(image) / 255 - 0.5) / 0.25).astype(np.float32)
logits = model.predict(pixels[None], verbose=0)[0]
print(["cat", "dog"][int(logits.argmax())], float(np.exp(logits).max() / np.exp(logits).sum()))

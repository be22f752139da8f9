"""Log-mel frames as whisper.cpp makes them: 80 bands, 100 frames a second."""

import numpy as np

from voices import RATE_HZ

FRAME, WINDOW = 160, 400
FRAMES_A_SECOND = RATE_HZ // FRAME
MELS = 80
# log10 of the power below which nothing is heard.
NOTHING = -10.0
_HANN = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)


def log_mel(samples, filters):
    """log10 of the power in each band, [frames, 80], an even number of frames; before Whisper's scaling."""
    padded = np.pad(samples.astype(np.float32), WINDOW // 2, mode="reflect")
    count = len(samples) // FRAME // 2 * 2
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::FRAME][:count]
    power = np.abs(np.fft.rfft(frames * _HANN, axis=1)) ** 2
    return np.log10(np.maximum(power.astype(np.float32) @ filters.T, 10**NOTHING))


def scaled(mel):
    """What the network hears: no more than 8 below the loudest, then shifted to about -1 to 1."""
    return (np.maximum(mel, mel.max() - 8) + 4) / 4

"""Learning: losses, optimisers, the network, the training loop and the checks of gradients."""

from lstm_helpers.learning.attentive_decoder import AttentiveEncoderDecoder
from lstm_helpers.learning.checkpoints import load_checkpoint, save_checkpoint
from lstm_helpers.learning.clipping import clip_by_global_norm
from lstm_helpers.learning.encoder_decoder import EncoderDecoder
from lstm_helpers.learning.gradcheck import check_gradients
from lstm_helpers.learning.gradient_flow import gradient_flow, spectral_radius
from lstm_helpers.learning.history import History, TrainingDiverged
from lstm_helpers.learning.linear import Linear
from lstm_helpers.learning.losses import cross_entropy, mean_squared_error
from lstm_helpers.learning.network import Network
from lstm_helpers.learning.optimisers import SGD, Adam
from lstm_helpers.learning.sampling import generate, with_temperature
from lstm_helpers.learning.sweep import sweep
from lstm_helpers.learning.training import train

__all__ = [
    "SGD",
    "Adam",
    "AttentiveEncoderDecoder",
    "EncoderDecoder",
    "History",
    "Linear",
    "Network",
    "TrainingDiverged",
    "check_gradients",
    "clip_by_global_norm",
    "cross_entropy",
    "generate",
    "gradient_flow",
    "load_checkpoint",
    "mean_squared_error",
    "save_checkpoint",
    "spectral_radius",
    "sweep",
    "train",
    "with_temperature",
]

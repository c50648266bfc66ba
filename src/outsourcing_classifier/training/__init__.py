"""Labelled examples → a model: the same bytes whatever the order of rows or the number of threads.

- `examples.py`, `default.py`, `card.py`: the rows of `training_data/` → the default model and its card;
- `taught.py`, `groups.py`: what people decided, read from their files; what is held out together;
- `narrow.py`, `own_words.py`: new cues from the errors;
- `design.py`, `fit.py`: decision and cue weights, with the default model as prior;
- `own.py`: these steps in order, for the model and for its test on held-out texts;
- `command.py`, `said.py`: what `train` does, and says.
"""

from .card import card
from .command import Request, train_command
from .default import train
from .examples import COLUMNS, Example, read_examples
from .own import Learned, Options, learn
from .taught import Lesson, Taught, read_taught, refuse

__all__ = [
    "COLUMNS",
    "Example",
    "Learned",
    "Lesson",
    "Options",
    "Request",
    "Taught",
    "card",
    "learn",
    "read_examples",
    "read_taught",
    "refuse",
    "train",
    "train_command",
]

"""Everything this package raises on purpose.

OutsourcingClassifierError
├── InputTypeError (also TypeError)     a task is neither text nor missing
├── InputValueError (also ValueError)   an argument has a value that is not offered
├── DecisionError                       a ledger of decisions cannot be used
├── LexiconError                        a table of words: file, row, column
├── ModelError                          a model file cannot be used
├── SettingsError                       an outsourcing.toml cannot be used: file, table, key
├── TrainingDataError                   labelled examples cannot be used
└── TaskFileError                       an inventory cannot be read or written
"""


class OutsourcingClassifierError(Exception):
    """Base class of all errors of this package."""


class InputTypeError(OutsourcingClassifierError, TypeError):
    """A task is neither text nor missing."""


class InputValueError(OutsourcingClassifierError, ValueError):
    """An argument has a value that is not offered."""


class DecisionError(OutsourcingClassifierError):
    """A ledger of decisions cannot be used; the message names file, row and column."""


class LexiconError(OutsourcingClassifierError):
    """A table of words cannot be used; the message names file, row and column."""


class ModelError(OutsourcingClassifierError):
    """A model file cannot be used."""


class SettingsError(OutsourcingClassifierError):
    """The settings of a project cannot be used; the message names file, table and key."""


class TrainingDataError(OutsourcingClassifierError):
    """Labelled examples cannot be used."""


class TaskFileError(OutsourcingClassifierError):
    """An inventory cannot be read or written."""

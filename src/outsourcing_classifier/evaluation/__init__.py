"""Figures of a labelled file, each with its interval and beside what is simpler; as lines of text and as a page."""

from .baselines import cue_sums, tfidf
from .comparison import ComparedFile, compare, mcnemar, read_compared
from .comparison_lines import comparison_lines
from .figures import Answers, Evaluation, evaluate_file, label_figures, lead_over_tfidf, measure, status_figures
from .intervals import balanced, balanced_lead, calibration, calibration_error, means, share, wilson
from .labelled import LabelledFile, find_label_column, read_labelled, score_columns, score_values
from .lines import figure_lines, next_line, percent
from .page import page_html, write_page
from .words import main_language

__all__ = [
    "Answers",
    "ComparedFile",
    "Evaluation",
    "LabelledFile",
    "balanced",
    "balanced_lead",
    "calibration",
    "calibration_error",
    "compare",
    "comparison_lines",
    "cue_sums",
    "evaluate_file",
    "figure_lines",
    "find_label_column",
    "label_figures",
    "lead_over_tfidf",
    "main_language",
    "mcnemar",
    "means",
    "measure",
    "next_line",
    "page_html",
    "percent",
    "read_compared",
    "read_labelled",
    "score_columns",
    "score_values",
    "share",
    "status_figures",
    "tfidf",
    "wilson",
    "write_page",
]

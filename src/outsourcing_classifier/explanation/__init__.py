"""Evidence + decision → sentences, in both languages."""

from ..result import Classification


class Explainer:
    def __init__(self, wording="outsourcing", explain_in=None):
        pass

    def explained(self, c):
        return c

    def evidence_reason(self, dimension, role, weight, modifiers, language):
        return role

    def status_reason(self, status, language):
        return status

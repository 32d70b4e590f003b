"""From rows to what templates read; each template says at its top which names it needs."""

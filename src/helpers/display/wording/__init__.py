"""Words, numbers and sentences in Dutch and English; light to import, and without any plotting library."""

from helpers.display.wording.paragraph import Paragraph, capital, paragraph, plain
from helpers.display.wording.words import Words

__all__ = ["Paragraph", "Words", "capital", "paragraph", "plain"]

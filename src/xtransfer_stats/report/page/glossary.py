"""Technical words of a page, each explained where the pointer rests on it."""

import re
from collections.abc import Mapping
from html import unescape
from types import MappingProxyType

from xtransfer_stats.report import escape

GLOSSARY: Mapping[str, str] = MappingProxyType(
    {
        "interaction": "The effect on the second benchmark less that on the first: zero where both gain alike.",
        "adjusted p": "The p-value corrected for all tests of its family, so that many tests give no false find.",
        "sign-flip": "A test by turning the signs of the seeds' differences in all ways; it assumes no normal curve.",
        "jackknife": "The error found by leaving out one level at a time, such as one language.",
        "Kenward-Roger": "Errors and degrees of freedom of a mixed model that are right in small studies.",
        "Satterthwaite": "Degrees of freedom of a sum of variances of different sizes.",
        "seed-paired t": "Student's t of the differences between two runs of the same seed.",
        "Holm": "A correction for several tests that holds the chance of any false find.",
        "Benjamini-Hochberg": "A correction for several tests that holds the share of false finds.",
        "REML": "Restricted maximum likelihood: how a mixed model's variances are estimated.",
        "log-odds": "A score p as log(p / (1 - p)): a step near 0 or 100 counts more than one in the middle.",
        "bootstrap": "The error found by drawing the study's seeds and sets again and again.",
        "Shrunken": "Pulled towards the mean by a mixed model, the more the less a level's own data say.",
        "effect size": "An effect in units of the noise between seeds.",
        "task set": "The intermediate tasks that one run is trained on, drawn at random.",
        "exploratory": "Looked at after the fact: it suggests, and does not prove.",
        "95 % interval": "A range that holds the true value in 95 of 100 such studies.",
        "Leave one": "The same number without one level, to see what it hangs on.",
        "Variance shares": "Which part of the scores' variation each source has.",
    }
)
_CAPTION = re.compile("(<caption><span>)(.*?)(</span></caption>)", re.DOTALL)
_WORDS = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in sorted(GLOSSARY, key=len, reverse=True)))


def marked(text: object) -> str:
    """Text for HTML, the first use of each technical word with its explanation."""
    used: set[str] = set()

    def explained(found: "re.Match[str]") -> str:
        word = found[0]
        if word in used:
            return word
        used.add(word)
        return f'<abbr title="{escape.for_html(GLOSSARY[word])}">{word}</abbr>'

    return _WORDS.sub(explained, escape.for_html(text))


def in_captions(html: str) -> str:
    """Tables as HTML, the technical words of their captions explained."""
    return _CAPTION.sub(lambda found: f"{found[1]}{marked(unescape(found[2]))}{found[3]}", html)


def listed(page: str) -> str:
    """The words that are explained on a page, for who has no pointer."""
    used = [word for word in sorted(GLOSSARY, key=str.lower) if f">{word}</abbr>" in page]
    items = "\n".join(f"<dt>{escape.for_html(word)}</dt><dd>{escape.for_html(GLOSSARY[word])}</dd>" for word in used)
    return f"<dl>\n{items}\n</dl>"

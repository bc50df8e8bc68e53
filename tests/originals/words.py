"""Small parallel vocabularies: made-up sentences that a reader can check at a glance."""

THINGS = {
    "en": ("lamp", "door", "oven", "radio", "window", "heater"),
    "de": ("Lampe", "Tür", "Ofen", "Radio", "Fenster", "Heizung"),
    "tr": ("lamba", "kapı", "fırın", "radyo", "pencere", "ısıtıcı"),
    "ru": ("лампа", "дверь", "печь", "радио", "окно", "печка"),
}
PLACES = {
    "en": ("Berlin", "Ankara", "Oslo", "Lima", "Quito", "Cairo"),
    "de": ("Berlin", "Ankara", "Oslo", "Lima", "Quito", "Kairo"),
    "tr": ("Berlin", "Ankara", "Oslo", "Lima", "Kito", "Kahire"),
    "ru": ("Берлин", "Анкара", "Осло", "Лима", "Кито", "Каир"),
}
LANGUAGES = tuple(THINGS)


def sentence(language: str, number: int) -> str:
    """The number-th sentence; those of two languages with one number mean the same."""
    thing, place = THINGS[language][number % 6], PLACES[language][number // 6 % 6]
    return f"{thing} {number} — {place}"


def context(language: str, number: int) -> tuple[str, str, str, int]:
    """A paragraph, a question on it, its answer and where that starts (code points)."""
    thing, place = THINGS[language][number % 6], PLACES[language][number % 5]
    text = f"{place}: {thing} {number + 10}. {sentence(language, number + 1)}."
    answer = str(number + 10)
    return text, f"{thing}?", answer, text.index(answer)

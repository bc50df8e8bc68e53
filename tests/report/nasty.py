"""Names that break naive writers."""

NASTY = {
    "xnli": r"<b>&%_#$ {x}\y~^",
    "panx": "=cmd|1",
    "sw": "</script>",
    "de": "[*",
    "pl": r"a&b%c_d#e$f",
    "el": r"{g}h<i>j\k~l^m",
}
LONG = {"xquad": "a-task-with-a-name-that-has-no-space_at_all/v1.2.3-final", "fr": "x" * 70, "fi": "suomi " * 12}
LATIN = {"tr": "Türkçe", "et": "Yorùbá ọ̀rọ̀", "id": "Tiếng Việt đ", "it": "łąka źdźbło", "es": "“a–b—c’”"}
SCRIPTS = {  # language: (a name in it, its script as the preamble calls it)
    "ar": ("اللغة العربية", "Arabic"),
    "hi": ("हिन्दी", "Devanagari"),
    "th": ("ภาษาไทย", "Thai"),
    "zh": ("中文", "CJK"),
    "ru": ("Русский", "Cyrillic"),
    "el": ("Ελληνικά", "Greek"),
}
BENCHMARKS = ("x_%<b>", "y&$#{}")

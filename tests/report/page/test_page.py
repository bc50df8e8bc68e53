"""What the page says, read from its HTML: contents, questions, provenance, and the frame's own digits."""

import dataclasses
import html
import json
import re

import pytest
from tests.report.made_up import made_up
from tests.stats.simulated import analyzed, simulated_frame

from xtransfer_stats import __version__
from xtransfer_stats.base import formats
from xtransfer_stats.report import select
from xtransfer_stats.report.charts import export, specifications
from xtransfer_stats.report.page import SYNTHETIC, page
from xtransfer_stats.report.page.opening import limits, sentences
from xtransfer_stats.report.tables import tables

HOSTILE = "</script><script>alert(1)</script>"


@pytest.fixture(scope="module")
def text(report):
    return (report / "report.html").read_text(encoding="utf-8").partition('<script type="application/json"')[0]


def section(text, name):
    return text.partition(f'<section id="{name}">')[2].partition("<section ")[0].partition("</section>")[0]


def test_every_link_leads_to_a_place_on_the_page(text):
    places = re.findall(r' id="([^"]+)"', text)
    links = re.findall(r'<a [^>]*href="#([^"]+)"', text)
    assert set(links) <= set(places) and len(links) > 25
    sections = re.findall(r'<section id="([^"]+)"', text)
    contents = text.partition('<nav aria-label="Contents">')[2].partition("</nav>")[0]
    assert re.findall(r'href="#([^"]+)"', contents) == sections


def test_ten_questions_each_have_an_answer_to_go_to(text):
    items = re.findall(r"<li>(.*?)</li>", section(text, "questions"))
    assert len(items) == 10
    assert all('<a href="#' in item for item in items)
    assert "xstats trace ID" in items[9] and "xstats power" in items[4]


def test_what_is_attainable_stands_before_the_first_star(text):
    assert 0 < text.index('id="attainability"') < text.index("***")


def test_provenance_names_every_run_with_its_set_and_how_to_cite(text, three_counts):
    found = html.unescape(section(text, "provenance"))
    for row in three_counts.run_scores.itertuples():
        assert f'<th scope="row">{row.run}</th>' in found
        assert formats.number(row.score) in found
    assert three_counts.signature in found and f"xtransfer-stats {__version__}" in found
    assert "xstats analyze --study embedded --benchmarks xtreme-mini,xtreme-r-mini" in found


def test_the_study_of_one_seed_says_so_before_its_numbers(one_seed):
    found = made_page(one_seed)
    assert "No interval: one seed." in section(found, "key-numbers")
    assert len(re.findall("<li>", section(found, "questions"))) == 10


def test_answer_tables_and_charts_write_the_same_digits():
    frame, benchmarks = simulated_frame(5, (3,), rng_seed=2)
    analysis = analyzed(frame, benchmarks)
    found = html.unescape(made_page(analysis))
    headline = select.these(select.rows(analysis, "interaction", "effect"))
    drawn = str(specifications(analysis)["effects"]["datasets"])
    for row in headline.itertuples():
        assert row.text in section(found, "key-numbers")
        assert row.benchmark == "" or row.text in drawn
        assert formats.number(row.estimate).lstrip(formats.MINUS) in section(found, "answer")
    assert len(re.findall(r"[.](?: |$)", " ".join(sentences(analysis)))) == 3
    odds = select.rows(analysis, "log-odds sensitivity")
    assert len(odds) == 3
    assert all(row.text in section(found, "log-odds") for row in odds.itertuples())
    interaction = headline[headline["term"] == "interaction"].iloc[0]
    p = formats.p_value(interaction["p_adjusted"])
    assert (f"p {p}" if p.startswith("<") else f"p = {p}").replace("p <", "p < ") in section(found, "answer")


def test_the_embedded_default_is_said_to_be_synthetic(text, one_seed):
    assert html.unescape(text.partition("<nav")[0]).count(SYNTHETIC) == 1
    other = dataclasses.replace(one_seed, facts=dataclasses.replace(one_seed.facts, backbone="xlm-roberta-base"))
    assert "synthetic" not in made_page(other)


def test_hostile_names_stay_text():
    analysis = made_up((3,), benchmarks=("a'b\\", 'c"d' + HOSTILE), rename={"sw": HOSTILE, "xnli": "=1+1"})
    found = made_page(analysis)
    assert "alert(1)</script>" not in found
    assert html.escape(HOSTILE, quote=True) in found


def test_the_page_opens_with_the_answer_its_chart_and_three_limits(text, three_counts):
    opening = section(text, "answer")
    assert html.unescape(" ".join(sentences(three_counts))) in html.unescape(opening)
    places = [opening.index(part) for part in ('class="answer"', 'id="chart-answer"', 'id="limits"')]
    assert places == sorted(places)
    assert len(limits(three_counts)) == opening.count("<li>") == 3
    assert "hurts" in opening and "helps" in opening


def test_chapters_stand_in_the_order_a_reader_asks(text):
    headings = re.findall(r"<h2>(.*?)</h2>", text.partition("<footer>")[0])
    assert headings == [
        *("The answer", "Effects", "Tasks", "Languages", "What drives it", "Can I trust it?", "Details"),
    ]


def test_claims_that_cannot_be_tested_are_folded_with_their_number(text):
    claims = section(text, "claims")
    open_part, _, folded = claims.partition("<details>")
    assert "not testable" not in open_part and "supported" in open_part
    assert "1 claim that this study cannot test" in folded


def test_what_is_folded_says_how_much_it_holds(text):
    summaries = re.findall(r"<summary>(.*?)</summary>", text)
    rows = [one for one in summaries if re.search(r"\(\d[\d,]* rows?\)", one)]
    assert len(rows) > 10


def test_of_a_long_table_the_rows_for_these_stand_open_and_the_whole_is_folded(text, three_counts):
    key = section(text, "key-numbers")
    open_part, _, folded = key.partition("<details>")
    whole = tables(three_counts)["effects"].panels[0].rows
    these = [row for row in whole if "these languages" in row]
    assert len(these) < len(whole) > 12
    assert open_part.count('<th scope="row">') == len(these)
    assert f"({len(whole)} rows)" in folded and folded.count('<th scope="row">') >= len(whole)


def test_every_table_can_be_copied_in_both_forms(report, three_counts):
    whole = (report / "report.html").read_text(encoding="utf-8")
    sources = json.loads(re.search(r'id="sources">(.*?)</script>', whole, re.DOTALL).group(1))
    asked = set(re.findall(r'data-copy="(\w+)" data-form="(\w+)"', whole))
    assert len(asked) > 30
    assert all(sources[name][form] for name, form in asked)
    assert sources["effects"]["LaTeX"] == (report / "tables" / "effects.tex").read_text(encoding="utf-8")


def test_technical_words_are_explained_where_they_stand(text):
    words = set(re.findall(r'<abbr title="[^"]+">([^<]+)</abbr>', text))
    assert words and words == set(re.findall("<dt>([^<]+)</dt>", section(text, "glossary")))


def made_page(analysis):
    specs = specifications(analysis)
    return page(analysis, export.pictures(specs), tables(analysis))

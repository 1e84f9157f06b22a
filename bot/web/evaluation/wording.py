"""The words of the team's pages, as `bot.web.wording` holds those of the chat: one field a phrase.

It holds no text of a question, a release or an answer, and draws nothing.
"""

from dataclasses import dataclass

from bot.evaluation.compare import Kind
from bot.web.evaluation.decisions import Status
from bot.web.evaluation.verdicts import Verdict
from bot.web.wording import InterfaceLanguage


@dataclass(frozen=True, slots=True)
class TeamWording:
    """One language's words; `{…}` is filled in where a phrase is used."""

    language: InterfaceLanguage
    evaluation: str
    drafts: str
    drafts_lead: str
    no_runs: str
    set: str
    set_placeholder: str
    set_help: str
    upload: str
    upload_help: str
    uploaded: str
    refused: str
    remarks: str
    and_more: str
    one_question: str
    many_questions: str
    questions_of: str
    unanswerable_in_set: str
    unscored_in_set: str
    start: str
    new_run: str
    close: str
    run: str
    running: str
    unfinished: str
    asked_of: str
    time_left: str
    stop: str
    stopping: str
    going_on: str
    interrupted: str
    resume: str
    report: str
    delete_run: str
    confirm_delete: str
    view: str
    scores_view: str
    questions_view: str
    compare_view: str
    interval: str
    hits_of: str
    summary_right: str
    summary_false: str
    summary_declined: str
    measure: str
    value: str
    interval_head: str
    count: str
    all_measures: str
    by_group: str
    of_language: str
    of_tag: str
    lost_title: str
    lost_unknown: str
    risk_title: str
    risk_reading: str
    coverage_axis: str
    risk_axis: str
    answering_from: str
    calibration_title: str
    calibration_reading: str
    probability_axis: str
    right_axis: str
    answers_axis: str
    search: str
    any_stage: str
    any_language: str
    any_tag: str
    open_row: str
    verdict: str
    question: str
    answer: str
    stage: str
    probability: str
    seconds: str
    language_head: str
    tags: str
    id: str
    all_questions: str
    previous: str
    next: str
    place_of: str
    expected: str
    came: str
    expected_decline: str
    no_facts: str
    told: str
    missing: str
    either: str
    releases: str
    quotes: str
    as_of: str
    asked_as: str
    open_release: str
    evidence: str
    took: str
    every_stage: str
    ask_again: str
    ask_again_note: str
    asking: str
    stage_rewrite: str
    stage_retrieve: str
    stage_read: str
    stage_select: str
    stage_chosen: str
    stage_write: str
    stage_verify: str
    release: str
    similarity: str
    score: str
    sentence: str
    one_run: str
    against: str
    nothing_in_common: str
    compared: str
    moved_title: str
    nothing_moved: str
    before: str
    now: str
    moved: str
    points: str
    beyond_noise: str
    within_noise: str
    appeared: str
    disappeared: str
    altered: str
    show_all: str
    look_closer: str
    one_at_a_time: str
    as_table: str
    decided: str
    all_decided: str
    answerable: str
    facts: str
    facts_help: str
    facts_head: str
    accept: str
    drop: str
    reopen: str
    changed: str
    status: str
    quote_not_found: str
    mark_rows: str
    save_title: str
    nothing_accepted: str
    save_to: str
    save: str
    replace: str
    will_replace: str
    saved: str
    evaluate_it: str
    verdicts: dict[Verdict, str]
    stages: dict[str, str]
    stage_names: dict[str, str]
    kinds: dict[Kind, str]
    statuses: dict[Status, str]
    measures: dict[str, str]

    def questions(self, count: int) -> str:
        """So many questions, in words."""
        return self.one_question if count == 1 else self.many_questions.format(count=f"{count:,}")

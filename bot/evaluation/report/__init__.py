"""Shows a run: as tables for a terminal, as a page that needs nothing else, and as a text to keep."""

from bot.evaluation.report.terminal import table, wrong
from bot.evaluation.report.write import write_report

__all__ = ["table", "write_report", "wrong"]

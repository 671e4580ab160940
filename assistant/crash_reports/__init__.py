"""What is written down when Alcove, or a process of it, ends as it should not.

A report is a text file on this computer, with the fields of `report.FIELDS` and nothing else. It is
sent nowhere: a person may read it, and do with it what they like.
"""

from assistant.crash_reports.core_dumps import switch_off_core_dumps
from assistant.crash_reports.keeping import FOLDER, Reports
from assistant.crash_reports.report import of_child, of_exception
from assistant.crash_reports.watching import Watch, collect

__all__ = [
    "FOLDER",
    "Reports",
    "Watch",
    "collect",
    "of_child",
    "of_exception",
    "switch_off_core_dumps",
]

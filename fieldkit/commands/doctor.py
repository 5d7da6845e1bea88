"""The doctor from the command line."""

import os
import sys
from collections import Counter

from fieldkit.commands.context import Context
from fieldkit.doctor.ready import examine
from fieldkit.ledger.home import is_home
from fieldkit.screens.checkup import check_up
from fieldkit.words import doctor as words


def doctor(context: Context) -> int:
    """Check the laptop; each warning and failure tells its next step, and a failure gives exit code 1."""
    exists = is_home(context.home)
    asked = context.arguments.passphrase_file or os.environ.get("FIELDKIT_PASSPHRASE_FILE")
    if exists and (asked or sys.stdin.isatty()):
        found = check_up(context.kit)
    else:
        found = examine(context.home, None, context.clock, exists=exists)
    lines = []
    for finding in found:
        lines.append(finding.line(context.lang))
        if finding.next_step is not None:
            lines.append(f"    → {finding.next_step.say(context.lang, **finding.fields)}")
    count = Counter(finding.state for finding in found)
    counts = {state: count[state] for state in ("ok", "warning", "failure")}
    lines.append(words.SUMMARY.say(context.lang, total=len(found), **counts))
    context.answer({"checks": [finding.row(context.lang) for finding in found], **counts}, lines)
    return 1 if count["failure"] else 0

"""Who should come: workbooks, checks, document numbers, search keys, the timetable."""

"""Which problem stays in sight while the days of a visit go on, and which one an alarm means."""

from collections.abc import Sequence

from fieldkit.studio.problems import AlignDay, Problem

Problems = Sequence[tuple[AlignDay, Problem]]


def found_again(shown: Problem | None, problems: Problems) -> int | None:
    """Give the place of a problem that was shown: the very same, or what new frames made of it."""
    if shown is None:
        return None
    same = (at for at, (_, problem) in enumerate(problems) if problem.what == shown.what)
    grown = (at for at, (_, problem) in enumerate(problems) if _grown(shown, problem))
    return next(same, next(grown, None))


def next_one(before: Problem | None, problems: Problems) -> int:
    """Give the place of the problem that follows one that is no more; the first behind the last."""
    here = (before.station, before.place) if before else ("", 0)
    return next((at for at, (_, one) in enumerate(problems) if (one.station, one.place) >= here), 0)


def meant(where: tuple[str | None, ...], problems: Problems) -> int | None:
    """Give the place of the problem of which an alarm told: its kind, and the person or frame concerned."""
    kind, *things = where
    for at, (_, problem) in enumerate(problems):
        frames = problem.sitting.frames if problem.sitting else ()
        if problem.kind == kind and {problem.person, *frames} & {*things}:
            return at
    return None


def _grown(shown: Problem, problem: Problem) -> bool:
    if shown.sitting is None or problem.sitting is None:
        return False
    beside = (problem.station, problem.person) == (shown.station, shown.person)
    return beside and not {*shown.sitting.frames}.isdisjoint(problem.sitting.frames)

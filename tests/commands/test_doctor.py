"""The check-up at the command line: what it tells, and when it asks to be seen at once."""

from fieldkit.ledger.store import STORE_NAME


def test_warnings_alone_are_no_problem_that_must_be_seen(run):
    told = run("doctor", "--json")

    # There is no home yet, which is a warning wherever this runs; a full disk is that machine's own failure.
    assert told.json["checks"][0]["state"] == "warning"
    assert told.code == min(1, told.json["failure"])


def test_a_failure_gives_exit_code_1(ready, tmp_path):
    store = tmp_path / "home" / STORE_NAME
    content = bytearray(store.read_bytes())
    content[-100:] = bytes(100)
    store.write_bytes(content)

    told = ready("doctor", "--json")

    assert {check["check"]: check["state"] for check in told.json["checks"]}["store"] == "failure"
    assert told.code == 1

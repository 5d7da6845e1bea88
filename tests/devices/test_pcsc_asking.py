import threading
from types import SimpleNamespace

from fieldkit.devices.pcsc_card import list_readers, open_context


def test_readers_are_not_listed_while_a_context_is_waited_for():
    # pyscard frees the names under the library's lock and lets no other Python thread run meanwhile.
    asked, answer = threading.Event(), threading.Event()

    def establish(scope):
        asked.set()
        assert answer.wait(20)
        return 0, scope

    scard = SimpleNamespace(
        SCardEstablishContext=establish,
        SCardListReaders=lambda context, groups: (0, [context, *groups]),
        SCARD_SCOPE_USER="context",
    )
    opening = threading.Thread(target=open_context, args=(scard,))
    listing = threading.Thread(target=list_readers, args=(scard, "reader"))
    opening.start()
    assert asked.wait(20)
    listing.start()
    listing.join(0.3)

    assert listing.is_alive()

    answer.set()
    opening.join(20)
    listing.join(20)
    assert not listing.is_alive()

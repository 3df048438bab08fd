"""The option that renews the pictures of figures."""


def pytest_addoption(parser):
    """Add ``--renew-images``, known where this folder or a file in it is named."""
    parser.addoption("--renew-images", action="store_true", help="make the pictures of tests/display/images anew")

"""Where Chromium is, and how it is started so that it asks nothing of the network."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium():
    """Find the browser; without one these tests say nothing, so they must not pass."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise FileNotFoundError(
            f"browser tests need one of {', '.join(NAMES)}; found none on PATH. On Debian: apt-get install chromium"
        )
    return found


if __name__ == "__main__":
    try:
        print(chromium())
    except FileNotFoundError as error:
        raise SystemExit(f"Error: {error}") from None

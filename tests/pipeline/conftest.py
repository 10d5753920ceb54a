"""Commands run inside this process: pandera is loaded first, so that no command chooses how text is kept for the others."""

import pandera.pandas  # noqa: F401

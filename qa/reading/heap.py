"""What the C library does with memory that is freed."""

import ctypes
import sys

# mallopt(3)
_M_MMAP_THRESHOLD = -3
_LARGE_BYTES = 1 << 20


def give_back_large_blocks() -> None:
    """Let glibc give each large block that is freed back to the system at once.

    By itself it keeps them, and larger ones from each time on, for what might be asked of it next:
    after a model is opened, tens of megabytes for good. Other C libraries do as they do.
    """
    if sys.platform == "linux":
        # musl has none.
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)

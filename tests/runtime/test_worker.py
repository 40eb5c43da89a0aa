"""Work in another process: done, refused, or stopped."""

import asyncio
import contextlib
import gc
import os
import weakref
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from doors.refusals import FaceNotFound, InternalError, ProofingTimeout
from runtime.worker import Worker
from tests.runtime import chores


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    worker = Worker(memory_bytes=64 * 1024 * 1024, seconds=0.4)
    yield worker
    await worker.close()


async def test_work_is_done_elsewhere_by_one_process_again_and_again(worker: Worker) -> None:
    assert await worker.run(chores.add, 2, 3, refusal=ProofingTimeout) == 5
    first = await worker.run(chores.own_process, refusal=ProofingTimeout)
    assert first != os.getpid()
    assert await worker.run(chores.own_process, refusal=ProofingTimeout) == first


async def test_work_past_its_time_is_stopped_and_the_next_gets_a_fresh_process(worker: Worker) -> None:
    first = await worker.run(chores.own_process, refusal=ProofingTimeout)
    with pytest.raises(ProofingTimeout, match=r"0\.4 s"):
        await worker.run(chores.for_ever, refusal=ProofingTimeout)
    assert await worker.run(chores.own_process, refusal=ProofingTimeout) != first


async def test_work_past_its_memory_is_stopped(worker: Worker) -> None:
    assert await worker.run(chores.eat, 16 * 1024 * 1024, refusal=ProofingTimeout) == 16 * 1024 * 1024
    with pytest.raises(ProofingTimeout, match="memory"):
        await worker.run(chores.eat, 256 * 1024 * 1024, refusal=ProofingTimeout)
    assert await worker.run(chores.add, 1, 1, refusal=ProofingTimeout) == 2


async def test_a_refusal_comes_back_whole(worker: Worker) -> None:
    with pytest.raises(FaceNotFound) as caught:
        await worker.run(chores.refuse, refusal=ProofingTimeout)
    assert (caught.value.detail, caught.value.pointer) == ("no face", "/selfie")


async def test_another_error_comes_back_without_its_words(worker: Worker) -> None:
    with pytest.raises(InternalError) as caught:
        await worker.run(chores.fail, "440000199901011234", refusal=ProofingTimeout)
    assert "4400" not in str(caught.value)
    assert "RuntimeError" in caught.value.detail


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="the memory of another process is read from /proc")
@pytest.mark.parametrize("act", [chores.length, chores.refuse_given])
async def test_what_was_given_is_gone_once_it_was_answered(act: Callable[[bytes], int]) -> None:
    worker, canary = Worker(memory_bytes=256 * 1024 * 1024, seconds=5), os.urandom(32)
    process = await worker.run(chores.own_process, refusal=ProofingTimeout)
    with contextlib.suppress(FaceNotFound):
        await worker.run(act, canary * 100_000, refusal=ProofingTimeout)
    await worker.run(chores.own_process, refusal=ProofingTimeout)
    assert memory_of(process).count(canary) < 200  # of a hundred thousand; what is left are scraps of a page
    await worker.close()


async def test_a_refusal_does_not_hold_on_to_what_was_refused(worker: Worker) -> None:
    parcel = chores.Parcel(b"picture")
    kept = weakref.ref(parcel)
    gc.disable()
    try:
        with contextlib.suppress(FaceNotFound):
            await worker.run(chores.refuse_parcel, parcel, refusal=ProofingTimeout)
        del parcel
        async with asyncio.timeout(5):  # the thread that carried it puts it down a moment later
            while kept() is not None:
                await asyncio.sleep(0)
    finally:
        gc.enable()


async def test_an_answer_beyond_all_measure_is_not_read() -> None:
    worker = Worker(memory_bytes=256 * 1024 * 1024, seconds=5)
    with pytest.raises(ProofingTimeout):
        await worker.run(chores.much, refusal=ProofingTimeout)
    assert await worker.run(chores.add, 1, 1, refusal=ProofingTimeout) == 2
    await worker.close()


def memory_of(process: int) -> bytes:
    found = bytearray()
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            place, rights = line.split()[:2]
            start, end = (int(part, 16) for part in place.split("-"))
            if rights.startswith("rw"):
                memory.seek(start)
                found += memory.read(end - start)
    return bytes(found)


async def test_a_process_that_dies_is_a_refusal_not_a_hang(worker: Worker) -> None:
    with pytest.raises(ProofingTimeout):
        await worker.run(chores.die, refusal=ProofingTimeout)
    assert await worker.run(chores.add, 1, 1, refusal=ProofingTimeout) == 2


async def test_what_cannot_be_found_by_name_is_not_taken(worker: Worker) -> None:
    with pytest.raises(ValueError, match="importable"):
        await worker.run(lambda: 1, refusal=ProofingTimeout)


async def test_records_come_back_as_records(worker: Worker) -> None:
    assert await worker.run(chores.judge, refusal=ProofingTimeout) == chores.judge()


async def test_an_answer_that_would_act_is_not_unpacked(worker: Worker) -> None:
    with pytest.raises(ProofingTimeout):
        await worker.run(chores.trap, refusal=ProofingTimeout)
    assert not os.path.exists("/tmp/trap-was-sprung")

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { InputQueue, type NativeMemory, OutputQueue, slabPool } from "../../src/engine/index.ts";

describe("the queues of an engine", () => {
  test("give bytes as they were fed, in any pieces, though what was fed changes after it was kept", () => {
    const chunks = fc.array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.boolean(), fc.nat(50)), { maxLength: 20 });
    fc.assert(
      fc.property(chunks, (steps) => {
        const memory = new FakeMemory();
        const queue = new InputQueue(memory);
        const fed: number[] = [];
        const got: number[] = [];
        for (const [bytes, keeps, wanted] of steps) {
          const borrowed = Buffer.from(bytes);
          queue.add(borrowed);
          fed.push(...bytes);
          got.push(...take(queue, memory, wanted));
          if (!keeps) continue;
          queue.keep();
          borrowed.fill(0xee);
        }
        assert.equal(queue.length, fed.length - got.length);
        got.push(...take(queue, memory, fed.length));
        // What was never kept was not changed either.
        assert.deepEqual(got, fed);
      }),
    );
  });

  test("hand out what was pushed, in one piece when it was expected", () => {
    const memory = new FakeMemory();
    const queue = new OutputQueue(memory, slabPool());
    assert.equal(queue.take(), undefined);
    const record = Buffer.alloc(16_406, 1);
    queue.expect(65_536);
    for (let count = 0; count < 4; count += 1) queue.add(memory.addressOf(record), record.length);
    assert.equal(queue.length, 4 * record.length);
    assert.equal(queue.take()?.length, 4 * record.length);
    for (let count = 0; count < 4; count += 1) queue.add(memory.addressOf(record), record.length);
    assert.deepEqual(queue.take(), Buffer.concat([record, record, record, record]));
    assert.equal(queue.length, 0);
  });
});

function take(queue: InputQueue, memory: FakeMemory, length: number): Buffer {
  const to = Buffer.alloc(length + 1);
  return to.subarray(0, queue.copyTo(memory.addressOf(to), length));
}

/** Gives each buffer a range of numbers for its address. */
class FakeMemory implements NativeMemory {
  readonly #buffers: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  #next = 1_000;

  addressOf(bytes: Uint8Array): number {
    const at = this.#next;
    this.#buffers.push({ at, bytes });
    this.#next += bytes.length + 1_000;
    return at;
  }

  copy(to: number, from: number, length: number): void {
    this.#find(to, length).set(this.#find(from, length));
  }

  #find(address: number, length: number): Uint8Array {
    const found = this.#buffers.find(({ at, bytes }) => address >= at && address + length <= at + bytes.length);
    assert(found !== undefined, "copied outside of any buffer");
    return found.bytes.subarray(address - found.at, address - found.at + length);
  }
}

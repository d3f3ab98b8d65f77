import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import koffi from "koffi";
import { TransportError } from "@fairlead/core";
import { bindSocketCalls } from "@fairlead/descriptor";
import { startPeer } from "@fairlead/conformance/peers";
import { DescriptorBus } from "../src/descriptor-bus.ts";
import { openCan, type CanFrame, type OpenCanOptions } from "../src/index.ts";

const linux = process.platform === "linux";

describe("the socket of a CAN bus", { skip: linux ? false : "CAN is Linux's" }, () => {
  test("says what is missing, and leaves no descriptor", async () => {
    const open = (): Promise<unknown> => openCan({ interface: "none7" });
    await assert.rejects(open(), (error: unknown) => {
      assert(error instanceof TransportError);
      assert.deepEqual([error.code, error.peer, error.operation], ["CAN_UNAVAILABLE", "none7", "open"]);
      assert.match(error.message, /EAFNOSUPPORT|ENODEV/);
      assert.match(error.remedy, /modprobe can_raw/);
      return true;
    });
    const before = readdirSync("/proc/self/fd").length;
    for (let round = 0; round < 10; round += 1) await assert.rejects(open());
    assert.equal(readdirSync("/proc/self/fd").length, before);
  });

  const refused: readonly OpenCanOptions[] = [
    { interface: "" },
    { interface: "a-name-of-16-char" },
    { interface: "can0", filters: [{ id: 0x800 }] },
    { interface: "can0", filters: [{ id: 1, mask: 0x800 }] },
    { interface: "can0", filters: [{ id: 0x20000000, isExtended: true }] },
  ];
  for (const options of refused) {
    test(`refuses ${JSON.stringify(options)}`, async () => {
      await assert.rejects(openCan(options), { name: "UsageError", code: "OPTION_INVALID" });
    });
  }

  test("carries frames of every kind on a virtual bus", async (t) => {
    const virtual = await virtualCan();
    if (typeof virtual === "string") {
      // No machine has to have it: what stands above the kernel's CAN is tried below without.
      t.diagnostic(virtual);
      await assert.rejects(openCan({ interface: "vcan0" }), { code: "CAN_UNAVAILABLE" });
      return;
    }
    await using bus = virtual;
    await using near = await openCan({ interface: bus.name, hasFd: true });
    await using far = await openCan({ interface: bus.name, hasFd: true, filters: [{ id: 0x120, mask: 0x7f0 }] });
    const heard = gather(far, 2);
    const data = Uint8Array.of(1, 2, 3);
    await near.send({ type: "data", id: 0x130, isExtended: false, data });
    await near.send({ type: "data", id: 0x123, isExtended: false, data });
    await near.send({
      ...{ type: "fd", id: 0x124, isExtended: false, data: new Uint8Array(64) },
      ...{ hasBitRateSwitch: true, hasErrorState: false },
    });
    assert.deepEqual(
      (await heard).map((frame) => frame.type !== "error" && frame.id),
      [0x123, 0x124],
    );
  });
});

// A pair of Unix sockets carries the same frames in the same form, so that everything above the kernel's CAN is tried.
describe("frames by a descriptor", { skip: linux ? false : "CAN is Linux's" }, () => {
  test("go both ways, in order, more than fit into the system's queue", async () => {
    const [one, other] = busPair();
    await using near = one;
    await using far = other;
    const heard = gather(far, 3_000);
    const sent: Promise<void>[] = [];
    for (let id = 0; id < 3_000; id += 1)
      sent.push(near.send({ type: "data", id: id % 0x800, isExtended: false, data: Uint8Array.of(id >> 8, id) }));
    await Promise.all(sent);
    const ids = (await heard).map((frame) =>
      frame.type === "data" ? (frame.data[0] ?? 0) * 256 + (frame.data[1] ?? 0) : -1,
    );
    assert.deepEqual(
      ids,
      Array.from({ length: 3_000 }, (_, id) => id),
    );
    const back = gather(near, 1);
    await far.send({ type: "remote", id: 5, isExtended: true, lengthBytes: 2 });
    assert.deepEqual(await back, [{ type: "remote", id: 5, isExtended: true, lengthBytes: 2 }]);
  });

  test("wait no longer than a second for room, and then say that the bus is stuck", async (t) => {
    const [one, other] = busPair();
    await using near = one;
    // It reads nothing while this turn lasts, and time goes by hand.
    await using far = other;
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let failure: unknown;
    const frame = { type: "data", id: 1, isExtended: false, data: new Uint8Array(8) } as const;
    const sending: Promise<void>[] = [];
    for (let count = 0; count < 2_000; count += 1)
      sending.push(near.send(frame).catch((error: unknown) => void (failure = error)));
    t.mock.timers.tick(1_000);
    await sending.at(-1);
    assert(failure instanceof TransportError);
    assert.deepEqual([failure.code, failure.peer], ["CAN_BUS_STUCK", "pair"]);
    assert.equal(far.closed, false);
  });

  test("end with the descriptor: what waits is told, twice does no harm, and nothing stays open", async () => {
    const before = readdirSync("/proc/self/fd").length;
    const [near, far] = busPair();
    const closed = once(near, "close");
    near.close();
    near.close();
    await closed;
    await assert.rejects(near.send({ type: "data", id: 1, isExtended: false, data: new Uint8Array(0) }), {
      code: "STREAM_CLOSED",
    });
    await assert.rejects(far.send({ type: "data", id: 0x800, isExtended: false, data: new Uint8Array(0) }), {
      code: "OPTION_INVALID",
    });
    far.close();
    assert.equal(readdirSync("/proc/self/fd").length, before);
  });
});

/** Two nodes that hear each other. */
function busPair(): [DescriptorBus, DescriptorBus] {
  const socketpair = koffi.load(null).func("int socketpair(int family, int type, int protocol, _Out_ int *pair)");
  const pair = new Int32Array(2);
  // AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC
  assert.equal(socketpair(1, 5 | 0o4000 | 0o2000000, 0, pair), 0);
  const calls = bindSocketCalls();
  const [first = -1, second = -1] = pair;
  return [new DescriptorBus(calls, first, "pair"), new DescriptorBus(calls, second, "pair")];
}

async function gather(
  bus: { on(name: "frame", listener: (frame: CanFrame) => void): unknown },
  count: number,
): Promise<readonly CanFrame[]> {
  const frames: CanFrame[] = [];
  const { promise, resolve } = Promise.withResolvers<undefined>();
  bus.on("frame", (frame) => {
    frames.push(frame);
    if (frames.length === count) resolve(undefined);
  });
  await promise;
  return frames;
}

/** A virtual bus of this test's own; what is missing, where the kernel has none. */
async function virtualCan(): Promise<(AsyncDisposable & { readonly name: string }) | string> {
  const name = `vcan${String(process.pid % 1_000_000)}`;
  const ip = async (...args: readonly string[]): Promise<void> => {
    const program = await startPeer("ip", args);
    if ((await program.ended()) !== 0) throw new Error(program.output.trim());
  };
  try {
    await ip("link", "add", "dev", name, "mtu", "72", "type", "vcan");
    await ip("link", "set", name, "up");
  } catch (error) {
    return `no virtual CAN here (modprobe vcan, ip link add dev vcan0 type vcan): ${String(error)}`;
  }
  return { name, [Symbol.asyncDispose]: () => ip("link", "delete", name) };
}

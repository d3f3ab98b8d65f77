import assert from "node:assert/strict";
import type { Fault } from "@fairlead/testserver";
import { describeFaults, type FaultCheck, type FaultOccasion } from "./describe-faults.ts";

/** Sends so many numbered datagrams of 100 bytes, and prints what comes back until so many came, or half a second passed. */
const client = `
import json, socket, sys, time
host, port, count, wanted = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((host, port))
began = time.monotonic()
for number in range(count):
    s.send(b"%03d" % number + b"x" * 97)
came = []
s.settimeout(5)
while True:
    try:
        came.append(s.recv(65536))
    except socket.timeout:
        break
    if len(came) >= wanted:
        took = time.monotonic() - began
        s.settimeout(0.3)
if len(came) == 0 or len(came) < wanted:
    took = time.monotonic() - began
print(json.dumps({"came": [c.decode("latin1") for c in came], "took": took}))
`;

interface Answers {
  /** The datagrams, as they came. */
  readonly came: readonly string[];
  readonly numbers: readonly number[];
  /** Seconds until as many as were wanted had come. */
  readonly took: number;
}

async function echo({ run, service }: FaultOccasion, count: number, wanted = count): Promise<Answers> {
  const args = ["-c", client.replace("settimeout(5)", wanted === 0 ? "settimeout(0.3)" : "settimeout(5)")];
  const { stdout, stderr } = await run("python3", [...args, service.host, `${service.port}`, `${count}`, `${wanted}`]);
  assert.equal(stderr, "");
  const { came, took } = JSON.parse(stdout) as Pick<Answers, "came" | "took">;
  return { came, took, numbers: came.map((datagram) => Number(datagram.slice(0, 3))) };
}

const up = range(20);

describeFaults("udp", [
  ...both({ type: "latency", milliseconds: 150 }, "each comes late", async (occasion) => {
    const { numbers, took } = await echo(occasion, 20);
    assert.deepEqual(numbers, up);
    assert.ok(took >= 0.15, `${took}`);
  }),
  {
    ...{
      fault: { type: "latency", milliseconds: 100, jitterMilliseconds: 100, seed: 1 },
      on: "udp-echo",
      by: "python3",
    },
    shows: "they overtake each other",
    check: async (occasion) => {
      const { numbers } = await echo(occasion, 20);
      assert.deepEqual(numbers.toSorted(byNumber), up);
      assert.notDeepEqual(numbers, up);
    },
  },
  ...both({ type: "bandwidth", bytesPerSecond: 10_000 }, "2,000 bytes take a fifth of a second", async (occasion) => {
    const { numbers, took } = await echo(occasion, 20);
    assert.deepEqual(numbers, up);
    assert.ok(took >= 0.19, `${took}`);
  }),
  ...both({ type: "loss" }, "nothing comes", async (occasion) => {
    assert.deepEqual((await echo(occasion, 5, 0)).came, []);
  }),
  ...both({ type: "loss", probability: 0.3, seed: 5 }, "the same ones are lost by the same seed", replays),
  ...both(
    { type: "burst-loss", toBad: 0.2, toGood: 0.3, seed: 5 },
    "the same bursts are lost by the same seed",
    replays,
  ),
  ...both({ type: "reorder", probability: 0.3, seed: 3 }, "some come behind the next", async (occasion) => {
    const { numbers } = await echo(occasion, 20);
    assert.deepEqual(numbers.toSorted(byNumber), up);
    assert.notDeepEqual(numbers, up);
    for (const [place, number] of numbers.entries()) assert.ok(Math.abs(place - number) <= 1);
  }),
  {
    ...{ fault: { type: "reorder", behind: 3, milliseconds: 150 }, on: "udp-echo", by: "python3" },
    shows: "one comes behind three others, and the last after its time",
    check: async (occasion) => {
      assert.deepEqual((await echo(occasion, 5)).numbers, [1, 2, 3, 0, 4]);
    },
  },
  ...both({ type: "duplicate", copies: 2 }, "each comes three times", async (occasion) => {
    assert.deepEqual(
      (await echo(occasion, 5, 15)).numbers,
      range(5).flatMap((number) => [number, number, number]),
    );
  }),
  ...both({ type: "corrupt", seed: 9 }, "one bit of each is another", async (occasion) => {
    const { came } = await echo(occasion, 5);
    for (const [index, datagram] of came.entries()) {
      const whole = `${String(index).padStart(3, "0")}${"x".repeat(97)}`;
      assert.equal(datagram.length, whole.length);
      const wrong = Buffer.from(datagram, "latin1").filter((byte, place) => byte !== whole.charCodeAt(place));
      assert.equal(wrong.length, 1);
    }
  }),
  ...both({ type: "truncate", bytes: 10 }, "ten bytes of each come", async (occasion) => {
    assert.deepEqual(
      (await echo(occasion, 3)).came,
      range(3).map((number) => `${String(number).padStart(3, "0")}xxxxxxx`),
    );
  }),
  ...both({ type: "limit", datagrams: 3 }, "three come", async (occasion) => {
    assert.deepEqual((await echo(occasion, 8, 3)).numbers, range(3));
  }),
  ...both({ type: "limit", bytes: 250 }, "250 bytes come, in whole datagrams", async (occasion) => {
    assert.deepEqual((await echo(occasion, 8, 2)).numbers, range(2));
  }),
  ...both({ type: "limit", milliseconds: 0 }, "nothing comes any more", async (occasion) => {
    assert.deepEqual((await echo(occasion, 3, 0)).came, []);
  }),
  {
    ...{ fault: { type: "loss", direction: "both" }, on: "coap", by: "coap-client-gnutls" },
    shows: "the client gives up",
    check: async ({ run, service }) => {
      const url = `coap://${service.host}:${service.port}/`;
      const { stdout } = await run("coap-client-gnutls", ["-m", "get", "-B", "1", url]);
      assert.equal(stdout, "");
    },
  },
  {
    ...{ fault: { type: "duplicate", direction: "up" }, on: "dtls-echo", by: "openssl" },
    shows: "the handshake and the echo succeed in spite of it",
    check: async ({ run, service }) => {
      const { output } = await run("openssl", ["s_client", "-dtls", "-connect", `${service.host}:${service.port}`], {
        input: "hello\n",
        until: "\nhello",
      });
      assert.match(output, /\nhello\n/);
    },
  },
]);

/** The same check for what goes up and what comes down. */
function both(fault: Fault, shows: string, check: FaultCheck["check"]): readonly FaultCheck[] {
  return (["up", "down"] as const).map((direction) => ({
    // One direction is as good as the other for each of these.
    fault: { ...fault, direction } as Fault,
    ...{ on: "udp-echo", by: "python3", shows, check },
  }));
}

/** What is lost is not all, and the same again when the fault comes again with its seed. */
async function replays(occasion: FaultOccasion): Promise<void> {
  const { handle, network, service } = occasion;
  const first = await echo(occasion, 40, 1);
  handle.remove();
  const again = network.faults("udp-echo").add(handle.fault);
  try {
    assert.equal(service.name, "udp-echo");
    assert.deepEqual((await echo(occasion, 40, 1)).numbers, first.numbers);
    assert.ok(first.numbers.length > 5 && first.numbers.length < 40, `${first.numbers.length} came`);
  } finally {
    again.remove();
  }
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function byNumber(a: number, b: number): number {
  return a - b;
}

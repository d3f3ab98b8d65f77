import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Fault, Service } from "@fairlead/testserver";
import type { Outcome } from "../outside.ts";
import { comesInPieces } from "../services/pieces.ts";
import { describeFaults, type FaultCheck } from "./describe-faults.ts";

const greeting = "220 this port speaks neither TLS nor HTTP\r\n";

describeFaults("tcp", [
  ...latency("http", "down", 250),
  ...latency("https", "up", 250),
  {
    fault: { type: "latency", milliseconds: 150, jitterMilliseconds: 50, direction: "both", seed: 1 },
    on: "http",
    shows: "an answer comes after two delays",
    by: "curl",
    check: async ({ curl }) => {
      const { stdout, code } = await curl("-o", "/dev/null", "-w", "%{time_starttransfer}", "/json");
      assert.equal(code, 0);
      assert.ok(Number(stdout) >= 0.2, stdout);
    },
  },
  {
    fault: { type: "bandwidth", bytesPerSecond: 20_000 },
    on: "http",
    shows: "10,000 bytes take half a second, less what begins at once",
    by: "curl",
    check: async ({ curl }) => {
      const { stdout } = await curl("-o", "/dev/null", "-w", "%{size_download} %{time_total}", "/bytes/10000");
      const [size = "", seconds = ""] = stdout.split(" ");
      assert.equal(size, "10000");
      assert.ok(Number(seconds) >= 0.3, stdout);
    },
  },
  {
    fault: { type: "bandwidth", bytesPerSecond: 20_000, direction: "up" },
    on: "https",
    shows: "10,000 bytes sent take half a second, less what begins at once",
    by: "curl",
    check: async ({ curl }) => {
      const body = "x".repeat(10_000);
      const { stdout } = await curl("-o", "/dev/null", "-w", "%{size_upload} %{time_total}", "-d", body, "/echo");
      const [size = "", seconds = ""] = stdout.split(" ");
      assert.equal(size, "10000");
      assert.ok(Number(seconds) >= 0.3, stdout);
    },
  },
  {
    fault: { type: "slice", sizeBytes: 500, pauseMilliseconds: 20 },
    on: "http",
    shows: "5,000 bytes come in pieces, with ten pauses",
    by: "curl",
    check: async ({ curl }) => {
      const { stdout } = await curl("-o", "/dev/null", "-w", "%{size_download} %{time_total}", "/bytes/5000");
      const [size = "", seconds = ""] = stdout.split(" ");
      assert.equal(size, "5000");
      assert.ok(Number(seconds) >= 0.19, stdout);
    },
  },
  {
    fault: { type: "slice", sizeBytes: 1, pauseMilliseconds: 2, direction: "both" },
    on: "tcp-echo",
    shows: "the bytes come in many pieces, and none is lost",
    by: "python3",
    check: async (occasion) => {
      assert.equal((await comesInPieces(occasion, [["hello", "end"]])).toString(), `${greeting}hello`);
    },
  },
  {
    fault: { type: "stall", afterBytes: 1_000 },
    on: "http",
    shows: "the answer stops, until the client's timeout",
    by: "curl",
    check: async ({ curl }) =>
      curlFails(await curl("--max-time", "0.5", "/bytes/5000"), 28, /with \d+ out of 5000 bytes/),
  },
  {
    fault: { type: "stall" },
    on: "https",
    shows: "the handshake is never answered",
    by: "curl",
    check: async ({ curl }) => curlFails(await curl("--max-time", "0.5", "/json"), 28, /timed out/),
  },
  {
    fault: { type: "stall", direction: "up" },
    on: "http",
    shows: "the request never arrives",
    by: "curl",
    check: async ({ curl, network }) => {
      network.clearRequests();
      curlFails(await curl("--max-time", "0.5", "/json"), 28, /with 0 bytes received/);
      assert.deepEqual(network.requests, []);
    },
  },
  {
    fault: { type: "stall", afterMilliseconds: 200 },
    on: "http",
    shows: "what was slow does not come to its end",
    by: "curl",
    check: async ({ curl }) => curlFails(await curl("--max-time", "1", "/delay/400"), 28, /with 0 bytes received/),
  },
  {
    fault: { type: "reset", afterBytes: 1_000 },
    on: "http",
    shows: "the connection is reset in the middle of the answer",
    by: "curl",
    check: async ({ curl }) => curlFails(await curl("/bytes/5000"), 56, /reset by peer/),
  },
  {
    fault: { type: "reset" },
    on: "https",
    shows: "the handshake ends in a reset",
    by: "curl",
    check: async ({ curl }) => curlFails(await curl("/json"), 35, /reset by peer/),
  },
  {
    fault: { type: "reset", direction: "up" },
    on: "http",
    shows: "the request ends in a reset",
    by: "curl",
    check: async ({ curl }) => curlFails(await curl("/json"), 56, /reset by peer/),
  },
  {
    fault: { type: "reset", afterMilliseconds: 100 },
    on: "http",
    shows: "a connection that waits is reset",
    by: "curl",
    check: async ({ curl }) => curlFails(await curl("/delay/60000"), 56, /reset by peer/),
  },
  {
    fault: { type: "half-close", afterBytes: 1_000 },
    on: "http",
    shows: "the answer is cut in the middle",
    by: "curl",
    check: async ({ curl }) => curlFails(await curl("/bytes/5000"), 18, /bytes remaining to read/),
  },
  {
    fault: { type: "half-close", afterBytes: 5, direction: "up" },
    on: "tcp-echo",
    shows: "the server gets five bytes and an end, and its answer arrives",
    check: async ({ service }) => {
      const socket = await open(service);
      socket.write("hello, and what is lost");
      assert.equal(await textOf(socket), `${greeting}hello`);
    },
  },
  {
    fault: { type: "close", afterBytes: 1_000 },
    on: "http",
    shows: "the answer is cut in the middle",
    by: "curl",
    check: async ({ curl }) => curlFails(await curl("/bytes/5000"), 18, /bytes remaining to read/),
  },
  {
    fault: { type: "close", afterMilliseconds: 300 },
    on: "https",
    shows: "TLS ends without a farewell",
    by: "openssl",
    check: async ({ run, service }) => {
      const { output } = await run("openssl", ["s_client", "-connect", `${service.host}:${service.port}`], {
        until: "unexpected eof",
      });
      assert.match(output, /unexpected eof while reading/);
    },
  },
  {
    fault: { type: "close", afterMilliseconds: 300 },
    on: "https-tls12",
    shows: "TLS ends without a farewell",
    by: "gnutls-cli",
    check: async ({ run, service }) => {
      const arguments_ = ["--insecure", `--port=${service.port}`, service.host];
      const { output } = await run("gnutls-cli", arguments_, { until: "non-properly terminated" });
      assert.match(output, /The TLS connection was non-properly terminated/);
    },
  },
  {
    fault: { type: "close", direction: "up", afterBytes: 0 },
    on: "http",
    shows: "the request gets no answer at all",
    by: "curl",
    check: async ({ curl }) => curlFails(await curl("/json"), 52, /Empty reply/),
  },
  {
    fault: { type: "slow-close", milliseconds: 300 },
    on: "tcp-close",
    shows: "the end comes late",
    by: "curl",
    check: async ({ run, service }) => {
      const url = `http://${service.host}:${service.port}/`;
      const { code, stdout } = await run("curl", ["--silent", "--max-time", "5", "-w", "%{time_total}", url]);
      // 52: nothing came back; 56: it was gone before the request was.
      assert.ok(code === 52 || code === 56, `curl exited with ${code}`);
      assert.ok(Number(stdout) >= 0.29, stdout);
    },
  },
  ...(["http", "https", "tcp-echo"] as const).map(
    (on): FaultCheck => ({
      fault: { type: "refuse" },
      on,
      shows: "the connection is reset before anything is said",
      by: "curl",
      check: async ({ run, service, network }) => {
        const accepted = network.service(on).connections.accepted;
        const scheme = on === "tcp-echo" ? "telnet" : service.scheme;
        const { code } = await run("curl", ["--silent", "--insecure", `${scheme}://${service.host}:${service.port}/`]);
        // 7: before curl knew that it was connected; 35 in the handshake; 56 after.
        assert.ok([7, 35, 56].includes(code ?? 0), `curl exited with ${code}`);
        assert.equal(network.service(on).connections.accepted, accepted, "the service heard nothing of it");
      },
    }),
  ),
  {
    fault: { type: "corrupt", everyBytes: 1_000, seed: 7 },
    on: "tcp-echo",
    shows: "one bit in each 1,000 bytes is another, the same ones each time",
    check: async ({ service }) => {
      const sent = Buffer.alloc(20_000 - greeting.length, "x");
      const answers = await Promise.all(
        [1, 2].map(async () => {
          const socket = await open(service);
          socket.end(sent);
          return bytesOf(socket);
        }),
      );
      const whole = Buffer.concat([Buffer.from(greeting), sent]);
      for (const answer of answers) {
        assert.equal(answer.length, whole.length);
        const wrong = [...answer.entries()].filter(([index, byte]) => byte !== whole[index]);
        assert.deepEqual(
          wrong.map(([index]) => Math.floor(index / 1_000)),
          Array.from({ length: 20 }, (_, block) => block),
        );
      }
    },
  },
  {
    fault: { type: "corrupt", atByte: 600, seed: 1 },
    on: "http",
    shows: "the body is not what was sent",
    by: "curl",
    check: async ({ curl, handle }) => {
      const corrupted = await curl("/json");
      handle.remove();
      const whole = await curl("/json");
      assert.equal(corrupted.stdout.length, whole.stdout.length);
      assert.notEqual(corrupted.stdout, whole.stdout);
    },
  },
  {
    fault: { type: "corrupt", everyBytes: 100, seed: 3 },
    on: "https-tls13",
    shows: "the record's seal does not hold",
    by: "curl",
    check: async ({ curl }) =>
      curlFails(await curl("/json"), 35, /bad record mac|decryption failed|wrong version|decode error/),
  },
  {
    fault: { type: "corrupt", atByte: 20, direction: "up", seed: 3 },
    on: "https",
    shows: "the server refuses what it gets",
    by: "curl",
    // A bit of the ClientHello's random: both ends hash another conversation.
    check: async ({ curl }) => curlFails(await curl("/json"), 35, /./),
  },
  {
    fault: { type: "truncate", bytes: 1_000 },
    on: "http",
    shows: "the rest of the answer never comes, but the end does",
    by: "curl",
    check: async ({ curl }) => {
      curlFails(await curl("-H", "Connection: close", "/bytes/5000"), 18, /bytes remaining to read/);
    },
  },
  {
    fault: { type: "truncate", bytes: 3, direction: "up" },
    on: "tcp-echo",
    shows: "the server gets three bytes, and the end",
    check: async ({ service }) => {
      const socket = await open(service);
      socket.end("hello");
      assert.equal(await textOf(socket), `${greeting}hel`);
    },
  },
]);

function latency(on: "http" | "https", direction: "up" | "down", milliseconds: number): readonly FaultCheck[] {
  const fault: Fault = { type: "latency", milliseconds, direction };
  return [
    {
      ...{ fault, on, shows: "an answer comes late", by: "curl" },
      check: async ({ curl }) => {
        const { stdout, code } = await curl("-o", "/dev/null", "-w", "%{time_starttransfer}", "/json");
        assert.equal(code, 0);
        assert.ok(Number(stdout) * 1_000 >= milliseconds, stdout);
      },
    },
  ];
}

function curlFails({ code, stderr }: Outcome, exitCode: number, message: RegExp): void {
  assert.equal(code, exitCode, stderr);
  assert.match(stderr, message);
}

async function open({ host, port }: Service): Promise<Socket> {
  const socket = connect({ host, port, allowHalfOpen: true });
  await once(socket, "connect");
  return socket;
}

async function bytesOf(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  socket.destroy();
  return Buffer.concat(pieces);
}

async function textOf(socket: Socket): Promise<string> {
  return (await bytesOf(socket)).toString("latin1");
}

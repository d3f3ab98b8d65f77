import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { Flag, frame, FrameType, Setting, settings } from "../../src/services/http2/frames.ts";
import { http2Services } from "../../src/services/http2/index.ts";
import { describeServices, type OutsideCheck, type ServiceCheck } from "../describe-services.ts";

const hello = "hello from frames made by hand\n";
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/** curl's exit codes. */
const Exit = { framing: 16, partial: 18, timeout: 28, connect: 35, nothing: 52, receive: 56, stream: 92 } as const;

function by(check: (check: ServiceCheck) => Promise<void>): OutsideCheck {
  return { by: ["curl"], check };
}

/** A client takes it. */
function works(...options: readonly string[]): OutsideCheck {
  return by(async ({ curl }) => {
    const { stdout, stderr, code } = await curl("--write-out", "%{http_version}", ...options, "/");
    assert.deepEqual([code, stdout], [0, `${hello}2`], stderr);
  });
}

/** A client takes it, and another, which tells of each frame, has seen what is peculiar, so many times. */
function shows(...seen: readonly (readonly [frame: RegExp, count: number])[]): OutsideCheck {
  return {
    by: ["curl", "nghttp"],
    check: async (check) => {
      await works().check(check);
      const { run, service } = check;
      const options = ["--verbose", "--null-out", "--no-dep"];
      const { stdout } = await run("nghttp", [...options, `https://127.0.0.1:${service.port}/`]);
      const found = seen.map(([pattern]) => [pattern, stdout.match(new RegExp(pattern, "g"))?.length ?? 0]);
      assert.deepEqual(found, seen);
    },
  };
}

/** All that comes until the greeting, for frames that a client would not send, or tells nobody of. */
async function hear({ sClient }: ServiceCheck, ...frames: readonly Buffer[]): Promise<string> {
  const input = Buffer.concat([Buffer.from(preface), settings(), ...frames]);
  return (await sClient(["-alpn", "h2", "-quiet", "-no_ign_eof"], { input, until: hello })).stdout;
}

/** The fields of a request, all from the static table. */
function request(stream: number, flags: number = Flag.endHeaders): Buffer {
  return frame(FrameType.headers, flags, stream, Buffer.of(0x82, 0x84, 0x87));
}

const wholeRequest = request(1, Flag.endHeaders | Flag.endStream);

/** A client does not: what curl says, and what it tells the server. */
function fails(exit: number, message: RegExp, verdict?: string): OutsideCheck {
  return by(async (check) => {
    const { code, stderr } = await check.curl("/");
    assert.equal(code, exit, stderr);
    assert.match(stderr, message);
    if (verdict !== undefined) await hears(check, verdict);
  });
}

/** A client ends the connection for what it is: the error code of its GOAWAY, which curl keeps to itself, some waiting on. */
function isRefused(verdict: string): OutsideCheck {
  return by(async (check) => {
    const { stdout } = await check.curl("--max-time", "1", "/");
    assert.doesNotMatch(stdout, /hello/);
    await hears(check, verdict);
  });
}

/** It stays as it is until the client's own deadline. */
function stalls(...options: readonly string[]): OutsideCheck {
  return by(async ({ curl }) => {
    const { code, stderr } = await curl("--max-time", "0.5", ...options, "/");
    assert.equal(code, Exit.timeout, stderr);
  });
}

async function hears({ network, service }: ServiceCheck, line: string): Promise<void> {
  const isIt = (event: (typeof network.traffic)[number]): boolean =>
    event.type === "said" && event.service === service.name && event.line === line;
  if (network.traffic.some(isIt)) return;
  const heard = Promise.withResolvers<undefined>();
  const stop = network.followTraffic((event) => {
    if (isIt(event)) heard.resolve(undefined);
  });
  const deadline = setTimeout(() => {
    heard.reject(new Error(`${service.name} never heard "${line}" of curl`));
  }, 20_000);
  await heard.promise.finally(() => {
    clearTimeout(deadline);
    stop();
  });
}

const protocolError = "GOAWAY, code 1";
const compressionError = "GOAWAY, code 9";
const malformed = fails(Exit.stream, /not closed cleanly: PROTOCOL_ERROR/, "RST_STREAM, code 1");

describeServices(http2Services, {
  "https-h2-goaway-at-once": fails(Exit.framing, /HTTP2 framing layer/),
  "https-h2-goaway-after-two": by(async ({ curl, service }) => {
    const origin = `https://a.fairlead.test:${service.port}`;
    const { stdout, code } = await curl(
      "--write-out",
      "%{num_connects}\n",
      `${origin}/1`,
      `${origin}/2`,
      `${origin}/3`,
    );
    assert.deepEqual([code, stdout], [0, `${hello}1\n${hello}0\n${hello}1\n`]);
  }),
  "https-h2-goaway-warning": shows(
    [/recv GOAWAY frame/, 2],
    [/last_stream_id=2147483647, error_code=NO_ERROR[^]*recv DATA[^]*last_stream_id=1, error_code=NO_ERROR/, 1],
  ),
  "https-h2-goaway-calm": fails(Exit.partial, /not closed cleanly/),
  "https-h2-refused": by(async ({ curl }) => {
    const { stdout, code } = await curl("--write-out", "%{num_connects}", "/");
    assert.deepEqual([code, stdout], [0, `${hello}2`], "curl asks again on a second connection");
  }),
  "https-h2-cancelled": fails(Exit.stream, /not closed cleanly: CANCEL/),
  "https-h2-calm": fails(Exit.stream, /not closed cleanly: ENHANCE_YOUR_CALM/),
  "https-h2-internal-error": fails(Exit.stream, /not closed cleanly: INTERNAL_ERROR/),
  "https-h2-http11-required": by(async ({ curl, service }) => {
    const before = service.connections.accepted;
    const { code } = await curl("/");
    assert.equal(code, Exit.connect);
    assert.equal(service.connections.accepted - before, 2, "the second without h2, which is refused");
  }),
  "https-h2-reset-behind-answer": by(async ({ curl, folder }) => {
    assert.equal((await curl("/")).stdout, hello);
    // Whether this curl shows the answer to a body that it has not sent depends on what it reads first; it never waits.
    await writeFile(`${folder}/large`, Buffer.alloc(200_000));
    const { code } = await curl("--data-binary", `@${folder}/large`, "/");
    assert.ok(code === 0 || code === Exit.stream, `curl exited with ${code}`);
  }),
  "https-h2-cut": fails(Exit.partial, /not closed cleanly before end of the underlying stream/),
  "https-h2-zero-window": by(async ({ curl, folder }) => {
    assert.equal((await curl("/")).stdout, hello);
    // More than a client may send before it has read the settings.
    await writeFile(`${folder}/body`, Buffer.alloc(70_000));
    assert.equal((await curl("--max-time", "0.5", "--upload-file", `${folder}/body`, "/")).code, Exit.timeout);
  }),
  "https-h2-stalled-window": by(async ({ curl, folder }) => {
    for (const [size, exit] of [
      [65_535, 0],
      [65_536, Exit.timeout],
    ] as const) {
      await writeFile(`${folder}/body`, Buffer.alloc(size));
      const { code } = await curl("--max-time", "1", "--upload-file", `${folder}/body`, "/");
      assert.equal(code, exit, `${size} bytes`);
    }
  }),
  "https-h2-one-stream": {
    by: ["curl", "openssl"],
    check: async (check) => {
      const { curl, service, folder } = check;
      const url = `https://a.fairlead.test:${service.port}/[1-3]`;
      const options = ["--parallel", "--parallel-immediate", "--output", `${folder}/part#1`, "--no-globoff"];
      const { code, stderr } = await curl(...options, url);
      assert.equal(code, 0, stderr);
      for (const part of [1, 2, 3]) assert.equal(await readFile(`${folder}/part${part}`, "utf8"), hello);
      // A client that does not keep to it: the fields of two requests, and only then the end of the first.
      const end = frame(FrameType.data, Flag.endStream, 1);
      const stdout = await hear(check, request(1), request(3), end, request(5));
      assert.ok(stdout.startsWith(settings([Setting.maxConcurrentStreams, 1]).toString()));
      const refused = (stream: number): boolean =>
        stdout.includes(frame(FrameType.rstStream, 0, stream, Buffer.of(0, 0, 0, 7)).toString());
      assert.deepEqual([1, 3, 5].map(refused), [false, true, false]);
    },
  },
  "https-h2-no-streams": stalls(),
  "https-h2-tiny-frames": shows(
    [/recv DATA frame <length=1,/, hello.length],
    [/recv DATA frame <length=0,/, hello.length + 1],
  ),
  "https-h2-padding": shows(
    [new RegExp(`recv DATA frame <length=${1 + hello.length + 255}, `), 1],
    [/\(padlen=256\)/, 1],
  ),
  "https-h2-ping-flood": {
    by: ["curl", "openssl"],
    check: async (check) => {
      await works().check(check);
      const ping = frame(FrameType.ping, 0, 0, Buffer.alloc(8)).toString();
      assert.equal((await hear(check, wholeRequest)).split(ping).length - 1, 20_000);
    },
  },
  "https-h2-settings-flood": fails(Exit.receive, /Flooding was detected/),
  "https-h2-empty-flood": stalls(),
  "https-h2-large-fields": fails(Exit.receive, /callback function failed/),
  "https-h2-continuation-flood": fails(Exit.receive, /Too many CONTINUATION frames/),
  "https-h2-hpack-bomb": fails(Exit.receive, /callback function failed/),
  "https-h2-window-overflow": fails(Exit.stream, /not closed cleanly: FLOW_CONTROL_ERROR/, "RST_STREAM, code 3"),
  "https-h2-unknown-frames": {
    by: ["curl", "nghttp", "openssl"],
    check: async (check) => {
      await shows([/\[UNKNOWN\(0xfa1d\):1\]/, 1]).check(check);
      // What is in the frames comes before the answer, and in its middle.
      assert.match(await hear(check, wholeRequest), /unknown[^]*text\/plain[^]*unknown[^]*hello/);
    },
  },
  "https-h2-interim": by(async ({ curl }) => {
    const { stderr, stdout, code } = await curl("--verbose", "/");
    assert.deepEqual([code, stdout, stderr.match(/< HTTP\/2 103/g)?.length], [0, hello, 100]);
  }),
  "https-h2-trailers": by(async ({ curl }) => {
    const { stdout } = await curl("--include", "/");
    assert.match(stdout, /x-trailer: seen/);
  }),
  // curl leaves without GOAWAY now and then.
  "https-h2-no-settings": fails(Exit.nothing, /Empty reply/),
  "https-h2-push": isRefused(protocolError),
  "https-h2-bad-hpack": isRefused(compressionError),
  "https-h2-table-size": isRefused(compressionError),
  "https-h2-no-status": malformed,
  "https-h2-two-statuses": malformed,
  "https-h2-late-status": malformed,
  "https-h2-uppercase-field": malformed,
  "https-h2-connection-field": malformed,
  "https-h2-field-newline": malformed,
  "https-h2-length-short": malformed,
  "https-h2-length-long": malformed,
  "https-h2-large-frame": isRefused("GOAWAY, code 6"),
  "https-h2-data-first": isRefused(protocolError),
  "https-h2-data-on-stream-0": isRefused(protocolError),
  "https-h2-unasked-stream": isRefused(protocolError),
  "https-h2-zero-increment": isRefused(protocolError),

  "https-h2-padding-too-long": isRefused(protocolError),
  // It may be read before curl has asked, who then leaves without GOAWAY.
  "https-h2-frame-size-setting": fails(Exit.nothing, /Empty reply/),
  "https-h2-unspoken": fails(Exit.nothing, /Empty reply/),
  "https-h2-silent": stalls(),
});

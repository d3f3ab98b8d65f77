import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { duplexPair } from "node:stream";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { feed, latin1, type Told } from "./feeding.ts";
import { mutatedResponse } from "./response-arbitraries.ts";

interface Outcome {
  readonly status: number;
  readonly fields: readonly string[];
  readonly body: string;
}

type Departure = readonly [why: string, form: RegExp];

/** What llhttp, Node's own parser, reads, and we refuse. */
const stricter: readonly Departure[] = [
  ["codings other than chunked: nobody asked for them", /^transfer-encoding:(?![\t ]*chunked[\t ]*\r)/im],
  ["chunked said twice", /^transfer-encoding:[^]*^transfer-encoding:/im],
  ["chunks in HTTP/1.0, which does not know them", /HTTP\/1\.0/],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  ["controls in a reason (RFC 9112 section 4)", /^HTTP\/1\.\d \d{3} .*[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/m],
  ["a status below 100", /^HTTP\/1\.\d 0/m],
  ["more than one line before a status line, or one that ends with LF alone", /(?:^|\r\n)(?:\r\n\r?)?\n/],
];

/** What llhttp refuses, and we read. */
const laxer: readonly Departure[] = [
  ["lengths that are repeated and equal (RFC 9110 section 8.6)", /^content-length:(?:.*,|[^]*^content-length:)/im],
  ["every minor version of HTTP/1 (RFC 9110 section 2.5)", /HTTP\/1\.[2-9]/],
  ["chunk extensions of any form that cannot end their line", /^[\da-f]+[\t ]*;(?!x=y\r)/im],
  ["trailers with the names of fields that frame a message: they frame nothing", /^0[^]*^content-length:/im],
  ["responses after an interim one that keeps nothing", /HTTP\/1\.(?:0 103|1 103[^]*^connection: close)/im],
];

test("we read what llhttp reads, as it does, and refuse what it refuses, but for departures that have a reason", async () => {
  let alike = 0;
  for (const text of fc.sample(mutatedResponse, { numRuns: 4_000, seed: 20_261_121 })) {
    const ours = outcomeOf(feed([latin1(text)]));
    const theirs = await readByNode(text);
    if (ours !== undefined && theirs !== undefined) {
      assert.deepEqual(ours, theirs, JSON.stringify(text));
      alike += 1;
    } else if (ours !== theirs) {
      const departures = ours === undefined ? stricter : laxer;
      assert.ok(
        departures.some(([, form]) => form.test(text)),
        `${ours === undefined ? "refused" : "read"}: ${JSON.stringify(text)}`,
      );
    }
  }
  assert.ok(alike > 1_000, `${String(alike)} were read alike`);
});

function outcomeOf({ events, body, error }: Told): Outcome | undefined {
  const head = events.find((event) => (event as unknown[])[0] === "head") as unknown[] | undefined;
  if (error !== undefined || head === undefined) return undefined;
  return { status: head[2] as number, fields: head[4] as string[], body };
}

/** What Node's client makes of these bytes and the end of the stream. */
async function readByNode(text: string): Promise<Outcome | undefined> {
  const [client, server] = duplexPair();
  server.on("error", () => undefined);
  client.on("error", () => undefined);
  const asked = request({ createConnection: () => client, path: "/" });
  asked.on("error", () => undefined);
  // A response that switches protocols, without anyone who listens for that, ends the request.
  const answered = Promise.race([
    once(asked, "response").then(([response]) => response as IncomingMessage),
    new Promise<undefined>((resolve) => asked.once("close", () => resolve(undefined))),
  ]).catch(() => undefined);
  asked.end();
  await once(server, "data");
  server.end(text, "latin1");
  const response = await answered;
  try {
    if (response === undefined) return undefined;
    const pieces: Buffer[] = [];
    for await (const piece of response) pieces.push(piece as Buffer);
    if (!response.complete) return undefined;
    return {
      status: response.statusCode ?? 0,
      fields: response.rawHeaders,
      body: Buffer.concat(pieces).toString("latin1"),
    };
  } catch {
    return undefined;
  } finally {
    client.destroy();
    server.destroy();
  }
}

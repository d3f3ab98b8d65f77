import { createServer, METHODS, type IncomingMessage } from "node:http";
import { duplexPair } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { latin1 } from "./feeding.ts";
import { mutatedRequests } from "./request-arbitraries.ts";
import { feedRequests } from "./request-feeding.ts";

interface Seen {
  readonly method: string;
  readonly path: string;
  body: string;
  isWhole: boolean;
}

/** What llhttp, Node's own parser, refuses, and we read, beside methods that it does not know (RFC 9110 section 9.1). */
const laxer: readonly (readonly [why: string, form: RegExp])[] = [
  ["chunk extensions of any form that cannot end their line", /^[\da-f]+[\t ]*;/im],
  ["every minor version of HTTP/1 (RFC 9110 section 2.5)", /HTTP\/1\.[2-9]/],
  [
    "trailers with the names of fields that frame a message: they frame nothing",
    /^0+\r\n[^]*^(?:content-length|transfer-encoding):/im,
  ],
  ["characters that no URI has, but every client sends", /^\w+ \/?[^ ]*["<>\\^`{|}]/m],
];

test("nobody is smuggled past us: of a row of requests we see those that llhttp sees, where it does, or refuse", async () => {
  let alike = 0;
  for (const text of fc.sample(mutatedRequests, { numRuns: 2_000, seed: 20_261_122 })) {
    const { requests, isBetween } = feedRequests([latin1(text)]);
    const last = requests.findIndex(({ keepsConnection }) => !keepsConnection);
    const ours: readonly Seen[] = (last === -1 ? requests : requests.slice(0, last + 1)).filter(
      ({ isWhole }) => isWhole,
    );
    const theirs = (await readByNode(text)).filter(({ isWhole }) => isWhole);
    for (const [index, { method, path, body }] of ours.entries()) {
      const other = theirs[index];
      if (other === undefined) {
        // Node may end a connection for what comes later before it tells of what came before.
        if (!isBetween) break;
        const isLaxer =
          ours.some((each) => !METHODS.includes(each.method)) || laxer.some(([, form]) => form.test(text));
        assert.ok(isLaxer, `read: ${JSON.stringify(text)}`);
        break;
      }
      assert.deepEqual(
        { method, path, body },
        { method: other.method, path: other.path, body: other.body },
        JSON.stringify(text),
      );
      alike += 1;
    }
    // What they see beyond that, we have refused, or it has not come whole to us.
    if (theirs.length > ours.length) assert.ok(!isBetween || last !== -1, `missed: ${JSON.stringify(text)}`);
  }
  assert.ok(alike > 600, `${String(alike)} were read alike`);
});

/** What Node's server makes of these bytes. */
async function readByNode(text: string): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  const take = (request: IncomingMessage): void => {
    const each: Seen = { method: request.method ?? "", path: request.url ?? "", body: "", isWhole: false };
    seen.push(each);
    request.on("data", (piece: Buffer) => (each.body += piece.toString("latin1")));
    request.on("end", () => (each.isWhole = true));
    request.on("error", () => undefined);
  };
  const server = createServer((request, response) => {
    take(request);
    response.end();
  });
  server.on("checkContinue", (request: IncomingMessage, response: { end(): void }) => {
    take(request);
    response.end();
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  const [client, connection] = duplexPair();
  client.on("error", () => undefined);
  connection.on("error", () => undefined);
  client.resume();
  server.emit("connection", connection);
  client.write(text, "latin1");
  // Everything is in memory, and takes some turns of the loop.
  for (let turn = 0; turn < 8; turn += 1) await nextTurn();
  client.destroy();
  connection.destroy();
  return seen;
}

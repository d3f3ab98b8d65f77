import assert from "node:assert/strict";
import type { Duplex } from "node:stream";
import { describe, test } from "node:test";
import { HTTP1_CASES, type Http1Case, type SeenRequest } from "./http1-cases.ts";
import { readAnswers, type ReadAnswer } from "./read-answers.ts";

/** A server of HTTP/1.1, as the suite needs it. It has the limits of `HTTP1_CASE_LIMITS`. */
export interface Http1ServerUnderTest {
  /**
   * Connects a client; the suite ends and destroys it. Every request is read to its end and answered with 200 and a
   * {@link SeenRequest} as JSON, one character a byte.
   */
  connect(): Promise<Duplex>;
}

/**
 * Tests what a server makes of requests, each case once in one piece and once byte by byte.
 *
 * @see RFC 9112
 */
export function http1ServerConformance(name: string, server: Http1ServerUnderTest): void {
  for (const cut of ["in one piece", "byte by byte"] as const) {
    describe(`${name}, ${cut}`, () => {
      for (const each of HTTP1_CASES) {
        test(`RFC ${each.section}: ${each.what}`, async () => {
          await check(server, each, cut === "byte by byte");
        });
      }
    });
  }
}

/** Behind every case comes another request, which is answered when the connection is kept, and only then. */
const PROBE = "GET /probe HTTP/1.0\r\n\r\n";

async function check(server: Http1ServerUnderTest, each: Http1Case, isCut: boolean): Promise<void> {
  const client = await server.connect();
  const answers = readAnswers(client, each.sent.startsWith("HEAD ") ? 0 : undefined);
  const sent = Buffer.from(each.sent + PROBE, "latin1");
  if (isCut) for (const byte of sent) client.write(Buffer.of(byte));
  else client.write(sent);
  client.end();
  const all = await answers;
  client.destroy();
  const final = all.filter(({ status }) => status >= 200);
  const isKept = isProbe(final.at(-1));
  assert.deepEqual(
    { statuses: final.slice(0, isKept ? -1 : undefined).map(({ status }) => status), keeps: isKept },
    { statuses: each.statuses, keeps: each.keeps },
  );
  const served = final
    .slice(0, isKept ? -1 : undefined)
    .filter(({ status, content }) => status === 200 && content !== "");
  for (const [index, expected] of (each.seen ?? []).filter(({ method }) => method !== "HEAD").entries()) {
    const seen = JSON.parse(served[index]?.content ?? "{}") as Partial<SeenRequest>;
    for (const key of Object.keys(expected) as (keyof SeenRequest)[]) assert.deepEqual(seen[key], expected[key], key);
  }
  if (!each.keeps) assert.ok(final.at(-1)?.closes, "the last answer says that the connection closes");
}

function isProbe(answer: ReadAnswer | undefined): boolean {
  if (answer?.status !== 200 || answer.content === "") return false;
  return (JSON.parse(answer.content) as SeenRequest).path === "/probe";
}

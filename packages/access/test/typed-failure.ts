import { codedCauseOf, type FetchInit, type RequestOptions, type Timeouts } from "@fairlead/access";
import { isCodedError, type CodedError } from "@fairlead/core";
import { inspect } from "node:util";
import assert from "node:assert/strict";
import { after, before } from "node:test";
import type { NetworkFixture } from "./network-fixture.ts";

/** In path, query, field and body of every request here, and in no message. */
export const SECRET = "s3cr3t-5a1t";

/** What one way of asking fails with. */
export interface Expected {
  readonly code: string;
  readonly name: string;
  /** Of a TimeoutError. */
  readonly phase?: keyof Timeouts;
  readonly detail?: RegExp;
}

/** A deadline that passed. */
export const late = (phase: keyof Timeouts): Expected => ({ code: "TIMED_OUT", name: "TimeoutError", phase });

/** What is sent along, secrets everywhere. */
export const REQUEST = {
  method: "PUT",
  headers: { authorization: `Bearer ${SECRET}`, "x-api-key": SECRET },
  body: `{"password":"${SECRET}"}`,
};

/** Asks in both ways, and returns what `request` and then what `fetch` failed with. */
export async function failures(
  open: NetworkFixture["open"],
  url: string,
  options: RequestOptions = REQUEST,
  phase?: keyof Timeouts,
): Promise<{ request: unknown; fetch: unknown }> {
  await using manager = await open({ timeouts: phase === undefined ? {} : { [phase]: 50 } });
  const request = await failure(async () => (await manager.request(url, options)).bytes());
  const fetch = await failure(async () => (await manager.fetch(url, options as unknown as FetchInit)).bytes());
  return { request, fetch };
}

/** What a call that must fail fails with. */
export async function failure(run: () => Promise<unknown>): Promise<unknown> {
  return run().then(
    (result) => assert.fail(`it succeeded: ${inspect(result)}`),
    (error: unknown) => error,
  );
}

/** Says that an error has all that every error of Fairlead has. */
export function check(error: unknown, expected: Expected, peer: string | undefined): asserts error is CodedError {
  assert.ok(isCodedError(error), inspect(error));
  const { code, name, remedy } = error;
  assert.deepEqual({ code, name }, { code: expected.code, name: expected.name }, inspect(error));
  assert.equal(error.peer, peer);
  assert.notEqual(remedy, "");
  assert.ok(error.message.endsWith(remedy));
  assert.match(error.message, /^[a-z0-9]/, "starts in lower case");
  if (peer !== undefined) assert.ok(error.message.includes(peer), error.message);
  if (expected.phase !== undefined) assert.equal((error as { phase?: string }).phase, expected.phase);
  if (expected.detail !== undefined) assert.match(error.message, expected.detail);
  assertNoSecret(error);
}

/** Says that neither the error nor its causes hold a secret, wherever they are printed. */
export function assertNoSecret(error: unknown): void {
  assert.ok(!inspect(error, { depth: 10 }).includes(SECRET), inspect(error));
  for (let at = error; at instanceof Error; at = at.cause) assert.ok(!at.message.includes(SECRET), at.message);
}

/** Both ways fail with the same typed error, `fetch` as the Fetch Standard has it. */
export async function checkBoth(open: NetworkFixture["open"], url: string, expected: Expected): Promise<void> {
  const { host } = new URL(url);
  const errors = await failures(open, url, REQUEST, expected.phase);
  check(errors.request, expected, host);
  assert.ok(errors.request.cause !== undefined || isWithoutCause(expected), "the cause is kept");

  assert.ok(errors.fetch instanceof TypeError, inspect(errors.fetch));
  assertNoSecret(errors.fetch);
  check(errors.fetch, { code: expected.code, name: "FetchError" }, host);
  const coded = codedCauseOf(errors.fetch.cause);
  check(coded, expected, host);
}

/** Found by Fairlead itself, with nothing below that failed. */
function isWithoutCause({ code, phase }: Expected): boolean {
  return phase !== undefined || /^CERTIFICATE_|^TLS_CLOSED|^TLS_NOT_SPOKEN|^RESPONSE_/.test(code);
}

/** Fails the file that calls it when a rejection found nobody to hear it. */
export function watchStrayRejections(): void {
  const strays: unknown[] = [];
  const note = (reason: unknown): void => {
    strays.push(reason);
  };
  before(() => {
    process.on("unhandledRejection", note);
  });
  after(() => {
    process.off("unhandledRejection", note);
    assert.deepEqual(strays, []);
  });
}

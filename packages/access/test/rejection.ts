import assert from "node:assert/strict";

/** What a promise rejects with, which has to be of this class. */
export async function rejection<Failure extends Error>(
  promise: Promise<unknown>,
  Class: abstract new (...given: never[]) => Failure,
): Promise<Failure> {
  const error = await promise.then(
    () => assert.fail("nothing failed"),
    (failure: unknown) => failure,
  );
  assert.ok(error instanceof Class, String(error));
  return error;
}

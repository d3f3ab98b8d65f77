import { ContentError, type ContentErrorFacts } from "@fairlead/core";
import type { WholeResponse } from "../../contract/content-of.ts";
import type { Content } from "../../contract/content.ts";
import { contentOfType } from "../../contract/protocol/content-of-type.ts";
import type { RestResponse } from "../rest-response.ts";
import type { StatusError } from "../status-error.ts";
import { isStream, readStreamed, readWhole } from "./received-content.ts";
import { soundValue } from "./sound-value.ts";

/** What an operation may be answered with, by status. */
export type ExpectedAnswers = ReadonlyMap<number, WholeResponse>;

/** An answer that keeps to the contract. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  /** What a caller gets who waits for a success alone. */
  readonly error: StatusError | undefined;
}

/**
 * Reads an answer as the contract has it; streams are checked as they are read.
 *
 * @param operation its name.
 * @throws ContentError
 */
export async function receiveAnswer(
  response: RestResponse,
  answers: ExpectedAnswers,
  operation: string,
): Promise<Answered> {
  const { status, headers } = response;
  const facts: ContentErrorFacts = { peer: new URL(response.url).host, operation };
  const expected = answers.get(status);
  if (expected === undefined) {
    response.discard();
    throw new ContentError("CONTRACT_BROKEN", { ...facts, detail: `status ${String(status)} is not in it` });
  }
  if (expected.headers !== undefined) await soundValue(expected.headers, Object.fromEntries(headers), facts);
  if (expected.content === null) {
    response.discard();
    return { status, headers, body: undefined, error: undefined };
  }
  const content = contentOf(expected.contents, headers);
  if (content === undefined) {
    const detail = headers.get("content-type") ?? "none";
    throw new ContentError("CONTENT_TYPE_UNEXPECTED", { ...facts, detail, bytes: await response.bytes() });
  }
  const body = isStream(content)
    ? readStreamed(content, response, facts)
    : await readWhole(content, await response.bytes(), headers.get("content-type") ?? undefined, facts);
  return { status, headers, body, error: undefined };
}

/**
 * Reads an answer of 400 or more as the contract has it. Its content was read already, and is cut where it is long.
 *
 * @throws ContentError; the error itself, where the contract has no such answer.
 */
export async function receiveError(error: StatusError, answers: ExpectedAnswers, operation: string): Promise<Answered> {
  const { status, headers, bytes, peer } = error;
  const expected = answers.get(status);
  if (expected === undefined) throw error;
  if (expected.content === null) return { status, headers, body: undefined, error };
  const content = contentOf(expected.contents, headers);
  if (content === undefined || isStream(content)) throw error;
  const facts: ContentErrorFacts = { peer, operation, bytes };
  const body = await readWhole(content, bytes, headers.get("content-type") ?? undefined, facts);
  return { status, headers, body, error };
}

/** Which of the contract's it is. */
function contentOf(contents: readonly Content[], headers: Headers): Content | undefined {
  const contentType = headers.get("content-type");
  return contentType === null ? undefined : contentOfType(contents, contentType);
}

import { requestField } from "@fairlead/server/fetch";
import type { Content } from "../contract/content.ts";
import { contentOfType } from "../contract/protocol/content-of-type.ts";
import { Problem } from "./problem.ts";

/** Content of a contract, and how a message says it. */
export interface ChosenContent<Offered extends Content> {
  readonly content: Offered;
  readonly contentType: string;
}

/**
 * Finds what of the contract's content a request has. What does not say what it is, or says something else, is not looked
 * at: whoever sends JSON as `text/plain` may be a page of another site, which browsers let do that unasked.
 *
 * @throws Problem 415. RFC 9110 section 15.5.16
 */
export function chooseContent<Offered extends Content>(
  request: Request,
  contents: readonly Offered[],
): ChosenContent<Offered> {
  const coding = requestField(request, "content-encoding");
  if (coding !== undefined && coding !== "identity") {
    throw new Problem(415, { detail: "content is not taken encoded" }, { "accept-encoding": "identity" });
  }
  const contentType = requestField(request, "content-type");
  const content = contentType === undefined ? undefined : contentOfType(contents, contentType);
  if (content !== undefined && contentType !== undefined) return { content, contentType };
  const accepted = contents.map(({ mediaType }) => mediaType).join(", ");
  const field = FIELDS.get(request.method);
  throw new Problem(415, { detail: `content may be ${accepted}` }, field === undefined ? {} : { [field]: accepted });
}

/** The first by the Linked Data Platform, section 7.1.2, the other by RFC 5789, section 2.2. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ["POST", "accept-post"],
  ["PATCH", "accept-patch"],
]);

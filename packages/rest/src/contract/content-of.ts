import { UsageError } from "@fairlead/core";
import { json, type Content, type ContentChoice } from "./content.ts";
import type { DescribedResponse, Operation, ResponseContract } from "./operation.ts";
import type { Schema } from "./schema.ts";

/** All that is offered in one place, the best first: a schema stands for JSON. */
export function contentsOf(choice: ContentChoice | null | undefined): readonly Content[] {
  if (choice === null || choice === undefined) return [];
  if (isSchema(choice)) return [json(choice)];
  return isList(choice) ? choice : [choice];
}

/**
 * What is meant by content: the best of a list.
 *
 * @throws UsageError OPTION_INVALID for an empty list.
 */
export function contentOf(choice: ContentChoice): Content {
  const [content] = contentsOf(choice);
  if (content === undefined) {
    throw new UsageError("OPTION_INVALID", { detail: "content", remedy: "give a list of content that is not empty" });
  }
  return content;
}

/** An answer with all that it says. */
export interface WholeResponse extends Omit<DescribedResponse, "content"> {
  /** The best; `null` for none. */
  readonly content: Content | null;
  /** All that may be chosen from, the best first; empty for none. */
  readonly contents: readonly Content[];
}

/** One answer with all that it says, whatever short form it was written in. */
export function describedResponse(response: ResponseContract): WholeResponse {
  const described = isDescribed(response) ? response : { content: response };
  const contents = contentsOf(described.content);
  return { ...described, content: contents[0] ?? null, contents };
}

/** The answers of an operation, by status, from the lowest. */
export function responsesOf({
  responses,
}: Pick<Operation, "responses">): readonly (readonly [status: number, response: WholeResponse])[] {
  return Object.entries(responses).map(([status, response]) => [Number(status), describedResponse(response)]);
}

/** arktype's schemas are functions. */
function isSchema(value: object): value is Schema {
  return "~standard" in value;
}

function isList(choice: Content | readonly Content[]): choice is readonly Content[] {
  return Array.isArray(choice);
}

function isDescribed(response: ResponseContract): response is DescribedResponse {
  return response !== null && !isSchema(response) && "content" in response;
}

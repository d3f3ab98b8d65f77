import { json, type Content } from "./content.ts";
import type { DescribedResponse, Operation, ResponseContract } from "./operation.ts";
import type { Schema } from "./schema.ts";

/** What is meant by content: a schema stands for JSON. */
export function contentOf(content: Schema | Content): Content {
  return isSchema(content) ? json(content) : content;
}

/** One answer with all that it says, whatever short form it was written in. */
export function describedResponse(response: ResponseContract): Omit<DescribedResponse, "content"> & {
  readonly content: Content | null;
} {
  if (response === null) return { content: null };
  if (isSchema(response) || "kind" in response) return { content: contentOf(response) };
  return { ...response, content: response.content === null ? null : contentOf(response.content) };
}

/** The answers of an operation, by status, from the lowest. */
export function responsesOf({
  responses,
}: Pick<Operation, "responses">): readonly (readonly [
  status: number,
  response: ReturnType<typeof describedResponse>,
])[] {
  return Object.entries(responses).map(([status, response]) => [Number(status), describedResponse(response)]);
}

/** arktype's schemas are functions. */
function isSchema(value: object): value is Schema {
  return "~standard" in value;
}

import { json, type Content, type ContentChoice } from "./content.ts";
import type { DescribedResponse, ResponseContract } from "./operation.ts";
import type { Schema } from "./schema.ts";

/** All that a contract offers at one place, the best first, without its short forms: a schema alone is JSON. */
export function contentsOf(choice: ContentChoice | null | undefined): readonly Content[] {
  if (choice === null || choice === undefined) return [];
  if (isSchema(choice)) return [json(choice)];
  return isList(choice) ? choice : [choice];
}

/** One answer of a contract without its short forms. */
export function responseContract(response: ResponseContract): DescribedResponse {
  return response !== null && !isSchema(response) && "content" in response ? response : { content: response };
}

/** Schemas of some libraries are functions. */
function isSchema(choice: ContentChoice | DescribedResponse): choice is Schema {
  return "~standard" in choice;
}

function isList(choice: Content | readonly Content[]): choice is readonly Content[] {
  return Array.isArray(choice);
}

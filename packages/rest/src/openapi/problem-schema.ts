import type { JsonSchema } from "./document.ts";

/**
 * Problem details. Members beside these are the problem type's own.
 *
 * @see RFC 9457 section 3.1 and appendix A
 */
export const PROBLEM_SCHEMA: JsonSchema = {
  $id: "Problem",
  type: "object",
  description: "Problem details, as RFC 9457 has them",
  properties: {
    type: { type: "string", format: "uri-reference", default: "about:blank", description: "which kind of problem" },
    title: { type: "string", description: "what the kind is called" },
    status: { type: "integer", minimum: 100, maximum: 599, description: "the status of the response" },
    detail: { type: "string", description: "what this occurrence is about" },
    instance: { type: "string", format: "uri-reference", description: "which occurrence this is" },
  },
  additionalProperties: true,
};

import { readServiceProblem, type ServiceProblem } from "./service-problem.ts";

/** What a service says became of one of several things that it was asked for at once. */
export interface PartOutcome {
  /** What names the part, where the answer says that: `id`, `href`, `@odata.id`. */
  readonly id: string | undefined;
  readonly status: number;
  /** What is wrong, with a status from 400 on. */
  readonly problem: ServiceProblem | undefined;
  /** The part as it came. */
  readonly part: unknown;
}

/**
 * Reads an answer about several things, as 207 has it in JSON: a list, at the root or in the first of the usual members, of
 * objects with a status each. `undefined` for what is none.
 *
 * @see RFC 4918 section 11.1
 */
export function readMultiStatus(document: unknown): readonly PartOutcome[] | undefined {
  const lists = [document, ...LISTS.map((name) => member(document, name))];
  const parts: unknown = lists.find((list) => Array.isArray(list));
  if (!Array.isArray(parts)) return undefined;
  const outcomes = parts.map((part: unknown) => outcomeOf(part));
  return outcomes.every((outcome) => outcome !== undefined) ? outcomes : undefined;
}

const LISTS = ["responses", "results", "items", "data", "value", "errors"];

function outcomeOf(part: unknown): PartOutcome | undefined {
  const written = member(part, "status") ?? member(part, "statusCode") ?? member(part, "code");
  const status = typeof written === "string" && /^\d{3}$/.test(written) ? Number(written) : written;
  if (typeof status !== "number" || !Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const id = member(part, "id") ?? member(part, "href") ?? member(part, "@odata.id");
  const body = member(part, "body") ?? member(part, "response") ?? part;
  return {
    id: typeof id === "string" || typeof id === "number" ? String(id) : undefined,
    status,
    problem: status >= 400 ? (readServiceProblem(body, status) ?? { type: "about:blank", status }) : undefined,
    part,
  };
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

import { UsageError } from "@fairlead/core";
import { parsePathTemplate } from "../server/protocol/path-template.ts";
import type { Operation, Operations } from "./operation.ts";

/**
 * Has mistakes in a contract told where it is written, and not where it is first used.
 *
 * @throws UsageError OPTION_INVALID
 */
export function requireContract(operations: Operations): void {
  for (const [name, operation] of Object.entries(operations)) requireOperation(name, operation);
}

const METHODS: ReadonlySet<string> = new Set<Operation["method"]>(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

function requireOperation(name: string, { method, path, responses }: Operation): void {
  if (!METHODS.has(method)) throw invalid(`method of ${name}`, `give one of ${[...METHODS].join(", ")}`);
  parsePathTemplate(path);
  for (const [status, response] of Object.entries(responses)) {
    if (!/^[2-5]\d\d$/.test(status)) throw invalid(`status ${status} of ${name}`, "give one from 200 to 599");
    if (!isResponse(response)) {
      throw invalid(
        `answer ${status} of ${name}`,
        "give a schema, what json, text and others make, or null for nothing",
      );
    }
  }
}

/** A schema may be a function. */
function isResponse(response: unknown): boolean {
  if (response === null || Array.isArray(response)) return true;
  const isObject = typeof response === "object" || typeof response === "function";
  return isObject && ["~standard", "kind", "content"].some((member) => member in response);
}

function invalid(detail: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { detail, remedy });
}

import { textAt, valueAt } from "../../protocol/document-path.ts";
import { readServiceProblem, type ServiceProblem } from "../../protocol/service-problem.ts";

/** An answer about an operation: to what began it, or to who asks how it goes. */
export interface OperationAnswer {
  readonly status: number;
  /** A field, by lower-case name. */
  readonly field: (name: string) => string | undefined;
  /** The content, where it is JSON. */
  readonly document: unknown;
}

/** How an operation goes. Addresses are as they were written. */
export type OperationState =
  /** `monitor` is where to ask next; `undefined` for where was asked now. `base` ones are relative to the service, not the answer. */
  | { readonly type: "running"; readonly monitor: string | undefined; readonly isBelowBase?: boolean }
  /** What came of it is at an address, or was answered. */
  | { readonly type: "done"; readonly resultAt: string | undefined; readonly value: unknown }
  | { readonly type: "failed"; readonly problem: ServiceProblem };

/**
 * Reads how an operation goes: 202 with `Operation-Location`, `Azure-AsyncOperation` or `Location`; the operations of Google
 * (AIP-151), with `done`; and documents with a state, as Azure, JSON:API's jobs and many others have them.
 */
export function readOperation(answer: OperationAnswer): OperationState {
  const { status, field, document } = answer;
  const named = field("operation-location") ?? field("azure-asyncoperation");
  const monitor = named ?? field("location");
  if (typeof valueAt(document, "done") === "boolean") return readGoogleOperation(document, status);
  const word = STATE_PATHS.map((path) => textAt(document, path)).find((text) => text !== undefined);
  const state = word === undefined ? undefined : stateOf(word);
  if (state === "failed") return { type: "failed", problem: problemOf(document, status, word) };
  if (status === 202) return { type: "running", monitor: monitor ?? field("content-location") };
  if (state === "running") return { type: "running", monitor };
  if (named !== undefined && state === undefined) return { type: "running", monitor };
  const value = valueAt(document, "result") ?? valueAt(document, "output") ?? document;
  return { type: "done", resultAt: textAt(document, "resourceLocation"), value: state === "done" ? value : document };
}

const STATE_PATHS = ["status", "state", "data.attributes.status", "status.state"];

const RUNNING = new Set(
  "accepted,creating,deleting,inprogress,notstarted,pending,processing,provisioning,queued,running,scheduled,started,updating,waiting,working".split(
    ",",
  ),
);
const DONE = new Set("complete,completed,done,finished,ready,succeeded,success,successful".split(","));
const FAILED = new Set("aborted,canceled,cancelled,error,errored,expired,failed,failure,rejected,timedout".split(","));

/** A word that is none of those is what a resource says of itself. */
function stateOf(word: string): "running" | "done" | "failed" | undefined {
  const plain = word.toLowerCase().replace(/[\s_-]/g, "");
  if (RUNNING.has(plain)) return "running";
  if (DONE.has(plain)) return "done";
  return FAILED.has(plain) ? "failed" : undefined;
}

function readGoogleOperation(document: unknown, status: number): OperationState {
  if (valueAt(document, "done") !== true) {
    return { type: "running", monitor: textAt(document, "name"), isBelowBase: true };
  }
  const error = valueAt(document, "error");
  if (error !== undefined) return { type: "failed", problem: problemOf({ error }, status, undefined) };
  return { type: "done", resultAt: undefined, value: valueAt(document, "response") };
}

function problemOf(document: unknown, status: number, word: string | undefined): ServiceProblem {
  const problem = readServiceProblem(document, status) ?? { type: "about:blank" };
  // The status is that of the question how it goes.
  const { type, code, detail, errors, help } = problem;
  const { title = word } = problem;
  return {
    type,
    ...(title !== undefined && { title }),
    ...(code !== undefined && { code }),
    ...(detail !== undefined && { detail }),
    ...(errors !== undefined && { errors }),
    ...(help !== undefined && { help }),
  };
}

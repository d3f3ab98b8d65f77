import assert from "node:assert/strict";
import type { CacheTest, Outcome } from "./run-tests.ts";

/** What a test says about a cache. `setup` and `dependency`: nothing, since something before it was otherwise. */
export type Verdict = "passed" | "failed" | "setup" | "dependency";

/** Tests that a cache must pass and that end otherwise here, by id, each with the reason. */
export type Exceptions = Readonly<Record<string, readonly [verdict: Exclude<Verdict, "passed">, reason: string]>>;

type Results = readonly (readonly [CacheTest, Outcome])[];

/** Compares the required tests with what is known of them: a new failure is wrong, and so is a failure that is none any more. */
export function assertRequired(results: Results, exceptions: Exceptions): void {
  const failures = results
    .filter(([{ kind = "required" }]) => kind === "required")
    .map(([test, outcome]) => [test.id, verdictOf(test, outcome, results)] as const)
    .filter(([, verdict]) => verdict !== "passed");
  assert.deepEqual(
    Object.fromEntries(failures),
    Object.fromEntries(Object.entries(exceptions).map(([id, [verdict]]) => [id, verdict])),
  );
}

/** Tests of a kind, how many of them passed, and which did not. */
export function summary(results: Results, wanted: CacheTest["kind"]): string {
  const ofKind = results.filter(([{ kind = "required" }]) => kind === wanted);
  const others = ofKind.filter(([, outcome]) => outcome !== true).map(([{ id }]) => id);
  return `${String(wanted)}: ${String(ofKind.length - others.length)} of ${String(ofKind.length)}; not ${others.join(" ")}`;
}

function verdictOf(test: CacheTest, outcome: Outcome, results: Results): Verdict {
  const passed = new Set(results.filter(([, each]) => each === true).map(([{ id }]) => id));
  if (test.depends_on?.some((id) => !passed.has(id)) === true) return "dependency";
  if (outcome === true) return "passed";
  return outcome[0] === "Setup" ? "setup" : "failed";
}

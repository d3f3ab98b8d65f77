import { randomInt } from "node:crypto";
import { UsageError } from "@fairlead/core";
import type { Fault } from "./fault.ts";
import { type FaultParameter, type FaultType, faultTypes } from "./fault-types.ts";

/** A fault with the seed that it has, whether given or chosen. */
export type SeededFault = Fault & { readonly seed: number };

/** Members that every fault can have, and what numbers they take. */
const terms: Readonly<Record<string, FaultParameter>> = {
  probability: { does: "how many are hit", least: 0, most: 1, fractional: true },
  seed: { does: "what chance follows from", least: 0, most: 2 ** 32 - 1 },
};

const nameLimit = 64;

/**
 * Checks whatever somebody gives as a fault, and chooses its seed where none was given.
 *
 * @throws UsageError OPTION_INVALID, which names the member and what it takes.
 */
export function parseFault(given: unknown): SeededFault {
  if (typeof given !== "object" || given === null) throw refuse("fault", "give an object with a type");
  // An object has members of whatever kind; each is looked at below.
  const { type, ...members } = given as Readonly<Record<string, unknown>>;
  const known = faultTypes.find((each) => each.type === type);
  if (known === undefined) {
    throw refuse("type", `give one of ${faultTypes.map((each) => each.type).join(", ")}`);
  }
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  for (const [name, value] of present) checkMember(known, name, value);
  for (const [name, { required = false }] of Object.entries(known.parameters)) {
    if (required && members[name] === undefined) throw refuse(name, `${known.type} needs it`);
  }
  const seed = members["seed"] ?? randomInt(2 ** 32);
  // In one order, whatever the order in which they were given.
  const names = [...Object.keys(known.parameters), "direction", "probability", "name"];
  const ordered = names.flatMap((name) => (members[name] === undefined ? [] : [[name, members[name]]]));
  // Each member was checked just above against the table, whose members are those of the union.
  return { type: known.type, ...Object.fromEntries(ordered), seed } as SeededFault;
}

function checkMember({ type, directed, parameters }: FaultType, name: string, value: unknown): void {
  if (name === "name") {
    if (typeof value === "string" && value.length > 0 && value.length <= nameLimit && !/\p{C}/u.test(value)) return;
    throw refuse(name, `give a text of 1 to ${nameLimit} characters`);
  }
  if (name === "direction") {
    if (!directed) throw refuse(name, `${type} has none`);
    if (value === "up" || value === "down" || value === "both") return;
    throw refuse(name, "give up, down or both");
  }
  const all = { ...terms, ...parameters };
  const parameter = Object.hasOwn(all, name) ? all[name] : undefined;
  if (parameter === undefined)
    throw refuse(name, `${type} takes ${Object.keys(parameters).join(", ") || "no numbers"}`);
  const { least, most, fractional = false } = parameter;
  if (typeof value === "number" && value >= least && value <= most && (fractional || Number.isSafeInteger(value)))
    return;
  throw refuse(name, `give a ${fractional ? "" : "whole "}number from ${least} to ${most}`);
}

function refuse(detail: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "add a fault", detail, remedy });
}

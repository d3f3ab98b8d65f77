import type { FaultType } from "@fairlead/testserver";
import { ArgumentsError } from "../arguments.ts";
import { nearest } from "../suggestion.ts";

/** Numbers and words of a fault, by name. */
export type FaultMembers = Readonly<Record<string, number | string>>;

/**
 * Reads a fault as `--fault` takes it: `latency,milliseconds=200,direction=both`. Names are those of the options of
 * `fault add`.
 *
 * @throws ArgumentsError
 */
export function parseFaultText(text: string, types: readonly FaultType[]): FaultMembers {
  const [name = "", ...pairs] = text.split(",");
  const type = faultTypeNamed(name, types);
  const members = pairs.map((pair) => {
    const equals = pair.indexOf("=");
    if (equals < 1) throw new ArgumentsError(`a fault takes NAME=VALUE behind its type, not ${JSON.stringify(pair)}`);
    return [pair.slice(0, equals), pair.slice(equals + 1)] as const;
  });
  return faultMembers(type, members);
}

/**
 * Reads a fault with its service before it: `https:latency,milliseconds=200`; `all` is a service.
 *
 * @throws ArgumentsError
 */
export function parseSiteFault(
  text: string,
  types: readonly FaultType[],
): { readonly service: string; readonly members: FaultMembers } {
  const [, service, fault] = /^([a-z0-9-]+):(.+)$/.exec(text) ?? [];
  if (service === undefined || fault === undefined) {
    throw new ArgumentsError(`--fault takes SERVICE:TYPE and ,NAME=VALUE behind it, not ${JSON.stringify(text)}`);
  }
  return { service, members: parseFaultText(fault, types) };
}

/**
 * Refuses a name that was probably meant to be a service's. Any other is left to the network, which may have its own.
 *
 * @throws ArgumentsError
 */
export async function checkServiceName(name: string): Promise<void> {
  const { describeFamilies } = await import("@fairlead/testserver");
  const families = describeFamilies().filter((family) => family.of === "services");
  const names = ["all", "relay", ...families.flatMap(({ members }) => members.map((member) => member.name))];
  if (names.includes(name)) return;
  const suggestion = nearest(name, names);
  if (suggestion === undefined) return;
  throw new ArgumentsError(`there is no service ${JSON.stringify(name)}; did you mean ${suggestion}?`);
}

/** @throws ArgumentsError for a fault that there is not. */
export function faultTypeNamed(name: string, types: readonly FaultType[]): FaultType {
  const type = types.find((each) => each.type === name);
  if (type !== undefined) return type;
  const names = types.map((each) => each.type);
  const suggestion = nearest(name, names);
  const hint = suggestion === undefined ? `the faults are ${names.join(", ")}` : `did you mean ${suggestion}?`;
  throw new ArgumentsError(`there is no fault ${JSON.stringify(name)}; ${hint}`);
}

/**
 * Puts together what was said of a fault: names as options have them, values as text. Which numbers make sense is left to
 * the network.
 *
 * @throws ArgumentsError
 */
export function faultMembers(
  type: FaultType,
  pairs: readonly (readonly [name: string, value: string])[],
): FaultMembers {
  const members: Record<string, number | string> = { type: type.type };
  for (const [name, value] of pairs) {
    const member = memberName(name);
    if (Object.hasOwn(members, member)) throw new ArgumentsError(`${name} is given twice`);
    const known = [...Object.keys(type.parameters), ...termNames];
    if (!known.includes(member)) {
      const all = known.map(optionName).join(", ");
      throw new ArgumentsError(`${type.type} takes ${all}, not ${name}`);
    }
    members[member] = member === "direction" || member === "name" ? value : parseNumber(name, value);
  }
  return members;
}

/** What every fault takes. */
export const termNames: readonly string[] = ["direction", "probability", "seed", "name"];

/** `jitter-milliseconds` for `jitterMilliseconds`. */
export function optionName(member: string): string {
  return member.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function memberName(option: string): string {
  return option.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function parseNumber(name: string, text: string): number {
  if (/^\d{1,15}(?:\.\d{1,9})?$/.test(text)) return Number(text);
  throw new ArgumentsError(`${name} takes a number, not ${JSON.stringify(text)}`);
}

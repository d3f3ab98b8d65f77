import type { FaultType } from "@fairlead/testserver";
import { ArgumentsError, parseArguments } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";
import type { TestServerAction } from "./action.ts";
import { controlOptions, findControl } from "./control-client.ts";
import { checkServiceName, faultMembers, faultTypeNamed, optionName, termNames } from "./fault-option.ts";

/** Adds, lists and removes faults of a network or a relay that runs elsewhere. */
export const fault: TestServerAction = async (args, surroundings) => {
  const [name = "", ...rest] = args;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) throw new ArgumentsError(`fault takes ${Object.keys(actions).join(", ")}`);
  return action(rest, surroundings);
};

const actions: Readonly<Record<string, TestServerAction>> = { add, list, types, remove };

/** One fault as the control service tells it. */
interface ActingFault {
  readonly id: number;
  readonly services: readonly string[];
  readonly hits: number;
  readonly fault: Readonly<Record<string, string | number>>;
}

async function add(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { faultTypes } = await import("@fairlead/testserver");
  const members = [...termNames, ...faultTypes.flatMap(({ parameters }) => Object.keys(parameters))];
  const numbers = Object.fromEntries(members.map((member) => [optionName(member), { type: "value" } as const]));
  const specification = {
    options: { ...numbers, ...controlOptions, json: { type: "flag" } },
    positionals: ["SERVICE", "TYPE"],
  } as const;
  const { options, positionals } = parseArguments(specification, args);
  const [service = "", name = ""] = positionals;
  const { control, manifest, json, ...given } = options as typeof options &
    Readonly<Record<string, string | undefined>>;
  const pairs = Object.entries(given).flatMap(([option, value]) =>
    typeof value === "string" ? [[option, value] as const] : [],
  );
  const fault = faultMembers(faultTypeNamed(name, faultTypes), pairs);
  await checkServiceName(service);
  const client = await findControl({ control, manifest }, surroundings);
  const added = (await client.ask("POST", "/faults", { service, ...fault })) as ActingFault;
  print(surroundings, json, added, [line(added)]);
  return exitCodes.ok.code;
}

const listSpecification = { options: { ...controlOptions, json: { type: "flag" } }, positionals: [] } as const;

async function list(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { options } = parseArguments(listSpecification, args);
  const client = await findControl(options, surroundings);
  const faults = (await client.ask("GET", "/faults")) as readonly ActingFault[];
  print(surroundings, options.json, faults, faults.length === 0 ? ["No fault acts."] : faults.map(line));
  return exitCodes.ok.code;
}

async function types(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { options } = parseArguments({ options: { json: { type: "flag" } }, positionals: [] } as const, args);
  const { faultTypes } = await import("@fairlead/testserver");
  const lines = [
    ...faultTypes.flatMap(describeType),
    "All of them take --direction, --probability, --seed and --name.",
  ];
  print(surroundings, options.json, faultTypes, lines);
  return exitCodes.ok.code;
}

async function remove(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const specification = { options: { ...controlOptions, json: { type: "flag" } }, positionals: ["ID|all"] } as const;
  const { options, positionals } = parseArguments(specification, args);
  const [id = ""] = positionals;
  if (id !== "all" && !/^\d{1,9}$/.test(id)) throw new ArgumentsError(`remove takes an id or all, not "${id}"`);
  const client = await findControl(options, surroundings);
  const left = (await client.ask("DELETE", id === "all" ? "/faults" : `/faults?id=${id}`)) as readonly ActingFault[];
  print(surroundings, options.json, left, left.length === 0 ? ["No fault acts."] : left.map(line));
  return exitCodes.ok.code;
}

function print({ stdout }: Surroundings, json: boolean, value: unknown, lines: readonly string[]): void {
  stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : lines.map((each) => `${printable(each)}\n`).join(""));
}

/** One fault in one line, with what it takes to have it again. */
function line({ id, services, hits, fault: { type, ...members } }: ActingFault): string {
  const [first = "", ...more] = services;
  const where = more.length === 0 ? first : `${first} and ${more.length} more`;
  const pairs = Object.entries(members).map(([name, value]) => `${optionName(name)}=${value}`);
  return [`${id}  ${where}  ${type}`, ...pairs, ` ${hits} hit`].join(" ");
}

function describeType({ type, transports, does, parameters }: FaultType): readonly string[] {
  return [
    `${type}  (${transports.join(", ")}) ${does}`,
    ...Object.entries(parameters).map(([name, { does: says, least, most, fallback, required = false }]) => {
      const value = required ? "needed" : fallback === undefined ? "optional" : `${fallback} by default`;
      return `    --${optionName(name)}  ${says}: from ${least} to ${most}, ${value}`;
    }),
  ];
}

import { parseArgs } from "node:util";
import { nearest } from "./suggestion.ts";

/** Arguments that cannot be. Its message is one clause, without the command's name. */
export class ArgumentsError extends Error {
  override readonly name = "ArgumentsError";
}

/** One option of a command. */
export interface OptionSpecification {
  /** `flag` takes no value; `values` may be given more than once. */
  readonly type: "flag" | "value" | "values";
  /** One letter. */
  readonly short?: string;
}

/** What a command takes. */
export interface ArgumentsSpecification {
  readonly options: Readonly<Record<string, OptionSpecification>>;
  /** Names of the arguments without a dash, for messages; those in brackets may be left out. */
  readonly positionals: readonly string[];
}

type OptionValue<Option extends OptionSpecification> = Option["type"] extends "flag"
  ? boolean
  : Option["type"] extends "value"
    ? string | undefined
    : readonly string[];

/** What a command was given. */
export interface ParsedArguments<Specification extends ArgumentsSpecification> {
  readonly options: { readonly [Name in keyof Specification["options"]]: OptionValue<Specification["options"][Name]> };
  readonly positionals: readonly string[];
}

/**
 * Reads arguments strictly: what is unknown, missing, left over or given twice is an error that says so.
 *
 * @throws ArgumentsError
 */
export function parseArguments<const Specification extends ArgumentsSpecification>(
  { options, positionals: names }: Specification,
  args: readonly string[],
): ParsedArguments<Specification> {
  const known = Object.entries(options);
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      known.map(([name, { type, short }]) => [
        name,
        { type: type === "flag" ? ("boolean" as const) : ("string" as const), ...(short !== undefined && { short }) },
      ]),
    ),
  });

  const values: Record<string, boolean | string | string[] | undefined> = Object.fromEntries(
    known.map(([name, { type }]) => [name, type === "flag" ? false : type === "value" ? undefined : []]),
  );
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (option === undefined) throw new ArgumentsError(unknownOption(token.rawName, Object.keys(options)));
    values[token.name] = take(option, token, values[token.name]);
  }
  checkPositionals(names, positionals);
  // The record was made from the specification just above, name by name and type by type.
  return { options: values, positionals } as unknown as ParsedArguments<Specification>;
}

/**
 * Reads what `--port` was given.
 *
 * @throws ArgumentsError
 */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new ArgumentsError(`--port takes a number from 0 to 65535, not ${JSON.stringify(text)}`);
}

interface OptionToken {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function take(
  { type }: OptionSpecification,
  { rawName, value, inlineValue }: OptionToken,
  before: boolean | string | string[] | undefined,
): boolean | string | string[] {
  if (type === "flag") {
    if (value !== undefined) throw new ArgumentsError(`${rawName} takes no value`);
    return true;
  }
  if (value === undefined) throw new ArgumentsError(`${rawName} needs a value`);
  if (inlineValue !== true && value.length > 1 && value.startsWith("-")) {
    throw new ArgumentsError(`${rawName} needs a value; one that begins with a dash is written ${inlineForm(rawName)}`);
  }
  if (type === "values") return [...(Array.isArray(before) ? before : []), value];
  if (before !== undefined) throw new ArgumentsError(`${rawName} is given twice`);
  return value;
}

function inlineForm(rawName: string): string {
  return rawName.startsWith("--") ? `${rawName}=VALUE` : `${rawName}VALUE`;
}

function unknownOption(rawName: string, names: readonly string[]): string {
  const suggestion = nearest(rawName.replace(/^-+/, ""), names);
  return `unknown option ${rawName}${suggestion === undefined ? "" : `; did you mean --${suggestion}?`}`;
}

function checkPositionals(names: readonly string[], given: readonly string[]): void {
  const missing = names.slice(given.length).find((name) => !name.startsWith("["));
  if (missing !== undefined) throw new ArgumentsError(`${missing} is missing`);
  const surplus = given[names.length];
  if (surplus !== undefined) throw new ArgumentsError(`unexpected argument ${JSON.stringify(surplus)}`);
}

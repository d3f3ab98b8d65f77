import { EXCHANGE_FORMATS, type ExchangeFormat } from "@fairlead/access/memory";
import type { StoreKey } from "@fairlead/store";
import { ArgumentsError, parseArguments } from "../arguments.ts";
import { defaultStoreUrl } from "../state-directory.ts";
import { nearest } from "../suggestion.ts";
import { chooseKey, parseKeyPlace } from "./key-place.ts";
import { parseMoment } from "./moment.ts";

/** What can be done with a store: what each takes, and what is said where something is missing. */
const actions = {
  list: { operands: [], options: [] },
  show: { operands: ["[COLLECTION]"], options: [] },
  forget: { operands: ["[HOST|KEY]"], options: ["since", "until"] },
  clear: { operands: ["[COLLECTION]"], options: ["yes"] },
  export: { operands: ["[FILE]"], options: ["format", "secrets", "yes"] },
  import: { operands: ["FILE"], options: ["format"] },
  copy: { operands: ["FROM", "TO"], options: ["yes", "from-key", "to-key"] },
  check: { operands: [], options: [] },
  repair: { operands: [], options: [] },
  "rotate-key": { operands: [], options: ["new-key"] },
} as const satisfies Record<string, { readonly operands: readonly string[]; readonly options: readonly OwnOption[] }>;

/** Options that not all actions take. */
type OwnOption = "since" | "until" | "yes" | "format" | "secrets" | "from-key" | "to-key" | "new-key";

/** What can be done with a store. */
export type StoreActionName = keyof typeof actions;

/** Which store, and what opens it. */
export interface StoreChoice {
  readonly url: string;
  /** `undefined` where nothing is said. */
  readonly key: StoreKey | undefined;
}

/** What `fairlead store` was asked to do. */
export interface StoreRequest {
  readonly action: StoreActionName;
  readonly store: StoreChoice;
  /** A collection, a host or key, a file. */
  readonly operand: string | undefined;
  /** For `copy`: the store that is copied to; `store` is the one that is copied from. */
  readonly target: StoreChoice | undefined;
  readonly json: boolean;
  readonly yes: boolean;
  readonly secrets: boolean;
  readonly format: ExchangeFormat | undefined;
  /** Milliseconds since the epoch. */
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly newKey: StoreKey | undefined;
}

const specification = {
  options: {
    store: { type: "value" },
    "store-key": { type: "value" },
    json: { type: "flag" },
    yes: { type: "flag" },
    secrets: { type: "flag" },
    format: { type: "value" },
    since: { type: "value" },
    until: { type: "value" },
    "from-key": { type: "value" },
    "to-key": { type: "value" },
    "new-key": { type: "value" },
  },
  positionals: ["ACTION", "[FIRST]", "[SECOND]"],
} as const;

/**
 * Reads the arguments of `fairlead store`.
 *
 * @throws ArgumentsError
 */
export function parseStoreRequest(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  now: number,
): StoreRequest {
  const { options, positionals } = parseArguments(specification, args);
  const [typed = "", ...operands] = positionals;
  const action = actionNames.find((known) => known === typed);
  if (action === undefined) throw new ArgumentsError(unknownAction(typed));
  checkOperands(action, operands);
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === undefined || value === false ? [] : name,
  );
  checkOptions(action, given);

  const [first, second] = operands;
  const since = options.since === undefined ? undefined : parseMoment("--since", options.since, now);
  const until = options.until === undefined ? undefined : parseMoment("--until", options.until, now);
  if (action === "forget" && first === undefined && since === undefined && until === undefined) {
    throw new ArgumentsError("forget needs a host, a key or --since TIME");
  }
  const isCopy = action === "copy";
  const url = (isCopy ? first : options.store) ?? defaultStoreUrl(env);
  const key = isCopy
    ? chooseKey("--from-key", options["from-key"], env)
    : chooseKey("--store-key", options["store-key"], env);
  return {
    action,
    store: { url, key },
    operand: isCopy ? undefined : first,
    target: isCopy ? { url: second ?? "", key: chooseKey("--to-key", options["to-key"], env) } : undefined,
    json: options.json,
    yes: options.yes,
    secrets: options.secrets,
    format: options.format === undefined ? undefined : parseFormat(options.format),
    since,
    until,
    newKey: options["new-key"] === undefined ? undefined : parseKeyPlace("--new-key", options["new-key"]),
  };
}

// Object.keys loses the type; the names are those of the table just above.
const actionNames = Object.keys(actions) as StoreActionName[];

function checkOperands(action: StoreActionName, given: readonly string[]): void {
  const names: readonly string[] = actions[action].operands;
  const missing = names.slice(given.length).find((name) => !name.startsWith("["));
  if (missing !== undefined) throw new ArgumentsError(`${action} needs ${names.join(" and ")}`);
  const surplus = given[names.length];
  if (surplus === undefined) return;
  const hint = action === "list" ? "; show does" : "";
  throw new ArgumentsError(
    names.length === 0 ? `${action} takes no name${hint}` : `${action} takes no second ${JSON.stringify(surplus)}`,
  );
}

const common: readonly string[] = ["store", "store-key", "json"];

function checkOptions(action: StoreActionName, given: readonly string[]): void {
  const own: readonly string[] = actions[action].options;
  const taken = action === "copy" ? ["json", ...own] : [...common, ...own];
  const unknown = given.find((name) => !taken.includes(name));
  if (unknown === undefined) return;
  const hint =
    action === "copy" && unknown.startsWith("store") ? "; it takes FROM and TO, --from-key and --to-key" : "";
  throw new ArgumentsError(`${action} takes no --${unknown}${hint}`);
}

function unknownAction(typed: string): string {
  const suggestion = nearest(typed, actionNames);
  const all = `${actionNames.slice(0, -1).join(", ")} and ${actionNames.at(-1) ?? ""}`;
  const hint = suggestion === undefined ? `; there are ${all}` : `; did you mean ${suggestion}?`;
  return `there is no action ${JSON.stringify(typed)}${hint}`;
}

function parseFormat(name: string): ExchangeFormat {
  const format = EXCHANGE_FORMATS.find((known) => known === name);
  if (format !== undefined) return format;
  throw new ArgumentsError(`--format takes ${EXCHANGE_FORMATS.join(", ")}, not ${JSON.stringify(name)}`);
}

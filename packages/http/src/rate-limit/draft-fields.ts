import {
  parseDictionary,
  parseParameterizedList,
  type BareItem,
  type ParameterizedItem,
} from "../structured-fields/index.ts";
import type { RateLimit } from "./rate-limits.ts";

type Field = (name: string) => string | undefined;
type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Limits of one field. */
const LIMITS = 100;

/** The fields of the draft: lists of named policies since its version 08, a dictionary before. */
export function readDraftFields(field: Field, now: number): readonly RateLimit[] {
  const policies = (parseParameterizedList(field("ratelimit-policy") ?? "") ?? []).slice(0, LIMITS);
  const value = field("ratelimit");
  if (value === undefined) return policies.flatMap((policy) => named(policy) ?? []);
  const standings = parseParameterizedList(value)?.slice(0, LIMITS);
  if (standings?.every(({ item }) => item.type === "string") === true) {
    return standings.flatMap((standing) => joined(standing, policies, now) ?? []);
  }
  return older(value, policies, now);
}

/** `RateLimit: "default";r=50;t=30`, with the policy of that name. */
function joined(
  { item, parameters }: ParameterizedItem,
  policies: readonly ParameterizedItem[],
  now: number,
): RateLimit | undefined {
  const policy = policies.find((candidate) => candidate.item.type === "string" && candidate.item.value === item.value);
  if (item.type !== "string") return undefined;
  const limit: Mutable<RateLimit> = { ...(policy && named(policy)), name: item.value };
  const remaining = count(parameters.get("r"));
  const seconds = count(parameters.get("t"));
  if (remaining !== undefined) limit.remaining = remaining;
  if (seconds !== undefined) limit.resetAt = now + seconds * 1_000;
  return limit;
}

/** `"default";q=100;w=60`. */
function named({ item, parameters }: ParameterizedItem): RateLimit | undefined {
  if (item.type !== "string") return undefined;
  const limit: Mutable<RateLimit> = { name: item.value };
  const quota = count(parameters.get("q"));
  const window = count(parameters.get("w"));
  const unit = parameters.get("qu");
  if (quota !== undefined) limit.limit = quota;
  if (window !== undefined) limit.windowSeconds = window;
  if (unit?.type === "string" && unit.value !== "requests") limit.unit = unit.value;
  return limit;
}

/** `RateLimit: limit=100, remaining=50, reset=30` of version 07, with `RateLimit-Policy: 100;w=60`. */
function older(value: string, policies: readonly ParameterizedItem[], now: number): readonly RateLimit[] {
  const members = parseDictionary(value);
  const quota = count(members?.get("limit"));
  const remaining = count(members?.get("remaining"));
  const seconds = count(members?.get("reset"));
  if (quota === undefined && remaining === undefined) return [];
  const policy = policies.find(({ item }) => item.type === "integer" && item.value === quota);
  const window = count(policy?.parameters.get("w"));
  return [
    {
      ...(quota !== undefined && { limit: quota }),
      ...(remaining !== undefined && { remaining }),
      ...(seconds !== undefined && { resetAt: now + seconds * 1_000 }),
      ...(window !== undefined && { windowSeconds: window }),
    },
  ];
}

function count(item: BareItem | undefined): number | undefined {
  return item?.type === "integer" && item.value >= 0 ? item.value : undefined;
}

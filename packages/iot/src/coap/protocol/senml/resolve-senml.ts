import type { SenmlRecord, SenmlValue } from "./senml-record.ts";

/** One record that says all by itself. RFC 8428 section 4.6. */
export interface ResolvedSenmlRecord {
  readonly name: string;
  readonly unit?: string | undefined;
  /** `undefined` where there is a sum alone. */
  readonly value?: SenmlValue | undefined;
  readonly sum?: number | undefined;
  /** Seconds since 1970. */
  readonly time: number;
  /** Seconds after which there will be a newer record, at the latest. */
  readonly updateTime?: number | undefined;
}

/** What records mean. */
export type SenmlResolution =
  | { readonly type: "resolved"; readonly records: readonly ResolvedSenmlRecord[] }
  /** Nothing that one may go by. `at` is the index of the record. */
  | { readonly type: "unresolvable"; readonly flaw: SenmlContradiction; readonly at: number };

/** Why records mean nothing. */
export type SenmlContradiction =
  /** Newer than 10, or not the one of the records before. RFC 8428 section 4.4. */
  | "version-unsupported"
  /** None, with characters that no name has, or of more than 1,024 characters. RFC 8428 section 4.5.1. */
  | "name-invalid"
  /** Neither a value nor a sum. RFC 8428 section 4.2. */
  | "value-missing"
  /** Base and field add up to no finite number. */
  | "number-too-large";

/**
 * Makes each record say all by itself. Never throws.
 *
 * @param now seconds since 1970: what times below 2^28 are relative to.
 *
 * @see RFC 8428 sections 4.1 to 4.6
 */
export function resolveSenml(records: readonly SenmlRecord[], now: number): SenmlResolution {
  const resolved: ResolvedSenmlRecord[] = [];
  let base: SenmlRecord = {};
  let version: number | undefined;
  for (const [at, record] of records.entries()) {
    base = { ...base, ...record };
    version ??= base.baseVersion ?? supportedVersion;
    const said = record.baseVersion ?? version;
    if (said !== version || said > supportedVersion) return { type: "unresolvable", flaw: "version-unsupported", at };
    const meaning = resolveRecord(record, base, now);
    if (typeof meaning === "string") return { type: "unresolvable", flaw: meaning, at };
    resolved.push(meaning);
  }
  return { type: "resolved", records: resolved };
}

/** @param base what its base fields are by now. */
function resolveRecord(record: SenmlRecord, base: SenmlRecord, now: number): ResolvedSenmlRecord | SenmlContradiction {
  const { baseName = "", baseTime = 0, baseUnit, baseValue = 0, baseSum = 0 } = base;
  if (baseName.length > maxNameCharacters) return "name-invalid";
  const name = baseName + (record.name ?? "");
  if (name.length > maxNameCharacters || !nameForm.test(name)) return "name-invalid";
  const value = typeof record.value === "number" ? baseValue + record.value : record.value;
  const sum = record.sum === undefined ? undefined : baseSum + record.sum;
  if (value === undefined && sum === undefined) return "value-missing";
  const time = baseTime + (record.time ?? 0);
  const unit = record.unit ?? baseUnit;
  const { updateTime } = record;
  const numbers = [time, sum ?? 0, typeof value === "number" ? value : 0];
  if (!numbers.every(Number.isFinite)) return "number-too-large";
  return {
    name,
    ...(unit !== undefined && { unit }),
    ...(value !== undefined && { value }),
    ...(sum !== undefined && { sum }),
    time: time < relativeBelow ? now + time : time,
    ...(updateTime !== undefined && { updateTime }),
  };
}

const supportedVersion = 10;
/** So that a long base name is not made longer ten thousand times. */
const maxNameCharacters = 1_024;
/** RFC 8428 section 4.5.1. */
const nameForm = /^[A-Za-z0-9][-:./_A-Za-z0-9]*$/;
/** RFC 8428 section 4.5.3. */
const relativeBelow = 2 ** 28;

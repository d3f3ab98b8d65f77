/** One record of a pack, as it is written: base fields hold for it and all that follow. RFC 8428 section 4. */
export interface SenmlRecord {
  readonly baseName?: string | undefined;
  /** Seconds, see `time`. */
  readonly baseTime?: number | undefined;
  readonly baseUnit?: string | undefined;
  readonly baseValue?: number | undefined;
  readonly baseSum?: number | undefined;
  /** 10 where nobody says it; the same in all records of a pack. */
  readonly baseVersion?: number | undefined;
  readonly name?: string | undefined;
  /** As it is registered, such as `Cel`. RFC 8428 section 12.1. */
  readonly unit?: string | undefined;
  readonly value?: SenmlValue | undefined;
  /** Integral of the values over time. */
  readonly sum?: number | undefined;
  /** Seconds since 1970; below 2^28 since now, which is mostly before it and so below 0. */
  readonly time?: number | undefined;
  /** Seconds after which there will be a newer record, at the latest. */
  readonly updateTime?: number | undefined;
}

/** What was measured, or is to be set. */
export type SenmlValue = number | string | boolean | Uint8Array;

/** How a pack is written: content formats 110 and 112. */
export type SenmlFormat = "json" | "cbor";

/** Labels of the fields, by key: in JSON, and in CBOR. RFC 8428 tables 1 and 6. */
export const senmlLabels = [
  ["baseName", "bn", -2],
  ["baseTime", "bt", -3],
  ["baseUnit", "bu", -4],
  ["baseValue", "bv", -5],
  ["baseSum", "bs", -6],
  ["baseVersion", "bver", -1],
  ["name", "n", 0],
  ["unit", "u", 1],
  ["sum", "s", 5],
  ["time", "t", 6],
  ["updateTime", "ut", 7],
] as const;

/** Labels of the value, by its type. */
export const senmlValueLabels = [
  ["number", "v", 2],
  ["string", "vs", 3],
  ["boolean", "vb", 4],
  ["bytes", "vd", 8],
] as const;

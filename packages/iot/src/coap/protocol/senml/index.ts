/** Measurements, and what is to be set (RFC 8428): bytes in, records out, and back. */
export { readSenml, type SenmlFlaw, type SenmlLimits, type SenmlReading } from "./read-senml.ts";
export {
  type ResolvedSenmlRecord,
  resolveSenml,
  type SenmlContradiction,
  type SenmlResolution,
} from "./resolve-senml.ts";
export type { SenmlFormat, SenmlRecord, SenmlValue } from "./senml-record.ts";
export { writeSenml } from "./write-senml.ts";

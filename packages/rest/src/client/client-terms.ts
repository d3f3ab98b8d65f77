import type { NetworkAccessManager } from "@fairlead/access";
import { defaultManager } from "@fairlead/access";
import { parseBase, type Base } from "./protocol/address.ts";
import { fieldRecord, type FieldRecord } from "./field-record.ts";
import type { RestClientOptions } from "./options.ts";

/** What all calls of a client have in common, read once. */
export interface ClientTerms {
  readonly options: RestClientOptions;
  readonly base: Base | undefined;
  /** In lower case. */
  readonly fields: FieldRecord;
  readonly fieldNames: readonly string[];
  /** A promise only until the default manager is there. */
  manager: NetworkAccessManager | Promise<NetworkAccessManager> | undefined;
}

/** @throws UsageError OPTION_INVALID */
export function clientTerms(options: RestClientOptions): ClientTerms {
  const base = options.base === undefined ? undefined : parseBase(options.base);
  const fields = fieldRecord(options.headers);
  return { options, base, fields, fieldNames: Object.keys(fields), manager: options.manager };
}

/** What asks. The default manager is opened with the first call. */
export function managerOf(terms: ClientTerms): NetworkAccessManager | Promise<NetworkAccessManager> {
  return (terms.manager ??= defaultManager().then((manager) => (terms.manager = manager)));
}

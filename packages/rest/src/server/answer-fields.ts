import { UsageError } from "@fairlead/core";
import type { FlatFields } from "@fairlead/server";

/**
 * Makes fields of a handler's answer what is sent.
 *
 * @throws UsageError HEADER_INVALID for what could be read as another field, or another answer.
 */
export function answerFields(headers: Readonly<Record<string, string>>): FlatFields {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (!TOKEN.test(name))
      throw new UsageError("HEADER_INVALID", { operation: "respond", detail: "the name of a field" });
    if (NO_VALUE.test(value)) {
      throw new UsageError("HEADER_INVALID", { operation: "respond", detail: `the value of ${name}` });
    }
    return [name.toLowerCase(), value];
  });
}

/** RFC 9110 sections 5.1 and 5.5. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NO_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

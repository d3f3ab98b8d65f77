import { lowerCaseName } from "./field-names.ts";
import { trimmed } from "./whitespace.ts";

/** Fields that say where the request ends, where it goes, and what becomes of its connection; repeated ones joined. */
export interface ControlFields {
  /** Of all fields. */
  count: number;
  host: string | undefined;
  hosts: number;
  contentLength: string | undefined;
  transferEncoding: string | undefined;
  connection: string | undefined;
  expect: string | undefined;
  upgrade: string | undefined;
}

/** Reads field lines that match the grammar. The length of most names tells that they are none of these. */
export function readControlFields(text: string, from: number, length: number): ControlFields {
  const found: ControlFields = {
    count: 0,
    host: undefined,
    hosts: 0,
    contentLength: undefined,
    transferEncoding: undefined,
    connection: undefined,
    expect: undefined,
    upgrade: undefined,
  };
  for (let start = from; start < length - 2; ) {
    const colon = text.indexOf(":", start);
    const end = text.indexOf("\r\n", colon);
    found.count += 1;
    switch (colon - start) {
      case 4:
        if (isNamed(text, start, "host")) {
          found.hosts += 1;
          found.host = trimmed(text, colon + 1, end);
        }
        break;
      case 6:
        if (isNamed(text, start, "expect")) found.expect = joined(found.expect, text, colon, end);
        break;
      case 7:
        if (isNamed(text, start, "upgrade")) found.upgrade = joined(found.upgrade, text, colon, end);
        break;
      case 10:
        if (isNamed(text, start, "connection")) found.connection = joined(found.connection, text, colon, end);
        break;
      case 14:
        if (isNamed(text, start, "content-length")) {
          found.contentLength = joined(found.contentLength, text, colon, end);
        }
        break;
      case 17:
        if (isNamed(text, start, "transfer-encoding")) {
          found.transferEncoding = joined(found.transferEncoding, text, colon, end);
        }
        break;
    }
    start = end + 2;
  }
  return found;
}

function isNamed(text: string, start: number, name: string): boolean {
  return lowerCaseName(text.slice(start, start + name.length)) === name;
}

function joined(earlier: string | undefined, text: string, colon: number, end: number): string {
  const value = trimmed(text, colon + 1, end);
  return earlier === undefined ? value : `${earlier}, ${value}`;
}

/** Numbers of the content formats that devices commonly speak. RFC 7252 section 12.3, and its registry. */
export const contentFormats = {
  "text/plain;charset=utf-8": 0,
  "application/link-format": 40,
  "application/xml": 41,
  "application/octet-stream": 42,
  "application/exi": 47,
  "application/json": 50,
  "application/json-patch+json": 51,
  "application/merge-patch+json": 52,
  "application/cbor": 60,
  "application/senml+json": 110,
  "application/senml+cbor": 112,
  "application/concise-problem-details+cbor": 257,
  "application/missing-blocks+cbor-seq": 272,
} as const;

/** Media type of a content format that this package knows. */
export type ContentFormatName = keyof typeof contentFormats;

/** Names a content format by its media type; `undefined` where this package does not know it. */
export function nameContentFormat(number: number): ContentFormatName | undefined {
  return names.get(number);
}

// Each value of the table is listed under its own key.
const names = new Map(
  Object.entries(contentFormats).map(([name, number]) => [number as number, name as ContentFormatName]),
);

/** What messages contain, read strictly or leniently, whole or as it comes, with limits; and made. */
export { formContent, readForm, URL_ENCODED, type FormLimits, type TextContent } from "./form.ts";
export { jsonItems, jsonSequenceItems, ndjsonItems, type ArrayItemsOptions, type ItemLimits } from "./items.ts";
export { readJsonContent, unexpectedType } from "./json.ts";
export type { Forgiven } from "./forgiven.ts";
export { readLenientJson, type LenientJson } from "./lenient-json.ts";
export { multipartContent, type MultipartContent } from "./multipart-content.ts";
export { readFormData, readMultipart, type MultipartPart } from "./multipart.ts";
export { decodeAs, decodeText, type ContentFacts } from "./text.ts";
export { readXml } from "./xml.ts";

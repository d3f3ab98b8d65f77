/** CoAP's messages as pure rules: bytes in, values out, and back. */
export { blockSizes, blockUint, type CoapBlock, maxBlockNumber, readBlock, writeBlock } from "./block.ts";
export {
  type CoapCodeKind,
  type CoapCodeName,
  coapCodeByte,
  coapCodes,
  formatCoapCode,
  kindOfCoapCode,
  nameCoapCode,
} from "./code.ts";
export { type ContentFormatName, contentFormats, nameContentFormat } from "./content-format.ts";
export { type CoapContentFormat, contentFormatNumber } from "./content-format-number.ts";
export * from "./link-filter.ts";
export * from "./link-format.ts";
export {
  type CoapCode,
  type CoapHeader,
  type CoapMessage,
  type CoapOption,
  type CoapType,
  coapTypes,
  maxExtendedTokenBytes,
  maxOptionNumber,
  maxTokenBytes,
} from "./message.ts";
export {
  type CoapOptionDefinition,
  type CoapOptionFormat,
  type CoapOptionKey,
  coapOptions,
  findOptionDefinition,
  isCriticalOption,
  isNoCacheKeyOption,
  isUnsafeOption,
} from "./option-table.ts";
export {
  type CoapOptionValue,
  findBadOption,
  readOption,
  readOptions,
  readUint,
  writeOption,
  writeUint,
} from "./option-values.ts";
export { decreaseHopLimit, type HopLimitDecision } from "./hop-limit/decrease-hop-limit.ts";
export { type CoapProblem, type CoapProblemText, readCoapProblem, writeCoapProblem } from "./problem-details.ts";
export { isFresher, type NotificationPlace } from "./observe/freshness.ts";
export {
  BlockCollection,
  defaultQBlockParameters,
  type QBlockParameters,
  readMissingBlocks,
  wantedBlocks,
  writeMissingBlocks,
} from "./q-block/index.ts";
export { type CoapContent, type CoapContentFlaw, readContent } from "./read-content.ts";
export { type CoapFlaw, type CoapReading, readCoapMessage } from "./read-message.ts";
export * from "./proxy/index.ts";
export * from "./scheme.ts";
export * from "./senml/index.ts";
export * from "./uri.ts";
export { type CoapContentWriter, contentWriter } from "./write-content.ts";
export { writeCoapMessage } from "./write-message.ts";
export * from "./stream/index.ts";

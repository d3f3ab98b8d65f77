import { readBlock } from "../block.ts";
import { coapCodes, kindOfCoapCode } from "../code.ts";
import type { CoapMessage } from "../message.ts";
import { coapOptions } from "../option-table.ts";
import { hasOption, readOption } from "../option-values.ts";
import type { OpenExchange } from "./open-exchanges.ts";
import type { ReceivedRequest } from "./received-request.ts";

/** What a message says, without what only carries it. */
export type MessageContent = Pick<CoapMessage, "code" | "options" | "payload">;

/** Whether others follow this one. RFC 7641 section 4.2. */
export function isNotification({ message }: ReceivedRequest<unknown>, response: MessageContent): boolean {
  if (!hasOption(response, "observe") || kindOfCoapCode(response.code) !== "success") return false;
  return readOption(message, "observe") === 0;
}

/**
 * Whether a group's member answers at all; who asks may have said so itself. That it would answer whoever shows to be
 * there is an answer, too. RFC 7252 section 8.2, RFC 7967 section 2, RFC 9175 section 2.4.
 */
export function isWorthSaying({ message }: ReceivedRequest<unknown>, response: MessageContent): boolean {
  if (hasOption(message, "noResponse") || hasOption(response, "echo")) return true;
  const { code, payload } = response;
  return kindOfCoapCode(code) === "success" && (code !== coapCodes.Content || payload.length > 0);
}

/** Blocks of one body may go by one token: then a late answer to one of them is not taken for that to the next. */
export function isToEarlierBlock({ blockNumber }: OpenExchange<unknown>, response: MessageContent): boolean {
  if (blockNumber === undefined || kindOfCoapCode(response.code) !== "success") return false;
  const answered = blockNumberOf(response);
  return answered !== undefined && answered !== blockNumber;
}

/** Which block of a request's body it has, or answers. RFC 7959 section 2.1. */
export function blockNumberOf(content: MessageContent): number | undefined {
  const value = readOption(content, "block1");
  return value === undefined ? undefined : readBlock(value)?.number;
}

/** Whether it is a part of a body that is sent without waiting for each part. RFC 9177. */
export function isOfRobustBlocks({ options }: MessageContent): boolean {
  return options.some(({ number }) => robustBlocks.has(number));
}

const robustBlocks: ReadonlySet<number> = new Set([coapOptions.qBlock1.number, coapOptions.qBlock2.number]);

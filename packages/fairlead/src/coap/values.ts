import { type CoapContentFormat, contentFormats } from "@fairlead/iot/coap/protocol";
import { ArgumentsError } from "../arguments.ts";
import { nearest } from "../suggestion.ts";

/** Reads a content format: a number, or a media type that is known. @throws ArgumentsError */
export function contentFormatOf(option: string, text: string): CoapContentFormat {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  const known = Object.entries(contentFormats).find(([name]) => name === text || name.split(";")[0] === text);
  if (known !== undefined) return known[1];
  const suggestion = nearest(text, Object.keys(contentFormats));
  const hint = suggestion === undefined ? "give its number" : `did you mean ${suggestion}?`;
  throw new ArgumentsError(`${option} does not know ${JSON.stringify(text)}; ${hint}`);
}

/** Reads `--timeout`, to milliseconds. @throws ArgumentsError */
export function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const milliseconds = /^\d{1,6}(?:\.\d{1,3})?$/.test(text) ? Number(text) * 1_000 : 0;
  if (milliseconds > 0) return milliseconds;
  throw new ArgumentsError(`--timeout takes seconds, more than 0, not ${JSON.stringify(text)}`);
}

/** Reads `--count`. @throws ArgumentsError */
export function countOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new ArgumentsError(`--count takes a number from 1 on, not ${JSON.stringify(text)}`);
}

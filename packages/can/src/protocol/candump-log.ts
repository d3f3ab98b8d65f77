import type { CanFrame } from "./can-frame.ts";

/** One line of a log that `candump -L` wrote. */
export interface LoggedFrame {
  readonly timeSeconds: number;
  readonly interface: string;
  readonly frame: CanFrame;
}

/**
 * Reads a log in the form of `candump -L`: `(1436509052.249713) can0 044#2A366C2BBA`. Empty lines, and what stands behind a
 * frame (direction `R` or `T`), are passed over.
 *
 * @returns the frames, or the number of the first line that is none, from 1.
 */
export function readCandumpLog(
  text: string,
):
  | { readonly type: "frames"; readonly frames: readonly LoggedFrame[] }
  | { readonly type: "invalid"; readonly line: number } {
  const frames: LoggedFrame[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const logged = readLine(line);
    if (logged === undefined) return { type: "invalid", line: index + 1 };
    frames.push(logged);
  }
  return { type: "frames", frames };
}

const form = /^\((\d+\.\d+)\)\s+(\S+)\s+([0-9A-F]{3}|[0-9A-F]{8})#(#?)(\S*)(?:\s+[RT])?\s*$/i;

function readLine(line: string): LoggedFrame | undefined {
  const [match, time = "", name = "", id = "", fd, body = ""] = form.exec(line) ?? [];
  if (match === undefined) return undefined;
  const frame = fd === "#" ? readFd(id, body) : readClassic(id, body);
  return frame && { timeSeconds: Number(time), interface: name, frame };
}

function readClassic(text: string, body: string): CanFrame | undefined {
  const id = identify(text);
  const remote = /^R([0-8]?)$/i.exec(body);
  if (remote !== null) return id && { type: "remote", ...id, lengthBytes: Number(remote[1] ?? 0) };
  const data = readHex(body);
  if (data === undefined || data.length > 8) return undefined;
  const number = Number.parseInt(text, 16);
  if (text.length === 8 && (number & 0x20_00_00_00) !== 0) {
    return { type: "error", classes: number & 0x1f_ff_ff_ff, data };
  }
  return id && { type: "data", ...id, data };
}

/** The first digit holds the flags. */
function readFd(text: string, body: string): CanFrame | undefined {
  const id = identify(text);
  const flags = Number.parseInt(body.slice(0, 1), 16);
  const data = readHex(body.slice(1));
  if (id === undefined || data === undefined || data.length > 64 || Number.isNaN(flags)) return undefined;
  return { type: "fd", ...id, data, hasBitRateSwitch: (flags & 1) !== 0, hasErrorState: (flags & 2) !== 0 };
}

function identify(text: string): { readonly id: number; readonly isExtended: boolean } | undefined {
  const id = Number.parseInt(text, 16);
  const isExtended = text.length === 8;
  return id <= (isExtended ? 0x1f_ff_ff_ff : 0x7_ff) ? { id, isExtended } : undefined;
}

/** Bytes may be parted by dots. */
function readHex(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(".", "");
  if (!/^(?:[0-9A-F]{2})*$/i.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

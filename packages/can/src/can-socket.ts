import { endianness } from "node:os";
import { TransportError, UsageError } from "@fairlead/core";
import { bindSocketCalls, lastError, type SocketCalls } from "@fairlead/descriptor";
import type { CanBus } from "./can-bus.ts";
import { DescriptorBus } from "./descriptor-bus.ts";
import { idFlags } from "./protocol/frame-bytes.ts";

/** Which interface to join, and what to hear there. */
export interface OpenCanOptions {
  /** As `ip link` names it: `can0`. */
  readonly interface: string;
  /** Frames that match one of these are heard; all by default. The kernel filters, which costs the process nothing. */
  readonly filters?: readonly CanFilter[] | undefined;
  /** Whether frames of CAN FD are heard, and can be sent; false by default. The interface has to be one of CAN FD. */
  readonly hasFd?: boolean | undefined;
  /** Whether what the controller says about the bus is heard, as frames of type `error`; false by default. */
  readonly hasErrorFrames?: boolean | undefined;
}

/** Frames whose identifier equals `id` in the bits of `mask`. */
export interface CanFilter {
  readonly id: number;
  /** All bits by default. */
  readonly mask?: number | undefined;
  /** Whether identifiers of 29 bits are meant; false by default. */
  readonly isExtended?: boolean | undefined;
}

/**
 * Joins the CAN bus behind an interface. Linux only.
 *
 * A process that reads too slowly loses frames: CAN slows nobody down, and the kernel keeps some hundreds.
 *
 * @throws TransportError CAN_UNAVAILABLE without such an interface, without CAN in the kernel, and elsewhere than on Linux;
 * PERMISSION_DENIED; UsageError OPTION_INVALID.
 *
 * @example
 * await using bus = await openCan({ interface: "can0", filters: [{ id: 0x7e8 }] });
 * bus.on("frame", (frame) => console.log(frame));
 * await bus.send({ type: "data", id: 0x7df, isExtended: false, data: Uint8Array.of(2, 1, 0) });
 */
export async function openCan(options: OpenCanOptions): Promise<CanBus> {
  const { interface: name, filters = [] } = options;
  if (name === "" || name.length > 15) throw invalid("interface", "give the name of an interface, as can0");
  const records = filters.map(filterRecord);
  if (process.platform !== "linux") {
    throw new TransportError("CAN_UNAVAILABLE", {
      peer: name,
      operation: "open",
      detail: `it is Linux's, not ${process.platform}'s`,
    });
  }
  const calls = bindSocketCalls();
  const descriptor = calls.socket(
    linux.PF_CAN,
    linux.SOCK_RAW | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC,
    linux.CAN_RAW,
  );
  if (descriptor < 0) throw openError(name, lastError("socket"));
  try {
    const set = (option: number, value: Uint8Array): void => {
      if (calls.setsockopt(descriptor, linux.SOL_CAN_RAW, option, value, value.length) >= 0) return;
      throw openError(name, lastError("setsockopt"));
    };
    if (filters.length > 0) set(linux.CAN_RAW_FILTER, Buffer.concat(records));
    if (options.hasFd === true) set(linux.CAN_RAW_FD_FRAMES, words(1));
    if (options.hasErrorFrames === true) set(linux.CAN_RAW_ERR_FILTER, words(linux.CAN_ERR_MASK));
    bind(calls, descriptor, name);
    return new DescriptorBus(calls, descriptor, name);
  } catch (error) {
    calls.close(descriptor);
    throw error;
  }
}

/** `struct sockaddr_can`. The index 0 would be every interface there is. */
function bind(calls: SocketCalls, descriptor: number, name: string): void {
  const index = calls.if_nametoindex(name);
  if (index === 0) throw openError(name, lastError("if_nametoindex"));
  const address = Buffer.alloc(24);
  address.set(
    words(linux.PF_CAN)
      .subarray(endianness() === "LE" ? 0 : 2)
      .subarray(0, 2),
  );
  address.set(words(index), 4);
  if (calls.bind(descriptor, address, address.length) < 0) throw openError(name, lastError("bind"));
}

/** `struct can_filter`. Whether the identifier is extended is one of the bits that have to match. */
function filterRecord({ id, mask, isExtended = false }: CanFilter): Uint8Array {
  const all = isExtended ? 0x1f_ff_ff_ff : 0x7_ff;
  for (const number of [id, mask ?? all]) {
    if (!Number.isInteger(number) || number < 0 || number > all) {
      throw invalid("filters", `give identifiers and masks from 0 to ${String(all)}`);
    }
  }
  return words(isExtended ? (id | idFlags.extended) >>> 0 : id, ((mask ?? all) | idFlags.extended) >>> 0);
}

function words(...numbers: readonly number[]): Uint8Array {
  return new Uint8Array(new Uint32Array(numbers).buffer);
}

function openError(peer: string, cause: Error & { readonly code: string }): TransportError {
  const isDenied = cause.code === "EACCES" || cause.code === "EPERM";
  const code = isDenied ? "PERMISSION_DENIED" : "CAN_UNAVAILABLE";
  return new TransportError(code, { peer, operation: "open", detail: cause.message, cause });
}

function invalid(detail: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "open", detail, remedy });
}

/** linux/can.h, linux/can/raw.h, linux/can/error.h */
const linux = {
  PF_CAN: 29,
  SOCK_RAW: 3,
  SOCK_NONBLOCK: 0o4000,
  SOCK_CLOEXEC: 0o2000000,
  CAN_RAW: 1,
  SOL_CAN_RAW: 101,
  CAN_RAW_FILTER: 1,
  CAN_RAW_ERR_FILTER: 2,
  CAN_RAW_FD_FRAMES: 5,
  CAN_ERR_MASK: 0x1f_ff_ff_ff,
} as const;

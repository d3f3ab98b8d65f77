import type { Step } from "./script.ts";

/** Does nothing more, and leaves the connection open. */
export const stall: Step = () => "stop";

/** Sends what is ordinary, and nothing more. */
export const sendAndStall: Step = (wire, message) => {
  wire.handshake(message);
  return "stop";
};

/** Leaves the message out. */
export const leaveOut: Step = () => undefined;

/** Sends these bytes instead, and ends TCP. */
export function sayAndEnd(bytes: Uint8Array | string): Step {
  return (wire) => {
    wire.raw(bytes);
    wire.end();
    return "stop";
  };
}

/** Sends something else in place of a handshake message. */
export function replace(change: (message: Uint8Array) => Uint8Array): Step {
  return (wire, message) => {
    wire.handshake(change(message));
  };
}

import { subnets } from "../admission/index.ts";
import type { Endpoint } from "../exchange/index.ts";

/** Whether somebody's word about others is taken. `undefined` is who comes by a Unix socket. */
export type TrustedSenders = (sender: Pick<Endpoint, "address"> | undefined) => boolean;

/**
 * Makes the rule from subnets, single addresses, and `unix` for whoever may open the server's Unix sockets.
 *
 * @param option the option's name, for the error.
 * @throws UsageError OPTION_INVALID for what is none of these.
 */
export function trustedSenders(written: readonly string[], option: string): TrustedSenders {
  const isUnixTrusted = written.includes("unix");
  const networks = subnets(
    written.filter((each) => each !== "unix"),
    option,
  );
  return (sender) => (sender === undefined ? isUnixTrusted : networks.has(sender.address));
}

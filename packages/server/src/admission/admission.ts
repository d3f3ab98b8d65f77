import { PolicyError, UsageError, type PolicyErrorCode } from "@fairlead/core";
import { hostOf } from "./protocol/host-of.ts";
import { subnets } from "./subnets.ts";

/** Who may connect, and how many. */
export interface AdmissionOptions {
  /** Subnets and addresses that may connect; everybody by default. Unix sockets have no address and always may. */
  readonly allow?: readonly string[];
  /** Subnets and addresses that may not, also where `allow` names them. */
  readonly deny?: readonly string[];
  /** Connections at the same time; 20,000 by default. */
  readonly connections?: number;
  /**
   * Connections at the same time of one host: of an IPv4 address, or the /64 of an IPv6 address. 1,000 by default, and any
   * number from loopback, where a proxy may stand; a number that is given holds there as well.
   */
  readonly connectionsPerHost?: number;
  /** What a plain client over a limit is told to wait; 10 by default. */
  readonly retryAfterSeconds?: number;
}

/** What becomes of a connection. */
export type AdmissionDecision =
  /** `release` is called when the connection is gone; more than once does nothing. */
  | { readonly type: "admit"; readonly release: () => void }
  | {
      readonly type: "refuse";
      /** PolicyError ADDRESS_REFUSED, CONNECTION_LIMIT or HOST_CONNECTION_LIMIT. */
      readonly error: PolicyError;
      /** What a client of plain HTTP is told. `undefined` where it is cut off without a word, as every client of TLS is. */
      readonly answer: { readonly status: 503; readonly retryAfterSeconds: number } | undefined;
    };

/**
 * Makes the rule of who may connect: a function that is asked once for each connection, when it is known who the client is.
 *
 * Who is not allowed is cut off without an answer, on plain connections too: 403 would tell a scanner that a server is
 * there, and would be bytes for somebody who need not read them. Who is over a limit may be a friend, and is told when to
 * come back; on TLS not even that, as the handshake costs more than the refusal saves.
 *
 * @throws UsageError OPTION_INVALID for what is no subnet, or no number.
 */
export function admission(
  options: AdmissionOptions = {},
): (client: { readonly address: string } | undefined) => AdmissionDecision {
  const { connections: limit = 20_000, connectionsPerHost, retryAfterSeconds = 10 } = options;
  for (const [name, value] of Object.entries({ connections: limit, connectionsPerHost, retryAfterSeconds })) {
    requireCount(name, value);
  }
  const allowed = options.allow === undefined ? undefined : subnets(options.allow, "admission.allow");
  const denied = subnets(options.deny ?? [], "admission.deny");
  const hosts = new Map<string, number>();
  let connections = 0;

  return (client) => {
    const address = client?.address;
    if (address !== undefined && (denied.has(address) || allowed?.has(address) === false)) {
      return refuse("ADDRESS_REFUSED", address);
    }
    if (connections >= limit) return refuse("CONNECTION_LIMIT", address, retryAfterSeconds);
    const host = address === undefined ? undefined : hostOf(address);
    const count = host === undefined ? 0 : (hosts.get(host) ?? 0);
    if (count >= hostLimit(address, connectionsPerHost)) {
      return refuse("HOST_CONNECTION_LIMIT", address, retryAfterSeconds);
    }
    connections += 1;
    if (host !== undefined) hosts.set(host, count + 1);
    let isGone = false;
    const release = (): void => {
      if (isGone) return;
      isGone = true;
      connections -= 1;
      if (host !== undefined) countDown(hosts, host);
    };
    return { type: "admit", release };
  };
}

const loopback = subnets(["127.0.0.0/8", "::1"], "loopback");

function hostLimit(address: string | undefined, given: number | undefined): number {
  if (address === undefined) return Number.POSITIVE_INFINITY;
  return given ?? (loopback.has(address) ? Number.POSITIVE_INFINITY : 1_000);
}

/** A host without connections takes no room. */
function countDown(hosts: Map<string, number>, host: string): void {
  const count = (hosts.get(host) ?? 1) - 1;
  if (count === 0) hosts.delete(host);
  else hosts.set(host, count);
}

function refuse(code: PolicyErrorCode, peer: string | undefined, retryAfterSeconds?: number): AdmissionDecision {
  return {
    type: "refuse",
    error: new PolicyError(code, { peer, operation: "accept" }),
    answer: retryAfterSeconds === undefined ? undefined : { status: 503, retryAfterSeconds },
  };
}

function requireCount(name: string, value: number | undefined): void {
  if (value === undefined || value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && value >= 0)) return;
  throw new UsageError("OPTION_INVALID", { detail: `admission.${name}`, remedy: "give a whole number from 0" });
}

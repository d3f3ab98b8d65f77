import { constants } from "node:crypto";
import type * as NodeTls from "node:tls";
import type { SecureContext, SecureContextOptions } from "node:tls";
import { UsageError } from "@fairlead/core";
import { anchorsWithin, checkedAnchors, trustedCertificates } from "../certificates/trust.ts";
import type { TlsConnectOptions } from "../contract.ts";
import type { ChosenAcceptOptions } from "../hello/with-identity.ts";
import { unsupportedAlgorithms } from "../features.ts";
import { versionRange } from "../preconditions.ts";
import { opensslCiphers, opensslGroups, opensslPskCiphers, withPskCiphers } from "../protocol/openssl-names.ts";

/** Contexts made once for the same inputs: with 121 anchors one costs 27 ms, and found again 13 µs. */
export interface SecureContexts {
  /** @throws UsageError OPTION_INVALID for certificates, keys or versions that do not work. */
  forConnect(options: TlsConnectOptions): SecureContext;
  /** @throws UsageError OPTION_INVALID for certificates, keys or versions that do not work. */
  forAccept(options: ChosenAcceptOptions): SecureContext;
}

/**
 * Keeps the `maxContexts` contexts that were used last, with the inputs that they were made of. They are found by
 * comparing those, so that no hash of a private key is ever made.
 */
export function secureContexts(maxContexts: number): SecureContexts {
  const recent: { readonly inputs: readonly unknown[]; readonly context: SecureContext }[] = [];

  function remember(inputs: readonly unknown[], create: () => SecureContext): SecureContext {
    const index = recent.findIndex((entry) => sameInputs(entry.inputs, inputs));
    const entry = recent[index] ?? { inputs, context: create() };
    if (index !== -1) recent.splice(index, 1);
    recent.unshift(entry);
    recent.length = Math.min(recent.length, maxContexts);
    return entry.context;
  }

  return {
    forConnect({ trust = { type: "default" }, identity, psk, groups, ciphers, ...versions }) {
      const range = versionRange(versions);
      const anchors = trustedCertificates(trust);
      const isDefault = anchorsWithin(trust).type === "default";
      // A frozen list does not change, so it is compared as one: Node makes a new one whenever the default changes.
      const trusted: readonly unknown[] = Object.isFrozen(anchors) ? [anchors] : anchors;
      const mode = psk === undefined ? "client" : "client by key";
      const identified = [identity?.certificate, identity?.privateKey];
      const algorithms = [groups?.join(), ciphers?.join()];
      return remember([mode, range.minVersion, range.maxVersion, ...algorithms, ...identified, ...trusted], () => {
        checkedAnchors(trust);
        return create({
          ...range,
          ...(psk && { ciphers: opensslPskCiphers }),
          ...chosenAlgorithms({ groups, ciphers }),
          ...(!isDefault && { ca: [...anchors] }),
          ...(identity && { cert: identity.certificate, key: identity.privateKey }),
        });
      });
    },
    forAccept({ identity, ticketKeys, clientCertificates, psk, groups, ciphers, ...versions }) {
      const range = versionRange(versions);
      const keys = ticketKeys && Buffer.from(ticketKeys);
      const inputs = [
        "server",
        range.minVersion,
        range.maxVersion,
        identity?.certificate,
        identity?.privateKey,
        keys?.toString("latin1"),
        psk !== undefined,
        groups?.join(),
        ciphers?.join(),
      ].concat(clientCertificates === undefined ? [] : ["clients", ...trustedCertificates(clientCertificates.trust)]);
      return remember(inputs, () =>
        create({
          ...range,
          ...(psk && {
            ciphers: identity === undefined ? opensslPskCiphers : withPskCiphers(nodeTlsModule().DEFAULT_CIPHERS),
          }),
          ...chosenAlgorithms({ groups, ciphers }),
          ...(clientCertificates && {
            ca: [...trustedCertificates(clientCertificates.trust)],
            // A ticket holds the client's certificate without its chain, which could not be judged again.
            secureOptions: constants.SSL_OP_NO_TICKET,
            sessionIdContext: "fairlead",
          }),
          ...(identity && { cert: identity.certificate, key: identity.privateKey }),
          ...(keys && { ticketKeys: keys }),
        }),
      );
    },
  };
}

function sameInputs(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}

type Algorithms = Pick<TlsConnectOptions, "groups" | "ciphers">;

/** @throws TlsError TLS_OPTION_UNSUPPORTED; an error of node:tls would not tell which option it is about. */
function chosenAlgorithms({ groups, ciphers }: Algorithms): SecureContextOptions {
  const chosen = {
    groups: groups && { ecdhCurve: opensslGroups(groups) },
    ciphers: ciphers && { ciphers: Object.values(opensslCiphers(ciphers)).join(":") },
  };
  for (const option of ["groups", "ciphers"] as const) {
    try {
      if (chosen[option] !== undefined) nodeTlsModule().createSecureContext(chosen[option]);
    } catch (cause) {
      throw unsupportedAlgorithms("node", option, { groups, ciphers }[option] ?? [], cause);
    }
  }
  return { ...chosen.groups, ...chosen.ciphers };
}

function create(options: SecureContextOptions): SecureContext {
  try {
    // A server could show another certificate then, which nobody would judge; a client could make the server work.
    const secureOptions = (options.secureOptions ?? 0) | constants.SSL_OP_NO_RENEGOTIATION;
    return nodeTlsModule().createSecureContext({ ...options, secureOptions });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw new UsageError("OPTION_INVALID", {
      detail: `identity or ticketKeys: ${code}`,
      remedy: "give the certificate and its own private key as PEM, and 48 bytes of ticket keys",
      cause,
    });
  }
}

/** Loaded with the first context: a process that speaks no TLS does without. */
function nodeTlsModule(): typeof NodeTls {
  return process.getBuiltinModule("node:tls");
}

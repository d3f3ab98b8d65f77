import { createHash, createPrivateKey, hkdfSync, randomBytes } from "node:crypto";
import { UsageError } from "@fairlead/core";
import type { TlsIdentity } from "@fairlead/tls";
import { leases, type EngineClientOptions, type EngineServerOptions, type Lease } from "@fairlead/tls/engine";
import type { CallbackPointers } from "./callback-pointers.ts";
import { describe } from "./gnutls-errors.ts";
import { datums, type GnuTls } from "./library.ts";

/** What sessions of the same inputs share. Sessions do not count their users, so it is leased. */
export interface Credentials {
  readonly handle: number;
  /** 64 bytes that encrypt tickets; only on a server. */
  readonly ticketKey: Buffer;
}

/** Credentials made once for the same inputs. */
export interface CredentialStore {
  /** @throws UsageError OPTION_INVALID */
  forClient(options: EngineClientOptions): Lease<Credentials>;
  /** @throws UsageError OPTION_INVALID */
  forServer(options: EngineServerOptions): Lease<Credentials>;
  /** Keeps none of them any more. */
  forget(): void;
}

/** Keeps the 32 that were used last. */
export function credentialStore(gnutls: GnuTls, callbacks: CallbackPointers): CredentialStore {
  const kept = leases<Credentials>(32, ({ handle, ticketKey }) => {
    gnutls.gnutls_certificate_free_credentials(handle);
    ticketKey.fill(0);
  });
  return {
    forget: () => kept.forget(),
    forClient({ anchors, identity, asksForIdentity }) {
      const mode = asksForIdentity ? "client that asks" : "client";
      return kept.lease([mode, identity?.certificate, identity?.privateKey, ...comparable({ anchors })], () =>
        create(gnutls, identity, Buffer.alloc(0), (handle) => {
          trust(gnutls, handle, anchors);
          if (asksForIdentity) gnutls.gnutls_certificate_set_retrieve_function(handle, callbacks.retrieve);
        }),
      );
    },
    forServer({ identity, ticketKeys, clientCertificates, maxEarlyBytes, alpnProtocols }) {
      const keys = ticketKeys && Buffer.from(ticketKeys);
      const rules: TicketRules = {
        clientCertificates,
        early: maxEarlyBytes > 0 ? [identity?.certificate, ...alpnProtocols] : undefined,
      };
      const inputs = [
        ...["server", identity?.certificate, identity?.privateKey, keys?.toString("latin1"), ...(rules.early ?? [])],
        ...(clientCertificates === undefined ? [] : [clientCertificates.rules, ...comparable(clientCertificates)]),
      ];
      return kept.lease(inputs, () =>
        create(gnutls, identity, ticketKey(keys, rules), (handle) => {
          gnutls.gnutls_certificate_set_ocsp_status_request_function(handle, callbacks.staple, 0);
          if (clientCertificates !== undefined) trust(gnutls, handle, clientCertificates.anchors);
        }),
      );
    },
  };
}

/** A frozen list does not change, so it is compared as one. */
function comparable({ anchors }: { readonly anchors: readonly string[] }): readonly unknown[] {
  return Object.isFrozen(anchors) ? [anchors] : anchors;
}

/** Makes credentials, with a certificate where there is one. @throws UsageError OPTION_INVALID */
export function create(
  gnutls: GnuTls,
  identity: TlsIdentity | undefined,
  ticketKey: Buffer,
  set: (handle: number) => void,
): Credentials {
  const out = [0];
  const code = gnutls.gnutls_certificate_allocate_credentials(out);
  const [handle = 0] = out;
  if (code < 0) throw new Error(`GnuTLS: no credentials: ${describe(gnutls, code)}`);
  try {
    if (identity !== undefined) identify(gnutls, handle, identity);
    set(handle);
    return { handle, ticketKey };
  } catch (error) {
    gnutls.gnutls_certificate_free_credentials(handle);
    throw error;
  }
}

/** Has certificates end in these. */
export function trust(gnutls: GnuTls, handle: number, anchors: readonly string[]): void {
  if (anchors.length === 0) return;
  const pem = Buffer.from(anchors.join("\n"), "latin1");
  const count = gnutls.gnutls_certificate_set_x509_trust_mem(handle, datums([pem]), pemFormat);
  if (count > 0) return;
  throw new UsageError("OPTION_INVALID", { detail: `trust.certificates: ${describe(gnutls, count)}` });
}

/** Node's parser reads the key: it takes every form, and refuses an encrypted one instead of asking a terminal. */
function identify(gnutls: GnuTls, handle: number, { certificate, privateKey }: TlsIdentity): void {
  let detail = "the key cannot be read";
  try {
    const key = Buffer.from(createPrivateKey(privateKey).export({ type: "pkcs8", format: "pem" }).toString(), "latin1");
    const chain = Buffer.from(certificate, "latin1");
    const code = gnutls.gnutls_certificate_set_x509_key_mem2(handle, datums([chain]), datums([key]), pemFormat, 0, 0);
    key.fill(0);
    if (code >= 0) return;
    detail = describe(gnutls, code);
  } catch (cause) {
    throw identityError(detail, cause);
  }
  throw identityError(detail, undefined);
}

function identityError(detail: string, cause: unknown): UsageError {
  return new UsageError("OPTION_INVALID", {
    detail: `identity: ${detail}`,
    remedy: "give the certificate and its own private key as PEM",
    cause,
  });
}

/** What a ticket is bound to: under other rules it is none. */
interface TicketRules {
  /** Whose certificates were taken from clients: nobody is let in by a ticket that was gained under other rules. */
  readonly clientCertificates: EngineServerOptions["clientCertificates"];
  /** Where early data is taken: who the server was, and what it spoke. Nobody else must hear it. RFC 8446 section 4.2.10 */
  readonly early: readonly unknown[] | undefined;
}

/** GnuTLS wants 64 bytes; 48 hold as much entropy as it uses. */
function ticketKey(keys: Buffer | undefined, { clientCertificates: clients, early }: TicketRules): Buffer {
  if (keys === undefined) return randomBytes(64);
  if (keys.length !== 48) {
    throw new UsageError("OPTION_INVALID", { detail: "ticketKeys", remedy: "give 48 bytes of ticket keys" });
  }
  const rules = [clients?.rules, early];
  const digest = createHash("sha256").update(JSON.stringify(rules)).digest();
  const purpose = Buffer.concat([Buffer.from("fairlead gnutls ticket keys "), digest]);
  return Buffer.from(hkdfSync("sha256", keys, "", purpose, 64));
}

const pemFormat = 1;

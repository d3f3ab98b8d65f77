import type { ShownCertificate, ShownCertificateConnection, ShownCertificateProblem } from "@fairlead/widgets";
import { html } from "lit";
import { harbourIssuer, harbourLeaf, harbourRoot, routerLeaf } from "./harbour-certificates.ts";
import type { GallerySection, GalleryState } from "./section.ts";

const now = Date.UTC(2026, 10, 22, 12);

const issuer: ShownCertificate = { ...harbourIssuer, source: "sent" };
const root: ShownCertificate = { ...harbourRoot, source: "anchor" };

/** Only below its own name and in its own network, and there not for the guests. */
const constrainedIssuer: ShownCertificate = {
  ...issuer,
  extensions: [{ oid: "2.5.29.30", critical: true }, ...issuer.extensions],
  nameConstraints: {
    permitted: ["DNS:harbour.test", "mail:harbour.test", "IP:192.0.2.0/24", "directory:C=NL, O=Harbour Trust"],
    excluded: ["DNS:guests.harbour.test", "URI:"],
  },
};

const connection: ShownCertificateConnection = {
  backend: "node",
  library: "OpenSSL 3.5.4",
  protocol: "TLSv1.3",
  cipher: "TLS_AES_128_GCM_SHA256",
  group: "X25519MLKEM768",
  alpn: "h2",
  serverName: "shop.harbour.test",
  resumed: false,
  earlyData: "none",
  authorized: true,
  trust: "system roots and 1 of your own",
  staple: { type: "good", thisUpdate: "2026-11-21T06:00:00.000Z", nextUpdate: "2026-11-28T06:00:00.000Z" },
};

interface Shown {
  readonly chain: readonly ShownCertificate[];
  readonly problems?: readonly ShownCertificateProblem[];
  readonly connection?: ShownCertificateConnection;
  readonly host?: string;
  readonly selected?: number;
}

/** Chains in good and in bad order. */
export const certificateViewer: GallerySection = {
  tag: "fairlead-certificate-viewer",
  states: [
    state("verified", "A chain that is in order.", {
      chain: [harbourLeaf, issuer, root],
      connection,
      host: "shop.harbour.test",
    }),
    state("expired", "A certificate that ended three days ago, for another host.", {
      chain: [{ ...harbourLeaf, notAfter: "2026-11-19T06:59:59.000Z" }, issuer, root],
      host: "www.harbour.test",
      problems: [
        {
          code: "EXPIRED",
          index: 0,
          detail: "on 2026-11-19T06:59:59.000Z",
          message: "the certificate has expired: on 2026-11-19T06:59:59.000Z",
          remedy: "renew the certificate",
        },
        {
          code: "HOST_MISMATCH",
          index: 0,
          detail: "www.harbour.test",
          message: "the certificate is for another host: www.harbour.test",
          remedy: "check the host name, or have it added to the certificate's subject alternative names",
        },
      ],
      connection: { ...connection, authorized: false },
    }),
    state("missing-issuer", "A server that sends its own certificate alone.", {
      chain: [harbourLeaf],
      problems: [
        {
          code: "ISSUER_UNKNOWN",
          index: 0,
          detail: "C=NL, O=Harbour Trust, CN=Harbour Issuing CA 2",
          message: "the issuer's certificate is missing: C=NL, O=Harbour Trust, CN=Harbour Issuing CA 2",
          remedy: "have the server send its intermediates, or add the issuer's root to the trusted anchors",
        },
      ],
    }),
    state("repaired", "A chain that was completed, seen at its intermediate.", {
      chain: [harbourLeaf, { ...harbourIssuer, source: "added" }, root],
      selected: 1,
      connection: { ...connection, repairedFrom: "fetched", resumed: true, clientIdentity: "CN=jana@harbour.test" },
    }),
    state("self-made", "What a device made for itself.", {
      chain: [routerLeaf],
      host: "192.168.1.1",
      problems: [
        {
          code: "ROOT_UNTRUSTED",
          index: 0,
          message: "the path ends in a root that is not trusted",
          remedy: "add this root to the trusted anchors if it is yours",
        },
      ],
    }),
    state("revoked", "A certificate that its authority took back.", {
      chain: [harbourLeaf, issuer, root],
      host: "shop.harbour.test",
      problems: [
        {
          code: "REVOKED",
          index: 0,
          message: "the certificate is revoked",
          remedy: "replace the certificate, and its key",
        },
      ],
      connection: { staple: { type: "revoked", revokedAt: "2026-11-20T14:30:00.000Z", reason: "keyCompromise" } },
    }),
    state("constrained", "An authority that may certify few names, and none of some.", {
      chain: [harbourLeaf, constrainedIssuer, root],
      selected: 1,
      connection: { ...connection, staple: { type: "none" } },
    }),
    state("not-yet-valid", "A certificate whose time has not come, above a stranger.", {
      chain: [{ ...harbourLeaf, notBefore: "2026-12-01T00:00:00.000Z" }, harbourRoot],
    }),
    state("many-names", "A certificate with ten thousand names.", {
      chain: [
        {
          ...harbourLeaf,
          names: Array.from({ length: 10_000 }, (_, index) => `DNS:shop-${String(index)}.harbour.test`),
        },
      ],
    }),
    state("hostile", "Fields that try to be more than text.", {
      chain: [
        {
          ...harbourLeaf,
          subject: `O=<img src=x onerror=alert(1)>, CN=\u202emoc.knab\u202c\0${"bank".repeat(60)}`,
          issuer: "CN=<script>alert(1)</script>\ud800",
          names: ["DNS:<b>bold</b>", "URI:javascript:alert(1)", `DNS:${"a".repeat(65_536)}`],
          notBefore: "yesterday",
          serialNumber: "not hexadecimal",
          nameConstraints: {
            permitted: ["DNS:<i>.test</i>", "directory:CN=\u202etset", "IP:"],
            excluded: [`mail:${"<".repeat(65_536)}`],
          },
        },
      ],
      problems: [
        {
          code: "HOST_MISMATCH",
          index: 0,
          detail: "<b>\u202etsoh</b>",
          message: "",
          remedy: "",
        },
        {
          code: "<script>NEW_RULE</script>",
          index: 0,
          message: "a rule that this page does not know: <img src=x onerror=alert(1)>",
          remedy: "<a href=javascript:alert(1)>read more</a>",
        },
      ],
      connection: { staple: { type: "revoked", revokedAt: "<time>", reason: "<b>because</b>" } },
    }),
    state("empty", "A connection without certificates.", { chain: [] }),
  ],
};

function state(name: string, shows: string, shown: Shown): GalleryState {
  return {
    name,
    shows,
    render: () =>
      html`<fairlead-certificate-viewer
        .chain=${shown.chain}
        .problems=${shown.problems ?? []}
        .connection=${shown.connection}
        .host=${shown.host}
        .now=${now}
        .selected=${shown.selected ?? 0}
      ></fairlead-certificate-viewer>`,
  };
}

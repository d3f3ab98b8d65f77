import type { SeenCertificate, ShownCertificate, ShownCertificateProblem } from "@fairlead/widgets";
import { html } from "lit";
import { harbourIssuer, harbourLeaf, routerLeaf } from "./harbour-certificates.ts";
import type { GallerySection, GalleryState } from "./section.ts";

const now = Date.UTC(2026, 10, 22, 12);
const day = 86_400_000;

const untrusted: ShownCertificateProblem = {
  code: "ROOT_UNTRUSTED",
  index: 0,
  message: "the path ends in a root that is not trusted",
  remedy: "add this root to the trusted anchors if it is yours",
};

const otherHost: ShownCertificateProblem = {
  code: "HOST_MISMATCH",
  index: 0,
  message: "the certificate is for another host",
  remedy: "check the host name, or have it added to the certificate's subject alternative names",
};

const expired: ShownCertificateProblem = {
  code: "EXPIRED",
  index: 0,
  message: "the certificate has expired",
  remedy: "renew the certificate",
};

const seenVerified: SeenCertificate = {
  fingerprint: harbourIssuer.fingerprints.sha256,
  publicKeyPin: harbourIssuer.publicKeyPin,
  lastSeen: now - 12 * day,
  wasVerified: true,
};

interface Asked {
  readonly host: string;
  readonly port?: number;
  readonly chain: readonly ShownCertificate[];
  readonly problems: readonly ShownCertificateProblem[];
  readonly hsts?: boolean;
  readonly seen?: SeenCertificate;
  readonly rememberFor?: number;
}

/** The question about an exception, and those that have no exception. */
export const certificateException: GallerySection = {
  tag: "fairlead-certificate-exception",
  states: [
    state("own-device", "A device that vouches for itself.", {
      host: "192.168.1.1",
      port: 8443,
      chain: [routerLeaf],
      problems: [untrusted],
      rememberFor: 30 * day,
      seen: {
        fingerprint: routerLeaf.fingerprints.sha256,
        publicKeyPin: routerLeaf.publicKeyPin,
        lastSeen: now - 40 * day,
        wasVerified: false,
      },
    }),
    state("changed", "A host that was in order twelve days ago.", {
      host: "www.harbour.test",
      chain: [harbourLeaf, harbourIssuer],
      problems: [untrusted, otherHost],
      seen: seenVerified,
      rememberFor: 7 * day,
    }),
    {
      ...state("ready", "All that it takes to accept is done.", {
        host: "192.168.1.1",
        port: 8443,
        chain: [routerLeaf],
        problems: [untrusted],
        rememberFor: 30 * day,
      }),
      prepare: async (host: HTMLElement): Promise<void> => {
        const exception = host.querySelector("fairlead-certificate-exception");
        const details = exception?.renderRoot.querySelector("details");
        if (exception === null || details === null || details === undefined) return;
        await new Promise((resolve) => {
          details.addEventListener("toggle", resolve, { once: true });
          details.open = true;
        });
        await exception.updateComplete;
        const input = exception.renderRoot.querySelector<HTMLInputElement>('input[type="text"]');
        if (input === null) return;
        input.value = "192.168.1.1";
        input.dispatchEvent(new Event("input"));
        await exception.updateComplete;
      },
    },
    state("hsts", "A host that allows no exception.", {
      host: "shop.harbour.test",
      chain: [harbourLeaf, harbourIssuer],
      problems: [expired],
      hsts: true,
      rememberFor: 7 * day,
    }),
    state("long-host", "A host whose name is as long as names can be.", {
      host: `${"www.".repeat(40)}harbour.test`,
      chain: [harbourLeaf],
      problems: [otherHost],
    }),
  ],
};

function state(name: string, shows: string, asked: Asked): GalleryState {
  return {
    name,
    shows,
    coversPage: true,
    render: () =>
      html`<fairlead-certificate-exception
        open
        .host=${asked.host}
        .port=${asked.port ?? 443}
        .chain=${asked.chain}
        .problems=${asked.problems}
        .hsts=${asked.hsts ?? false}
        .seen=${asked.seen}
        .rememberFor=${asked.rememberFor}
        .now=${now}
      ></fairlead-certificate-exception>`,
  };
}

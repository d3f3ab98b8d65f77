import { formatPeer } from "@fairlead/transport";
import type { NetworkContext } from "../../network-context.ts";
import type { DatagramServiceEntry, ServiceSelf } from "../../service-entry.ts";
import { type DtlsTerms, openDtls } from "../dtls/open-dtls.ts";
import { listenToStrangers } from "../strangers.ts";
import type { CoapManner } from "./manner.ts";
import type { CoapResource } from "./resource.ts";
import { createResources } from "./resources.ts";
import { CoapResponder } from "./responder.ts";

/** How one CoAP service differs from the ordinary. */
export interface CoapTerms {
  readonly manner?: CoapManner;
  /** The usual ones by default. */
  readonly resources?: readonly CoapResource[];
}

/** Opens CoAP over plain datagrams. RFC 7252. */
export function openCoap(terms: CoapTerms): DatagramServiceEntry["open"] {
  return (network, self, endpoint) => {
    const responder = responderFor(network, self, terms);
    listenToStrangers(network, endpoint, self.name, (bytes, from) => {
      responder.receive(bytes, {
        name: formatPeer(from.host, from.port),
        send: (answer) => {
          endpoint.send(answer, from);
        },
      });
    });
    return closing(network, responder);
  };
}

/** Opens CoAP over DTLS. RFC 7252 section 9. */
export function openCoaps(terms: DtlsTerms): DatagramServiceEntry["open"] {
  return async (network, self, endpoint) => {
    const responder = responderFor(network, self, {});
    const dtls = await openDtls(network, self, endpoint, terms, (socket) => {
      const peer = {
        name: socket.peer,
        send: (answer: Uint8Array) => {
          socket.send(answer);
        },
      };
      socket.once("close", () => {
        responder.forget(peer.name);
      });
      return (bytes) => {
        responder.receive(bytes, peer);
      };
    });
    const { close } = closing(network, responder);
    return {
      close: async () => {
        close();
        await dtls.close?.();
      },
    };
  };
}

function responderFor({ clock, traffic }: NetworkContext, { name }: ServiceSelf, terms: CoapTerms): CoapResponder {
  return new CoapResponder({
    resources: terms.resources ?? createResources(clock.now),
    manner: terms.manner ?? {},
    now: clock.now,
    tell: (by, line) => {
      traffic.add({ type: "said", service: name, connection: 0, by, line });
    },
  });
}

function closing({ clock }: NetworkContext, responder: CoapResponder): { readonly close: () => void } {
  const forget = clock.onChange(() => {
    responder.notify();
  });
  return {
    close: () => {
      forget();
      responder.close();
    },
  };
}

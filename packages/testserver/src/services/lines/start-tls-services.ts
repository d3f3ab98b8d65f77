import { mintCertificate } from "../../authority/authority.ts";
import type { ShownIdentity } from "../http/https-driver.ts";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamServiceEntry } from "../service-entry.ts";
import type { Conversation } from "./conversation.ts";
import { lineService } from "./line-service.ts";
import type { StartTlsManner } from "./start-tls.ts";

/** A protocol that begins in the clear and can be secured. */
export interface StartTlsProtocol<Protocol extends string> {
  /** First part of the services' names, and their scheme. */
  readonly protocol: Protocol;
  /** The command: `STARTTLS`, `STLS`, `AUTH TLS`. */
  readonly command: string;
  /** A client that insists on TLS, as an example. */
  readonly example: string;
  readonly serve: (
    manner: StartTlsManner,
  ) => (network: NetworkContext, self: ServiceSelf) => (talk: Conversation) => Promise<never>;
}

/** Makes the services whose way of securing a connection is wrong, each in one manner. */
export function startTlsServices<const Protocol extends string>(
  terms: StartTlsProtocol<Protocol>,
): readonly StreamServiceEntry<`${Protocol}-starttls-${Suffix}`>[] {
  const { protocol, command, example, serve } = terms;
  const says = lines(protocol.toUpperCase(), command);
  return suffixes.map((suffix) =>
    lineService({
      ...{ name: `${protocol}-starttls-${suffix}` as const, scheme: protocol, does: says[suffix], example },
      serve: serve(manners[suffix]),
      mint: suffix === "wrong-host" ? wrongHost : undefined,
    }),
  );
}

const manners = {
  absent: "absent",
  refused: "refused",
  stripped: "stripped",
  injection: "injected",
  "keeps-early": "keeps-early",
  plain: "plain",
  stall: "stalled",
  "wrong-host": "right",
} as const satisfies Record<string, StartTlsManner>;

type Suffix = keyof typeof manners;

const suffixes = Object.keys(manners) as readonly Suffix[];

function lines(protocol: string, command: string): Readonly<Record<Suffix, string>> {
  return {
    absent: `speaks ${protocol} without ${command}`,
    refused: `offers ${command} in ${protocol} and refuses it when asked`,
    stripped: `speaks ${protocol} through a middlebox that crosses ${command} out of what is offered`,
    injection: `sends ${protocol} replies of an attacker in the clear behind the go-ahead of ${command}`,
    "keeps-early": `takes ${protocol} commands sent in the clear behind ${command} as if over TLS (CVE-2011-0411)`,
    plain: `lets ${protocol} clients go ahead after ${command} and goes on in the clear`,
    stall: `lets ${protocol} clients go ahead after ${command} and never shakes hands`,
    "wrong-host": `shows a certificate for elsewhere.invalid after ${command} in ${protocol}`,
  };
}

function wrongHost({ authorities: { intermediate }, clock }: NetworkContext): Promise<ShownIdentity> {
  return mintCertificate({ issuer: intermediate, names: ["elsewhere.invalid"], now: clock.now() });
}

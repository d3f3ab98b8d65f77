import { TlsError, UsageError } from "@fairlead/core";
import type { Duplex } from "node:stream";
import type { OnAuthenticate } from "../authentication/question.ts";
import type { HstsMemory } from "../memory/hsts-memory.ts";
import { partitionOf } from "../partition.ts";
import type { Connector } from "../pool/connector.ts";
import type { ChooseRoutes } from "../route/choose-routes.ts";
import type { FailedRoutes } from "../route/failed-routes.ts";
import type { Routes } from "../route/routes.ts";
import { tryRoutes } from "../route/try-routes.ts";
import { agreeOnConnection, type ConnectionAgreementRules } from "../agreement/agree-on-connection.ts";
import type { Asking } from "../agreement/client-certificates.ts";
import { timeoutsOf, type Timeouts } from "../timeouts.ts";
import type { UnderWay } from "../under-way.ts";
import type { OpenStreams } from "./open-streams.ts";
import type { ConnectOptions } from "./options.ts";
import { parseStreamUrl } from "./stream-target.ts";

/** What opening streams takes from a manager. */
export interface ConnectGround {
  readonly connector: Connector;
  readonly choose: ChooseRoutes | undefined;
  readonly chooseFor: Routes["chooseFor"];
  readonly failed: FailedRoutes;
  readonly agreement: ConnectionAgreementRules;
  readonly hsts: HstsMemory;
  readonly acceptAnyCertificate: boolean;
  readonly onAuthenticate: OnAuthenticate | undefined;
  readonly timeouts: Timeouts;
  readonly underWay: UnderWay;
  readonly streams: OpenStreams;
  /** Fires when the manager is destroyed. */
  readonly ending: AbortSignal;
}

/** What `manager.connect` does. */
export async function connectStream(
  url: string | URL,
  options: ConnectOptions,
  ground: ConnectGround,
): Promise<Duplex> {
  const target = parseStreamUrl(url);
  const partition = partitionOf(options.partition);
  const timeouts = timeoutsOf(options.timeouts, ground.timeouts);
  const choose = ground.chooseFor(options) ?? ground.choose;
  options.signal?.throwIfAborted();
  ground.underWay.begin();
  const givingUp = new AbortController();
  const signals = [options.signal, ground.ending];
  const giveUp = ({ target: fired }: Event): void => {
    // Listened for on signals only.
    givingUp.abort((fired as AbortSignal).reason);
  };
  for (const signal of signals) signal?.addEventListener("abort", giveUp);
  try {
    const { signal } = givingUp;
    const asking: Asking = { target, exchange: { partition, signal } };
    const stream = await agreeOnConnection(asking, ground.agreement, ({ terms, chooseIdentity, judgeCertificate }) =>
      tryRoutes({ target, partition, signal }, choose, ground.failed, async (route) => {
        const opened = await ground.connector({
          ...{ target, route, partition, terms, chooseIdentity, judgeCertificate, timeouts, signal },
          unverified: ground.acceptAnyCertificate && target.secure && !ground.hsts.knows(target.host),
          onAuthenticate: ground.onAuthenticate,
          alpnProtocols: options.alpnProtocols ?? [],
          psk: options.psk,
          mayBeEarly: false,
        });
        return opened.stream;
      }),
    );
    if (ground.underWay.isClosing) {
      stream.destroy();
      throw new UsageError("MANAGER_CLOSED", { operation: "connect" });
    }
    ground.streams.add(stream);
    learnLateRefusal(stream, asking, ground.agreement);
    return stream;
  } finally {
    for (const signal of signals) signal?.removeEventListener("abort", giveUp);
    ground.underWay.end();
  }
}

/** In TLS 1.3 a server refuses who shows no certificate, or a wrong one, when the client takes the handshake for over. */
function learnLateRefusal(stream: Duplex, asking: Asking, { clientCertificates }: ConnectionAgreementRules): void {
  if (clientCertificates === undefined) return;
  stream.once("error", (error) => {
    if (!(error instanceof TlsError)) return;
    if (error.code === "CLIENT_CERTIFICATE_REQUIRED") clientCertificates.noteLateRefusal(asking);
    if (error.code === "CLIENT_CERTIFICATE_REJECTED") clientCertificates.forget(asking);
  });
}

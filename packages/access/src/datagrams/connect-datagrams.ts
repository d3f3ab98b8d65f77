import { PolicyError, TimeoutError, TransportError, UsageError } from "@fairlead/core";
import { connectUdp, transportErrorFrom, type DatagramPath } from "@fairlead/transport";
import { agreeOnConnection } from "../agreement/agree-on-connection.ts";
import type { Agreement } from "../agreement/agreement.ts";
import type { ConnectSettings } from "../options.ts";
import { OWN_PARTITION } from "../partition.ts";
import { withDeadline } from "../phase-clock.ts";
import type { Target } from "../target.ts";
import type { ConnectionFacts } from "../transaction.ts";
import type { DatagramMeans } from "./datagram-means.ts";
import { datagramTarget } from "./datagram-target.ts";
import type { ConnectDatagramsOptions } from "./options.ts";
import { secureDatagrams } from "./secure-datagrams.ts";

/**
 * Opens a path for datagrams to where a URL points, as a manager does: by its names, its trust, its identity and its
 * remembered sessions. The path ends with the manager.
 */
export async function connectDatagrams(
  url: string | URL,
  options: ConnectDatagramsOptions,
  means: DatagramMeans,
): Promise<DatagramPath> {
  const target = datagramTarget(url);
  if (!target.secure && (options.psk !== undefined || options.alpnProtocols !== undefined)) {
    throw new UsageError("OPTION_INVALID", { peer: target.peer, detail: "psk", remedy: "give a URL that is secured" });
  }
  const { underWay, ending } = means;
  underWay.begin();
  const abort = new AbortController();
  const follow = ({ currentTarget }: Event): void => {
    // Listened for on signals only.
    abort.abort((currentTarget as AbortSignal).reason);
  };
  const signals = [options.signal, ending];
  try {
    for (const signal of signals) {
      signal?.throwIfAborted();
      signal?.addEventListener("abort", follow);
    }
    const asking = { target, exchange: { partition: OWN_PARTITION, signal: abort.signal } };
    const opened = await observed(target, means, abort.signal, () =>
      agreeOnConnection(asking, means.agreement, (agreement) => open(target, options, means, abort.signal, agreement)),
    );
    if (underWay.isClosing) {
      opened.close();
      throw new UsageError("MANAGER_CLOSED", { operation: "connect", peer: target.peer });
    }
    return opened;
  } finally {
    for (const signal of signals) signal?.removeEventListener("abort", follow);
    underWay.end();
  }
}

interface OpenedPath {
  readonly path: DatagramPath;
  readonly facts: ConnectionFacts;
}

/** Tells of the path whoever wants to know, and has it end with the manager. */
async function observed(
  { origin }: Target,
  { observers, tally, tenants }: DatagramMeans,
  signal: AbortSignal,
  open: () => Promise<OpenedPath>,
): Promise<DatagramPath> {
  let opened: OpenedPath;
  try {
    opened = await open();
  } catch (error) {
    // Nobody waited for it any more.
    if (!signal.aborted) {
      tally.connectionFailed();
      observers.connectionFailed(error, origin);
    }
    throw error;
  }
  const { path, facts } = opened;
  tally.connectionOpened();
  observers.connectionOpened(facts, origin);
  if (facts.tls !== undefined) tally.handshake(facts.tls);
  const tenant = { close: async () => path.close(), destroy: () => path.close() };
  tenants.add(tenant);
  path.once("close", () => {
    tenants.delete(tenant);
    tally.connectionClosed();
    observers.connectionClosed(facts, origin);
  });
  return path;
}

async function open(
  target: Target,
  options: ConnectDatagramsOptions,
  means: DatagramMeans,
  signal: AbortSignal,
  { chooseIdentity, ...agreement }: Agreement,
): Promise<OpenedPath> {
  const { settings, findBackend } = means;
  const { timeouts } = settings;
  await requireDirect(target, means, signal);
  const choice = target.secure ? await findBackend() : undefined;
  const started = performance.now();
  return withDeadline("resolve", timeouts.resolve, target, signal, async (deadline, clock) => {
    const addresses = await resolve(target, settings);
    deadline.throwIfAborted();
    const resolved = performance.now();
    clock.enter("secure", timeouts.secure);
    const connect = async (host: string, timeoutMilliseconds: number): Promise<OpenedPath> => {
      const begun = performance.now();
      const below = await connectUdp({ host, port: target.port, signal: deadline });
      // Whoever is asked may take the time that a person takes.
      const choose: Agreement["chooseIdentity"] =
        chooseIdentity && ((request) => clock.stopFor(() => chooseIdentity(request)));
      const asked = { ...options, signal: deadline, timeoutMilliseconds };
      const agreed = { ...agreement, chooseIdentity: choose };
      const secured = choice && (await secureDatagrams(below, target, asked, agreed, means, choice));
      const facts = {
        id: settings.countConnection(),
        remoteAddress: host,
        resolveMilliseconds: resolved - started,
        connectMilliseconds: undefined,
        secureMilliseconds: secured && performance.now() - begun,
        tls: secured?.tls,
        channelBinding: () => undefined,
        chain: () => [],
        group: () => undefined,
        staple: () => undefined,
      };
      return { path: secured?.path ?? below, facts };
    };
    return firstThatAnswers(target, addresses, timeouts.secure, settings, connect);
  });
}

async function resolve({ host, peer }: Target, { names }: ConnectSettings): Promise<readonly string[]> {
  try {
    const { addresses } = await names.find(host, OWN_PARTITION);
    if (addresses.length > 0) return addresses.slice(0, addressesLimit);
  } catch (cause) {
    throw transportErrorFrom(cause, { peer, operation: "resolve" });
  }
  throw new TransportError("NAME_NOT_FOUND", { peer, operation: "resolve" });
}

/**
 * A proxy that is set may be there because nothing goes straight, or because the peer is not to learn who asks: what cannot
 * go by it does not go at all, unless going straight is among the ways that are offered.
 *
 * @throws PolicyError DATAGRAMS_NEED_DIRECT
 */
async function requireDirect(target: Target, { chooseRoutes }: DatagramMeans, signal: AbortSignal): Promise<void> {
  const routes = await chooseRoutes?.({ target, path: "/", partition: OWN_PARTITION, signal });
  signal.throwIfAborted();
  if (routes === undefined || routes.some(({ type }) => type === "direct")) return;
  throw new PolicyError("DATAGRAMS_NEED_DIRECT", { peer: target.peer, operation: "connect" });
}

/** Tries the addresses in turn, each for its share of the time, as long as nobody answers there. */
async function firstThatAnswers(
  { host }: Target,
  addresses: readonly string[],
  milliseconds: number,
  { names }: ConnectSettings,
  connect: (address: string, milliseconds: number) => Promise<OpenedPath>,
): Promise<OpenedPath> {
  const share = Math.ceil(milliseconds / addresses.length);
  let silence: unknown;
  for (const address of addresses) {
    try {
      return await connect(address, share);
    } catch (error) {
      if (!(error instanceof TransportError || error instanceof TimeoutError)) throw error;
      silence = error;
    }
  }
  // They may be out of date.
  names.forget(host, OWN_PARTITION);
  throw silence;
}

/** A name with more addresses is not worth the wait. */
const addressesLimit = 4;

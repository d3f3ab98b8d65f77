import { isCodedError, PolicyError, TimeoutError, TlsError, TransportError, UsageError } from "@fairlead/core";
import {
  DEFAULT_RECONNECT_POLICY,
  reconnectAfter,
  reconnectPolicyFault,
  type ReconnectPolicy,
} from "@fairlead/http/reconnection";
import { transportErrorFrom } from "@fairlead/transport";
import type { Duplex } from "node:stream";
import type { Network } from "../network.ts";
import type { BrokerCredentials, BrokerOptions } from "./broker-options.ts";
import type { BrokerUrl } from "./broker-url.ts";
import { systemPace, type Pace } from "./pace.ts";
import { failedAttempts } from "./protocol/failed-attempts.ts";
import { untilConnected } from "./until-connected.ts";

/** A connection that is there for a library to speak on. */
export interface BrokerConnection {
  readonly stream: Duplex;
  readonly credentials: BrokerCredentials | undefined;
}

/** What a line asks of a network. */
export type LineNetwork = Pick<Network, "connect" | "connectivity">;

/** Listens until the library says that the broker has let it in, or has not. */
export type ListenToLibrary<Result> = (
  resolve: (result: Result) => void,
  reject: (error: unknown) => void,
) => () => void;

const GREETING_MILLISECONDS = 10_000;
/** How long a server that refuses a client by its certificate takes to say so. */
const REFUSAL_MILLISECONDS = 1_000;
/** How a connection is lost on which a client talks to a server that has refused it. */
const lossCodes: ReadonlySet<string> = new Set(["CONNECTION_RESET", "STREAM_CLOSED", "TLS_TRUNCATED"]);
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/** The connections to one broker, one after the other: each is opened by the network, once there is one. */
export class BrokerLine {
  readonly broker: BrokerUrl;
  readonly #network: LineNetwork;
  readonly #options: BrokerOptions;
  readonly #policy: ReconnectPolicy | undefined;
  readonly #pace: Pace;
  readonly #ending = new AbortController();
  readonly #greetingMilliseconds: number;
  #attempts = 0;
  /** In a row. */
  #failures = 0;
  #openSince: number | undefined;
  #stream: Duplex | undefined;

  /** @throws UsageError OPTION_INVALID, URL_USER_INFORMATION */
  constructor(network: LineNetwork, broker: BrokerUrl, options: BrokerOptions, pace: Pace = systemPace) {
    this.broker = broker;
    this.#network = network;
    this.#options = options;
    this.#pace = pace;
    this.#policy = reconnectPolicy(options.reconnect);
    const { timeoutMilliseconds = GREETING_MILLISECONDS, signal, onCredentials } = options;
    if (broker.username !== undefined && onCredentials === undefined) {
      const remedy = "give onCredentials, which is asked for the password, too";
      throw new UsageError("URL_USER_INFORMATION", { operation: "connect", peer: broker.peer, remedy });
    }
    if (!(timeoutMilliseconds >= 1 && timeoutMilliseconds <= LONGEST_MILLISECONDS)) {
      throw new UsageError("OPTION_INVALID", { detail: "timeoutMilliseconds" });
    }
    this.#greetingMilliseconds = timeoutMilliseconds;
    if (signal === undefined) return;
    const end = (): void => {
      this.end(signal.reason);
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { signal: this.#ending.signal });
  }

  /** Fires when there will be no further connection. */
  get ended(): AbortSignal {
    return this.#ending.signal;
  }

  /**
   * Opens the first connection, and speaks on it until the broker has let the client in.
   *
   * @param greet resolves then; see {@link during}.
   * @throws what opening or `greet` fails with; nothing stays open.
   */
  async first<Client>(greet: (connection: BrokerConnection) => Promise<Client>): Promise<Client> {
    for (let isAgain = false; ; isAgain = true) {
      let connection: BrokerConnection | undefined;
      try {
        connection = await this.#open();
        const client = await greet(connection);
        this.opened();
        return client;
      } catch (error) {
        connection?.stream.destroy();
        const reason = connection === undefined ? error : await this.#findRefusal(error);
        // The next connection is one whose server is known to want a client certificate: the application is asked beforehand.
        if (!isAgain && isCodedError(reason) && reason.code === "CLIENT_CERTIFICATE_REQUIRED") continue;
        this.end(reason);
        throw reason;
      }
    }
  }

  /**
   * Waits for what a library says on a connection, no longer than the broker may take, the stream lives, and the line does.
   *
   * @param listen listens to the library, and gives what ends the listening.
   * @throws what the stream failed with; TransportError STREAM_CLOSED for an end without a word; TimeoutError `response`.
   */
  async during<Result>({ stream }: BrokerConnection, listen: ListenToLibrary<Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const { peer } = this.broker;
    const timer = setTimeout(() => {
      reject(new TimeoutError("response", { peer, operation: "connect" }));
    }, this.#greetingMilliseconds);
    const onClose = (): void => {
      reject(this.named(stream.errored ?? undefined));
    };
    const onEnded = (): void => {
      reject(this.#ending.signal.reason);
    };
    stream.once("close", onClose);
    this.#ending.signal.addEventListener("abort", onEnded);
    const unlisten = listen(resolve, reject);
    try {
      if (stream.destroyed) onClose();
      return await promise;
    } finally {
      clearTimeout(timer);
      unlisten();
      stream.off("close", onClose);
      this.#ending.signal.removeEventListener("abort", onEnded);
    }
  }

  /** What a connection is lost to, by a name of ours; `undefined` is an end without a word. */
  named(error: Error | undefined): Error {
    const facts = { peer: this.broker.peer, operation: "connect" };
    if (error === undefined) return new TransportError("STREAM_CLOSED", facts);
    return isCodedError(error) ? error : transportErrorFrom(error, facts);
  }

  /** The broker has let the client in. */
  opened(): void {
    this.#openSince = this.#pace.now();
  }

  /**
   * Opens the next connection after one that was lost, however often it takes.
   *
   * @param lostTo what the last one ended with; `undefined` for no word.
   * @throws what ends it for good: the last error, where no further attempt helps, or what the line was ended with.
   */
  async next(lostTo: Error | undefined): Promise<BrokerConnection> {
    let error = lostTo && this.named(lostTo);
    if (this.#policy === undefined) throw this.named(error);
    if (this.#openSince !== undefined) {
      const lasted = this.#pace.now() - this.#openSince;
      this.#failures = failedAttempts(this.#failures, lasted, this.#policy.delayLimitMilliseconds);
      this.#openSince = undefined;
    }
    for (;;) {
      this.#ending.signal.throwIfAborted();
      const afterMilliseconds = reconnectAfter(this.#policy, this.#failures, this.#pace.random());
      if (afterMilliseconds === undefined) throw this.named(error);
      this.#failures += 1;
      this.#options.onReconnecting?.({ attempt: this.#failures, afterMilliseconds, error });
      await this.#pace.wait(afterMilliseconds, this.#ending.signal).catch((failure: unknown) => {
        this.#ending.signal.throwIfAborted();
        throw failure;
      });
      try {
        return await this.#open();
      } catch (failure) {
        this.#ending.signal.throwIfAborted();
        if (!mayPass(failure)) throw failure;
        error = failure as Error;
      }
    }
  }

  /**
   * Ends it: nothing is opened any more, and what is open is destroyed. Harmless a second time.
   *
   * @returns whether it had not ended before.
   */
  end(reason?: unknown): boolean {
    if (this.#ending.signal.aborted) return false;
    this.#ending.abort(reason ?? this.named(undefined));
    this.#stream?.destroy();
    return true;
  }

  async #open(): Promise<BrokerConnection> {
    const { signal } = this.#ending;
    const { broker } = this;
    signal.throwIfAborted();
    if (this.#options.waitFor === "online") await this.#network.connectivity.until("online", { signal });
    else if (!broker.isLocal) await untilConnected(this.#network, signal);
    const credentials = await this.#ask();
    signal.throwIfAborted();
    const { alpnProtocols } = this.#options;
    const stream = await this.#network.connect(broker.address, { signal, alpnProtocols });
    if (signal.aborted) {
      stream.destroy();
      signal.throwIfAborted();
    }
    // A library listens only while it uses it.
    stream.on("error", () => undefined);
    this.#stream = stream;
    return { stream, credentials };
  }

  /**
   * A client of TLS 1.3 is refused after its handshake, when it may be sending already: the system then answers with a
   * reset, which takes the place of the refusal. It is heard on a connection on which nothing is said.
   */
  async #findRefusal(loss: unknown): Promise<unknown> {
    const { signal } = this.#ending;
    if (!this.broker.secure || !isCodedError(loss) || !lossCodes.has(loss.code) || signal.aborted) return loss;
    const { alpnProtocols } = this.#options;
    const stream = await this.#network.connect(this.broker.address, { signal, alpnProtocols });
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    stream.on("error", resolve);
    stream.on("close", () => resolve(undefined));
    const silence = setTimeout(() => resolve(undefined), REFUSAL_MILLISECONDS);
    stream.resume();
    const refusal = await promise;
    clearTimeout(silence);
    stream.destroy();
    return refusal instanceof TlsError ? refusal : loss;
  }

  async #ask(): Promise<BrokerCredentials | undefined> {
    const { onCredentials, dangerous } = this.#options;
    const { peer, secure, username, isLocal } = this.broker;
    const { signal } = this.#ending;
    const attempt = this.#attempts;
    this.#attempts += 1;
    const credentials = await onCredentials?.({ peer, secure, username, attempt, signal });
    const isRead = credentials?.type === "password" && !secure && !isLocal;
    if (isRead && dangerous?.sendSecretsInTheClear !== true) {
      throw new PolicyError("AUTHENTICATION_REFUSED", {
        ...{ peer, operation: "connect", detail: "a password without TLS" },
        remedy: "use the scheme that is by TLS, or allow it: dangerous.sendSecretsInTheClear",
      });
    }
    return credentials;
  }
}

/**
 * Whether a later attempt can do better. What the application itself did wrong, or does not want, stays so; all else may
 * change: a certificate is renewed, a captive portal is satisfied, and a device that gave up would have to be visited.
 */
function mayPass(error: unknown): boolean {
  return isCodedError(error) && !(error instanceof UsageError || error instanceof PolicyError);
}

/** @throws UsageError OPTION_INVALID */
function reconnectPolicy(option: BrokerOptions["reconnect"] = true): ReconnectPolicy | undefined {
  if (option === false) return undefined;
  const policy = option === true ? DEFAULT_RECONNECT_POLICY : { ...DEFAULT_RECONNECT_POLICY, ...option };
  const fault = reconnectPolicyFault(policy);
  if (fault === undefined) return policy;
  throw new UsageError("OPTION_INVALID", { detail: `reconnect.${fault}` });
}

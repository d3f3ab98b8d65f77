import { AuthenticationError, isCodedError, ProtocolError } from "@fairlead/core";
import type { ChannelModel, RecoveringChannelModel } from "amqplib";
import { BrokerLine, type BrokerConnection } from "../messaging/broker-line.ts";
import type { BrokerOptions } from "../messaging/broker-options.ts";
import { readBrokerUrl } from "../messaging/broker-url.ts";
import type { Network } from "../network.ts";
import { loadAmqplib, type AmqplibInternals } from "./library-internals.ts";
import { openingFields, type Amqp091ConnectionOptions } from "./opening-fields.ts";

/** What a broker of AMQP 0-9-1 is told, and how it is reached. */
export interface Amqp091Options extends BrokerOptions {
  /** What is agreed on when a connection is opened. */
  readonly connection?: Amqp091ConnectionOptions | undefined;
  /**
   * Declares queues and begins to consume, on every connection anew: channels end with the connection that they are of.
   * What it rejects with ends the connection; the first time, it is the caller's.
   */
  readonly setup?: ((model: ChannelModel) => Promise<void>) | undefined;
}

/**
 * Connects to a broker of AMQP 0-9-1 over the network of an application, and gives the connection of the library `amqplib`
 * that recovers once the broker has let it in. One that is lost is opened again, and `setup` runs anew; `close()` ends it
 * for good.
 *
 * @param url `amqp://host/virtual-host` or, by TLS, `amqps://host`, with a port where it is not 5672 or 5671.
 * @throws AuthenticationError BROKER_LOGIN_REFUSED; ProtocolError BROKER_REFUSED; TransportError; TlsError; TimeoutError;
 * PolicyError AUTHENTICATION_REFUSED and others; UsageError PACKAGE_MISSING, OPTION_INVALID, URL_INVALID,
 * URL_SCHEME_UNKNOWN, URL_USER_INFORMATION; what `setup` threw; or the signal's reason.
 *
 * @example
 * const model = await connectAmqp091(manager, "amqps://broker.example/orders", {
 *   onCredentials: async () => ({ type: "password", username: "orders", password: await vault.read("broker") }),
 *   setup: async (model) => {
 *     const channel = await model.createChannel();
 *     await channel.assertQueue("orders");
 *     await channel.consume("orders", (message) => message && channel.ack(message));
 *   },
 * });
 */
export async function connectAmqp091(
  network: Network,
  url: string | URL,
  options: Amqp091Options = {},
): Promise<RecoveringChannelModel> {
  const broker = readBrokerUrl(url, { clear: "amqp:", secure: "amqps:" });
  const line = new BrokerLine(network, broker, options);
  const library = loadAmqplib();
  const first = await line.first((access) => openModel(library, line, access, options));
  return keepOpen(library, line, first, options);
}

/** Has the library's own recovery ask for a connection when it has lost one: the first is there. */
async function keepOpen(
  library: AmqplibInternals,
  line: BrokerLine,
  first: ChannelModel,
  options: Amqp091Options,
): Promise<RecoveringChannelModel> {
  let isFirst = true;
  let lostTo: Error | undefined;
  const open = async (): Promise<ChannelModel> => {
    if (isFirst) {
      isFirst = false;
      return first;
    }
    for (;;) {
      const access = await line.next(lostTo);
      try {
        const model = await openModel(library, line, access, options);
        line.opened();
        return model;
      } catch (error) {
        access.stream.destroy();
        if (error instanceof AuthenticationError || line.ended.aborted) throw error;
        lostTo = error as Error;
      }
    }
  };
  const recovering = await library.connectWithRecoveryPromise(
    () =>
      open().catch((error: unknown) => {
        line.end(error);
        throw error;
      }),
    {
      ...(options.setup && { setup: options.setup }),
      initialMaxRetries: 0,
      // The line waits by itself. What it fails with, it fails with for good.
      calculateDelay: () => {
        line.ended.throwIfAborted();
        return 0;
      },
    },
  );
  recovering.on("disconnect", (error) => {
    lostTo = error;
  });
  // What it is lost to is told by `onReconnecting`; nobody has to listen to stay alive.
  recovering.on("error", () => undefined);
  const close = recovering.close.bind(recovering);
  recovering.close = async () => {
    await close();
    line.end();
  };
  line.ended.addEventListener("abort", () => void close());
  return recovering;
}

async function openModel(
  library: AmqplibInternals,
  line: BrokerLine,
  access: BrokerConnection,
  { connection: own = {} }: Amqp091Options,
): Promise<ChannelModel> {
  const { credentials, stream } = access;
  const connection = new library.Connection(stream);
  const virtualHost = line.broker.path === "" ? "/" : line.broker.path;
  return line.during(access, (resolve, reject) => {
    connection.open(openingFields(credentials, virtualHost, own), (error) => {
      if (error === null) resolve(new library.ChannelModel(connection));
      else reject(named(error, line));
    });
    return () => undefined;
  });
}

/** What the library says of a login that was refused is a sentence; the code in it is the protocol's. */
function named(error: Error, line: BrokerLine): Error {
  if (isCodedError(error) || "errno" in error) return line.named(error);
  const facts = { peer: line.broker.peer, operation: "connect", detail: error.message, cause: error };
  // ACCESS-REFUSED and NOT-ALLOWED. AMQP 0-9-1 section 1.2, "constants".
  return /\b(?:403|530)\b/.test(error.message)
    ? new AuthenticationError("BROKER_LOGIN_REFUSED", facts)
    : new ProtocolError("BROKER_REFUSED", facts);
}

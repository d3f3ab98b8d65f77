import { duplexPair, pipeline, type Duplex } from "node:stream";
import type { Aedes, AedesOptions, AuthenticateError } from "aedes";
import type { Connection } from "../../../connection-log.ts";
import type { NetworkContext } from "../../network-context.ts";
import type { ServiceSelf } from "../../service-entry.ts";
import { packetGate } from "./packet-stream.ts";

/** How one broker differs from another. */
export interface BrokerTerms {
  /** Who is let in; everybody by default. */
  readonly user?: { readonly name: string; readonly password: string };
}

/** A broker, for any stream. */
export interface Broker {
  readonly serve: (stream: Duplex, connection: Connection) => void;
  readonly close: () => Promise<void>;
}

/** Bytes of what a broker keeps, retained or for sessions that outlive their connection; then it begins anew. */
const storeLimitBytes = 16 * 1024 * 1024;
const clientLimit = 200;
const subscriptionLimit = 200;
/** `$SYS` tells of the broker itself; ours says nothing there. */
const systemTopic = "$SYS";

/** Opens a broker of MQTT 3.1 and 3.1.1 by aedes. */
export async function openBroker({ traffic }: NetworkContext, self: ServiceSelf, terms: BrokerTerms): Promise<Broker> {
  const { Aedes: Library } = await import("aedes");
  const service = self.name;
  let stored = 0;
  const options: AedesOptions = {
    // It would tell of itself each minute. The library waits for up to four of these, and no timer for longer than that.
    heartbeatInterval: 2 ** 28,
    maxClientsIdLength: 256,
    authenticate: (_client, name, password, done) => {
      const isKnown = name === terms.user?.name && password?.toString() === terms.user?.password;
      if (terms.user === undefined || isKnown) done(null, true);
      else done(refusal(badUserOrPassword), null);
    },
    preConnect: (_client, _packet, done) => {
      if (current.connectedClients < clientLimit) done(null, true);
      else done(new Error("too many clients"), false);
    },
    authorizePublish: (_client, { topic, payload, retain, qos }, done) => {
      if (topic.startsWith(systemTopic)) {
        done(new Error(`${systemTopic} is the broker's`));
        return;
      }
      done(null);
      if (retain || qos > 0) keep(topic.length + payload.length);
    },
    authorizeSubscribe: (client, subscription, done) => {
      const { subscriptions } = client as unknown as { readonly subscriptions: Readonly<Record<string, unknown>> };
      if (!client.clean) keep(subscription.topic.length);
      const isTooMany = Object.keys(subscriptions).length >= subscriptionLimit;
      done(isTooMany ? new Error("too many subscriptions") : null, subscription);
    },
    authorizeForward: (_client, packet) => (packet.topic.startsWith(systemTopic) ? null : packet),
  };
  const open = async (): Promise<Aedes> => {
    const broker = new Library(options);
    const tell = (_client: unknown, error: Error): void => {
      traffic.add({ type: "failed", service, connection: 0, reason: error.message });
    };
    broker.on("clientError", tell).on("connectionError", tell);
    await broker.listen();
    return broker;
  };
  let current = await open();
  let isClosed = false;
  let isRenewed = false;
  const keep = (sizeBytes: number): void => {
    stored += sizeBytes + bytesOfRecord;
    if (stored > storeLimitBytes && !isRenewed) void beginAnew();
  };
  const beginAnew = async (): Promise<void> => {
    isRenewed = true;
    traffic.add({ type: "failed", service, connection: 0, reason: "the broker keeps too much, and begins anew" });
    const old = current;
    const next = await open();
    current = next;
    stored = 0;
    isRenewed = false;
    await closeBroker(old);
    if (isClosed) await closeBroker(next);
  };
  return {
    serve: (stream, { number }) => {
      const say = (line: string): void => {
        traffic.add({ type: "said", service, connection: number, by: "client", line });
      };
      const [outside, inside] = duplexPair();
      pipeline(stream, packetGate(say), outside, stream, (error) => {
        if (error?.message.startsWith("MQTT:") === true) {
          traffic.add({ type: "failed", service, connection: number, reason: error.message });
        }
        stream.destroy();
        inside.destroy();
      });
      current.handle(inside);
    },
    close: async () => {
      isClosed = true;
      await closeBroker(current);
    },
  };
}

function closeBroker(broker: Aedes): Promise<void> {
  return new Promise((resolve) => {
    broker.close(resolve);
  });
}

/** What a message costs besides its bytes. */
const bytesOfRecord = 200;
const badUserOrPassword = 4;

function refusal(returnCode: number): AuthenticateError {
  const error: Error = Object.assign(new Error("refused"), { returnCode });
  // The library's enumeration is one of types alone: its numbers are those of MQTT 3.1.1 section 3.2.2.3.
  return error as AuthenticateError;
}

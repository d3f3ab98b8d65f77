import { duplexPair, pipeline, Transform, type Duplex } from "node:stream";
import type { Connection as AmqpConnection, EventContext, Receiver, Sender } from "rhea";
import type { Connection } from "../../../connection-log.ts";
import type { NetworkContext } from "../../network-context.ts";
import type { ServiceSelf } from "../../service-entry.ts";
import { guardSession } from "./guard-session.ts";
import { AmqpFrameSizes } from "./protocol/frame-sizes.ts";
import { Queues } from "./queues.ts";

/** How a container departs from what it should do. */
export interface AmqpManner {
  /** Who is let in; everybody by default. */
  readonly user?: { readonly name: string; readonly password: string };
  /** What becomes of a message that comes: it is accepted and queued by default. */
  readonly onMessage?: (context: EventContext) => void;
  /** What becomes of a connection that was opened. */
  readonly onOpen?: (connection: AmqpConnection) => void;
  /** What becomes of a link that was attached: it takes part by default. */
  readonly onLink?: (link: Sender | Receiver) => void;
  /** How many messages may come on a link before others are taken; 100 by default. */
  readonly credit?: number;
  /** How often each message is given. */
  readonly copies?: number;
}

/** Serves AMQP on any stream. */
export interface AmqpContainer {
  readonly serve: (stream: Duplex, connection: Connection) => void;
}

const limits = { frameBytes: 65_536, connectionBytes: 64 * 1024 * 1024 };
/** Channels, and links on each of them, are numbered from 0 to this. */
const channelMax = 15;
const sessionLimit = 16;

/** Opens AMQP 1.0 by rhea: queues in memory, which are made when they are first named. */
export async function openContainer(
  { traffic }: NetworkContext,
  { name: service }: ServiceSelf,
  manner: AmqpManner,
): Promise<AmqpContainer> {
  const { default: rhea } = await import("rhea");
  const { user, credit = 100, copies = 1 } = manner;
  const container = rhea.create_container({ id: `fairlead-${service}` });
  // What a container has is made by its prototype; the declarations do not say what these are.
  const mechanisms = container.sasl_server_mechanisms as {
    readonly enable_anonymous: () => void;
    readonly enable_plain: (check: (name: string | null, password: string | null) => boolean) => void;
  };
  mechanisms.enable_plain((name, password) => user === undefined || (name === user.name && password === user.password));
  if (user === undefined) mechanisms.enable_anonymous();

  const queues = new Queues();
  const served = new WeakMap<
    AmqpConnection,
    { readonly number: number; readonly stream: Duplex; readonly inside: Duplex; sessions: number }
  >();
  const say = (by: "client" | "server", line: string, connection: AmqpConnection): void => {
    const printable = line.replace(/[^\x20-\x7e]/g, "?").slice(0, 200);
    traffic.add({ type: "said", service, connection: served.get(connection)?.number ?? 0, by, line: printable });
  };
  const on = (event: string, listener: (context: EventContext) => void): void => {
    container.on(event, listener);
  };
  on("connection_open", ({ connection }) => {
    say("client", "open", connection);
    const here = served.get(connection);
    if (here !== undefined) beat(connection, here.inside);
    manner.onOpen?.(connection);
  });
  on("session_open", ({ session, connection }) => {
    const here = served.get(connection);
    if (session === undefined || here === undefined) return;
    const refuse = (reason: string): void => {
      traffic.add({ type: "failed", service, connection: here.number, reason });
      here.stream.destroy();
    };
    here.sessions += 1;
    if (here.sessions > sessionLimit) refuse("too many sessions");
    else guardSession(session, refuse);
  });
  on("sender_open", ({ sender, connection }) => {
    if (sender === undefined) return;
    // What a client attaches to receive from.
    const { dynamic } = sender.source;
    const name = dynamic === true ? rhea.generate_uuid() : addressOf(sender.source);
    sender.set_source(dynamic === true ? { address: name, dynamic: true } : { address: name });
    say("client", `attach, to receive from ${name}`, connection);
    if (manner.onLink !== undefined) manner.onLink(sender);
    else if (!queues.join(name, sender)) sender.close(noRoom);
  });
  on("receiver_open", ({ receiver, connection }) => {
    if (receiver === undefined) return;
    const address = addressOf(receiver.target);
    receiver.set_target({ address });
    say("client", `attach, to send to ${address}`, connection);
    manner.onLink?.(receiver);
  });
  on("sendable", ({ sender }) => {
    if (sender !== undefined) queues.ready(sender);
  });
  on("message", (context) => {
    const { receiver, message, delivery, connection } = context;
    if (receiver === undefined || message === undefined || delivery === undefined) return;
    const to = addressOf(receiver.target) || (message.to ?? "");
    say("client", `message to ${to}`, connection);
    if (manner.onMessage !== undefined) manner.onMessage(context);
    else {
      const encoded = rhea.message.encode(message);
      const isKept = Array.from({ length: copies }, () => queues.put(to, encoded)).every(Boolean);
      if (isKept) delivery.accept();
      else delivery.reject(noRoom);
    }
  });
  on("sender_close", ({ sender }) => {
    queues.leave((each) => each === sender);
  });
  on("disconnected", ({ connection }) => {
    queues.leave((each) => each.connection === connection);
  });
  // Each of them would end the process, or be printed, without a listener.
  for (const event of [
    "error",
    "protocol_error",
    "connection_error",
    "session_error",
    "sender_error",
    "receiver_error",
  ]) {
    container.on(event, (what: unknown) => {
      const error = what instanceof Error ? what : (what as { readonly error?: unknown }).error;
      const reason = error instanceof Error ? error.message : event;
      traffic.add({ type: "failed", service, connection: 0, reason });
    });
  }
  return {
    serve: (stream, { number }) => {
      const [outside, inside] = duplexPair();
      pipeline(stream, frameGate(), outside, stream, (error) => {
        if (error?.message.startsWith("AMQP:") === true) {
          traffic.add({ type: "failed", service, connection: number, reason: error.message });
        }
        stream.destroy();
        // By an error, since the library does not listen for less: it ends its timers and its links then.
        inside.destroy(new Error("the connection is gone"));
      });
      const connection = container.create_connection({
        transport: "tcp",
        port: 0,
        max_frame_size: limits.frameBytes,
        channel_max: channelMax,
        reconnect: false,
        receiver_options: { credit_window: credit, autoaccept: false },
      });
      served.set(connection, { number, stream, inside, sessions: 0 });
      // As `listen` of the library does with each socket; a stream of any kind will do.
      (connection as unknown as { readonly accept: (stream: Duplex) => void }).accept(inside);
    },
  };
}

const noRoom = { condition: "amqp:resource-limit-exceeded", description: "there is no room" };

/** Of a source or target; empty where the peer gave none, whatever the declarations say. */
function addressOf(terminus: object): string {
  const { address } = terminus as { readonly address?: unknown };
  return typeof address === "string" ? address : "";
}

/**
 * Sends the empty frames that a peer wishes to hear while there is nothing to say, until the stream is closed. The
 * library's own timer for them outlives connections that end without farewell. AMQP 1.0 section 2.4.5.
 */
function beat(connection: AmqpConnection, stream: Duplex): void {
  const { remote } = connection as unknown as { readonly remote: { readonly open: { idle_time_out?: unknown } } };
  const { idle_time_out: idle } = remote.open;
  if (typeof idle !== "number" || idle <= 0) return;
  remote.open.idle_time_out = undefined;
  const timer = setInterval(() => stream.write(emptyFrame), Math.max(Math.min(idle, 60_000) / 2, 100));
  stream.once("close", () => {
    clearInterval(timer);
  });
  if (stream.destroyed) clearInterval(timer);
}

/** Eight bytes, two words of head, AMQP, channel 0. AMQP 1.0 section 2.3.1. */
const emptyFrame = Uint8Array.of(0, 0, 0, 8, 2, 0, 0, 0);

function frameGate(): Transform {
  const sizes = new AmqpFrameSizes(limits);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const flaw = sizes.follow(chunk);
      if (flaw === undefined) done(null, chunk);
      else done(new Error(`AMQP: ${flaw}`));
    },
  });
}

import type { NetworkContext } from "../../network-context.ts";
import { type ServiceSelf, serviceFamily, type StreamDriver, type StreamServiceEntry } from "../../service-entry.ts";
import { deviceIdentity } from "../dtls/device-key.ts";
import { overTls } from "../over-tls.ts";
import { type AmqpManner, openContainer } from "./container.ts";

const { name: user, key: password } = deviceIdentity;

/** AMQP 1.0, as it should be and as it should not. */
export const amqpServices = serviceFamily("amqp", "speak AMQP 1.0", [
  amqp("amqp", "speaks AMQP 1.0 to everybody: queues in memory that are made when they are first named", {}),
  amqp("amqp-auth", `speaks AMQP 1.0 to the user ${user} with the password ${password} by SASL PLAIN`, {
    user: { name: user, password },
  }),
  {
    name: "amqps",
    scheme: "amqps",
    does: "speaks AMQP 1.0 over TLS with a good certificate",
    followsClock: true,
    open: async (network, self) => {
      const [{ serve }, identity] = await Promise.all([openContainer(network, self, {}), network.goodIdentity()]);
      return overTls(network, self, { identity }, serve);
    },
  },
  amqp("amqp-rejects", "rejects every AMQP message with the error amqp:precondition-failed", {
    onMessage: ({ delivery }) => delivery?.reject({ condition: "amqp:precondition-failed", description: "as it does" }),
  }),
  amqp("amqp-releases", "releases every AMQP message, as if it had never come", {
    onMessage: ({ delivery }) => delivery?.release(),
  }),
  amqp("amqp-no-settle", "takes AMQP messages and never says what became of them", { onMessage: () => undefined }),
  amqp("amqp-no-credit", "gives AMQP senders no credit, so that they may not send", { credit: 0 }),
  amqp("amqp-duplicate", "gives every AMQP message twice", { copies: 2 }),
  amqp("amqp-detaches", "detaches every AMQP link at once with the error amqp:link:detach-forced", {
    onLink: (link) => {
      link.close({ condition: "amqp:link:detach-forced", description: "as it does" });
    },
  }),
  amqp("amqp-closes", "closes every AMQP connection with the error amqp:connection:forced once it is open", {
    onOpen: (connection) => {
      connection.close({ condition: "amqp:connection:forced", description: "as it does" });
    },
  }),
  raw(
    "amqp-wrong-header",
    "answers AMQP clients with the header of AMQP 0-9-1 and closes",
    Buffer.from("AMQP\0\0\x09\x01"),
  ),
  raw("amqp-malformed", "answers AMQP clients with a frame that is shorter than its own head", malformed()),
]);

function amqp<const Name extends string>(name: Name, does: string, manner: AmqpManner): StreamServiceEntry<Name> {
  return { name, scheme: "amqp", does, open: (network, self) => overTcp(network, self, manner) };
}

async function overTcp(network: NetworkContext, self: ServiceSelf, manner: AmqpManner): Promise<StreamDriver> {
  return { accept: (await openContainer(network, self, manner)).serve };
}

/** Answers the first bytes by these, and closes. */
function raw<const Name extends string>(name: Name, does: string, answer: Uint8Array): StreamServiceEntry<Name> {
  const open = (): StreamDriver => ({
    accept: (socket) => {
      socket.once("data", () => socket.end(answer)).resume();
    },
  });
  return { name, scheme: "amqp", does, open };
}

/** The header of AMQP 1.0, and a frame whose size is less than the eight bytes that it begins with. */
function malformed(): Buffer {
  return Buffer.from("AMQP\0\x01\0\0\0\0\0\x07\x02\0\0\0", "latin1");
}

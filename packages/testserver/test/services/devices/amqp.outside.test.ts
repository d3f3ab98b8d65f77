import assert from "node:assert/strict";
import { amqpServices } from "../../../src/services/devices/amqp/index.ts";
import { deviceIdentity } from "../../../src/services/devices/dtls/device-key.ts";
import { describeServices, type OutsideCheck, type ServiceCheck } from "../../describe-services.ts";

const { name: user, key: password } = deviceIdentity;

/** Apache Qpid Proton: a connection that blocks, and one that says how each thing failed. */
const prelude = `
import sys
from proton import ConnectionException, Message, SSLDomain, Timeout
from proton.utils import BlockingConnection, ConnectionClosed, LinkDetached, SendException
url, ca, user, password = sys.argv[1:5]
def connect(url=url, **more):
    return BlockingConnection(url, timeout=5, heartbeat=20, **more)
`;

describeServices(amqpServices, {
  amqp: says(
    `
connection = connect(allowed_mechs="ANONYMOUS")
sender, receiver = connection.create_sender("letters"), connection.create_receiver("letters")
for letter in ("a", "b"): print(sender.send(Message(body=letter)).remote_state)
for _ in range(2):
    print(receiver.receive(5).body)
    receiver.accept()
answers = connection.create_receiver(None, dynamic=True)
connection.create_sender(answers.link.remote_source.address).send(Message(body="x" * 200000))
print(len(answers.receive(5).body))
connection.close()
`,
    "ACCEPTED ACCEPTED a b 200000",
  ),
  "amqp-auth": says(
    `
connection = connect(user=user, password=password, allowed_mechs="PLAIN", sasl_enabled=True)
print(connection.create_sender("letters").send(Message(body="a")).remote_state)
connection.close()
try: connect(user=user, password="another", allowed_mechs="PLAIN", sasl_enabled=True)
except ConnectionException as error: print("unauthorized" if "amqp:unauthorized-access" in str(error) else error)
`,
    "ACCEPTED unauthorized",
  ),
  amqps: says(
    `
trusting = SSLDomain(SSLDomain.MODE_CLIENT)
trusting.set_trusted_ca_db(ca)
trusting.set_peer_authentication(SSLDomain.VERIFY_PEER_NAME)
connection = connect(ssl_domain=trusting, allowed_mechs="ANONYMOUS")
print(connection.create_sender("letters").send(Message(body="a")).remote_state)
connection.close()
try: connect(allowed_mechs="ANONYMOUS", ssl_domain=SSLDomain(SSLDomain.MODE_CLIENT))
except ConnectionException as error: print("refused" if "certificate verify failed" in str(error) else error)
`,
    "ACCEPTED refused",
  ),
  "amqp-rejects": says(sending(), "REJECTED amqp:precondition-failed"),
  "amqp-releases": says(sending(), "RELEASED"),
  "amqp-no-settle": says(sending(), "Timeout"),
  "amqp-no-credit": says(sending(), "Timeout"),
  "amqp-duplicate": says(
    `
connection = connect(allowed_mechs="ANONYMOUS")
connection.create_sender("twice").send(Message(body="a"))
receiver = connection.create_receiver("twice")
for _ in range(2): print(receiver.receive(5).body)
connection.close()
`,
    "a a",
  ),
  "amqp-detaches": says(
    `
connection = connect(allowed_mechs="ANONYMOUS")
try: connection.create_sender("letters").send(Message(body="a"))
except LinkDetached as error: print(error.condition)
`,
    "amqp:link:detach-forced",
  ),
  "amqp-closes": says(
    `
try:
    connection = connect(allowed_mechs="ANONYMOUS")
    connection.create_sender("letters").send(Message(body="a"))
except ConnectionClosed as error: print(error.condition)
`,
    "amqp:connection:forced",
  ),
  "amqp-wrong-header": says(
    `
try: connect(sasl_enabled=False)
except ConnectionException as error: print("0-9-1" if "Expected AMQP protocol header" in str(error) else error)
`,
    "0-9-1",
  ),
  "amqp-malformed": says(
    `
try: connect(sasl_enabled=False)
except ConnectionException as error: print("framing" if "amqp:connection:framing-error" in str(error) else error)
`,
    "framing",
  ),
});

/** Sends one message and says what became of it. */
function sending(): string {
  return `
connection = connect(allowed_mechs="ANONYMOUS")
try:
    delivery = connection.create_sender("letters").send(Message(body="a"), timeout=1, error_states=[])
    print(delivery.remote_state, *([delivery.remote.condition.name] if delivery.remote.condition else []))
except Timeout: print("Timeout")
connection.close()
`;
}

function says(script: string, expected: string): OutsideCheck {
  return {
    by: ["python3"],
    check: async ({ run, service, caFile }: ServiceCheck) => {
      const { scheme, port } = service;
      const arguments_ = [`${scheme}://localhost:${port}`, caFile, user, password];
      const { stdout, stderr } = await run("python3", ["-c", prelude + script, ...arguments_]);
      // Proton complains of itself when the interpreter ends.
      assert.equal(
        stdout
          .split(/\s+/)
          .filter((word) => word !== "")
          .join(" "),
        expected,
        stderr,
      );
    },
  };
}

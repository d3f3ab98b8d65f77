import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MintedIdentity } from "@fairlead/testserver/authority";
import { startPeer, type PeerProgram } from "./peer-program.ts";
import { unusedPort } from "./unused-port.ts";

/** How a broker is set up. */
export interface RabbitMqOptions {
  /** Listens with TLS, too. */
  readonly identity: MintedIdentity;
  /** PEM: clients may show a certificate that ends there. */
  readonly clientAuthority?: string;
  /** Who is let in. */
  readonly user: { readonly name: string; readonly password: string };
}

/** A RabbitMQ on 127.0.0.1 that speaks AMQP 0-9-1 and 1.0 on both its ports, with a folder of its own. */
export interface RabbitMq extends AsyncDisposable {
  readonly port: number;
  readonly securePort: number;
  /** All that this run has logged. */
  readonly log: string;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, on the same ports with the same folder. */
  start(): Promise<void>;
}

/** Ends with its input, and so with us, however we end. */
const MAPPER = 'epmd -port "$1" -address 127.0.0.1 & read -r _; kill $!; wait';

/** Starts a broker, which takes some seconds, and a mapper of Erlang's ports for it alone. */
export async function startRabbitMq(options: RabbitMqOptions): Promise<RabbitMq> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-rabbitmq-"));
  const at = (name: string): string => join(folder, name);
  const [port, securePort, mapperPort, nodePort] = [
    ...[await unusedPort(), await unusedPort()],
    ...[await unusedPort(), await unusedPort()],
  ] as const;
  const { identity, clientAuthority, user } = options;
  await writeFile(at("certificate.pem"), identity.certificate);
  await writeFile(at("key.pem"), identity.privateKey, { mode: 0o600 });
  await writeFile(at("clients.pem"), clientAuthority ?? identity.certificate);
  await writeFile(at("plugins"), "[rabbitmq_amqp1_0].\n");
  await writeFile(
    at("rabbitmq.conf"),
    [
      `listeners.tcp.1 = 127.0.0.1:${String(port)}`,
      `listeners.ssl.1 = 127.0.0.1:${String(securePort)}`,
      `ssl_options.certfile = ${at("certificate.pem")}`,
      `ssl_options.keyfile = ${at("key.pem")}`,
      `ssl_options.cacertfile = ${at("clients.pem")}`,
      `ssl_options.verify = ${clientAuthority === undefined ? "verify_none" : "verify_peer"}`,
      "ssl_options.fail_if_no_peer_cert = false",
      `default_user = ${user.name}`,
      `default_pass = ${user.password}`,
      "log.console = true",
      "log.file = false",
      "",
    ].join("\n"),
    { mode: 0o600 },
  );
  const environment = {
    HOME: folder,
    ERL_EPMD_PORT: String(mapperPort),
    ERL_EPMD_ADDRESS: "127.0.0.1",
    // The machine's own settings are none of ours.
    RABBITMQ_CONF_ENV_FILE: "/dev/null",
    RABBITMQ_CONFIG_FILE: at("rabbitmq"),
    RABBITMQ_ENABLED_PLUGINS_FILE: at("plugins"),
    RABBITMQ_MNESIA_BASE: at("mnesia"),
    RABBITMQ_LOG_BASE: at("log"),
    RABBITMQ_LOGS: "-",
    RABBITMQ_SCHEMA_DIR: at("schema"),
    RABBITMQ_GENERATED_CONFIG_DIR: at("generated"),
    RABBITMQ_PID_FILE: at("pid"),
    RABBITMQ_NODENAME: `fairlead${String(port)}@localhost`,
    RABBITMQ_DIST_PORT: String(nodePort),
    // Two schedulers start sooner than one for each core of a large machine, and disturb others less.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "+S 2:2 +sbwt none",
    // Its script becomes the machine of Erlang, instead of waiting for it, which then ends with our end of its input.
    RABBITMQ_ALLOW_INPUT: "true",
  };
  const mapper = await startPeer("sh", ["-c", MAPPER, "sh", String(mapperPort)], environment);
  let isOver = false;
  const requireFolder = (): void => {
    if (isOver) throw new Error("the broker was disposed of");
  };
  const start = async (): Promise<PeerProgram> => {
    requireFolder();
    const started = await startPeer("/usr/lib/rabbitmq/bin/rabbitmq-server", [], environment);
    try {
      await started.says(/Server startup complete/);
      requireFolder();
    } catch (error) {
      await started[Symbol.asyncDispose]();
      throw error;
    }
    return started;
  };
  const clean = async (): Promise<void> => {
    mapper.endInput();
    await mapper.ended();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  let starting: Promise<PeerProgram> | undefined;
  let broker = await start().catch(async (error: unknown) => {
    await clean();
    throw error;
  });
  return {
    port,
    securePort,
    get log() {
      return broker.output;
    },
    kill: async () => {
      await broker[Symbol.asyncDispose]();
    },
    start: async () => {
      starting = start();
      broker = await starting;
    },
    [Symbol.asyncDispose]: async () => {
      isOver = true;
      // A test may have failed while it started.
      await starting?.catch(() => undefined);
      await broker[Symbol.asyncDispose]();
      await clean();
    },
  };
}

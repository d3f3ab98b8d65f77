import { UsageError } from "@fairlead/core";
import type { ChannelModel, RecoveringChannelModel, RecoveryOptions } from "amqplib";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Duplex } from "node:stream";

/** A connection as the library makes it on a socket. */
interface LibraryConnection {
  open(fields: object, opened: (error: Error | null) => void): void;
}

/** What the library connects with, for a stream that it has not opened by itself. */
export interface AmqplibInternals {
  readonly Connection: new (stream: Duplex) => LibraryConnection;
  readonly ChannelModel: new (connection: LibraryConnection) => ChannelModel;
  readonly connectWithRecoveryPromise: (
    open: () => Promise<ChannelModel>,
    options: RecoveryOptions,
  ) => Promise<RecoveringChannelModel>;
}

/**
 * Loads the library's parts. Its `connect` opens every socket by itself, with `node:net` or `node:tls`, and offers no way
 * to give it another; what it does on a socket is in modules that it does not export, and that are therefore looked at.
 *
 * @throws UsageError PACKAGE_MISSING, for a version that has other parts as well.
 */
export function loadAmqplib(require: NodeJS.Require = createRequire(import.meta.url)): AmqplibInternals {
  const name = "amqplib";
  const missing = (detail: string, cause?: unknown): UsageError =>
    new UsageError("PACKAGE_MISSING", { operation: "connect", detail, remedy: "npm install amqplib@2.3", cause });
  let parts: Partial<AmqplibInternals>;
  try {
    const at = join(dirname(require.resolve(name)), "lib");
    const files = ["connection.js", "channel_model.js", "recovery.js"];
    parts = Object.assign({}, ...files.map((file) => require(join(at, file)) as object)) as Partial<AmqplibInternals>;
  } catch (cause) {
    throw missing(name, cause);
  }
  const { Connection, ChannelModel, connectWithRecoveryPromise } = parts;
  const isKnown = [Connection, ChannelModel, connectWithRecoveryPromise].every((part) => typeof part === "function");
  if (!isKnown || Connection === undefined || ChannelModel === undefined || connectWithRecoveryPromise === undefined) {
    throw missing(`${name} of a version whose parts are known`);
  }
  return { Connection, ChannelModel, connectWithRecoveryPromise };
}

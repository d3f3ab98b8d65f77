import type { Duplex } from "node:stream";
import { ProtocolError, TransportError } from "@fairlead/core";
import type { SchemeRequest } from "@fairlead/access";
import type { AnyAuthMethod, AuthenticationType, Client, SFTPWrapper } from "ssh2";
import { Authentication } from "./authentication.ts";
import { connectionError } from "./connection-error.ts";
import { Connection, type ConnectionTimes } from "./connection.ts";
import { hangUp } from "./end-client.ts";
import type { AcceptedHostKey, HostKeyCheck, HostKeys } from "./host-keys.ts";
import type { IdentitySource } from "./identities.ts";
import { Patience } from "./patience.ts";
import { authenticationCodes, ciphers, keyExchanges, preferKnown } from "./protocol/algorithms.ts";
import { loadSsh } from "./ssh.ts";
import type { SftpTarget } from "./target.ts";

/** What connections are opened with. */
export interface ConnectionSettings {
  readonly hostKeys: HostKeys;
  readonly sources: readonly IdentitySource[];
  readonly times: ConnectionTimes;
}

/** The request that a connection is opened for. */
export type Opener = Pick<SchemeRequest, "openStream" | "authenticate" | "connectMilliseconds">;

/**
 * Opens a connection: the stream, the key of the host, the proof of who the user is, and the subsystem of files.
 *
 * @param signal fires when nobody waits for it any more.
 * @throws PolicyError HOST_KEY_UNKNOWN, HOST_KEY_CHANGED, HOST_KEY_REVOKED; AuthenticationError AUTHENTICATION_FAILED;
 * ProtocolError SSH_FAILED, SFTP_UNAVAILABLE; TransportError; TimeoutError; StoreError; what a callback of the application
 * threw; the signal's reason.
 */
export async function openConnection(
  settings: ConnectionSettings,
  target: SftpTarget,
  opener: Opener,
  signal: AbortSignal,
): Promise<Connection> {
  using patience = new Patience(target.peer, opener.connectMilliseconds);
  const ending = new AbortController();
  const either = AbortSignal.any([signal, patience.signal, ending.signal]);
  let stream: Duplex | undefined;
  let client: Client | undefined;
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  const onAbort = (): void => {
    fail(either.reason);
  };
  either.addEventListener("abort", onAbort);
  try {
    const [check, ssh] = await Promise.race([Promise.all([settings.hostKeys.of(target), loadSsh()]), failed]);
    const opening = opener.openStream(target.host, target.port);
    opening.then((late) => either.aborted && late.destroy()).catch(() => undefined);
    stream = await Promise.race([opening, failed]);
    client = new ssh.Client();
    const authentication = new Authentication({
      ssh,
      target,
      sources: settings.sources,
      authenticate: (question) => opener.authenticate(question),
      patience,
      signal: either,
    });
    authentication.onFailure = fail;
    const sftp = await Promise.race([
      handshake({ client, stream, target, check, authentication, patience, signal: either, fail }),
      failed,
    ]);
    return new Connection(client, stream, sftp, target.peer, settings.times);
  } catch (error) {
    ending.abort(error);
    hangUp(client, stream);
    throw error;
  } finally {
    either.removeEventListener("abort", onAbort);
  }
}

interface Handshake {
  readonly client: Client;
  readonly stream: Duplex;
  readonly target: SftpTarget;
  readonly check: HostKeyCheck;
  readonly authentication: Authentication;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  readonly fail: (error: unknown) => void;
}

async function handshake(facts: Handshake): Promise<SFTPWrapper> {
  const { client, stream, target, check, authentication, patience, signal, fail } = facts;
  const { peer } = target;
  let shown: Buffer | undefined;
  let accepted: Promise<AcceptedHostKey> | undefined;
  // Keys are exchanged anew from time to time: the host stays the one that it was.
  const verify = (key: Buffer, answer: (isAccepted: boolean) => void): void => {
    if (shown !== undefined) {
      answer(shown.equals(key));
      return;
    }
    shown = Buffer.from(key);
    const own = shown;
    accepted = patience.while(() => check.accept(own, signal));
    // The library throws where the connection has ended meanwhile.
    accepted
      .then(() => {
        answer(true);
      })
      .catch(fail);
  };
  const { promise: ready, resolve } = Promise.withResolvers<undefined>();
  client.once("ready", () => {
    resolve(undefined);
  });
  client.on("error", (error) => {
    // What an agent says of one key does not end the conversation.
    if (error.level !== "agent") fail(connectionError(error, peer));
  });
  client.once("close", () => {
    fail(new TransportError("CONNECTION_RESET", { peer, operation: "connect" }));
  });
  client.on("change password", () => {
    const detail = "the password has expired, and the server wants a new one";
    fail(new ProtocolError("SSH_FAILED", { peer, operation: "authenticate", detail }));
  });
  client.once("handshake", () => {
    // Only now has the host proved that the key is its own.
    accepted?.then((key) => key.remember()).catch(fail);
  });
  client.connect({
    sock: stream,
    username: target.username,
    algorithms: {
      kex: [...keyExchanges],
      cipher: [...ciphers],
      hmac: [...authenticationCodes],
      serverHostKey: [...preferKnown(check.knowledge.keys)],
      compress: ["none"],
    },
    hostVerifier: verify,
    authHandler: (offered, isPartial, next) => {
      // Before the first try there is no list, whatever the types say.
      const known = (offered as AuthenticationType[] | null) ?? undefined;
      authentication
        .next(known, isPartial)
        .then((attempt: AnyAuthMethod) => {
          next(attempt);
        })
        .catch(fail);
    },
    readyTimeout: 0,
    keepaliveInterval: 0,
  });
  // Messages are small, and most are waited for.
  client.setNoDelay(true);
  await ready;
  return openSubsystem(client, peer);
}

function openSubsystem(client: Client, peer: string): Promise<SFTPWrapper> {
  const { promise, resolve, reject } = Promise.withResolvers<SFTPWrapper>();
  client.sftp((error, sftp) => {
    if (error === undefined) resolve(sftp);
    else reject(new ProtocolError("SFTP_UNAVAILABLE", { peer, operation: "connect", cause: error }));
  });
  return promise;
}

import type { Duplex } from "node:stream";
import { TimeoutError, TransportError } from "@fairlead/core";
import type { Client, SFTPWrapper } from "ssh2";
import { connectionError } from "./connection-error.ts";
import { hangUp, leave } from "./end-client.ts";
import { SftpSession } from "./session.ts";

/** For how long a connection waits. */
export interface ConnectionTimes {
  readonly idleMilliseconds: number;
  readonly keepaliveMilliseconds: number;
}

/** Questions whether the server is there that may stay unanswered. */
const UNANSWERED_LIMIT = 3;

/** A connection to one server as one user, which requests share. It ends itself when nobody has used it for a while. */
export class Connection {
  readonly session: SftpSession;
  readonly #client: Client;
  readonly #stream: Duplex & { ref?(): void; unref?(): void };
  readonly #times: ConnectionTimes;
  readonly #ended = Promise.withResolvers<undefined>();
  readonly #keepalive: NodeJS.Timeout;
  #users = 0;
  #idle: NodeJS.Timeout | undefined;
  #isUsable = true;
  #isLost = false;
  #answersSeen = 0;
  #unanswered = 0;

  constructor(client: Client, stream: Duplex, sftp: SFTPWrapper, peer: string, times: ConnectionTimes) {
    this.#client = client;
    this.#stream = stream;
    this.#times = times;
    this.session = new SftpSession(sftp, peer, () => {
      this.retire();
    });
    const lose = (error: Error): void => {
      this.#lose(error);
    };
    client.on("error", (error) => {
      lose(connectionError(error, peer));
    });
    sftp.on("error", (error: Error) => {
      lose(connectionError(error, peer));
    });
    const cut = (): void => {
      lose(new TransportError("CONNECTION_RESET", { peer }));
    };
    client.once("close", cut);
    sftp.once("close", cut);
    this.#keepalive = setInterval(() => {
      this.#checkAlive(peer);
    }, times.keepaliveMilliseconds).unref();
    this.#rest();
  }

  /** Whether another request may use it. */
  get isUsable(): boolean {
    return this.#isUsable;
  }

  get isIdle(): boolean {
    return this.#users === 0;
  }

  /** Resolves when it has ended, for whatever reason. */
  get ended(): Promise<undefined> {
    return this.#ended.promise;
  }

  /** Takes it into use. @returns what gives it back; calling that twice is harmless. */
  use(): () => void {
    this.#users += 1;
    clearTimeout(this.#idle);
    this.#stream.ref?.();
    let isUsed = true;
    return () => {
      if (!isUsed) return;
      isUsed = false;
      this.#users -= 1;
      if (this.#users === 0) this.#rest();
    };
  }

  /** Lets no other request use it, and ends it when those that do have ended. */
  retire(): void {
    this.#isUsable = false;
    if (this.#users === 0) this.end();
  }

  /** Ends it, and all that use it. */
  end(error: Error = new TransportError("STREAM_CLOSED")): void {
    this.#lose(error, leave);
  }

  #rest(): void {
    if (!this.#isUsable) {
      this.end();
      return;
    }
    // Neither a process nor a test waits for a connection that nobody uses.
    this.#stream.unref?.();
    this.#idle = setTimeout(() => {
      this.end();
    }, this.#times.idleMilliseconds).unref();
  }

  #checkAlive(peer: string): void {
    const { answers } = this.session;
    if (answers !== this.#answersSeen) this.#unanswered = 0;
    this.#answersSeen = answers;
    if (this.#unanswered >= UNANSWERED_LIMIT) {
      const detail = "the server has said nothing for a while";
      this.#lose(new TimeoutError("body", { peer, detail }));
      return;
    }
    this.#unanswered += 1;
    this.session.realpath(".").catch(() => undefined);
  }

  #lose(error: Error, hang: (client: Client, stream: Duplex) => void = hangUp): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#isUsable = false;
    clearInterval(this.#keepalive);
    clearTimeout(this.#idle);
    this.session.lose(error);
    hang(this.#client, this.#stream);
    this.#ended.resolve(undefined);
  }
}

import { equal, ok, rejects } from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { describe, test } from "node:test";
import { isCodedError } from "@fairlead/core";
import { sftpScheme, type HostKeyAnswer, type SftpOptions } from "@fairlead/sftp";
import fc from "fast-check";
import ssh2, { type Connection, type ServerChannel, type SFTPWrapper } from "ssh2";
import { bytesOf, openTcp, schemeRequest, textOf, type RequestFacts } from "./peers/request.ts";
import { HELLO, serveHello, startSshServer, type SshServerOptions } from "./peers/ssh-server.ts";

const { STATUS_CODE } = ssh2.utils.sftp;
const accept = (): HostKeyAnswer => ({ type: "accept" });

/** Asks a server that behaves as it likes for its one file. */
async function fetchFrom(
  serverOptions: SshServerOptions,
  facts: RequestFacts = {},
  options: SftpOptions = {},
  path = "/hello",
): Promise<string> {
  await using server = await startSshServer(serverOptions);
  const handler = sftpScheme({ onHostKey: accept, ...options });
  try {
    return await textOf(await handler.handle(schemeRequest(server.url(path), facts)));
  } finally {
    await handler.close();
  }
}

/** Serves files, some operations by other means. */
function serving(operations: Readonly<Record<string, (sftp: SFTPWrapper, id: number, ...rest: never[]) => void>>) {
  return (sftp: SFTPWrapper): void => {
    serveHello(sftp);
    for (const [name, answer] of Object.entries(operations)) {
      sftp.removeAllListeners(name);
      sftp.on(name as "READ", (id: number, ...rest: unknown[]) => {
        answer(sftp, id, ...(rest as never[]));
      });
    }
  };
}

describe("what answers is no server of SSH", () => {
  const fetchRaw = async (onSocket: (socket: Socket) => void, connectMilliseconds = 10_000): Promise<unknown> => {
    const left = Promise.withResolvers<undefined>();
    const server = createServer((socket) => {
      socket.on("error", () => undefined).resume();
      socket.once("close", () => {
        left.resolve(undefined);
      });
      onSocket(socket);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const handler = sftpScheme({ onHostKey: accept });
    const url = `sftp://user@127.0.0.1:${String(port)}/a`;
    try {
      return await handler.handle(schemeRequest(url, { connectMilliseconds }));
    } finally {
      // Whatever it did, it is left.
      await left.promise;
      server.close();
      await handler.close();
    }
  };

  test("one that says nothing has its time", async () => {
    await rejects(
      fetchRaw(() => undefined, 200),
      { code: "TIMED_OUT", phase: "connect" },
    );
  });

  test("one that says how it is called, and no more, too", async () => {
    await rejects(
      fetchRaw((socket) => socket.write("SSH-2.0-stalled\r\n"), 200),
      { code: "TIMED_OUT", phase: "connect" },
    );
  });

  test("one that closes at once", async () => {
    await rejects(
      fetchRaw((socket) => socket.end()),
      (error) => isCodedError(error) && ["SSH_FAILED", "CONNECTION_RESET"].includes(error.code),
    );
    await rejects(
      fetchRaw((socket) => socket.once("data", () => socket.resetAndDestroy())),
      { code: "CONNECTION_RESET" },
    );
  });

  test("one of HTTP", async () => {
    await rejects(
      fetchRaw((socket) => socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")),
      (error) => isCodedError(error) && ["SSH_FAILED", "CONNECTION_RESET"].includes(error.code),
    );
  });

  test("one that greets without end", async () => {
    const flood = (socket: Socket): void => {
      const write = (): void => {
        while (!socket.destroyed && socket.write("welcome to a very long greeting\r\n".repeat(100)));
      };
      socket.on("drain", write);
      write();
    };
    await rejects(fetchRaw(flood), { code: "SSH_FAILED" });
    await rejects(
      fetchRaw((socket) => socket.write("x".repeat(1024 * 1024))),
      { code: "SSH_FAILED" },
    );
  });

  test("one that announces a packet without end", async () => {
    const huge = Buffer.concat([
      Buffer.from("SSH-2.0-huge\r\n"),
      Buffer.from([0x7f, 0xff, 0xff, 0xff, 4]),
      Buffer.alloc(64),
    ]);
    await rejects(
      fetchRaw((socket) => socket.write(huge)),
      { code: "SSH_FAILED" },
    );
  });

  test("whatever comes after its name, it ends in an error with a code", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        const sendAll = (socket: Socket): void => {
          socket.end(Buffer.concat([Buffer.from("SSH-2.0-any\r\n"), bytes]));
        };
        await rejects(fetchRaw(sendAll), (error) => isCodedError(error));
      }),
      { numRuns: 30 },
    );
  });
});

describe("a server of SSH that does not do what it should", () => {
  test("never says who may come in", async () => {
    const failed = fetchFrom({ onAuthentication: () => undefined }, { connectMilliseconds: 300 });
    await rejects(failed, { code: "TIMED_OUT", phase: "connect" });
  });

  test("has no files", async () => {
    const onConnection: SshServerOptions["onConnection"] = (connection) => {
      connection.prependListener("session", (_accept, reject) => {
        // The types do not know what a session is refused by.
        (reject as () => void)();
      });
    };
    await rejects(fetchFrom({ onConnection }), { code: "SFTP_UNAVAILABLE" });
  });

  test("does not prove that the key is its own: it is not remembered", async () => {
    let asked = 0;
    let answered = Promise.withResolvers<undefined>();
    await using server = await startSshServer();
    const handler = sftpScheme({
      onHostKey: () => {
        asked += 1;
        setImmediate(answered.resolve, undefined);
        return { type: "accept" };
      },
    });
    const openStream = async (host: string, port: number): Promise<Duplex> => {
      answered = Promise.withResolvers();
      return new SpoiledSignature(await openTcp(host, port), answered.promise);
    };
    for (const partition of ["", "https://a.example"]) {
      const failed = handler.handle(schemeRequest(server.url("/hello"), { openStream, partition }));
      await rejects(failed, { code: "SSH_FAILED", message: /signature/i });
    }
    equal(asked, 2);
    equal(await textOf(await handler.handle(schemeRequest(server.url("/hello")))), HELLO);
    await handler.close();
  });

  test("offers weak algorithms only", async () => {
    const weak = [
      { kex: ["diffie-hellman-group14-sha1"] },
      { cipher: ["aes128-cbc"] },
      { cipher: ["chacha20-poly1305@openssh.com"] },
      { cipher: ["aes128-ctr"], hmac: ["hmac-sha1"] },
    ] as const;
    for (const algorithms of weak) {
      const config = { algorithms: algorithms as never };
      await rejects(fetchFrom({ config }), { code: "SSH_FAILED", message: /no matching/i }, JSON.stringify(algorithms));
    }
  });

  test("cuts the connection in the middle of a file", async () => {
    await using server = await startSshServer({
      onSftp: serving({
        FSTAT: (sftp, id) => {
          sftp.attrs(id, { mode: 0o100644, uid: 0, gid: 0, size: 10_000_000, atime: 1, mtime: 1 });
        },
        READ: () => {
          server.cut();
        },
      }),
    });
    const handler = sftpScheme({ onHostKey: accept });
    const response = await handler.handle(schemeRequest(server.url("/hello")));
    await rejects(bytesOf(response), (error) => isCodedError(error));
    // The next one is served by a connection of its own.
    equal((await handler.handle(schemeRequest(server.url("/hello"), { method: "HEAD" }))).status, 200);
    equal(server.connections, 2);
    await handler.close();
  });

  test("sends what is no packet on a connection that is kept: it is lost, and the next one is opened", async () => {
    await using server = await startSshServer();
    const handler = sftpScheme({ onHostKey: accept });
    const streams: Duplex[] = [];
    const openStream = async (host: string, port: number): Promise<Duplex> => {
      const stream = await openTcp(host, port);
      streams.push(stream);
      return stream;
    };
    const request = schemeRequest(server.url("/hello"), { openStream });
    const reading = await handler.handle(request);
    streams[0]?.emit("data", Buffer.alloc(100, 7));
    await rejects(bytesOf(reading), { code: "SSH_FAILED" });
    equal(await textOf(await handler.handle(request)), HELLO);
    streams[1]?.emit("data", Buffer.alloc(100, 7));
    equal(await textOf(await handler.handle(request)), HELLO);
    equal(server.connections, 3);
    await handler.close();
  });

  const lies: readonly (readonly [what: string, operations: Parameters<typeof serving>[0], code: string])[] = [
    ["a file ends before its length", { READ: (sftp, id) => sftp.status(id, STATUS_CODE.EOF) }, "RESPONSE_TRUNCATED"],
    ["a read gives nothing, and no end", { READ: (sftp, id) => sftp.data(id, Buffer.alloc(0)) }, "RESPONSE_TRUNCATED"],
    ["a read fails", { READ: (sftp, id) => sftp.status(id, STATUS_CODE.FAILURE, "disk on fire") }, "SFTP_FAILED"],
    [
      "an open is not permitted",
      { OPEN: (sftp, id) => sftp.status(id, STATUS_CODE.PERMISSION_DENIED) },
      "FILE_ACCESS_DENIED",
    ],
    ["an open gives attributes", { OPEN: (sftp, id) => sftp.attrs(id, attributesOf(0o100644)) }, "SFTP_FAILED"],
    ["a file has no kind", { STAT: (sftp, id) => sftp.attrs(id, { size: 6 } as never) }, "FILE_NOT_REGULAR"],
    ["a file becomes a pipe", { FSTAT: (sftp, id) => sftp.attrs(id, attributesOf(0o010644)) }, "FILE_NOT_REGULAR"],
    ["a resolved path is no path", { REALPATH: (sftp, id) => sftp.name(id, []) }, "SFTP_FAILED"],
    ["nothing is supported", { STAT: (sftp, id) => sftp.status(id, STATUS_CODE.OP_UNSUPPORTED) }, "SFTP_FAILED"],
  ];
  for (const [what, operations, code] of lies) {
    test(`${what}: ${code}`, async () => {
      const root = "REALPATH" in operations ? { root: "/" } : {};
      await rejects(fetchFrom({ onSftp: serving(operations) }, {}, root), { code });
    });
  }

  test("gives one byte at a time: the file comes whole", async () => {
    const READ = (sftp: SFTPWrapper, id: number, _handle: Buffer, offset: number): void => {
      sftp.data(id, Buffer.from(HELLO).subarray(offset, offset + 1));
    };
    equal(await fetchFrom({ onSftp: serving({ READ }) }), HELLO);
  });

  test("gives more than was asked for: the file has its length", async () => {
    const READ = (sftp: SFTPWrapper, id: number): void => sftp.data(id, Buffer.from(HELLO.repeat(100)));
    equal(await fetchFrom({ onSftp: serving({ READ }) }), HELLO);
  });

  test("lists names without end", async () => {
    const names = Array.from({ length: 500 }, (_, index) => ({
      filename: `name ${String(index)}`,
      longname: "",
      attrs: attributesOf(0o100644),
    }));
    const onSftp = serving({
      STAT: (sftp, id) => {
        sftp.attrs(id, attributesOf(0o040755));
      },
      OPENDIR: (sftp, id) => sftp.handle(id, Buffer.from("d")),
      READDIR: (sftp, id) => sftp.name(id, names),
    });
    await rejects(fetchFrom({ onSftp }, {}, {}, "/dir/"), { code: "BODY_LIMIT" });
  });

  test("does not answer any more: keepalive ends the connection, and all that wait", async () => {
    const silent = serving({ STAT: () => undefined, REALPATH: () => undefined });
    await rejects(fetchFrom({ onSftp: silent }, {}, { keepaliveMilliseconds: 20 }), { code: "TIMED_OUT" });
  });

  test("does not answer one request: its signal ends it, and no other", async () => {
    let stats = 0;
    await using server = await startSshServer({
      onSftp: serving({
        STAT: (sftp, id) => {
          stats += 1;
          if (stats > 1) sftp.attrs(id, attributesOf(0o100644));
        },
      }),
    });
    const handler = sftpScheme({ onHostKey: accept });
    const abort = new AbortController();
    const stalled = handler.handle(schemeRequest(server.url("/hello"), { signal: abort.signal }));
    const asked = stalled.catch(() => undefined);
    equal(await textOf(await handler.handle(schemeRequest(server.url("/hello")))), HELLO);
    abort.abort(new Error("enough"));
    await rejects(stalled, /enough/);
    await asked;
    equal(server.connections, 1);
    await handler.close();
  });

  test("answers when nobody waits any more: what it opened is closed", async () => {
    const opened = Promise.withResolvers<() => void>();
    const closed = Promise.withResolvers<undefined>();
    await using server = await startSshServer({
      onSftp: serving({
        OPEN: (sftp, id) => {
          opened.resolve(() => sftp.handle(id, Buffer.from("late")));
        },
        CLOSE: (sftp, id) => {
          sftp.status(id, STATUS_CODE.OK);
          closed.resolve(undefined);
        },
      }),
    });
    const handler = sftpScheme({ onHostKey: accept });
    const abort = new AbortController();
    const request = handler.handle(schemeRequest(server.url("/hello"), { signal: abort.signal }));
    const answer = await opened.promise;
    abort.abort(new Error("enough"));
    await rejects(request, /enough/);
    answer();
    await closed.promise;
    await handler.close();
  });

  test("sends rubbish instead of SFTP: an error with a code, and never a wait without end", async () => {
    const version = Buffer.from([0, 0, 0, 5, 2, 0, 0, 0, 3]);
    const rubbish: readonly (readonly number[])[] = [
      [0xff, 0xff, 0xff, 0xff, 1],
      [0x80, 0, 0, 0, 1],
      [0, 0, 0, 0],
      [0, 0x10, 0, 0, 103],
      [0, 0, 0, 1, 250],
      [0, 0, 0, 5, 2, 0, 0, 0, 3],
      [0, 0, 0, 1, 105],
      [0, 0, 0, 9, 104, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
      [0, 0, 0, 9, 105, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
    ];
    for (const bytes of rubbish) {
      const onSubsystem = (channel: ServerChannel): void => {
        channel.on("error", () => undefined);
        channel.write(version);
        channel.once("data", () => {
          channel.write(Buffer.from(bytes));
          channel.on("data", () => undefined);
        });
      };
      const failed = fetchFrom({ onSubsystem }, {}, { keepaliveMilliseconds: 50 });
      await rejects(failed, (error) => isCodedError(error), bytes.join(" "));
    }
  });
});

describe("connections of a handler", () => {
  test("exchange keys anew as the server likes, and nobody is asked again", async () => {
    const open: Connection[] = [];
    await using server = await startSshServer({ onConnection: (connection) => open.push(connection) });
    let asked = 0;
    const onHostKey = (): HostKeyAnswer => {
      asked += 1;
      return { type: "accept", remember: "once" };
    };
    const handler = sftpScheme({ onHostKey });
    const fetched = async (): Promise<string> => textOf(await handler.handle(schemeRequest(server.url("/hello"))));
    equal(await fetched(), HELLO);
    await new Promise<void>((resolve) => {
      open[0]?.rekey(() => {
        resolve();
      });
    });
    equal(await fetched(), HELLO);
    equal(asked, 1);
    equal(server.connections, 1);
    await handler.close();
  });

  test("are limited; one that nobody uses makes room", async () => {
    await using server = await startSshServer();
    const handler = sftpScheme({ onHostKey: accept, connectionsLimit: 1 });
    const request = (partition: string) => handler.handle(schemeRequest(server.url("/hello"), { partition }));
    const busy = await request("");
    await rejects(request("https://a.example"), { code: "CONNECTION_LIMIT" });
    equal(await textOf(busy), HELLO);
    equal(await textOf(await request("https://a.example")), HELLO);
    equal(server.connections, 2);
    await handler.close();
  });

  test("end when nobody has used them for a while", async () => {
    const ended = Promise.withResolvers<undefined>();
    await using server = await startSshServer({
      onConnection: (connection) => {
        connection.once("close", () => {
          ended.resolve(undefined);
        });
      },
    });
    const handler = sftpScheme({ onHostKey: accept, idleMilliseconds: 1 });
    equal(await textOf(await handler.handle(schemeRequest(server.url("/hello")))), HELLO);
    await ended.promise;
    await handler.close();
  });

  test("options that cannot be are refused", () => {
    const wrong: readonly SftpOptions[] = [
      { idleMilliseconds: 0 },
      { idleMilliseconds: Number.NaN },
      { keepaliveMilliseconds: 2 ** 31 },
      { connectionsLimit: 0 },
      { connectionsLimit: 1.5 },
    ];
    for (const options of wrong) {
      let refused: unknown;
      try {
        sftpScheme(options);
      } catch (error) {
        refused = error;
      }
      ok(isCodedError(refused) && refused.code === "OPTION_INVALID", JSON.stringify(options));
    }
  });
});

function attributesOf(mode: number) {
  return { mode, uid: 0, gid: 0, size: HELLO.length, atime: 1, mtime: 1 };
}

/** A connection on which somebody changes the signature that a host proves its key with. RFC 5656 section 4. */
class SpoiledSignature extends Duplex {
  readonly #above: Duplex;
  readonly #answered: Promise<unknown>;
  #received = Buffer.alloc(0);
  #isDone = false;

  /** @param answered when the host's key is accepted: only then comes what has the signature looked at. */
  constructor(above: Duplex, answered: Promise<unknown>) {
    super();
    this.#above = above;
    this.#answered = answered;
    above.on("data", (bytes: Buffer) => {
      this.#take(bytes);
    });
    above.once("end", () => this.push(null)).on("error", (error) => this.destroy(error));
  }

  override _read(): void {
    this.#above.resume();
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.#above.write(bytes, () => {
      done();
    });
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#above.destroy();
    done(error);
  }

  #take(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    while (!this.#isDone) {
      const line = this.#received.subarray(0, 4).toString() === "SSH-" ? this.#received.indexOf("\n") + 1 : 0;
      const length = line > 0 ? line : this.#received.length < 4 ? Infinity : 4 + this.#received.readUInt32BE(0);
      if (length > this.#received.length) return;
      const packet = this.#received.subarray(0, length);
      this.#received = this.#received.subarray(length);
      // SSH_MSG_KEX_ECDH_REPLY: its last field is the signature, before the padding.
      if (line === 0 && packet[5] === 31) {
        const last = packet.length - (packet[4] ?? 0) - 1;
        packet[last] = (packet[last] ?? 0) ^ 1;
        this.#isDone = true;
      }
      this.push(packet);
    }
    const rest = this.#received;
    this.#received = Buffer.alloc(0);
    void this.#answered.then(() => this.push(rest));
  }
}

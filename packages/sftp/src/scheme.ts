import { UsageError } from "@fairlead/core";
import type { SchemeHandler, SchemeRequest, SchemeResponse } from "@fairlead/access";
import { Connections } from "./connections.ts";
import { HostKeys } from "./host-keys.ts";
import { identitySources } from "./identities.ts";
import { KnownHostsFiles } from "./known-hosts-file.ts";
import type { SftpOptions } from "./options.ts";
import { read, type Operation } from "./read-request.ts";
import { readTarget, type SftpTarget } from "./target.ts";
import { emptyResponse, remove, write } from "./write-request.ts";

const IDLE_MILLISECONDS = 30_000;
const KEEPALIVE_MILLISECONDS = 15_000;
const CONNECTIONS_LIMIT = 32;
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/**
 * Answers requests for `sftp://[user@]host[:port]/path` by SSH: GET and HEAD of files, and of the names that a directory
 * holds where the path ends in a slash, as JSON; PUT; DELETE. A path is absolute; behind `/~/` it is relative to the home
 * directory.
 *
 * @throws UsageError OPTION_INVALID
 * @example
 * const manager = await openNetworkAccessManager({
 *   schemes: [sftpScheme({ knownHosts: `${homedir()}/.ssh/known_hosts`, agent: "environment" })],
 * });
 * const report = await manager.request("sftp://me@files.example/~/report.pdf");
 */
export function sftpScheme(options: SftpOptions = {}): SchemeHandler {
  const ending = new AbortController();
  const hostKeys = new HostKeys(new KnownHostsFiles(options.knownHosts ?? []), options.onHostKey, ending.signal);
  const connections = new Connections(
    {
      hostKeys,
      sources: identitySources(options.agent, options.keys ?? []),
      times: {
        idleMilliseconds: milliseconds("idleMilliseconds", options.idleMilliseconds ?? IDLE_MILLISECONDS),
        keepaliveMilliseconds: milliseconds(
          "keepaliveMilliseconds",
          options.keepaliveMilliseconds ?? KEEPALIVE_MILLISECONDS,
        ),
      },
    },
    atLeastOne("connectionsLimit", options.connectionsLimit ?? CONNECTIONS_LIMIT),
  );
  const { username } = options;
  const root = options.root === undefined ? undefined : absolute(options.root);
  return {
    scheme: "sftp",
    async handle(request) {
      const answer = answers.get(request.method);
      if (answer === undefined) return { ...emptyResponse(405), headers: { allow: [...answers.keys()].join(", ") } };
      return answerBy(answer, request, readTarget(request.url, username), { connections, root });
    },
    async close() {
      ending.abort(new UsageError("MANAGER_CLOSED", { operation: "request" }));
      await connections.close();
    },
  };
}

type Answer = (operation: Operation) => Promise<SchemeResponse>;

const answers: ReadonlyMap<string, Answer> = new Map([
  ["GET", read],
  ["HEAD", read],
  ["PUT", write],
  ["DELETE", remove],
]);

interface Ground {
  readonly connections: Connections;
  readonly root: string | undefined;
}

async function answerBy(
  answer: Answer,
  request: SchemeRequest,
  target: SftpTarget,
  { connections, root }: Ground,
): Promise<SchemeResponse> {
  const { peer, path } = target;
  const { signal } = request;
  for (;;) {
    const lease = await connections.lease(target, request);
    const { session } = lease.connection;
    const answersBefore = session.answers;
    const release = (): void => {
      lease.release();
    };
    try {
      const response = await answer({ session, peer, root, signal, request, path, release });
      if (!isStreamed(response)) release();
      return response;
    } catch (error) {
      release();
      // A connection that others left idle may be dead, and nobody knew: then nothing was done, and another one is opened.
      const wasDead = lease.isReused && !lease.connection.isUsable && session.answers === answersBefore;
      if (!wasDead || signal.aborted) throw error;
    }
  }
}

/** The body of a file gives the connection back when it ends. */
function isStreamed({ body }: SchemeResponse): boolean {
  return body !== undefined && !(body instanceof Uint8Array);
}

function milliseconds(name: string, value: number): number {
  if (value >= 1 && value <= LONGEST_MILLISECONDS) return value;
  throw new UsageError("OPTION_INVALID", { detail: name, remedy: "give milliseconds, at least 1" });
}

function atLeastOne(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new UsageError("OPTION_INVALID", { detail: name, remedy: "give a number, at least 1" });
}

function absolute(root: string): string {
  if (root.startsWith("/")) return root;
  throw new UsageError("OPTION_INVALID", { detail: "root", remedy: "give an absolute path of the server" });
}

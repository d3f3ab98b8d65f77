import { ArgumentsError, parseArguments, type ParsedArguments } from "../arguments.ts";
import type { Command, Surroundings } from "../command.ts";
import { tlsBackendNames, type TlsBackendName } from "../get/tls-backend.ts";
import { nearest } from "../suggestion.ts";

const usage = `Usage: fairlead tls capabilities [OPTIONS]
       fairlead tls inspect HOST:PORT|URL [OPTIONS]

Shows what TLS can here, and what a server does with it.

  capabilities       what the TLS backends of this machine can: versions,
                     resumption, early data, groups, ciphers and more; each is
                     tried in memory, since a distribution may have switched off
                     what a version is known for
  inspect            what a server shows: protocol, cipher, certificates,
                     whether each backend can verify them, stapling,
                     resumption. Nothing is sent over TLS. URLs may be https:,
                     smtps:, imaps: …, and those that begin in the clear: smtp:,
                     submission:, imap:, pop3:, ftp:, ldap:, xmpp:, postgres:,
                     mysql:

      --backend NAME    only node, openssl or gnutls; may be repeated
      --json            print one JSON object

For inspect:
      --cacert FILE     trust the certificates of this PEM file, and no others
      --server-name NAME
                        ask for another name than the host's
      --resolve HOST:ADDRESS
                        connect to this address for the host; may be repeated
      --timeout SECONDS give up a connection after this time; 10 by default
      --key-log         add the secrets of the connections to the file that the
                        environment variable SSLKEYLOGFILE names (mode 0600)

inspect exits with 4 when a backend cannot secure the connection or cannot
verify the server.`;

const specification = {
  options: {
    backend: { type: "values" },
    json: { type: "flag" },
    cacert: { type: "value" },
    "server-name": { type: "value" },
    resolve: { type: "values" },
    timeout: { type: "value" },
    "key-log": { type: "flag" },
  },
  positionals: ["ACTION", "[TARGET]"],
} as const;

const actions = ["capabilities", "inspect"] as const;

/** The command `fairlead tls`. */
export const tls: Command = {
  usage,
  run: async (args, surroundings) => {
    const given = parseArguments(specification, args);
    const [typed = "", target] = given.positionals;
    const action = actions.find((known) => known === typed);
    switch (action) {
      case undefined:
        throw new ArgumentsError(unknownAction(typed));
      case "capabilities":
        return capabilities(given.options, target, surroundings);
      case "inspect":
        return inspect(given.options, target, surroundings);
    }
  },
};

type Options = ParsedArguments<typeof specification>["options"];

async function capabilities(options: Options, target: string | undefined, surroundings: Surroundings): Promise<number> {
  if (target !== undefined) throw new ArgumentsError("capabilities takes no target; inspect does");
  const other = (["cacert", "server-name", "timeout"] as const).find((name) => options[name] !== undefined);
  const surplus = other ?? (options["key-log"] ? "key-log" : options.resolve.length > 0 ? "resolve" : undefined);
  if (surplus !== undefined) throw new ArgumentsError(`capabilities takes no --${surplus}`);
  const names = options.backend.map(backendName);
  const { tellCapabilities } = await import("../tls/capabilities.ts");
  return tellCapabilities({ names, json: options.json }, surroundings);
}

async function inspect(options: Options, target: string | undefined, surroundings: Surroundings): Promise<number> {
  if (target === undefined) throw new ArgumentsError("inspect needs HOST:PORT or a URL");
  const { parseInspectTarget } = await import("../tls/inspect-target.ts");
  const { parseMilliseconds } = await import("../get/plan.ts");
  const { parseResolve } = await import("../get/resolve.ts");
  const plan = {
    target: parseInspectTarget(target),
    backends: options.backend.map(backendName),
    anchorsFile: options.cacert,
    serverName: options["server-name"],
    addresses: parseResolve(options.resolve),
    timeoutMilliseconds: parseMilliseconds(options.timeout ?? "10"),
    keyLog: options["key-log"],
    json: options.json,
  };
  const { performInspect } = await import("../tls/perform-inspect.ts");
  return performInspect(plan, surroundings);
}

function backendName(typed: string): TlsBackendName {
  const name = tlsBackendNames.find((known) => known === typed);
  if (name !== undefined) return name;
  throw new ArgumentsError(`--backend takes ${tlsBackendNames.join(", ")}, not ${JSON.stringify(typed)}`);
}

function unknownAction(typed: string): string {
  const suggestion = nearest(typed, actions);
  const hint = suggestion === undefined ? `; there are ${actions.join(" and ")}` : `; did you mean ${suggestion}?`;
  return `there is no action ${JSON.stringify(typed)}${hint}`;
}

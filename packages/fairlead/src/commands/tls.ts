import { ArgumentsError, parseArguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { tlsBackendNames, type TlsBackendName } from "../get/tls-backend.ts";
import { nearest } from "../suggestion.ts";

const usage = `Usage: fairlead tls capabilities [OPTIONS]

Shows what the TLS backends of this machine can: protocol versions, resumption,
early data, client certificates, key exchange groups, ciphers and more. Each is
tried in memory, since a distribution may have switched off what a version is
known for.

      --backend NAME  only node, openssl or gnutls; may be repeated
      --json          print one JSON object, by the backend's name`;

const specification = {
  options: { backend: { type: "values" }, json: { type: "flag" } },
  positionals: ["ACTION"],
} as const;

const actions = ["capabilities"] as const;

/** The command `fairlead tls`. */
export const tls: Command = {
  usage,
  run: async (args, surroundings) => {
    const { options, positionals } = parseArguments(specification, args);
    const [typed = ""] = positionals;
    const action = actions.find((known) => known === typed);
    if (action === undefined) throw new ArgumentsError(unknownAction(typed));
    const names = options.backend.map(backendName);
    const { tellCapabilities } = await import("../tls/capabilities.ts");
    return tellCapabilities({ names, json: options.json }, surroundings);
  },
};

function backendName(typed: string): TlsBackendName {
  const name = tlsBackendNames.find((known) => known === typed);
  if (name !== undefined) return name;
  throw new ArgumentsError(`--backend takes ${tlsBackendNames.join(", ")}, not ${JSON.stringify(typed)}`);
}

function unknownAction(typed: string): string {
  const suggestion = nearest(typed, actions);
  const hint = suggestion === undefined ? `; there is ${actions.join(" and ")}` : `; did you mean ${suggestion}?`;
  return `there is no action ${JSON.stringify(typed)}${hint}`;
}

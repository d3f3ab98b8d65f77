import type { OnAuthenticate, SchemeHandler } from "@fairlead/access";
import type { HostKeyAnswer, HostKeyQuestion, SftpKey } from "@fairlead/sftp";
import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Surroundings } from "../command.ts";
import { printable } from "../terminal/printable.ts";
import { askSecret, askWord, canAsk } from "../terminal/question.ts";
import { formatPasswordQuestion } from "./password-question.ts";
import type { GetPlan } from "./plan.ts";

/** Private keys that are tried where they exist, as ssh does. */
const KEY_NAMES = ["id_ed25519", "id_ecdsa", "id_rsa"];
/** Wrong answers after which nobody is asked any more. */
const TRIES_LIMIT = 3;

/** What answers a URL of `sftp:`, and whom it asks. */
export interface SftpGet {
  readonly scheme: SchemeHandler;
  /** `undefined` where nobody can be asked. */
  readonly onAuthenticate: OnAuthenticate | undefined;
}

/**
 * Makes what answers a URL of `sftp:`, and loads its package only then: with the known hosts, keys and agent that ssh has,
 * none of which it changes.
 *
 * @returns `undefined` for all other URLs.
 */
export async function sftpFor(plan: GetPlan, surroundings: Surroundings): Promise<SftpGet | undefined> {
  if (URL.parse(plan.url)?.protocol !== "sftp:") return undefined;
  const { sftpScheme } = await import("@fairlead/sftp");
  const { env } = surroundings;
  const home = env["HOME"] ?? homedir();
  const socket = env["SSH_AUTH_SOCK"];
  const scheme = sftpScheme({
    knownHosts: [join(home, ".ssh", "known_hosts"), "/etc/ssh/ssh_known_hosts"],
    keys: await existingKeys(join(home, ".ssh")),
    ...(socket !== undefined && socket !== "" && { agent: { socket } }),
    ...(plan.username !== undefined && { username: plan.username }),
    ...(canAsk(surroundings) && { onHostKey: (question) => confirmHostKey(question, surroundings) }),
  });
  return { scheme, onAuthenticate: canAsk(surroundings) ? answersBy(surroundings) : undefined };
}

/** Asks on the terminal whether a host may have a key; one that has changed is no question there. */
async function confirmHostKey(question: HostKeyQuestion, surroundings: Surroundings): Promise<HostKeyAnswer> {
  if (question.state === "changed") return { type: "refuse" };
  const word = await askWord(formatHostKeyQuestion(question), surroundings);
  return word === "yes" ? { type: "accept", remember: "once" } : { type: "refuse" };
}

/** Formats the question: which host, which key, and what to compare it with. */
function formatHostKeyQuestion({
  host,
  port,
  keyType,
  fingerprint,
}: Pick<HostKeyQuestion, "host" | "port" | "keyType" | "fingerprint">): string {
  return [
    `Nobody has said yet which key ${printable(host)}:${String(port)} has. It shows this one:`,
    `  ${printable(keyType)} ${printable(fingerprint)}`,
    "Compare it with what whoever runs the host told you. Type yes to go on this time: ",
  ].join("\n");
}

/** Asks on the terminal for the password of the user, or the passphrase of a key. No redirect leads to another host. */
function answersBy(surroundings: Surroundings): OnAuthenticate {
  return async (question) => {
    const { role, scheme, realm, tried, username = "" } = question;
    if (role !== "origin" || tried.length >= TRIES_LIMIT) return { type: "none" };
    const isKey = scheme === "passphrase";
    const text = isKey ? `Passphrase for ${printable(realm)}: ` : formatPasswordQuestion(question, username);
    const password = await askSecret(text, surroundings);
    return password === undefined ? { type: "none" } : { type: "password", username, password, remember: "once" };
  };
}

async function existingKeys(folder: string): Promise<readonly SftpKey[]> {
  const files = KEY_NAMES.map((name) => join(folder, name));
  const readable = await Promise.all(
    files.map((file) =>
      access(file, constants.R_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return files.filter((_, index) => readable[index]).map((file) => ({ file }));
}

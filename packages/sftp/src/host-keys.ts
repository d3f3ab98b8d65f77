import { PolicyError, UsageError, type PolicyErrorCode } from "@fairlead/core";
import { SharedQuestions, type Round } from "@fairlead/access/questions";
import type { HostKeyAnswer, HostKeyLifetime, OnHostKey } from "./host-key-question.ts";
import { fingerprintOf, hashHostName, type KnownHostsFiles } from "./known-hosts-file.ts";
import {
  judgeHostKey,
  knowledgeOf,
  knownHostName,
  type HostKnowledge,
  type KnownHostLine,
} from "./protocol/known-hosts.ts";

/** A host, as its key is looked up. */
export interface HostName {
  readonly host: string;
  readonly port: number;
  /** For messages. */
  readonly peer: string;
}

/** A key that a host has shown. */
interface ShownKey {
  readonly type: string;
  /** In base64. */
  readonly key: string;
}

/** What follows from a key that was accepted. */
export interface AcceptedHostKey {
  /** Remembers it, as was answered. To be called once the host has proved that the key is its own. */
  remember(): Promise<void>;
}

const nothingToRemember: AcceptedHostKey = { remember: () => Promise.resolve() };

/** Which key a host has: what files and the application say, and what it is asked. */
export class HostKeys {
  readonly #files: KnownHostsFiles;
  readonly #onHostKey: OnHostKey | undefined;
  readonly #questions: SharedQuestions;
  /** Accepted for as long as this lives, by name; the latest takes the place of those before. */
  readonly #memory = new Map<string, ShownKey>();

  /** @param ending fires when nobody is to be asked any more. */
  constructor(files: KnownHostsFiles, onHostKey: OnHostKey | undefined, ending: AbortSignal) {
    this.#files = files;
    this.#onHostKey = onHostKey;
    this.#questions = new SharedQuestions(ending);
  }

  /** Gathers what is known of a host, for one connection to it. @throws StoreError STORE_OPEN_FAILED */
  async of(host: HostName): Promise<HostKeyCheck> {
    const name = knownHostName(host.host, host.port);
    // Before anything is read: what others are answered meanwhile counts for this connection, too.
    const round = this.#questions.join(name);
    const lines = await this.#files.read();
    const accepted = this.#memory.get(name);
    const inMemory: readonly KnownHostLine[] =
      accepted === undefined ? [] : [{ marker: "none", hosts: name, keyType: accepted.type, key: accepted.key }];
    const knowledge = knowledgeOf([...lines, ...inMemory], name, hashHostName);
    return new HostKeyCheck(host, knowledge, {
      round,
      onHostKey: this.#onHostKey,
      remember: (shown, lifetime) => this.#remember(name, shown, lifetime),
    });
  }

  async #remember(name: string, shown: ShownKey, lifetime: HostKeyLifetime): Promise<void> {
    if (lifetime === "once") return;
    if (lifetime === "file") await this.#files.remember({ name, keyType: shown.type, key: shown.key });
    this.#memory.set(name, shown);
  }
}

interface Asking {
  readonly round: Round;
  readonly onHostKey: OnHostKey | undefined;
  readonly remember: (shown: ShownKey, lifetime: HostKeyLifetime) => Promise<void>;
}

/** Checks the keys that one connection's host shows. */
export class HostKeyCheck {
  readonly knowledge: HostKnowledge;
  readonly #host: HostName;
  readonly #asking: Asking;

  constructor(host: HostName, knowledge: HostKnowledge, asking: Asking) {
    this.#host = host;
    this.knowledge = knowledge;
    this.#asking = asking;
  }

  /**
   * Decides whether the host may have this key, and asks where that is not known.
   *
   * @param keyBytes as they came over the wire; nothing is proved yet.
   * @throws PolicyError HOST_KEY_UNKNOWN, HOST_KEY_CHANGED, HOST_KEY_REVOKED; what the application threw; the signal's
   * reason.
   */
  async accept(keyBytes: Buffer, signal: AbortSignal): Promise<AcceptedHostKey> {
    const shown: ShownKey = { type: keyTypeOf(keyBytes), key: keyBytes.toString("base64") };
    const state = judgeHostKey(this.knowledge, shown.key);
    switch (state) {
      case "known":
        return nothingToRemember;
      case "revoked":
        throw this.#refusal("HOST_KEY_REVOKED", shown);
      case "unknown":
      case "changed": {
        const answer = await this.#ask(shown, state, signal);
        if (answer?.type !== "accept") {
          throw this.#refusal(state === "unknown" ? "HOST_KEY_UNKNOWN" : "HOST_KEY_CHANGED", shown);
        }
        const { remember = "memory" } = answer;
        return { remember: () => this.#asking.remember(shown, remember) };
      }
    }
  }

  async #ask(shown: ShownKey, state: "unknown" | "changed", signal: AbortSignal): Promise<HostKeyAnswer | undefined> {
    const { round, onHostKey } = this.#asking;
    if (onHostKey === undefined) return undefined;
    const { host, port } = this.#host;
    const question = {
      host,
      port,
      keyType: shown.type,
      fingerprint: fingerprintOf(shown.key),
      publicKey: `${shown.type} ${shown.key}`,
      state,
      knownFingerprints: this.knowledge.keys.map(({ key }) => fingerprintOf(key)),
      hasCertificateAuthority: this.knowledge.hasCertificateAuthority,
    };
    return round.ask(shown.key, signal, async (nobodyWaits) => {
      const answer: HostKeyAnswer | undefined = await onHostKey({ ...question, signal: nobodyWaits });
      return readAnswer(answer);
    });
  }

  #refusal(code: PolicyErrorCode, shown: ShownKey): PolicyError {
    const { keys, hasCertificateAuthority } = this.knowledge;
    const known = keys.map(({ keyType, key }) => `${keyType} ${fingerprintOf(key)}`);
    const details = [
      `it shows ${shown.type} ${fingerprintOf(shown.key)}`,
      ...(known.length === 0 ? [] : [`known: ${known.join(", ")}`]),
      ...(hasCertificateAuthority ? ["its @cert-authority is passed over: certificates are not supported"] : []),
    ];
    return new PolicyError(code, { peer: this.#host.peer, operation: "connect", detail: details.join("; ") });
  }
}

/** What is no answer refuses. */
function readAnswer(answer: HostKeyAnswer | undefined): HostKeyAnswer {
  if (answer?.type !== "accept") return { type: "refuse" };
  const { remember = "memory" } = answer;
  if (lifetimes.has(remember)) return { type: "accept", remember };
  throw new UsageError("OPTION_INVALID", { detail: "remember", remedy: "once, memory or file" });
}

const lifetimes: ReadonlySet<string> = new Set<HostKeyLifetime>(["once", "memory", "file"]);

/** A public key begins with the name of its type. RFC 4253 section 6.6. */
function keyTypeOf(key: Buffer): string {
  const length = key.length < 4 ? 0 : key.readUInt32BE(0);
  const name = key.subarray(4, 4 + length).toString("latin1");
  return /^[\w@.-]{1,64}$/.test(name) ? name : "unknown";
}

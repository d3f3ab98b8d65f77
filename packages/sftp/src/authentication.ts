import { AuthenticationError, isCodedError } from "@fairlead/core";
import type { SchemeCredentials, SchemeCredentialsQuestion } from "@fairlead/access";
import type { AnyAuthMethod, BaseAgent, KeyboardInteractiveAuthMethod, ParsedKey } from "ssh2";
import type { Identity, IdentitySource } from "./identities.ts";
import type { Patience } from "./patience.ts";
import { nextMethod, type AuthenticationMethod } from "./protocol/authentication-order.ts";
import type { Ssh } from "./ssh.ts";
import type { SftpTarget } from "./target.ts";

/** Requests for answers, and prompts of one of them, that a server may send within one try. */
const INFO_REQUESTS_LIMIT = 8;
const PROMPTS_LIMIT = 8;
/** Code units of what a server says about a prompt. */
const PROMPT_LIMIT = 500;

/** What a proof of who the user is can draw on. */
export interface AuthenticationMeans {
  readonly ssh: Ssh;
  readonly target: Pick<SftpTarget, "username" | "peer" | "origin">;
  readonly sources: readonly IdentitySource[];
  readonly authenticate: (question: SchemeCredentialsQuestion) => Promise<SchemeCredentials | undefined>;
  readonly patience: Patience;
  readonly signal: AbortSignal;
}

/** Proves to one server who the user is: try by try, in the order of `nextMethod`. */
export class Authentication {
  readonly #means: AuthenticationMeans;
  readonly #sources: IdentitySource[];
  readonly #shown = new Set<string>();
  readonly #tried = new Map<string, number>();
  readonly #refused = new Set<AuthenticationMethod>();
  #identities: Identity[] = [];
  #unreadable: Error | undefined;
  #wrongAnswers = 0;
  #last: AuthenticationMethod | "none" | undefined;
  #hasSigned = false;
  #hasAnswered = false;

  constructor(means: AuthenticationMeans) {
    this.#means = means;
    this.#sources = [...means.sources];
  }

  /**
   * Chooses the next try.
   *
   * @param offered what the server takes; `undefined` before it was asked.
   * @param isPartial whether the last try was right, and the server wants another, too.
   * @throws AuthenticationError AUTHENTICATION_FAILED when nothing is left; what the application threw.
   */
  async next(offered: readonly string[] | undefined, isPartial: boolean): Promise<AnyAuthMethod> {
    const { username } = this.#means.target;
    // The library does not tell what a server that took a key of an agent wants besides: the server says it anew.
    if (offered === undefined || this.#hasSigned) {
      this.#hasSigned = false;
      this.#last = "none";
      return { type: "none", username };
    }
    this.#judge(isPartial);
    for (;;) {
      const keysLeft = this.#identities.length + this.#sources.length;
      const method = nextMethod({ offered, keysLeft, wrongAnswers: this.#wrongAnswers, refused: this.#refused });
      if (method === undefined) throw this.#failure(offered);
      const attempt = await this.#attempt(method);
      if (attempt === undefined) continue;
      this.#last = method;
      this.#tried.set(method, (this.#tried.get(method) ?? 0) + 1);
      return attempt;
    }
  }

  /** Takes what the last try came to: a server that refuses without a question is not asked the same again. */
  #judge(isPartial: boolean): void {
    const last = this.#last;
    if (last !== "password" && last !== "keyboard-interactive") return;
    if (this.#hasAnswered && !isPartial) this.#wrongAnswers += 1;
    else this.#refused.add(last);
    this.#hasAnswered = false;
  }

  async #attempt(method: AuthenticationMethod): Promise<AnyAuthMethod | undefined> {
    const { username } = this.#means.target;
    switch (method) {
      case "publickey":
        return this.#nextKey();
      case "keyboard-interactive":
        return { type: "keyboard-interactive", username, prompt: this.#onPrompts() };
      case "password":
        return { type: "password", username, password: await this.#ask("password", "") };
    }
  }

  async #nextKey(): Promise<AnyAuthMethod | undefined> {
    const { ssh, target, signal } = this.#means;
    const identity = this.#identities.shift();
    if (identity === undefined) {
      const source = this.#sources.shift();
      try {
        this.#identities = [...((await source?.load(ssh, signal, this.#askPassphrase)) ?? [])];
      } catch (error) {
        if (!isCodedError(error) || error.code !== "PRIVATE_KEY_UNREADABLE") throw error;
        this.#unreadable ??= error;
      }
      return undefined;
    }
    const name = identity.publicKey.getPublicSSH().toString("base64");
    if (this.#shown.has(name)) return undefined;
    this.#shown.add(name);
    const onSigned = (): void => {
      this.#hasSigned = true;
    };
    const onFailure = (error: unknown): void => {
      this.onFailure(error);
    };
    return { type: "agent", username: target.username, agent: agentOf(ssh, identity, { onSigned, onFailure }) };
  }

  readonly #askPassphrase = async (file: string, round: number): Promise<string | undefined> => {
    const { authenticate, patience, target } = this.#means;
    const { origin, username } = target;
    const credentials = await patience.while(() =>
      authenticate({ origin, scheme: "passphrase", realm: file, username, round }),
    );
    return credentials?.password;
  };

  #onPrompts(): KeyboardInteractiveAuthMethod["prompt"] {
    let requests = 0;
    return (name, instructions, _language, prompts, finish) => {
      requests += 1;
      const answer = async (): Promise<void> => {
        if (requests > INFO_REQUESTS_LIMIT || prompts.length > PROMPTS_LIMIT) {
          throw this.#error("the server asks without end");
        }
        const answers: string[] = [];
        for (const { prompt } of prompts) {
          const realm = [name, instructions, prompt].map((text) => text.trim().slice(0, PROMPT_LIMIT));
          answers.push(await this.#ask("keyboard-interactive", realm.filter((text) => text !== "").join(" ")));
        }
        finish(answers);
      };
      answer().catch((error: unknown) => {
        this.onFailure(error);
      });
    };
  }

  /** Is called with what ends the conversation from within a try. */
  onFailure: (error: unknown) => void = () => undefined;

  /** @throws AuthenticationError AUTHENTICATION_FAILED where there is no answer. */
  async #ask(scheme: "password" | "keyboard-interactive", realm: string): Promise<string> {
    const { authenticate, patience, target } = this.#means;
    const { origin, username } = target;
    const round = this.#wrongAnswers;
    const credentials = await patience.while(() => authenticate({ origin, scheme, realm, username, round }));
    if (credentials === undefined) throw this.#failure([scheme]);
    // RFC 4252 section 5: a server may refuse whoever changes the name.
    if (credentials.username !== username) throw this.#error("the answer is for another user than the request");
    this.#hasAnswered = true;
    return credentials.password;
  }

  #failure(offered: readonly string[]): AuthenticationError {
    const tries = [...this.#tried].map(([method, count]) =>
      count === 1 ? method : `${method} ${String(count)} times`,
    );
    const tried = tries.length === 0 ? "there was nothing to try" : `tried in vain: ${tries.join(", ")}`;
    return this.#error(`${tried}; the server takes ${offered.join(", ") || "nothing"}`);
  }

  #error(detail: string): AuthenticationError {
    const { peer } = this.#means.target;
    const remedy = "give a key or an agent that the server accepts, or answer the question for a password";
    const facts = { peer, operation: "authenticate", detail, remedy, cause: this.#unreadable };
    return new AuthenticationError("AUTHENTICATION_FAILED", facts);
  }
}

interface Signing {
  readonly onSigned: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** Signs with one key only. Signatures of SHA-1, which the library falls back to, are not made. RFC 8332 section 3.3. */
function agentOf(ssh: Ssh, identity: Identity, { onSigned, onFailure }: Signing): BaseAgent<ParsedKey> {
  type Callback = (error?: Error, signature?: Buffer) => void;
  return new (class extends ssh.BaseAgent<ParsedKey> {
    override getIdentities(callback: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
      callback(undefined, [identity.publicKey]);
    }
    override sign(_key: ParsedKey, data: Buffer, options: object | Callback, callback?: Callback): void {
      const hash = "hash" in options && typeof options.hash === "string" ? options.hash : undefined;
      const done = typeof options === "function" ? (options as Callback) : callback;
      const signature =
        hash === "sha1" ? Promise.reject(new Error("the server wants SHA-1")) : identity.sign(data, hash);
      signature
        .then(
          (bytes) => {
            onSigned();
            done?.(undefined, bytes);
          },
          () => done?.(new Error("there is no signature")),
        )
        // The library throws where the connection has ended meanwhile.
        .catch(onFailure);
    }
  })();
}

import type { RequestAuthenticator } from "./request-authenticator.ts";

/** Who says who the client is: one, or several of which the first that covers a URL does. */
export type AuthenticatorOption = RequestAuthenticator | readonly RequestAuthenticator[];

const NONE: readonly RequestAuthenticator[] = [];

/** The authenticators of one manager. What is under way keeps those with which it began. */
export class RequestAuthenticators {
  #all: readonly RequestAuthenticator[];

  constructor(given: AuthenticatorOption | undefined) {
    this.#all = given === undefined ? NONE : [given].flat();
  }

  get all(): readonly RequestAuthenticator[] {
    return this.#all;
  }

  /** Asks one more, before those that were there. @returns what ends it; harmless a second time. */
  add(authenticator: RequestAuthenticator): Disposable {
    this.#all = [authenticator, ...this.#all];
    let isThere = true;
    return {
      [Symbol.dispose]: () => {
        // Of one that is added twice, each ends by itself.
        const index = isThere ? this.#all.indexOf(authenticator) : -1;
        isThere = false;
        this.#all = this.#all.filter((_, at) => at !== index);
      },
    };
  }
}

/** Who says who the client is for one exchange. */
export function authenticatorsOption(
  own: AuthenticatorOption | false | undefined,
  managers: RequestAuthenticators,
): readonly RequestAuthenticator[] {
  if (own === undefined) return managers.all;
  return own === false ? NONE : [own].flat();
}

import type { Conversation } from "./conversation.ts";

/**
 * What a service makes of the wish to secure the connection: `right`, or one of the ways in which it goes wrong.
 *
 * @see RFC 3207 sections 4 to 6, and CVE-2011-0411, CVE-2021-38371 and their like for what an attacker in between adds.
 */
export type StartTlsManner =
  | "right"
  /** Neither says that it could nor does it. */
  | "absent"
  /** Says that it could, and then that it can't now. */
  | "refused"
  /** Something in between has crossed the word out, so that the client does not see that it could. */
  | "stripped"
  /** Bytes of someone in between follow the go-ahead, to be taken for the server's answer over TLS. */
  | "injected"
  /** Takes commands that came in the clear behind the request for commands that came over TLS. */
  | "keeps-early"
  /** Says go ahead, and goes on in the clear, in answer to a handshake as well. */
  | "plain"
  /** Says go ahead, and nothing any more. */
  | "stalled";

/** How a protocol says it. */
export interface StartTlsWords {
  readonly goAhead: string;
  readonly refusal: string;
  /** Where there is no such command. */
  readonly unknown: string;
  /** What someone in between would have the client take for the answer to its first command over TLS. */
  readonly injected: readonly string[];
}

/** What a service offers where it could be secured: the word, what a middlebox leaves of it, or nothing. */
export function startTlsOffer(talk: Conversation, manner: StartTlsManner, word: string): readonly string[] {
  if (talk.isSecure || manner === "absent") return [];
  return [manner === "stripped" ? `${"X".repeat(word.length - 1)}A` : word];
}

/** Answers a request to secure the connection. Resolves with whether it is secure now. */
export async function startTls(talk: Conversation, manner: StartTlsManner, words: StartTlsWords): Promise<boolean> {
  switch (manner) {
    case "absent":
    case "stripped":
      await talk.say(words.unknown);
      return false;
    case "refused":
      await talk.say(words.refusal);
      return false;
    case "plain":
      await talk.say(words.goAhead);
      if (await talk.beginsTls()) await talk.hangUp(words.unknown);
      return false;
    case "stalled":
      await talk.say(words.goAhead);
      return talk.stall();
    case "injected":
      // One write, so that a client reads them together.
      await talk.say(words.goAhead, ...words.injected);
      await talk.secure();
      return true;
    case "keeps-early":
      await talk.say(words.goAhead);
      await talk.secure("keep");
      return true;
    case "right":
      await talk.say(words.goAhead);
      await talk.secure();
      return true;
  }
}

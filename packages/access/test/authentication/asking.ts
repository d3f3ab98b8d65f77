import type {
  AuthenticationAnswer,
  AuthenticationQuestion,
  NetworkAccessManager,
  OnAuthenticate,
  RequestOptions,
} from "@fairlead/access";
import assert from "node:assert/strict";

type Answerer = (question: AuthenticationQuestion) => AuthenticationAnswer | Promise<AuthenticationAnswer>;

/** A callback that answers by a list, the last for ever, and what it was asked. */
export function asking(...answers: readonly (AuthenticationAnswer | Answerer)[]): {
  readonly onAuthenticate: OnAuthenticate;
  readonly questions: AuthenticationQuestion[];
} {
  const questions: AuthenticationQuestion[] = [];
  return {
    questions,
    onAuthenticate: (question) => {
      questions.push(question);
      const answer = answers[questions.length - 1] ?? answers.at(-1) ?? assert.fail("no answer");
      return typeof answer === "function" ? answer(question) : answer;
    },
  };
}

/** An answer of name and password. */
export function password(
  username: string,
  secret: string,
  remember?: "once" | "memory" | "store",
): AuthenticationAnswer {
  return { type: "password", username, password: secret, ...(remember && { remember }) };
}

/** Makes a request, and reads the response whole. */
export async function statusOf(manager: NetworkAccessManager, url: string, options?: RequestOptions): Promise<number> {
  const reply = await manager.request(url, options);
  await reply.bytes();
  return reply.status;
}

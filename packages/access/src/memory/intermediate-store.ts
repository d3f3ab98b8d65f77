import type { Store } from "@fairlead/store";
import type { IntermediateMemory } from "@fairlead/tls";
import { openCollection } from "./collections.ts";
import type { LostLessons } from "./lost-lessons.ts";

/** Certificates of one subject; authorities renew and cross-sign theirs. */
const SUBJECT_LIMIT = 8;

/**
 * Keeps intermediates of verified paths over restarts, for servers that forget to send theirs. Whatever else is in the
 * store: a path through one has to end in an anchor all the same.
 */
export function intermediateStore(store: Store, lessons: LostLessons): IntermediateMemory {
  const kept = openCollection(store, "tls-intermediates");
  const ofSubject = (subject: string): { readonly key: string; readonly value: Uint8Array }[] =>
    [...kept.entries()].filter(({ key }) => key.startsWith(`${subject}.`));
  return {
    find: (subject) => ofSubject(subject).map(({ value }) => value),
    keep: ({ subject, fingerprint, certificate, notAfter }) => {
      lessons.guard(() => {
        const key = `${subject}.${fingerprint}`;
        if (kept.get(key) !== undefined) return;
        const others = ofSubject(subject);
        for (const { key: oldest } of others.slice(0, Math.max(0, others.length - SUBJECT_LIMIT + 1))) {
          kept.delete(oldest);
        }
        kept.set(key, certificate, { expiresAt: notAfter });
      });
    },
  };
}

import type { Reply } from "@fairlead/access";

/** Gives up content that nobody can read any more, so that its connection can serve again, or end. */
const abandoned = new FinalizationRegistry<Reply>((reply) => {
  reply.discard();
});

/** Gives up what is left of a reply once nobody holds `reader`, by which alone it can be read. */
export function discardWhenLost(reader: object, reply: Reply): void {
  abandoned.register(reader, reply, reader);
}

/** Somebody reads: what holds `reader` says nothing any more. */
export function keepAsRead(reader: object): void {
  abandoned.unregister(reader);
}

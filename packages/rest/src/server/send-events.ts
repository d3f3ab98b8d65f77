import type { FlatFields, RequestContext } from "@fairlead/server";
import type { Schema } from "../contract/schema.ts";
import type { SentEvent } from "../contract/content.ts";
import { checkOutput } from "./checked-output.ts";
import { areItems } from "./item-source.ts";
import type { LateFailures } from "./written-content.ts";

/** What events are sent with. */
export interface EventsGround {
  readonly request: Request;
  readonly context: RequestContext;
  readonly fields: FlatFields;
}

/**
 * Answers with events, each checked before it is sent. The iterator is ended when the client leaves or the server closes.
 *
 * @throws what `onLate.broken` makes of a value that has no events.
 */
export async function sendEvents(
  value: unknown,
  schema: Schema,
  { request, context, fields }: EventsGround,
  onLate: LateFailures,
): Promise<Response> {
  if (!areItems(value)) throw onLate.broken([{ message: "should be an iterable", path: [] }]);
  // The type is its own to say.
  const others = fields.slice(2);
  const { eventStream } = await import("@fairlead/server");
  return eventStream(
    request,
    withWaiting(context),
    async (stream) => {
      const events = Symbol.asyncIterator in value ? value[Symbol.asyncIterator]() : value[Symbol.iterator]();
      const end = (): void => void Promise.resolve(events.return?.()).catch(() => undefined);
      stream.signal.addEventListener("abort", end);
      try {
        for (let next = await events.next(); next.done !== true; next = await events.next()) {
          const { data, ...event } = next.value as SentEvent<unknown>;
          const checked = await checkOutput(schema, data);
          if (checked.type === "faulty") throw onLate.broken(checked.issues);
          if (!(await stream.send({ ...event, data: JSON.stringify(checked.value) }))) break;
        }
      } catch (error) {
        onLate.tell(error);
        throw error;
      } finally {
        stream.signal.removeEventListener("abort", end);
        end();
      }
    },
    { fields: others },
  );
}

/** Other servers than ours wait for nothing. */
function withWaiting(context: RequestContext | undefined): Pick<RequestContext, "waitUntil" | "closing"> {
  if (typeof context?.waitUntil === "function") return context;
  return { waitUntil: (work) => void work.catch(() => undefined) };
}

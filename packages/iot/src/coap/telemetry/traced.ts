import type { TracingChannel } from "node:diagnostics_channel";
import type { CoapHandler, CoapRequester } from "../exchange.ts";
import type { CoapCode, CoapDestination } from "../protocol/index.ts";
import { CoapAnswerMessage, coapAnswerChannel, CoapRequestMessage, coapRequestChannel } from "./diagnostics.ts";

/** Has `fairlead:coap-request` told of what is asked. Costs one look where nobody listens. */
export function tracedRequester(destination: CoapDestination, requester: CoapRequester): CoapRequester {
  return (request, call) =>
    coapRequestChannel.hasSubscribers
      ? traced(coapRequestChannel, new CoapRequestMessage(request, destination), () => requester(request, call))
      : requester(request, call);
}

/** Has `fairlead:coap-answer` told of what is answered. */
export function tracedHandler(handler: CoapHandler): CoapHandler {
  return (request, context) =>
    coapAnswerChannel.hasSubscribers
      ? traced(coapAnswerChannel, new CoapAnswerMessage(request, context), () => handler(request, context))
      : handler(request, context);
}

/** What is told when all is over. */
interface Outcome {
  code: CoapCode | undefined;
  error: unknown;
}

/** As `tracePromise` of the channel, which would tell the whole response, and not what a `start` alone has begun. */
async function traced<Message extends Outcome & object, Answer extends { readonly code: CoapCode } | undefined>(
  channel: TracingChannel<Message, Message>,
  message: Message,
  run: () => Answer | Promise<Answer>,
): Promise<Answer> {
  try {
    const answer = await begun(channel, message, run);
    message.code = answer?.code;
    return answer;
  } catch (error) {
    message.error = error;
    channel.error.publish(message);
    throw error;
  } finally {
    channel.asyncStart.publish(message);
    channel.asyncEnd.publish(message);
  }
}

function begun<Message extends object, Answer>(
  channel: TracingChannel<Message, Message>,
  message: Message,
  run: () => Answer,
): Answer {
  try {
    return channel.start.runStores(message, run);
  } finally {
    channel.end.publish(message);
  }
}

import { ErrorCode } from "./frames.ts";
import { greeting } from "./handmade-connection.ts";
import { handmadeService } from "./handmade-service.ts";

/** Streams and connections that end before their time, mostly in ways that say whether a request may be repeated. */
export const endServices = [
  handmadeService({
    name: "https-h2-goaway-at-once",
    does: "says GOAWAY before it has heard anything: no request was processed, and all may be repeated elsewhere",
    behave: () => ({
      answer: (connection) => {
        connection.goAway(0, ErrorCode.noError);
        connection.end();
      },
    }),
  }),
  handmadeService({
    name: "https-h2-goaway-after-two",
    does: "answers two requests of a connection and then says GOAWAY; what is behind them was not heard",
    example: "curl --http2 --cacert {ca} -w '%{num_connects}\\n' {origin}/1 {origin}/2 {origin}/3",
    behave: () => ({
      answer: (connection, stream, count) => {
        if (count > 2) return;
        connection.hello(stream);
        if (count === 2) connection.goAway(stream, ErrorCode.noError);
      },
    }),
  }),
  handmadeService({
    name: "https-h2-goaway-warning",
    does: "says with the greatest number that GOAWAY will follow, answers, and then says which was the last",
    behave: () => ({
      answer: (connection, stream) => {
        connection.goAway(2 ** 31 - 1, ErrorCode.noError);
        connection.hello(stream);
        connection.goAway(stream, ErrorCode.noError);
        connection.end();
      },
    }),
  }),
  handmadeService({
    name: "https-h2-goaway-calm",
    does: "ends the connection with ENHANCE_YOUR_CALM and the reason too_many_pings, as load balancers do",
    behave: () => ({
      answer: (connection) => {
        connection.goAway(2 ** 31 - 1, ErrorCode.enhanceYourCalm, "too_many_pings");
        connection.end();
      },
    }),
  }),
  handmadeService({
    name: "https-h2-refused",
    does: "refuses every other request by REFUSED_STREAM, which says that it may be repeated",
    behave: () => {
      let requests = 0;
      return {
        answer: (connection, stream) => {
          requests += 1;
          if (requests % 2 === 1) connection.reset(stream, ErrorCode.refusedStream);
          else connection.hello(stream);
        },
      };
    },
  }),
  handmadeService({
    name: "https-h2-cancelled",
    does: "cancels each stream in the middle of the body",
    behave: () => ({
      answer: (connection, stream) => {
        connection.fields(stream);
        connection.data(stream, greeting.slice(0, 5), 0);
        connection.reset(stream, ErrorCode.cancel);
      },
    }),
  }),
  handmadeService({
    name: "https-h2-calm",
    does: "resets each stream with ENHANCE_YOUR_CALM before it answers",
    behave: () => ({
      answer: (connection, stream) => {
        connection.reset(stream, ErrorCode.enhanceYourCalm);
      },
    }),
  }),
  handmadeService({
    name: "https-h2-internal-error",
    does: "resets each stream with INTERNAL_ERROR behind the fields of a 200",
    behave: () => ({
      answer: (connection, stream) => {
        connection.fields(stream);
        connection.reset(stream, ErrorCode.internalError);
      },
    }),
  }),
  handmadeService({
    name: "https-h2-http11-required",
    does: "resets each stream with HTTP_1_1_REQUIRED: the request is to be repeated in a version that is not here",
    behave: () => ({
      answer: (connection, stream) => {
        connection.reset(stream, ErrorCode.http11Required);
      },
    }),
  }),
  handmadeService({
    name: "https-h2-reset-behind-answer",
    does: "answers a request whose body is not read, and asks to stop sending it: NO_ERROR (RFC 9113 section 8.1)",
    example: "curl --http2 --cacert {ca} --data-binary @/usr/bin/env {origin}/",
    behave: () => ({
      keepsWindows: true,
      answer: (connection, stream) => {
        connection.hello(stream);
        connection.reset(stream, ErrorCode.noError);
      },
    }),
  }),
  handmadeService({
    name: "https-h2-cut",
    does: "cuts the connection behind the fields of a 200, without GOAWAY",
    behave: () => ({
      answer: (connection, stream) => {
        connection.fields(stream);
        connection.end();
      },
    }),
  }),
] as const;

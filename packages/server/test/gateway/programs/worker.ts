/** A worker of the tests; what it does is said by the path. */
import { setTimeout as delay } from "node:timers/promises";
import { LeanResponse, upgradeResponse } from "../../../src/fetch/index.ts";
import { serveGateway } from "../../../src/gateway/index.ts";

const worker = serveGateway({
  async fetch(request, context) {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/hello":
        return LeanResponse.json({ hello: "world" });
      case "/pid":
        return new Response(String(process.pid));
      case "/echo":
        return new Response(request.body, { headers: { "x-length": request.headers.get("content-length") ?? "none" } });
      case "/facts":
        return Response.json({
          method: request.method,
          url: request.url,
          client: context.client,
          remote: context.connection.remote,
          secret: process.env["GATEWAY_TEST_SECRET"],
          given: process.env["GIVEN"],
        });
      case "/early":
        context.inform(103, ["link", "</style.css>; rel=preload"]);
        return new Response("late");
      case "/trailers":
        await request.text();
        return new LeanResponse("content", { trailers: ["x-got", context.requestTrailers.join("=")] });
      case "/crash":
        process.exit(7);
        break;
      case "/throw":
        throw new Error("a mistake of the handler");
      case "/spin":
        for (;;);
      case "/hang":
        // Answers when nobody waits any more.
        await new Promise((resolve) => {
          request.signal.addEventListener("abort", resolve);
        });
        worker.log("info", "cancelled");
        break;
      case "/deaf":
        await delay(3_600_000);
        break;
      case "/upgrade":
        return upgradeResponse(["x-agreed", "yes"], (stream) => stream.pipe(stream));
      case "/retire":
        worker.retire();
        break;
      case "/flow": {
        let left = Number(searchParams.get("bytes"));
        const piece = new Uint8Array(50_000).fill(120);
        return new Response(
          new ReadableStream({
            pull(controller) {
              if (left <= 0) controller.close();
              else controller.enqueue(piece.slice(0, Math.min(left, piece.length)));
              left -= piece.length;
            },
          }),
        );
      }
    }
    return new Response("done");
  },
});

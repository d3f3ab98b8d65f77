import { LeanResponse, type Plugin } from "@fairlead/server";

/** Counts answers by status, and how long handlers take, and tells both at a path. */
export function metrics(path = "/metrics"): Plugin {
  const answers = new Map<number, number>();
  const started = new WeakMap<Request, number>();
  let seconds = 0;
  return {
    name: "metrics",
    request(request) {
      started.set(request, performance.now());
      if (new URL(request.url).pathname !== path) return undefined;
      const lines = [...answers].map(([status, count]) => `answers_total{status="${status}"} ${count}\n`);
      const text = `# TYPE answers_total counter\n${lines.join("")}# TYPE handler_seconds_total counter\nhandler_seconds_total ${seconds}\n`;
      return new LeanResponse(text, { fields: ["content-type", "text/plain; version=0.0.4"] });
    },
    response(response, request) {
      answers.set(response.status, (answers.get(response.status) ?? 0) + 1);
      seconds += (performance.now() - (started.get(request) ?? performance.now())) / 1_000;
      return response;
    },
  };
}

/**
 * The HTTP server. An entry of its own: who only asks does not load what answers.
 *
 * @example
 * import { serve } from "fairlead/server";
 *
 * const { url } = await serve({ fetch: () => new Response("hello"), port: 8080 });
 */
export * from "@fairlead/server";

import { LeanResponse } from "@fairlead/server";

/** What every side answers. */
export function hello(): Response {
  return LeanResponse.json({ hello: "world" });
}

import { controlRoutes } from "./control-route.ts";

/** Names that answer differently each time. */
export const nameRoutes = controlRoutes({
  method: "DELETE",
  path: "/names",
  does: "forgets how often names were asked for: those that change begin anew",
  handle: ({ network }) => {
    network.surroundings.names.forget();
    return { forgotten: true };
  },
});

/** What messages contain, read strictly or leniently, whole or as it comes, with limits; and made. */
export type { Forgiven } from "./lenient-json.ts";

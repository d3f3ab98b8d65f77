/**
 * REST without boilerplate: a client with or without a contract, and the server of one.
 *
 * @example
 * import { get } from "fairlead/rest";
 *
 * const repository = await get("https://api.example.com/repositories/7").json();
 */
export * from "@fairlead/rest";

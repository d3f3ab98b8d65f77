import { events, form, json, multipart, ndjson, problem, text, bytes, type ApiDefinition } from "@fairlead/rest";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";

const Book = z
  .object({ id: z.int(), title: z.string().min(1), tags: z.array(z.string()).optional() })
  .meta({ id: "Book" });

const Shelf = z.object({
  name: z.string(),
  get shelves() {
    return z.array(Shelf);
  },
});

/** A service with something of everything that a contract can say, in the words of three libraries. */
export const library = {
  title: "Library",
  version: "1.4.0",
  description: "Books, and who has them",
  operations: {
    listBooks: {
      method: "GET",
      path: "/books",
      summary: "All books",
      tags: ["books"],
      query: z.object({
        limit: z.coerce.number().int().min(1).max(100).default(20).describe("how many"),
        tag: z.array(z.string()).optional(),
      }),
      headers: z.object({ "x-reader": z.string().optional() }),
      responses: {
        200: {
          description: "the books",
          headers: z.object({ link: z.string().optional(), "x-total": z.coerce.number().int() }),
          content: z.array(Book),
        },
      },
    },
    addBook: {
      method: "POST",
      path: "/books",
      tags: ["books"],
      body: Book,
      responses: { 201: Book, 409: problem(z.object({ type: z.literal("/taken"), by: z.string() })) },
    },
    readBook: {
      method: "GET",
      path: "/books/{id}",
      deprecated: true,
      params: z.object({ id: z.coerce.number().int() }),
      responses: { 200: [json(Book), text("text/markdown")], 304: null },
    },
    removeBook: { method: "DELETE", path: "/books/{id}", responses: { 204: null } },
    shelves: { method: "GET", path: "/shelves", responses: { 200: Shelf } },
    lend: {
      method: "POST",
      path: "/loans",
      body: form(type({ book: "string", "days?": "string.integer" })),
      responses: { 200: type({ until: "string" }) },
    },
    cover: {
      method: "PUT",
      path: "/books/{id}/cover",
      body: multipart(z.object({ picture: z.file(), note: z.string().optional() })),
      responses: { 202: null },
    },
    readCover: { method: "GET", path: "/books/{id}/cover", responses: { 200: bytes("image/png") } },
    history: {
      method: "GET",
      path: "/history",
      responses: { 200: ndjson(toStandardJsonSchema(v.object({ at: v.string(), what: v.optional(v.string()) }))) },
    },
    watch: { method: "GET", path: "/watch", responses: { 200: events(Book) } },
  },
} as const satisfies ApiDefinition;

import { UsageError } from "@fairlead/core";
import type { FlatFields, RequestContext } from "@fairlead/server";
import { LeanResponse } from "@fairlead/server/fetch";
import { check } from "../contract/check.ts";
import type { WholeResponse } from "../contract/content-of.ts";
import type { Content } from "../contract/content.ts";
import type { Schema } from "../contract/schema.ts";
import { answerFields } from "./answer-fields.ts";
import { contractBreach } from "./contract-breach.ts";
import { sendEvents } from "./send-events.ts";
import { writeContent, type LateFailures } from "./written-content.ts";

/** What an answer depends on beside its content. */
export interface AnswerGround {
  readonly request: Request;
  readonly context: RequestContext;
  /** What the client likes best. */
  readonly mediaType: string | undefined;
  /** Tells of what fails behind the head. */
  readonly tell: (error: unknown) => void;
}

/** One answer of a contract, as it is sent. */
export class ServedResponse {
  readonly status: number;
  readonly contents: readonly Content[];
  readonly #operation: string;
  readonly #headers: Schema | undefined;
  readonly #isChosen: boolean;
  readonly #fields: ReadonlyMap<Content, FlatFields>;

  /**
   * @param isChosen whether other clients may get another media type.
   * @throws UsageError OPTION_INVALID for events of another status than 200, with which no client takes them.
   */
  constructor(operation: string, status: number, { contents, headers }: WholeResponse, isChosen: boolean) {
    if (status !== 200 && contents.some(({ kind }) => kind === "events")) {
      throw new UsageError("OPTION_INVALID", { detail: `events of ${operation}`, remedy: "give them the status 200" });
    }
    this.#operation = operation;
    this.status = status;
    this.contents = contents;
    this.#headers = headers;
    this.#isChosen = isChosen;
    this.#fields = new Map(contents.map((content) => [content, this.#fieldsOf(content)]));
  }

  /**
   * Checks what a handler gave, and makes it an answer.
   *
   * @throws ContentError CONTRACT_BROKEN; UsageError HEADER_INVALID
   */
  async make(
    value: unknown,
    headers: Readonly<Record<string, string>> | undefined,
    ground: AnswerGround,
  ): Promise<Response> {
    const own = headers === undefined && this.#headers === undefined ? NO_FIELDS : await this.#ownFields(headers ?? {});
    const content = this.contents.find(({ mediaType }) => mediaType === ground.mediaType) ?? this.contents[0];
    if (content === undefined) return new LeanResponse(null, { status: this.status, fields: own });
    const usual = this.#withOwn(content, own);
    const onLate: LateFailures = {
      broken: (issues) => contractBreach(this.#operation, this.status, content.mediaType, issues),
      tell: ground.tell,
    };
    if (content.kind === "events") return sendEvents(value, content.schema, { ...ground, fields: usual }, onLate);
    const made = writeContent(content, value, onLate);
    const written = made instanceof Promise ? await made : made;
    if (written.type === "faulty") throw onLate.broken(written.issues);
    const fields = written.contentType === undefined ? usual : ["content-type", written.contentType, ...usual.slice(2)];
    return new LeanResponse(written.body, { status: this.status, fields });
  }

  /** What is always the same. */
  #fieldsOf({ kind, mediaType }: Content): FlatFields {
    const isText = kind === "text" && !/;\s*charset=/i.test(mediaType);
    const fields = ["content-type", isText ? `${mediaType};charset=UTF-8` : mediaType];
    return Object.freeze(this.#isChosen ? [...fields, "vary", "accept"] : fields);
  }

  #withOwn(content: Content, own: FlatFields): FlatFields {
    const fields = this.#fields.get(content) ?? NO_FIELDS;
    const isTyped = own.some((name, at) => at % 2 === 0 && name === "content-type");
    if (!isTyped && content.mediaType.includes("*")) {
      const issues = [{ message: `should say which of ${content.mediaType} it is`, path: ["content-type"] }];
      throw contractBreach(this.#operation, this.status, "headers", issues);
    }
    if (own.length === 0) return fields;
    return [...(isTyped ? fields.slice(2) : fields), ...own];
  }

  async #ownFields(headers: Readonly<Record<string, string>>): Promise<FlatFields> {
    const fields = answerFields(headers);
    if (this.#headers === undefined) return fields;
    const record = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const checked = await check(this.#headers, record);
    if (checked.type === "sound") return fields;
    throw contractBreach(this.#operation, this.status, "headers", checked.issues);
  }
}

const NO_FIELDS: FlatFields = Object.freeze([]);

import type { StandardSchemaV1 } from "@standard-schema/spec";

/**
 * A schema of any library that keeps to Standard Schema: zod, valibot, arktype and others. It checks a value, and may turn
 * it into another: `Input` is what is written, `Output` what is worked with.
 *
 * @see https://standardschema.dev
 */
export type Schema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output>;

/** What a schema takes. */
export type InputOf<S extends Schema> = StandardSchemaV1.InferInput<S>;

/** What a schema gives. */
export type OutputOf<S extends Schema> = StandardSchemaV1.InferOutput<S>;

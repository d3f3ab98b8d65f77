/**
 * An iterable whose values are changed, one after the other. No generator: the `return` of one would wait for the value that
 * is under way.
 *
 * @param change where it throws, the source is left.
 */
export function mappedIterable<From, To>(
  source: AsyncIterable<From>,
  change: (value: From) => To | Promise<To>,
): AsyncIterable<To> {
  return {
    [Symbol.asyncIterator](): AsyncIterator<To, undefined> {
      const iterator = source[Symbol.asyncIterator]();
      const leave = async (): Promise<IteratorReturnResult<undefined>> => {
        await iterator.return?.();
        return { done: true, value: undefined };
      };
      return {
        async next() {
          const result = await iterator.next();
          if (result.done === true) return { done: true, value: undefined };
          try {
            return { done: false, value: await change(result.value) };
          } catch (error) {
            await leave();
            throw error;
          }
        },
        return: leave,
      };
    },
  };
}

/**
 * ESLint rule: whatever a module declares and exports carries a docstring.
 *
 * An overloaded function needs one on its first signature only.
 *
 * @type {import("eslint").Rule.RuleModule}
 */
export const documentedExports = {
  meta: {
    type: "suggestion",
    docs: { description: "require a docstring on every exported declaration" },
    messages: { missing: "`{{name}}` is exported and has no docstring." },
    schema: [],
  },
  create(context) {
    const documented = new Set();
    return {
      "ExportNamedDeclaration[declaration]"(node) {
        const name = node.declaration.id?.name ?? node.declaration.declarations?.[0]?.id.name ?? "this";
        const comment = context.sourceCode.getCommentsBefore(node).at(-1);
        if (comment?.type === "Block" && comment.value.startsWith("*")) documented.add(name);
        else if (!documented.has(name)) context.report({ node, messageId: "missing", data: { name } });
      },
    };
  },
};

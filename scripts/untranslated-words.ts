import ts from "typescript";

/**
 * Finds Latin words in what a catalogue of another script says: in its texts, and in the texts that its sentences are put
 * together from. What a program compares, imports or gives to a function is not said.
 *
 * @param source of the catalogue's module, in TypeScript.
 * @param names that every language writes in Latin letters.
 */
export function untranslatedWords(source: string, names: ReadonlySet<string>): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node) || ts.isStringLiteralLike(node)) {
      const said = ts.isTemplateExpression(node)
        ? [node.head, ...node.templateSpans.map(({ literal }) => literal)]
        : [node];
      if (isSaid(node)) {
        for (const { text } of said) found.push(...(text.match(latinWord) ?? []).filter((word) => !names.has(word)));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("catalogue.ts", source, ts.ScriptTarget.Latest, true));
  return found;
}

const latinWord = /\p{Script=Latin}[\p{Script=Latin}\d]+/gu;

function isSaid(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isTemplateSpan(parent) || ts.isConditionalExpression(parent) || ts.isReturnStatement(parent)) return true;
  if (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent)) return isSaid(parent);
  if (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent)) return parent.initializer === node;
  if (ts.isArrowFunction(parent)) return parent.body === node;
  if (ts.isBinaryExpression(parent)) return parent.operatorToken.kind === ts.SyntaxKind.PlusToken;
  return ts.isArrayLiteralExpression(parent);
}

import ts from 'typescript';

/** The regular expressions that stand behind a name in a source file, in their order. @param text of the file */
export function patternsIn(text: string, name: string): readonly RegExp[] {
  const found: RegExp[] = [];
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest);
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText(source) === name && ts.isRegularExpressionLiteral(node.initializer)) {
      const literal = node.initializer.text;
      const end = literal.lastIndexOf('/');
      found.push(new RegExp(literal.slice(1, end), literal.slice(end + 1)));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

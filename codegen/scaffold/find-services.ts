import type {
  CallExpression,
  Expression,
  ObjectLiteralExpression,
  SourceFile,
  Symbol as TsSymbol,
} from "ts-morph";
import type { TsMorph } from "../load-ts-morph.ts";

/** A `service(Greeter, { … })` call. */
export interface ServiceCall {
  readonly call: CallExpression;
  /** The descriptor as the call writes it: `Greeter`. */
  readonly service: string;
  /** Names of missing handlers, in the order of the proto file. */
  readonly missing: readonly string[];
  /** The object literal to add them to. Undefined if the handlers are not an object literal of the project. */
  readonly object: ObjectLiteralExpression | undefined;
}

/** Finds calls of this package's `service()` by its type, so that aliases are found too. */
export function findServices(tsMorph: TsMorph, file: SourceFile): readonly ServiceCall[] {
  const calls = file.getDescendantsOfKind(tsMorph.SyntaxKind.CallExpression);
  return calls.flatMap((call) => {
    const [service, handlers] = call.getArguments() as Expression[];
    if (service === undefined || handlers === undefined || !callsService(call)) {
      return [];
    }
    const object = objectOf(tsMorph, handlers);
    const given = new Set((object ?? handlers).getType().getProperties().map(nameOf));
    const missing = handlerNames(call).filter((name) => !given.has(name));
    return [{ call, service: service.getText(), missing, object }];
  });
}

function callsService(call: CallExpression): boolean {
  const symbol = call.getExpression().getSymbol();
  const declarations = (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
  return declarations.some(
    (declaration) =>
      declaration.getSymbol()?.getName() === "service" &&
      /\/src\/service\/service\.(d\.)?ts$/.test(declaration.getSourceFile().getFilePath()),
  );
}

/** Returns the member names of `Handlers<typeof Greeter>`. */
function handlerNames(call: CallExpression): readonly string[] {
  const signature = call.getProject().getTypeChecker().getResolvedSignature(call);
  return signature?.getParameters()[1]?.getTypeAtLocation(call).getProperties().map(nameOf) ?? [];
}

function nameOf(symbol: TsSymbol): string {
  return symbol.getName();
}

/** Returns the object literal of an expression, directly or through the constant that the expression names. */
function objectOf(tsMorph: TsMorph, expression: Expression | undefined): ObjectLiteralExpression | undefined {
  const { Node } = tsMorph;
  if (expression === undefined || Node.isObjectLiteralExpression(expression)) {
    return expression;
  }
  if (
    Node.isAsExpression(expression) ||
    Node.isSatisfiesExpression(expression) ||
    Node.isParenthesizedExpression(expression)
  ) {
    return objectOf(tsMorph, expression.getExpression());
  }
  if (!Node.isIdentifier(expression)) {
    return undefined;
  }
  const symbol = expression.getSymbol();
  const declaration = (symbol?.getAliasedSymbol() ?? symbol)?.getValueDeclaration();
  return Node.isVariableDeclaration(declaration) && !declaration.getSourceFile().isInNodeModules()
    ? objectOf(tsMorph, declaration.getInitializer())
    : undefined;
}

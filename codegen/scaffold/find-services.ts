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
  /** The descriptor as it is written there: `Greeter`. */
  readonly service: string;
  /** The handlers that its object lacks, in the order of the proto file. */
  readonly missing: readonly string[];
  /** Where they can be added. Undefined where the handlers are no object literal of the project. */
  readonly object: ObjectLiteralExpression | undefined;
}

/** Finds the calls of this package's `service()`, whatever its name is there, by what the compiler knows of it. */
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

/** What `Handlers<typeof Greeter>` has. */
function handlerNames(call: CallExpression): readonly string[] {
  const signature = call.getProject().getTypeChecker().getResolvedSignature(call);
  return signature?.getParameters()[1]?.getTypeAtLocation(call).getProperties().map(nameOf) ?? [];
}

function nameOf(symbol: TsSymbol): string {
  return symbol.getName();
}

/** The object literal that an expression is, or that the constant it names is declared with. */
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

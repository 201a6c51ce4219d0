import { existsSync, statSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import type { Project, ProjectOptions, SourceFile } from "ts-morph";
import { GenerateError } from "../generate-error.ts";
import { loadTsMorph, type TsMorph } from "../load-ts-morph.ts";
import { addHandlers } from "./add-handlers.ts";
import { applyEdits } from "./edit.ts";
import { findServices, type ServiceCall } from "./find-services.ts";
import { importError } from "./import-error.ts";
import { styleOf } from "./style.ts";

/** The result for handlers that were missing. Places are `path:line`, relative to the working directory. */
export interface Scaffolded {
  /** Number of `service()` calls. */
  readonly calls: number;
  readonly added: readonly string[];
  /** Handlers still missing, in a dry run or because there is no object literal to add them to. */
  readonly missing: readonly string[];
}

/**
 * Adds the handlers that `service()` calls lack, as stubs, to the files of a tsconfig.json or to these files.
 *
 * @throws GenerateError if a path is not a file, tsconfig.json cannot be read or ts-morph is not installed.
 */
export async function scaffold(paths: readonly string[], dryRun: boolean): Promise<Scaffolded> {
  const tsMorph = await loadTsMorph("scaffold");
  const calls = openProject(tsMorph, paths)
    .getSourceFiles()
    .filter((file) => !file.isDeclarationFile() && !file.isInNodeModules())
    .flatMap((file) => findServices(tsMorph, file));
  const lacking = calls.filter(({ missing }) => missing.length > 0);
  const addable = dryRun ? [] : lacking.filter(({ object }) => object !== undefined);
  const left = lacking.filter((call) => !addable.includes(call));
  const added: string[] = [];
  for (const file of new Set(addable.map(fileOf))) {
    added.push(
      ...(await addTo(
        file,
        addable.filter((call) => fileOf(call) === file),
      )),
    );
  }
  return { calls: calls.length, added, missing: left.map(describeMissing) };
}

function openProject(tsMorph: TsMorph, paths: readonly string[]): Project {
  for (const path of paths) {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
      throw new GenerateError(`file ${path} does not exist`);
    }
  }
  const [tsconfig = "tsconfig.json", ...others] = paths.filter((path) => path.endsWith(".json"));
  if (others.length > 0) {
    throw new GenerateError("give only one tsconfig.json");
  }
  const files = paths.filter((path) => path !== tsconfig);
  if (files.length === 0 && !existsSync(tsconfig)) {
    throw new GenerateError(
      "there is no tsconfig.json here: give its path, or the files with service() calls",
    );
  }
  const options = { skipAddingFilesFromTsConfig: files.length > 0, compilerOptions: { allowJs: true } };
  const project = existsSync(tsconfig)
    ? withTsconfig(tsMorph, tsconfig, options)
    : new tsMorph.Project(options);
  for (const file of files) {
    project.addSourceFileAtPath(file);
  }
  return project;
}

function withTsconfig(tsMorph: TsMorph, tsconfig: string, options: ProjectOptions): Project {
  try {
    return new tsMorph.Project({ ...options, tsConfigFilePath: tsconfig });
  } catch (cause) {
    throw new GenerateError(`cannot read ${tsconfig}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

/** Adds handlers in the file of their object, which may not be the file of the call. */
function fileOf({ object, call }: ServiceCall): SourceFile {
  return (object ?? call).getSourceFile();
}

async function addTo(file: SourceFile, calls: readonly ServiceCall[]): Promise<readonly string[]> {
  const style = styleOf(file);
  const { edits: importEdits, ...names } = importError(file, style);
  const edits = new Map(
    calls.flatMap(({ object, service, missing }) =>
      object === undefined ? [] : [[object, addHandlers(object, service, missing, names, style)] as const],
    ),
  );
  const path = file.getFilePath();
  const bom = (await readFile(path, "utf8")).startsWith("\uFEFF") ? "\uFEFF" : "";
  const result = applyEdits(file.getFullText(), [...importEdits, ...[...edits.values()].flat()]);
  await writeFile(path, bom + result.text);
  return result.marks.map(
    ({ offset, label }) => `${relative(process.cwd(), path)}:${lineOf(result.text, offset)} ${label}`,
  );
}

function describeMissing({ call, object, service, missing }: ServiceCall): string {
  const place = `${relative(process.cwd(), call.getSourceFile().getFilePath())}:${call.getStartLineNumber()}`;
  const why =
    object === undefined ? ", and its handlers are not an object literal that they can be added to" : "";
  return `${place} ${service} has no handler for ${missing.join(", ")}${why}`;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

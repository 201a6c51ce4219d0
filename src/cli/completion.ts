import type { Command } from "@commander-js/extra-typings";

/** A shell that has completion scripts. */
export type Shell = "bash" | "zsh" | "fish";

/** What can follow the name of a command. */
interface Words {
  /** The names of the command and those above it, without the program's name. */
  readonly path: readonly string[];
  readonly words: readonly string[];
}

/** A completion script for the commands and options of a program. */
export function completionScript(shell: Shell, program: Command): string {
  const name = program.name();
  const all = wordsOf(program, []);
  if (shell === "fish") {
    return all
      .map(({ path, words }) => {
        const condition =
          path.length === 0
            ? "__fish_use_subcommand"
            : path.map((part) => `__fish_seen_subcommand_from ${part}`).join("; and ");
        return `complete -c ${name} -n '${condition}' -a '${words.join(" ")}'`;
      })
      .join("\n")
      .concat("\n");
  }
  const cases = all
    .toReversed()
    .map(({ path, words }) => `    "${[name, ...path].join(" ")}"*) words="${words.join(" ")}" ;;`);
  const bash = `_restate_connect() {
  local words line="\${COMP_WORDS[*]:0:$COMP_CWORD}"
  case "$line" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _restate_connect ${name}
`;
  return shell === "zsh" ? `autoload -U +X bashcompinit && bashcompinit\n${bash}` : bash;
}

function wordsOf(command: Command, path: readonly string[]): readonly Words[] {
  const commands = command.commands;
  const words = [
    ...commands.map((child) => child.name()),
    ...command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long])),
    "--help",
  ];
  return [
    { path, words },
    ...commands.flatMap((child) => wordsOf(child as Command, [...path, child.name()])),
  ];
}

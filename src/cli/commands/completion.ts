import { Argument, type Command } from "@commander-js/extra-typings";

/** `restate-connect completion`. */
export function addCompletion(program: Command): void {
  program
    .command("completion")
    .summary("print a completion script for your shell")
    .description("Prints a completion script for bash, zsh or fish.")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"] as const))
    .addHelpText(
      "after",
      `
Install it:
  bash   restate-connect completion bash >> ~/.bashrc
  zsh    restate-connect completion zsh >> ~/.zshrc
  fish   restate-connect completion fish > ~/.config/fish/completions/restate-connect.fish`,
    )
    .action(async (shell) => {
      const { completionScript } = await import("../completion.ts");
      process.stdout.write(completionScript(shell, program));
    });
}
